package annotate

import "image/color"

// Label is one class that pixels can be given. Value is what masks hold: 1 to
// 254, 0 is the background; it stays the same whatever else changes.
type Label struct {
	Value  uint8
	Name   string
	Color  color.NRGBA // opaque; a transparent one stands for a free one
	Key    rune        // '1' to '9' selects the label; 0 is none
	Code   Code        // what it means; may be empty
	Export uint8       // what files hold, 1 to 255; 0 stands for Value: see ExportValue
	Locked bool        // tools, operations and imports leave its pixels alone, and give it to none
}

// Code is a coded meaning, as DICOM writes it.
type Code struct {
	Scheme  string // as "SCT" for SNOMED CT, "DCM" for DICOM's own
	Value   string
	Meaning string
}

// ExportValue is what exported files hold for the label's pixels.
func (l Label) ExportValue() uint8 {
	if l.Export == 0 {
		return l.Value
	}
	return l.Export
}

// ProposalLabel is the label that the model's foreground gets, but for the kinds
// that have labels of their own: see Guess.
const ProposalLabel uint8 = 1

// DefaultLabels are the findings of the MedSeg convention, with its values, and
// their codes in SNOMED CT.
func DefaultLabels() []Label {
	return []Label{
		{Value: 1, Name: "Ground glass", Color: color.NRGBA{R: 0x2e, G: 0xc4, B: 0xff, A: 0xff}, Key: '1', Code: Code{"SCT", "1217294009", "Ground glass lung opacity"}},
		{Value: 2, Name: "Consolidation", Color: color.NRGBA{R: 0xff, G: 0xa0, B: 0x2e, A: 0xff}, Key: '2', Code: Code{"SCT", "95436008", "Lung consolidation"}},
		{Value: 3, Name: "Pleural effusion", Color: color.NRGBA{R: 0xc8, G: 0x7d, B: 0xff, A: 0xff}, Key: '3', Code: Code{"SCT", "60046008", "Pleural effusion"}},
	}
}

// FreeColor is a colour for a new label of a table: one that none has, as far
// from the others as may be.
func FreeColor(table []Label) color.NRGBA {
	best, most := labelColors[0], -1
	for _, c := range labelColors {
		near := 1 << 30
		for _, l := range table {
			near = min(near, distance(c, l.Color))
		}
		if near > most {
			best, most = c, near
		}
	}
	return best
}

// distance is how far two colours are from each other, squared.
func distance(a, b color.NRGBA) int {
	r, g, u := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return 2*r*r + 4*g*g + 3*u*u
}

// labelColors are light enough to be seen on black.
var labelColors = []color.NRGBA{
	{0x5f, 0xd0, 0x68, 255}, {0xff, 0x6b, 0x6b, 255}, {0xf7, 0xe0, 0x55, 255}, {0x4f, 0x7c, 0xff, 255},
	{0xff, 0x8f, 0xd0, 255}, {0x9c, 0xe5, 0xd8, 255}, {0xb8, 0x8a, 0x5a, 255}, {0xd8, 0xd8, 0xd8, 255},
	{0xa6, 0xd8, 0x2e, 255}, {0xff, 0x3d, 0xd8, 255}, {0x00, 0xb3, 0xa4, 255}, {0xe0, 0x5a, 0x1f, 255},
}
