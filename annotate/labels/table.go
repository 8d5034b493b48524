package labels

import (
	"errors"
	"fmt"
	"image/color"
	"slices"
	"strings"
	"unicode"

	"groundglass/annotate"
)

// table is the label table: those that were there, and those that are added.
type table struct {
	labels []annotate.Label
	known  int // how many were there
}

func newTable(have []annotate.Label) *table {
	return &table{labels: append([]annotate.Label(nil), have...), known: len(have)}
}

// errFull is the error of one label too many.
var errFull = errors.New("there are more labels than the 254 that a mask can hold")

// findings are those that files name in several ways: what their labels are
// called, and the names as plainly writes them.
var findings = []struct {
	label string
	names []string
}{
	{groundGlass, []string{"groundglass", "groundglassopacity", "groundglassopacities", "groundglassopacification", "ggo"}},
	{consolidation, []string{"consolidation", "consolidations"}},
	{effusion, []string{"pleuraleffusion", "pleuraleffusions", "effusion", "effusions"}},
	{lung, []string{"lung", "lungs"}},
}

const (
	groundGlass   = "Ground glass"
	consolidation = "Consolidation"
	effusion      = "Pleural effusion"
	lung          = "Lung"
)

// plainly is a name's letters and digits in lower case.
func plainly(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// findingOf is the label of the finding that a name stands for; false where it is
// none of those.
func findingOf(name string) (label string, ok bool) {
	p := plainly(name)
	for _, f := range findings {
		if slices.Contains(f.names, p) {
			return f.label, true
		}
	}
	return "", false
}

// sameName tells whether two names mean the same label.
func sameName(a, b string) bool {
	if f, ok := findingOf(a); ok {
		a = f
	}
	if f, ok := findingOf(b); ok {
		b = f
	}
	return plainly(a) == plainly(b)
}

// byName is the value of the label that a name means; where there is none, one
// is added, of that colour or, if it is transparent, one that is free.
func (t *table) byName(name string, c color.NRGBA) (uint8, error) {
	name = tidy(name)
	for _, l := range t.labels {
		if sameName(l.Name, name) {
			return l.Value, nil
		}
	}
	value := t.free()
	if value == 0 {
		return 0, errFull
	}
	if c.A == 0 {
		c = palette[int(value)%len(palette)]
	}
	c.A = 255
	t.labels = append(t.labels, annotate.Label{Value: value, Name: name, Color: c})
	return value, nil
}

// tidy keeps a name from a file short and in one line.
func tidy(name string) string {
	name = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(name, "_"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	if name == "" {
		name = "no name"
	}
	return name
}

// free is the lowest value that no label has; 0 where there is none.
func (t *table) free() uint8 {
	var taken [256]bool
	for _, l := range t.labels {
		taken[l.Value] = true
	}
	for v := 1; v < 255; v++ {
		if !taken[v] {
			return uint8(v)
		}
	}
	return 0
}

// name is what a label is called.
func (t *table) name(value uint8) string {
	for _, l := range t.labels {
		if l.Value == value {
			return l.Name
		}
	}
	return Background
}

// isLung tells the label of the lung, which findings lie in.
func (t *table) isLung(value uint8) bool { return sameName(t.name(value), lung) }

// has tells whether there was a label of this value before.
func (t *table) has(value int) bool {
	for _, l := range t.labels[:t.known] {
		if int(l.Value) == value {
			return true
		}
	}
	return false
}

// byColour is the value of the label that has a colour; 0 where there is none.
func (t *table) byColour(c color.NRGBA) uint8 {
	for _, l := range t.labels {
		if l.Color.R == c.R && l.Color.G == c.G && l.Color.B == c.B {
			return l.Value
		}
	}
	return 0
}

// palette are colours for labels that bring none, far from each other and from
// those of the default labels.
var palette = []color.NRGBA{
	{R: 0x5f, G: 0xd0, B: 0x68}, {R: 0xff, G: 0x6b, B: 0x6b}, {R: 0xf7, G: 0xe0, B: 0x55}, {R: 0x4f, G: 0x7c, B: 0xff},
	{R: 0xff, G: 0x8f, B: 0xd0}, {R: 0x9c, G: 0xe5, B: 0xd8}, {R: 0xb8, G: 0x8a, B: 0x5a}, {R: 0xd8, G: 0xd8, B: 0xd8},
}

// hex is a colour as text.
func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
