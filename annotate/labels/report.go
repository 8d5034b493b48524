package labels

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// By says how a plane of labels was matched to a slice.
type By string

// The ways, the surest first.
const (
	ByUID      By = "UID"
	ByImages   By = "images" // those that the labels were made of are the series' own, by their pixels or their bytes
	ByPosition By = "position"
	ByName     By = "name"
	ByOrder    By = "order" // neither side says how it lies
)

// Match is a plane of labels that was placed on a slice.
type Match struct {
	File   string `json:"file"`
	Kind   string `json:"kind"`
	Part   string `json:"part,omitempty"` // what of the file, as "frame 3"; empty for all of it
	Slice  int    `json:"slice"`          // from 0
	By     By     `json:"by"`
	Pixels int    `json:"pixels"` // labelled ones
}

// LeftOut is a file, or are parts of one, that did not come in, and why.
type LeftOut struct {
	File   string `json:"file"`
	Part   string `json:"part,omitempty"` // the first of the parts, empty for the file
	More   int    `json:"more,omitempty"` // parts beside the first that were left out for the same reason
	Reason string `json:"reason"`

	Lost bool `json:"lost,omitempty"` // masks that an export made of these images, by its manifest
}

// Meaning says which label a value became.
type Meaning struct {
	Kind   string `json:"kind"`        // of file
	Value  string `json:"value"`       // in the file's own terms
	Label  string `json:"label"`       // Background where it is none
	Number uint8  `json:"label_value"` // 0 for the background
	Pixels int    `json:"pixels"`      // placed on slices
}

// Overlap counts pixels of one label that another hid.
type Overlap struct {
	Under  string `json:"under"`
	Over   string `json:"over"`
	Pixels int    `json:"pixels"`
}

// Report says what a Read found.
type Report struct {
	Slices   int // of the series
	Labelled int // slices that have labels now
	Empty    int // slices that were matched and found to have no labels
	Matches  []Match
	Meanings []Meaning
	Overlaps []Overlap
	LeftOut  []LeftOut
	Remarks  []string
	OfOthers bool // something was left out that Options.OtherImages would take
}

// Lost tells what an export made of these images, by its manifest, and did not come in.
func (r Report) Lost() (lost []LeftOut) {
	for _, l := range r.LeftOut {
		if l.Lost {
			lost = append(lost, l)
		}
	}
	return lost
}

// leave notes what is left out; parts of a file that share a reason are one entry.
func (r *Report) leave(file, part, reason string) {
	for i := len(r.LeftOut) - 1; i >= 0 && r.LeftOut[i].File == file; i-- {
		if l := &r.LeftOut[i]; l.Reason == reason && part != "" {
			l.More++
			return
		}
	}
	r.LeftOut = append(r.LeftOut, LeftOut{File: file, Part: part, Reason: reason})
}

// means notes that n pixels of a value became a label.
func (r *Report) means(kind, value, label string, number uint8, n int) {
	for i := range r.Meanings {
		if m := &r.Meanings[i]; m.Kind == kind && m.Value == value && m.Number == number {
			m.Pixels += n
			return
		}
	}
	r.Meanings = append(r.Meanings, Meaning{kind, value, label, number, n})
}

// finish counts what the planes come to.
func (r *Report) finish(in *intake) {
	r.Labelled = len(in.canvas.used())
	for _, runs := range in.canvas.packed {
		if runs != nil {
			r.Empty++
		}
	}
	r.Empty -= r.Labelled
	for pair, n := range in.canvas.overlaps {
		r.Overlaps = append(r.Overlaps, Overlap{in.table.name(pair[0]), in.table.name(pair[1]), n})
	}
	slices.SortFunc(r.Overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(a.Under, b.Under), cmp.Compare(a.Over, b.Over))
	})
}

// Summary is a sentence that says what came in.
func (r Report) Summary() string {
	if r.Labelled == 0 {
		return fmt.Sprintf("No labels came in for the %s of the series.", ct.Count(r.Slices, "slice"))
	}
	var by []string
	for _, b := range []By{ByUID, ByImages, ByPosition, ByName, ByOrder} {
		if slices.ContainsFunc(r.Matches, func(m Match) bool { return m.By == b }) {
			by = append(by, string(b))
		}
	}
	return fmt.Sprintf("%d of %s got labels, matched by %s.", r.Labelled, ct.Count(r.Slices, "slice"), strings.Join(by, " and "))
}

// Lines are sentences about what came in, what became of it, and what did not
// come in.
func (r Report) Lines() (lines []string) {
	if r.Empty > 0 {
		lines = append(lines, fmt.Sprintf("%s had no labelled pixel in the files.", ct.Count(r.Empty, "more slice")))
	}
	lines = append(lines, r.covers()...)
	for _, m := range r.Meanings {
		lines = append(lines, fmt.Sprintf("%s, %s: %s in %s.", m.Kind, m.Value, m.Label, ct.Count(m.Pixels, "pixel")))
	}
	for _, o := range r.Overlaps {
		lines = append(lines, fmt.Sprintf("%s of %s hidden by %s.", ct.Count(o.Pixels, "pixel"), o.Under, o.Over))
	}
	lines = append(lines, r.Remarks...)
	for _, l := range alike(r.LeftOut) {
		lines = append(lines, l.String())
	}
	return merged(lines)
}

// covers are sentences about volumes, on which slices each is laid, and about slices that
// several volumes are laid on, or files of one name from several folders: they may be of
// several patients.
func (r Report) covers() (lines []string) {
	var files []string
	on, first := map[string][]int{}, map[int]string{}
	var several []int
	for _, m := range r.Matches {
		if m.Kind != kindNIfTI {
			continue
		}
		if on[m.File] == nil {
			files = append(files, m.File)
		}
		on[m.File] = append(on[m.File], m.Slice)
		if first[m.Slice] == "" {
			first[m.Slice] = m.File
		} else if !slices.Contains(several, m.Slice) {
			several = append(several, m.Slice)
		}
	}
	for _, f := range files {
		lines = append(lines, fmt.Sprintf("%s is laid on %s.", f, ct.Numbered("slice", on[f])))
	}
	if len(several) > 0 {
		lines = append(lines, fmt.Sprintf("Several volumes are laid on %s, in this order.", ct.Numbered("slice", several)))
	}
	return append(lines, r.namedAlike()...)
}

// namedAlike tells of slices whose name files in several folders have.
func (r Report) namedAlike() []string {
	first := map[int]string{}
	var several []int
	var folders []string
	for _, m := range r.Matches {
		folder := filepath.Dir(m.File)
		switch at, again := first[m.Slice]; {
		case m.By != ByName || at == folder:
		case !again:
			first[m.Slice] = folder
		default:
			if !slices.Contains(several, m.Slice) {
				several = append(several, m.Slice)
			}
			for _, f := range []string{at, folder} {
				if !slices.Contains(folders, f) {
					folders = append(folders, f)
				}
			}
		}
	}
	if len(several) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Files of several folders have the name of a slice, and are laid over each other on %s: %s.",
		ct.Numbered("slice", several), strings.Join(folders, ", "))}
}

// alike puts whole files that were left out for the same reason together.
func alike(left []LeftOut) (out []LeftOut) {
	at := map[string]int{}
	for _, l := range left {
		k, again := at[l.Reason]
		switch {
		case l.Part != "":
		case again:
			out[k].More++
			continue
		default:
			at[l.Reason] = len(out)
		}
		out = append(out, l)
	}
	return out
}

// merged says each line once, and how often where it is more.
func merged(lines []string) (out []string) {
	times := map[string]int{}
	for _, l := range lines {
		if times[l]++; times[l] == 1 {
			out = append(out, l)
		}
	}
	for i, l := range out {
		if n := times[l]; n > 1 {
			out[i] = fmt.Sprintf("%s (%d times)", l, n)
		}
	}
	return out
}

// String is a sentence that names the file and the reason.
func (l LeftOut) String() string {
	what := l.File
	switch {
	case l.Part != "" && l.More > 0:
		what += fmt.Sprintf(", %s and %d more", l.Part, l.More)
	case l.Part != "":
		what += ", " + l.Part
	case l.More > 0:
		what += " and " + ct.Count(l.More, "more file")
	}
	return what + ": " + l.Reason
}
