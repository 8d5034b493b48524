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

	renamed map[string]string // Options.Names
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
	return t.named(annotate.Label{Name: name, Color: c})
}

// named is byName for a label that is to have a value and an export value, both
// 0 for any, and a code. Values that others have are exchanged for free ones.
func (t *table) named(l annotate.Label) (uint8, error) {
	if l.Name = tidy(l.Name); t.renamed[l.Name] != "" {
		l.Name = tidy(t.renamed[l.Name])
	}
	values, exports := [256]bool{0: true, 255: true}, [256]bool{0: true}
	for _, o := range t.labels {
		if sameName(o.Name, l.Name) {
			return o.Value, nil
		}
		values[o.Value], exports[o.ExportValue()] = true, true
	}
	wanted := l.Export
	if wanted == 0 {
		wanted = l.Value
	}
	if l.Value = free(values, l.Value); l.Value == 0 {
		return 0, errFull
	}
	if wanted == 0 || exports[wanted] {
		wanted = l.Value
	}
	if l.Export = free(exports, wanted); l.Export == l.Value {
		l.Export = 0
	}
	if l.Color.A == 0 {
		l.Color = annotate.FreeColor(t.labels)
	}
	l.Color.A = 255
	t.labels = append(t.labels, l)
	return l.Value, nil
}

// free is a value that is not taken: the wanted one, or else the lowest; 0 where
// there is none.
func free(taken [256]bool, wanted uint8) uint8 {
	if !taken[wanted] {
		return wanted
	}
	for v := range taken {
		if !taken[v] {
			return uint8(v)
		}
	}
	return 0
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

// byValue is the value of the label that there was before and that files have
// this value for; 0 where there is none.
func (t *table) byValue(v value) uint8 {
	for _, l := range t.labels[:t.known] {
		if value(l.ExportValue()) == v {
			return l.Value
		}
	}
	return 0
}

// exported is what files have for a label.
func (t *table) exported(v uint8) uint8 {
	for _, l := range t.labels {
		if l.Value == v {
			return l.ExportValue()
		}
	}
	return 0
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

// hex is a colour as text.
func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
