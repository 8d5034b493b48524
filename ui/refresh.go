package ui

import (
	"image"

	"groundglass/annotate"
)

// everything is all that can change.
const everything = ^annotate.What(0)

// onChange hears of the session's changes. The picture follows at once; the
// rest with the next flush.
func (w *Window) onChange(s *annotate.Session, c annotate.Change) {
	if s != w.session {
		return
	}
	if c.Has(annotate.Refused) {
		w.tellSealed()
	}
	if c.Has(annotate.OutlineChanged) {
		w.showPaths()
		w.scribbleSoon()
	}
	if c.Has(annotate.Current) {
		w.nearest.Store(int64(s.Current()))
		w.showSlice()
		w.three.follow()
	} else if c.Has(annotate.Pixels|annotate.Proposal) && c.In(s.Current()) && w.shown == s.Current() {
		w.showPixels(c.Rect)
	}
	w.form.sessionChanged(c)
	if c.Has(annotate.Pixels) {
		w.list.pixelsChanged(c.Slice)
		w.three.pixelsChanged(c.Slice, c.Rect)
		if v := w.involvementOf(s); v != nil {
			v.pixelsChanged(c.Slice, s.Series().Len())
		}
	}
	if c.What&^(annotate.Pixels|annotate.OutlineChanged) != 0 {
		w.stale |= c.What
		w.flushSoon()
	}
}

// flushSoon brings the window up to date once the present events are done.
func (w *Window) flushSoon() {
	if w.flushing {
		return
	}
	w.flushing = true
	w.post(w.flush)
}

// flush brings up to date what has become stale.
func (w *Window) flush() {
	stale := w.stale
	w.stale, w.flushing = 0, false
	if stale == 0 {
		return
	}
	if stale&(annotate.ToolChanged|annotate.LabelChanged) != 0 {
		w.showBrush()
	}
	if stale&annotate.LabelChanged != 0 && w.session != nil {
		w.showStyles()
	}
	w.panel.update()
	w.bar.update()
	w.strip.update()
	w.status.update()
	w.history.update()
	if w.menu.update(w.commands.all) {
		w.win.SetMainMenu(w.menu.main)
	}
	if stale&annotate.Current != 0 {
		w.list.follow()
	}
	w.list.refreshSoon()
	w.settleSoon()
	w.involveSoon()
	w.trace("state", map[string]any{"slice": w.shown, "unsaved": w.unsaved(), "undo": w.undoName()})
}

// refreshAll brings everything up to date.
func (w *Window) refreshAll() {
	w.setOverlay()
	for _, v := range w.viewports() {
		w.showLook(v)
	}
	w.setLens(w.look.lens)
	w.followPointer(w.hoverX, w.hoverY, w.hovering)
	w.showBrush()
	w.stale = everything
	w.flush()
	w.layout()
}

// showPixels shows the present labels and probabilities of the slice in view,
// which differ within r from those shown.
func (w *Window) showPixels(r image.Rectangle) {
	i := w.session.Current()
	m := w.session.Sketch(i)
	if m == nil {
		return
	}
	w.view.SetPixels(w.form.labels(i, m.Label), w.session.Probability(i), r)
	w.showClasses(r)
}

func (w *Window) undoName() string {
	if w.session == nil {
		return ""
	}
	return w.session.UndoName()
}
