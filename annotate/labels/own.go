package labels

import (
	"image/color"
	"strconv"
	"strings"

	"groundglass/annotate"
)

// An export of this program says in its manifests which slice each mask is of and
// what its values are (package annotate/export).
const (
	ownManifest = "manifest.json"
	ownFormat   = "groundglass export"
	ownCases    = "groundglass" // the folder of the cases' manifests
	caseFormat  = "groundglass exported case"
	maxManifest = 256 << 20 // bytes
)

// manifest is what is needed of one. Up to version 4 it told of the slices of one
// case itself.
type manifest struct {
	Format   string     `json:"format"`
	Preset   string     `json:"preset"`
	Masks    string     `json:"mask_values"`
	Identity string     `json:"identity"`
	Square   int        `json:"square"` // pixels to the side to which all was resampled; 0 where nothing was
	Labels   []ownLabel `json:"labels"`
	Cases    []caseRef  `json:"cases"`
	Slices   []ownSlice `json:"slices"`
	Files    []ownFile  `json:"files"` // of no single case
}

// caseRef is a case, and the file of its own manifest.
type caseRef struct {
	Case     string  `json:"case"`
	Manifest ownFile `json:"manifest"`
}

type ownLabel struct {
	Value   uint8  `json:"value"`
	InFiles *uint8 `json:"file_value"`
	Program uint8  `json:"program_value"`
	Name    string `json:"name"`
	Color   string `json:"color"`
	Code    struct {
		Scheme  string `json:"scheme"`
		Value   string `json:"value"`
		Meaning string `json:"meaning"`
	} `json:"code"`
}

type ownSlice struct {
	Source  string         `json:"source"`
	Frame   int            `json:"frame"`
	UID     string         `json:"sop_instance_uid"`
	MM      *float64       `json:"position_mm"`
	LabelPx map[string]int `json:"label_px"`
	Mask    ownFile        `json:"mask"`
	Image   ownFile        `json:"image"`
}

type ownFile struct {
	File   string `json:"file"`
	Kind   string `json:"kind"`
	Slice  int    `json:"slice"` // from 1; 0 for all of them
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ownMask is what a manifest says of a mask.
type ownMask struct {
	ownSlice
	file   ownFile // as it was exported
	from   *export
	place                           // where the case as a whole tells it
	of     []ownMask                // of a file of the whole case, its slices
	uneven bool                     // of such a file: the case's slices are not evenly spaced
	square int                      // as the manifest has it
	names  map[value]annotate.Label // that its values stand for, as they were
}

// names are what the values of a mask with so many pixels of each label are called.
// Where labels share a value, it is the label that alone has pixels; where several
// have, they can no longer be told apart.
func (m *manifest) names(px map[string]int) map[value]annotate.Label {
	out, shared := map[value]annotate.Label{}, map[value]bool{}
	for _, l := range m.Labels {
		v := m.inFiles(l)
		if v == 0 || px[strconv.Itoa(int(l.Value))] == 0 && m.sharing(v) > 1 {
			continue
		}
		if _, twice := out[v]; twice {
			shared[v] = true
		}
		out[v] = l.label()
	}
	for v := range shared {
		delete(out, v)
	}
	return out
}

// inFiles is what files have for a label.
func (m *manifest) inFiles(l ownLabel) value {
	switch {
	case l.InFiles != nil:
		return value(*l.InFiles)
	case m.Masks == "0/255":
		return 255
	}
	return value(l.Value)
}

// sharing counts the labels for which files have a value.
func (m *manifest) sharing(v value) (n int) {
	for _, l := range m.Labels {
		if m.inFiles(l) == v {
			n++
		}
	}
	return n
}

// label is the label as it was in the program.
func (l ownLabel) label() annotate.Label {
	out := annotate.Label{Value: l.Program, Name: l.Name, Color: colourOf(l.Color), Export: l.Value}
	if l.Program == 0 {
		out.Value = l.Value
	}
	if l.Code.Scheme != "" && l.Code.Value != "" {
		out.Code = annotate.Code{Scheme: tidy(l.Code.Scheme), Value: tidy(l.Code.Value), Meaning: tidy(l.Code.Meaning)}
	}
	return out
}

// colourOf reads a colour as hex writes it; a transparent one where it is none.
func colourOf(text string) color.NRGBA {
	v, err := strconv.ParseUint(strings.TrimPrefix(text, "#"), 16, 24)
	if err != nil {
		return color.NRGBA{}
	}
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// ownLabelOf is the label of a value of the file at hand, by the manifest of its export, or
// else by a name.
func (in *intake) ownLabelOf(v value, name string) (uint8, error) {
	if l, ok := in.own[in.file].names[v]; ok {
		return in.table.named(l)
	}
	return in.table.byName(name, color.NRGBA{})
}
