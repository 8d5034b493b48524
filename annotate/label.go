package annotate

import "image/color"

// Label is one class that pixels can be given. Value is what masks and exports
// hold: 1 to 254, 0 is the background. Key is the key that selects the label.
type Label struct {
	Value uint8
	Name  string
	Color color.NRGBA
	Key   rune
}

// ProposalLabel is the label that the model's foreground gets, but for the kinds
// that have labels of their own: see Guess.
const ProposalLabel uint8 = 1

// DefaultLabels are the findings of the MedSeg convention, with its values.
func DefaultLabels() []Label {
	return []Label{
		{Value: 1, Name: "Ground glass", Color: color.NRGBA{R: 0x2e, G: 0xc4, B: 0xff, A: 0xff}, Key: '1'},
		{Value: 2, Name: "Consolidation", Color: color.NRGBA{R: 0xff, G: 0xa0, B: 0x2e, A: 0xff}, Key: '2'},
		{Value: 3, Name: "Pleural effusion", Color: color.NRGBA{R: 0xc8, G: 0x7d, B: 0xff, A: 0xff}, Key: '3'},
	}
}
