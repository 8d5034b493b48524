package ui

import (
	"context"
	"fmt"
	"image"
	"slices"
	"time"

	"groundglass/annotate"
)

// previewDelay is how long a form waits for further changes before it works out
// what they would do.
const previewDelay = 80 * time.Millisecond

// preview is what the operation of a form would do.
type preview struct {
	ready *annotate.Operating // nil until it is worked out
	stop  context.CancelFunc  // of the work under way
	turn  int                 // counts changes
}

// changed works out anew what the form's operation would do.
func (f *operateForm) changed() {
	if f.op == nil || f.quiet {
		return
	}
	for id, r := range f.rows {
		f.values[f.op.id+"."+id] = r.entry.value
	}
	for id, s := range f.picks {
		f.values[f.op.id+"."+id] = float64(s.SelectedIndex())
	}
	f.from.show(float64(f.span.From + 1))
	f.to.show(float64(f.span.To + 1))
	if hidden := scopeKind(f.scope.SelectedIndex()) != someSlices; f.ends.Hidden != hidden {
		f.ends.Hidden = hidden
		f.w.layout()
	}
	if hidden := scopeKind(f.scope.SelectedIndex()) == oneSlice; f.each != nil && f.each.Hidden != hidden {
		f.each.Hidden = hidden
		f.w.layout()
	}
	for name, p := range f.units {
		setText(name, p.name+f.unitOf(p.unit))
	}
	f.drop()
	setText(f.note, txtPreviewWorking)
	turn := f.preview.turn
	time.AfterFunc(f.delay, func() {
		f.w.post(func() {
			if f.op != nil && f.preview.turn == turn {
				f.work()
			}
		})
	})
}

// drop forgets what was worked out, and shows the labels as they are.
func (f *operateForm) drop() {
	f.preview.turn++
	if f.preview.stop != nil {
		f.preview.stop()
		f.preview.stop = nil
	}
	if f.preview.ready != nil {
		f.preview.ready = nil
		f.paint()
	}
}

// work works out what the operation would do, in the background.
func (f *operateForm) work() {
	s := f.w.session
	if s.Stroking() {
		f.changed() // later: a stroke is not ended for this
		return
	}
	o := s.Prepare(f.op.make(f), f.slices())
	ctx, stop := context.WithCancel(context.Background())
	f.preview.stop = stop
	turn := f.preview.turn
	go func() {
		err := o.Do(ctx, nil)
		f.w.post(func() {
			if stop(); f.op != nil && f.preview.turn == turn {
				f.worked(o, err)
			}
		})
	}()
}

// worked shows what the operation would do.
func (f *operateForm) worked(o *annotate.Operating, err error) {
	f.preview.stop = nil
	if err != nil {
		setText(f.note, sentence(err.Error()))
		return
	}
	f.preview.ready = o
	setText(f.note, fmt.Sprintf(txtPreviewDone, doneText(o.Outcome())))
	f.paint()
	f.w.trace("preview", map[string]any{"slices": o.Outcome().Slices, "pixels": o.Outcome().Pixels})
}

// labels is what the slice in view is to be shown with: what it would have, or
// what it has.
func (f *operateForm) labels(i int, has []uint8) []uint8 {
	if f.preview.ready != nil && f.preview.ready.Scope.Has(i) {
		return f.preview.ready.Labels(i)
	}
	return has
}

// paint shows the slice in view anew.
func (f *operateForm) paint() {
	if w := f.w; w.session != nil && w.shown == w.session.Current() {
		series := w.session.Series()
		w.showPixels(image.Rect(0, 0, series.Columns, series.Rows))
	}
}

// sessionChanged hears of the session's changes while the form is shown.
func (f *operateForm) sessionChanged(c annotate.Change) {
	if f.op == nil {
		return
	}
	if c.Has(annotate.LabelChanged) && !slices.Equal(f.table, f.w.session.Labels()) {
		f.relabelled()
		return
	}
	if c.Has(annotate.LabelChanged) && f.about != nil && f.label() != 0 {
		f.quiet = true
		f.about.SetSelectedIndex(f.activeLabel())
		f.quiet = false
	}
	slice := c.Has(annotate.Current) && scopeKind(f.scope.SelectedIndex()) == oneSlice
	if slice || c.Has(annotate.Pixels|annotate.Proposal|annotate.Threshold|annotate.StatusChanged|annotate.LabelChanged) {
		f.changed()
	}
}
