package ui

import "groundglass/annotate"

// connectorOf is what makes the proposals of a series hang together; nil where
// nothing does.
func (w *Window) connectorOf(s *annotate.Session) annotate.Connector {
	if w.services.Connector == nil {
		return nil
	}
	return w.services.Connector(s.Series())
}

// settleSoon has the proposals that nobody looks at made to hang together in the
// background, one slice after the other, the nearest to the one in view first.
func (w *Window) settleSoon() {
	if w.settling || w.session == nil {
		return
	}
	s := w.session
	next := s.Unsettled(s.Current())
	if next == nil {
		return
	}
	w.settling = true
	go func() {
		next.Do()
		w.post(func() {
			w.settling = false
			if s.Settle(next) {
				w.list.refreshSoon()
			}
			w.settleSoon()
			if !w.settling && s == w.session {
				w.trace("settled", map[string]any{"slice": next.Slice})
			}
		})
	}()
}

// setConnectivity changes how proposals hang together; no pixel that a person
// set follows.
func (w *Window) setConnectivity(change func(c *annotate.Connectivity)) {
	if w.session == nil {
		return
	}
	c := w.session.Connectivity()
	change(&c)
	w.session.SetConnectivity(c)
	c = w.session.Connectivity()
	w.trace("connectivity", map[string]any{"tv": c.TV, "area": c.LeastArea, "fill": c.FillHoles})
}

func (w *Window) setTV(v float64) {
	w.setConnectivity(func(c *annotate.Connectivity) { c.TV = v })
}

// moveTV moves the weight by a step, to whole hundredths.
func (w *Window) moveTV(by float64) { w.setTV(hundredths(w.session.Connectivity().TV + by)) }

func (w *Window) setLeastArea(v float64) {
	w.setConnectivity(func(c *annotate.Connectivity) { c.LeastArea = v })
}

func (w *Window) toggleHoles() {
	w.setConnectivity(func(c *annotate.Connectivity) { c.FillHoles = !c.FillHoles })
}

func (w *Window) fillsHoles() bool { return w.session != nil && w.session.Connectivity().FillHoles }

func (w *Window) canConnect() bool { return w.session != nil && w.services.Connector != nil }

// draftWhile lets masks be drafts as long as a row's slider is dragged.
func (w *Window) draftWhile(r *numberRow) {
	changed, ended := r.slider.OnChanged, r.slider.OnChangeEnded
	r.slider.OnChanged = func(v float64) {
		if !r.quiet && w.session != nil {
			w.session.SetDraft(true)
		}
		changed(v)
	}
	r.slider.OnChangeEnded = func(v float64) {
		w.endDraft()
		ended(v)
	}
}

// endDraft shows the masks as they are.
func (w *Window) endDraft() {
	if w.session != nil {
		w.session.SetDraft(false)
		w.list.refreshSoon()
		w.settleSoon()
	}
}
