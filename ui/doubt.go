package ui

import (
	"cmp"
	"slices"
)

// doubtful lists the slices that are proposed and not decided on, those that the
// model is least sure of first.
func (w *Window) doubtful() (list []int) {
	if w.session == nil {
		return nil
	}
	doubt := map[int]float64{}
	for i := range w.session.Series().Len() {
		if d, ok := w.session.Doubt(i); ok && !w.session.Status(i).Decided() {
			doubt[i] = d
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(doubt[b], doubt[a]) })
	return list
}

// anyDoubtful reports whether there are any.
func (w *Window) anyDoubtful() bool {
	if w.session == nil {
		return false
	}
	for i := range w.session.Series().Len() {
		if _, ok := w.session.Doubt(i); ok && !w.session.Status(i).Decided() {
			return true
		}
	}
	return false
}

// seekDoubtful goes to the slice that the model is least sure of among those not
// accepted; asked again from there, down to the next of them, and
// from the last back to the first.
func (w *Window) seekDoubtful() {
	list, next := w.doubtful(), 0
	if at := slices.Index(list, w.session.Current()); at == 0 || at > 0 && list[at] == w.sought {
		next = (at + 1) % len(list)
	}
	w.sought = list[next]
	w.session.SetCurrent(w.sought)
}
