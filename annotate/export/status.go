package export

import (
	"fmt"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// maker is whose work the label of a slice is.
type maker int

const (
	byNobody maker = iota // nothing is known of the slice, or it was ruled out
	byModel               // proposed, and not looked at
	byPerson              // made, corrected or accepted by a person, or of a case without states
)

func madeBy(s SliceEntry) maker {
	switch s.Status {
	case annotate.Accepted.String(), annotate.InWork.String(), "":
		return byPerson
	case annotate.Proposed.String():
		return byModel
	}
	return byNobody
}

// unseen reports whether a proposal, which nobody has looked at, tells nothing: no lung was
// found where there may be some (see segment.Proposal), so that empty is no finding.
func unseen(s SliceEntry) bool { return madeBy(s) == byModel && s.Doubt != nil && *s.Doubt >= 1 }

// remarkUnseen says of how many slices the proposals tell nothing.
func (e *CaseEntry) remarkUnseen() {
	n := 0
	for _, s := range e.Slices {
		if unseen(s) {
			n++
		}
	}
	if n > 0 {
		e.Remarks = append(e.Remarks, NoLung(n, e.Case)+".")
	}
}

// NoLung says that of some slices of a case proposals tell nothing.
func NoLung(slices int, name string) string {
	return fmt.Sprintf("no lung was found on %s of %s: nothing is proposed there", ct.Count(slices, "slice"), name)
}

// remarkLeftOut says which slices and labels the files do not have.
func (w *Writer) remarkLeftOut(omits func(e *CaseEntry, i int) bool) {
	left, px := map[string]int{}, map[string]int{}
	for i, s := range w.Entry.Slices {
		if omits(w.Entry, i) {
			left[s.Status]++
			continue
		}
		for value, n := range s.LabelPx {
			px[value] += n
		}
	}
	for _, s := range []annotate.Status{annotate.New, annotate.Proposed, annotate.InWork, annotate.Accepted, annotate.Rejected} {
		why := ""
		if s == annotate.Proposed && w.Entry.Held {
			why = ", and the patient is held out, of whom labels count that a person made or accepted"
		}
		if n := left[s.String()]; n > 0 {
			w.remark("%s left out: %s%s", ct.Count(n, "slice"), s, why)
		}
	}
	for _, l := range w.Labels {
		if n := px[fmt.Sprint(l.Value)]; n > 0 && l.InFiles == 0 {
			w.remark("%s of %s left out: the layout has no value for it", ct.Count(n, "pixel"), l.Name)
		}
	}
}

func (w *Writer) remark(format string, a ...any) {
	w.Entry.Remarks = append(w.Entry.Remarks, w.Name+": "+fmt.Sprintf(format, a...)+".")
}
