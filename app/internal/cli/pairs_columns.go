package cli

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// pairColumns are the columns of a CSV of pairs, and what a field that is not empty does.
var pairColumns = map[string]func(q *pair, field string) error{
	"image":   func(q *pair, field string) error { q.image = field; return nil },
	"mask":    func(q *pair, field string) error { q.mask = field; return nil },
	"group":   func(q *pair, field string) error { q.group = field; return nil },
	"patient": func(q *pair, field string) error { q.patient = field; return nil },
	"spacing": func(q *pair, field string) (err error) {
		q.spacing[0], err = parseMillimetres(field)
		q.spacing[1] = q.spacing[0]
		return err
	},
	"spacing_x": func(q *pair, field string) (err error) {
		q.spacing[0], err = parseMillimetres(field)
		return err
	},
	"spacing_y": func(q *pair, field string) (err error) {
		q.spacing[1], err = parseMillimetres(field)
		return err
	},
	"position": func(q *pair, field string) error {
		mm, err := strconv.ParseFloat(field, 64)
		if err != nil || math.IsNaN(mm) || math.IsInf(mm, 0) {
			return errors.New("a number of mm is needed")
		}
		q.place = &mm
		return nil
	},
	"foreground": func(q *pair, field string) error {
		q.foreground = nil
		return q.foreground.Set(field)
	},
	"transpose": func(q *pair, field string) (err error) {
		q.transpose, err = parseYes(field)
		return err
	},
}

// fill takes a line's fields.
func (q *pair) fill(columns, record []string) error {
	for i, name := range columns {
		set, field := pairColumns[name], strings.TrimSpace(record[i])
		if set == nil || field == "" {
			continue
		}
		if err := set(q, field); err != nil {
			return fmt.Errorf("%s is %q: %w", name, field, err)
		}
	}
	if q.image == "" || q.mask == "" {
		return errors.New("it names no image or no mask")
	}
	if q.place != nil && q.patient == "" {
		return errors.New("a position needs a patient")
	}
	if (q.spacing[0] > 0) != (q.spacing[1] > 0) {
		return errors.New("of spacing_x and spacing_y one is missing")
	}
	return nil
}

// millimetres is a flag's value: a length of 0 or more.
type millimetres float64

func (m *millimetres) String() string { return strconv.FormatFloat(float64(*m), 'g', -1, 64) }

// Set reads the flag.
func (m *millimetres) Set(text string) error {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0) || math.IsInf(v, 0) {
		return errors.New("a number of mm is needed")
	}
	*m = millimetres(v)
	return nil
}

// maxSpacing is the largest distance of pixels, in mm, that is taken for one.
const maxSpacing = 1000

func parseMillimetres(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v > 0 && v <= maxSpacing) {
		return 0, errors.New("a number of mm above 0 is needed")
	}
	return v, nil
}

func parseYes(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "yes", "true", "1":
		return true, nil
	case "no", "false", "0":
		return false, nil
	}
	return false, errors.New("yes or no is needed")
}

// greyValues are the values of a mask that are foreground, ascending; none is all above 0.
type greyValues []uint16

func (g *greyValues) String() string {
	var out []string
	for _, v := range *g {
		out = append(out, strconv.Itoa(int(v)))
	}
	return strings.Join(out, ",")
}

// Set reads whole numbers, parted by commas, semicolons or spaces.
func (g *greyValues) Set(text string) error {
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",; ", r) }) {
		v, err := strconv.ParseUint(field, 10, 16)
		if err != nil {
			return errors.New("grey values, whole numbers up to 65535, are needed")
		}
		*g = append(*g, uint16(v))
	}
	if len(*g) == 0 {
		return errors.New("a grey value is needed")
	}
	slices.Sort(*g)
	return nil
}

// has tells whether a grey value is foreground.
func (g greyValues) has(v uint16) bool {
	_, found := slices.BinarySearch(g, v)
	return found
}
