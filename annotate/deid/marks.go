package deid

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/internal/leak"
)

// marks are what tells the people of one file in attributes that stay: their names and
// numbers, and days and times of the file.
type marks struct {
	finder  *leak.Finder
	numbers map[string]bool // numbers of people, and days, as plain returns them
	big     bool            // the byte order of the file's numbers
}

// Lengths of what is looked for in attributes that are no texts, where short words and
// numbers are something else: in characters.
const (
	inCodes  = 4 // words of coded values that the picture needs
	inCounts = 4 // digits of numbers
	inNeeded = 6 // digits of numbers that the picture needs
)

// newMarks are the marks of a file with these people in it.
func newMarks(o *dicom.Object, people []Secret, dates Dates) *marks {
	m := &marks{numbers: map[string]bool{}, big: o.Encoding().BigEndian}
	values := map[string]bool{}
	for _, s := range people {
		values[s.Value] = true
	}
	addDays(values, o.Item, dates)
	for v := range values {
		m.note(v)
	}
	m.finder = leak.New(slices.Collect(maps.Keys(values)))
	return m
}

// note adds a value to the numbers if it is one.
func (m *marks) note(value string) {
	if n := plain(value); len(n) >= inCounts {
		m.numbers[n] = true
	}
}

// plain is a whole number without what does not count, such as zeros in front; "" for what
// is none.
func plain(value string) string {
	value = strings.Trim(value, " \x00")
	whole, part, _ := strings.Cut(strings.TrimPrefix(value, "+"), ".")
	if strings.Trim(part, "0") != "" || strings.Trim(whole, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(whole, "0")
}

// addDays adds the days of a data set, in the ways to write them, and its times of the day
// with seconds; where they are kept, the day of birth alone.
func addDays(values map[string]bool, item dicom.Item, dates Dates) {
	for _, e := range item.Elements() {
		for _, i := range e.Items {
			addDays(values, i, dates)
		}
		if !isTime(e.VR) || dates == KeepDates && e.Tag != birthDate {
			continue
		}
		text, err := e.Text()
		if err != nil {
			continue
		}
		for v := range strings.SplitSeq(text, `\`) {
			for _, w := range ways(e.VR, v) {
				values[w] = true
			}
		}
	}
}

// ways are the ways to write a value of a date or a time.
func ways(vr, value string) []string {
	value = strings.Trim(value, " \x00")
	if isDummy(value) || strings.Trim(value, "0.:+-") == "" {
		return nil
	}
	if vr == "TM" {
		whole, _, _ := strings.Cut(strings.ReplaceAll(value, ":", ""), ".")
		if len(whole) == len("HHMMSS") {
			return []string{whole, whole[:2] + ":" + whole[2:4] + ":" + whole[4:]}
		}
		return nil
	}
	value = strings.ReplaceAll(value, ".", "")
	if vr == "DT" && len(value) > len("YYYYMMDD") {
		value = value[:len("YYYYMMDD")]
	}
	if isDummy(value) {
		return nil
	}
	return leak.Day(value)
}

var zerosInFront = regexp.MustCompile(`\b0+([0-9]{4})`)

// in tells whether a text, in one of its readings, has a mark of at least so many
// characters.
func (m *marks) in(texts []string, least int) (in bool) {
	for _, text := range texts {
		for _, t := range []string{text, zerosInFront.ReplaceAllString(text, "$1")} {
			m.finder.Find([]byte(t), least, func(int) { in = true })
			m.finder.Apart(t, max(least, leak.InTexts), func(int) { in = true })
		}
	}
	return in
}

// readings are what an element's value may say: by the file's character set, and, where
// that cannot be right, as UTF-8 or Latin-1.
func readings(e dicom.Element) []string {
	text, err := e.Text()
	if err != nil {
		return nil
	}
	out := []string{text}
	b, err := e.Bytes()
	if err != nil || !slices.ContainsFunc(b, func(c byte) bool { return c >= 0x80 }) || bytes.IndexByte(b, 0x1b) >= 0 {
		return out
	}
	b = bytes.TrimRight(b, " \x00")
	if s := string(b); s == strings.ToValidUTF8(s, "") {
		if s != text {
			out = append(out, s)
		}
	} else if strings.ContainsRune(text, '\ufffd') {
		out = append(out, latin1(b))
	}
	return out
}

// latin1 reads bytes of ISO 8859-1.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// inBytes tells whether bytes that are no text have a mark in them, as UTF-8, Latin-1 or
// UTF-16.
func (m *marks) inBytes(b []byte) (in bool) {
	for _, text := range [][]byte{b, []byte(latin1(b)), bytes.ReplaceAll(b, []byte{0}, nil)} {
		m.finder.Find(text, leak.InPixels, func(int) { in = true })
	}
	return in
}

// inNumbers tells whether one of a value's numbers, of at least so many digits, is a mark.
func (m *marks) inNumbers(numbers []string, least int) bool {
	return slices.ContainsFunc(numbers, func(v string) bool { n := plain(v); return len(n) >= least && m.numbers[n] })
}

// fewNumbers bounds the values of an element in which a number of a person is looked for:
// more are tables.
const fewNumbers = 64

// numbersOf are the numbers of a value; none of one that is no number.
func (m *marks) numbersOf(vr string, b []byte) (out []string) {
	var order binary.ByteOrder = binary.LittleEndian
	if m.big {
		order = binary.BigEndian
	}
	size := map[string]int{"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "UV": 8, "SV": 8}[vr]
	switch {
	case vr == "DS" || vr == "IS":
		return strings.Split(string(b), `\`)
	case size == 0 || len(b) > fewNumbers*size:
		return nil
	}
	for ; len(b) >= size; b = b[size:] {
		switch vr {
		case "US":
			out = append(out, fmt.Sprint(order.Uint16(b)))
		case "SS":
			out = append(out, fmt.Sprint(int16(order.Uint16(b))))
		case "UL":
			out = append(out, fmt.Sprint(order.Uint32(b)))
		case "SL":
			out = append(out, fmt.Sprint(int32(order.Uint32(b))))
		case "FL":
			out = append(out, strconv.FormatFloat(float64(math.Float32frombits(order.Uint32(b))), 'f', -1, 32))
		case "FD":
			out = append(out, strconv.FormatFloat(math.Float64frombits(order.Uint64(b)), 'f', -1, 64))
		case "UV":
			out = append(out, fmt.Sprint(order.Uint64(b)))
		case "SV":
			out = append(out, fmt.Sprint(int64(order.Uint64(b))))
		}
	}
	return out
}
