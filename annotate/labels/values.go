package labels

import (
	"fmt"
	"image/color"
	"maps"
	"slices"
	"strings"

	"groundglass/annotate"
)

// value is what a pixel of a picture or a volume holds: a number, or, with the
// bit isColour, a colour as 0xRRGGBB. 0 is the background.
type value int32

const isColour value = 1 << 24

// maxValues bounds how many values one mask may have: pictures have more.
const maxValues = 64

var errManyValues = fmt.Errorf("it has more than %d different values: a picture or a map of probabilities, not a mask", maxValues)

// The colours and greys of COVID-SemiSeg, which are the first two of PASCAL VOC's
// palette: dark red, whose grey is 38, and dark green, whose grey is 75.
const (
	groundGlassGrey   = 38
	consolidationGrey = 75
	darkRed           = isColour | 0x800000
	darkGreen         = isColour | 0x008000
)

// rgb is the value of a colour: greys are numbers.
func rgb(r, g, b uint8) value {
	if r == g && g == b {
		return value(r)
	}
	return isColour | value(r)<<16 | value(g)<<8 | value(b)
}

func (v value) colour() color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

func (v value) String() string {
	if v >= isColour {
		return "colour " + hex(v.colour())
	}
	return fmt.Sprintf("value %d", int32(v))
}

// histogram counts values; an error says that there are too many for a mask.
func histogram(values []value) (map[value]int, error) {
	n := map[value]int{}
	for start := 0; start < len(values); {
		end := start + 1
		for end < len(values) && values[end] == values[start] {
			end++
		}
		n[values[start]] += end - start
		if len(n) > maxValues {
			return nil, errManyValues
		}
		start = end
	}
	return n, nil
}

// assign says which label each of a mask's values becomes. Words from the file's
// name may tell what a mask of a single value shows.
func (in *intake) assign(n map[value]int, words []string) (map[value]uint8, error) {
	delete(n, 0)
	out := map[value]uint8{}
	for _, v := range slices.Sorted(maps.Keys(n)) {
		label, err := in.labelOf(v, len(n) == 1, words)
		if err != nil {
			return nil, err
		}
		out[v] = label
	}
	return out, nil
}

// labelOf is the label of one value: by the table that was asked for, by what an
// export of this program says, by convention, or else one of its own.
func (in *intake) labelOf(v value, alone bool, words []string) (uint8, error) {
	if name, ok := in.o.Values[int(v)]; ok {
		in.used[int(v)] = true
		if strings.EqualFold(strings.TrimSpace(name), Background) {
			return 0, nil
		}
		return in.table.named(v.label(name))
	}
	if n, ok := in.own[in.file].names[v]; ok {
		return in.table.named(n)
	}
	if name, ok := in.names[int(v)]; ok {
		return in.table.byName(name, color.NRGBA{})
	}
	if in.names != nil && v == vocVoid {
		return 0, nil
	}
	if alone {
		for _, w := range words {
			if name, ok := findingOf(w); ok {
				return in.table.byName(name, color.NRGBA{})
			}
		}
		if v == 255 || v == 0xffff {
			return in.table.first(), nil
		}
	}
	known := in.table.byValue(v)
	switch {
	case known != 0:
		return known, nil
	case v == groundGlassGrey || v == darkRed:
		return in.table.byName(groundGlass, color.NRGBA{})
	case v == consolidationGrey || v == darkGreen:
		return in.table.byName(consolidation, color.NRGBA{})
	case v >= isColour:
		if label := in.table.byColour(v.colour()); label != 0 {
			return label, nil
		}
		return in.table.byName("Colour "+hex(v.colour()), v.colour())
	}
	return in.table.named(v.label(fmt.Sprintf("Value %d", v)))
}

// unused remarks on values that Options names and no file has.
func (in *intake) unused() {
	for _, v := range slices.Sorted(maps.Keys(in.o.Values)) {
		if v != 0 && !in.used[v] {
			in.report.Remarks = append(in.report.Remarks, fmt.Sprintf("No picture or volume that came in has the value %d, named %s", v, in.o.Values[v]))
		}
	}
}

// label is a new label for a value, which keeps it where it can be one.
func (v value) label(name string) annotate.Label {
	if v < 1 || v > 255 {
		return annotate.Label{Name: name}
	}
	return annotate.Label{Name: name, Value: uint8(v), Export: uint8(v)}
}

// first is the label that masks of a single kind get: the one of proposals, or
// the table's first.
func (t *table) first() uint8 {
	for _, l := range t.labels[:t.known] {
		if l.Value == annotate.ProposalLabel {
			return l.Value
		}
	}
	if len(t.labels) == 0 {
		return annotate.ProposalLabel
	}
	return t.labels[0].Value
}

// meanings tells the report what became of values.
func (in *intake) meanings(n map[value]int, labels map[value]uint8) {
	for _, v := range slices.Sorted(maps.Keys(labels)) {
		in.report.means(in.kind, v.String(), in.table.name(labels[v]), labels[v], n[v])
		if e := in.table.exported(labels[v]); in.table.name(labels[v]) == fmt.Sprintf("Value %d", v) && value(e) != v {
			in.remark("value %d is another label's here already: it will be exported as %d", v, e)
		}
	}
}
