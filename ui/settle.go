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
				w.involveSoon()
				w.trace("settled", map[string]any{"slice": next.Slice})
			}
		})
	}()
}
