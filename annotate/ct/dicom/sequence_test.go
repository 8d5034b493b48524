package dicom

import (
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// remade returns a data set whose sequences, nested ones first, are written as
// make says.
func remade(d dicomtest.Dataset, make func(tag uint32, items []dicomtest.Dataset) dicomtest.Element) dicomtest.Dataset {
	out := dicomtest.Dataset{}
	for t, e := range d {
		if items, ok := e.Value.([]dicomtest.Dataset); ok {
			var inner []dicomtest.Dataset
			for _, item := range items {
				inner = append(inner, remade(item, make))
			}
			e = make(t, inner)
		}
		out[t] = e
	}
	return out
}

// itemBytes is a sequence's value whose items have defined lengths and are in a
// syntax of their own.
func itemBytes(syntax string, items []dicomtest.Dataset) []byte {
	var out []byte
	for _, d := range items {
		b := dicomtest.Bare(syntax, d)
		out = append(out, 0xfe, 0xff, 0x00, 0xe0, byte(len(b)), byte(len(b)>>8), 0, 0)
		out = append(out, b...)
	}
	return out
}

// sequenceForms are the ways in which sequences are written, rightly and not.
var sequenceForms = []struct {
	name     string
	syntaxes []string
	make     func(tag uint32, items []dicomtest.Dataset) dicomtest.Element
}{
	{"no lengths", []string{dicomtest.ImplicitLittle, dicomtest.ExplicitLittle, dicomtest.ExplicitBig, dicomtest.Deflated},
		func(tag uint32, it []dicomtest.Dataset) dicomtest.Element {
			return dicomtest.Element{Tag: tag, VR: "SQ", Value: dicomtest.Undefined(it)}
		}},
	{"UN without lengths", []string{dicomtest.ExplicitLittle, dicomtest.Deflated},
		func(tag uint32, it []dicomtest.Dataset) dicomtest.Element {
			return dicomtest.Element{Tag: tag, VR: "UN", Value: dicomtest.Undefined(it)}
		}},
	{"UN with implicit items", []string{dicomtest.ExplicitLittle},
		func(tag uint32, it []dicomtest.Dataset) dicomtest.Element {
			return dicomtest.Element{Tag: tag, VR: "UN", Value: itemBytes(dicomtest.ImplicitLittle, it)}
		}},
	{"UN with explicit items", []string{dicomtest.ExplicitLittle},
		func(tag uint32, it []dicomtest.Dataset) dicomtest.Element {
			return dicomtest.Element{Tag: tag, VR: "UN", Value: itemBytes(dicomtest.ExplicitLittle, it)}
		}},
	{"SQ with implicit items", []string{dicomtest.ExplicitLittle},
		func(tag uint32, it []dicomtest.Dataset) dicomtest.Element {
			return dicomtest.Element{Tag: tag, VR: "SQ", Value: itemBytes(dicomtest.ImplicitLittle, it)}
		}},
}

// TestSequences reads frames' groups from sequences in all of these ways.
func TestSequences(t *testing.T) {
	for _, f := range sequenceForms {
		t.Run(f.name, func(t *testing.T) {
			for _, syntax := range f.syntaxes {
				data := dicomtest.Write(syntax, remade(dicomtest.Enhanced(3), f.make))
				im, err := read(data)
				if err != nil {
					t.Fatal(err)
				}
				if len(im.Frames) != 3 || !im.Frames[2].Placed || im.Frames[2].Position[2] != 3 {
					t.Fatalf("%s: %+v", syntax, im.Frames)
				}
				wantHU(t, data, 1, []int16{104, 106}, nil)
			}
		})
	}
}

// TestRelayedElements reads a file that went through a program that knew no
// element, and marked all as UN.
func TestRelayedElements(t *testing.T) {
	d := dicomtest.CT(4, 2, 5, ramp16(8, 1000))
	unknown := dicomtest.Dataset{}
	for t, e := range d {
		e.VR = "UN"
		unknown[t] = e
	}
	data := dicomtest.Write(dicomtest.ExplicitLittle, unknown)
	wantHU(t, data, 0, []int16{-24, -23, -22, -21, -20, -19, -18, -17}, nil)
	if im, err := read(data); err != nil || !im.Frames[0].Placed || im.Modality != "CT" {
		t.Errorf("%+v, %v", im, err)
	}
}
