package dicom

import (
	"strings"
	"unicode/utf8"

	"github.com/suyashkumar/dicom/pkg/charset"
)

// characters returns the function that turns a text of a file into UTF-8, by the
// values of its Specific Character Set (DICOM PS3.3 C.12.1.1.2). Text in
// character sets that are not known is shown as it is, with what is not UTF-8
// replaced; it is never a reason to fail.
func characters(sets []string) func(string) string {
	first := ""
	if len(sets) > 0 {
		first = setNumber(sets[0])
	}
	return func(s string) string {
		switch {
		case strings.Contains(s, "\x1b") && first != utf8Set && first != "GB18030" && first != "GBK":
			return switching(s, first)
		case isASCII(s) || first == utf8Set:
			return valid(s)
		}
		return decodeSet(first, s)
	}
}

const utf8Set = "192"

// setNumber returns the registration number in the name of a character set, as
// 100 in ISO_IR 100, ISO 2022 IR 100 and the misspelt ISO-IR_100; of others, the
// name.
func setNumber(name string) string {
	if _, number, ok := strings.Cut(strings.ToUpper(name), "IR"); ok {
		return strings.Trim(number, " _-")
	}
	switch name {
	case "UTF-8", "UTF8":
		return utf8Set
	case "GB2312":
		return "58"
	}
	return name
}

// escape is a sequence, without the escape character, that selects a character
// set by code extension (DICOM PS3.3 tables C.12-3 and C.12-4).
type escape struct {
	sequence, set string
	wide          bool // it replaces ASCII; the others are for bytes above 0x7f, but for those in "("
}

var escapes = []escape{
	{"(B", "", false}, {"(J", "13", false}, {")I", "13", false},
	{"$B", "87", true}, {"$(D", "159", true}, {"$)C", "149", false}, {"$)A", "58", false},
	{"-A", "100", false}, {"-B", "101", false}, {"-C", "109", false}, {"-D", "110", false}, {"-F", "126", false},
	{"-G", "127", false}, {"-H", "138", false}, {"-L", "144", false}, {"-M", "148", false}, {"-T", "166", false},
}

// escapeOf returns the escape that a text begins with.
func escapeOf(s string) (escape, bool) {
	for _, e := range escapes {
		if strings.HasPrefix(s, e.sequence) {
			return e, true
		}
	}
	return escape{}, false
}

// switching decodes text that changes its character set by escape sequences, and
// begins in the set of the given number.
func switching(s, set string) string {
	pieces := strings.Split(s, "\x1b")
	var out strings.Builder
	out.WriteString(decodeSet(set, pieces[0]))
	for _, piece := range pieces[1:] {
		e, known := escapeOf(piece)
		switch {
		case !known:
			out.WriteString(decodeSet(set, "\x1b"+piece))
			continue
		case e.wide:
			out.WriteString(decodeSet(e.set, "\x1b"+piece)) // its decoder wants the escape
			continue
		case e.sequence[0] != '(':
			set = e.set
		}
		out.WriteString(decodeSet(set, piece[len(e.sequence):]))
	}
	return out.String()
}

// decodeSet decodes text in one character set.
func decodeSet(set, s string) (out string) {
	out = valid(s)
	if isASCII(s) && !strings.Contains(s, "\x1b") || set == "" || set == "6" {
		return out
	}
	if set == "166" {
		return thai(s)
	}
	if set[0] >= '0' && set[0] <= '9' {
		set = "ISO 2022 IR " + set
	}
	defer func() { recover() }() // the library panics on sets that it names but does not have
	c, err := charset.ParseSpecificCharacterSet([]string{set})
	if err != nil || c.Ideographic == nil {
		return out
	}
	if t, err := c.Ideographic.String(s); err == nil && utf8.ValidString(t) {
		return t
	}
	return out
}

// thai decodes TIS 620-2533 (ISO-IR 166), which the library lacks.
func thai(s string) string {
	var out strings.Builder
	for i := range len(s) {
		switch b := s[i]; {
		case b < 0x80:
			out.WriteByte(b)
		case 0xa1 <= b && b <= 0xda, 0xdf <= b && b <= 0xfb:
			out.WriteRune(0x0e00 + rune(b-0xa0))
		default:
			out.WriteRune(utf8.RuneError)
		}
	}
	return out.String()
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
