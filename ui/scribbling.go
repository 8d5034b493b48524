package ui

// scribbleSoon has it found in the background what the hints of a scribble mean,
// again after each change.
func (w *Window) scribbleSoon() {
	if w.scribbling || w.session == nil {
		return
	}
	s := w.session
	work := s.Scribbling()
	if work == nil {
		if w.finishFound {
			w.finishFound = false
			w.finishStroke()
		}
		return
	}
	w.scribbling = true
	go func() {
		work.Do()
		w.post(func() {
			w.scribbling = false
			s.TakeScribbling(work)
			w.scribbleSoon()
		})
	}()
}

// findFirst reports whether a scribble is not yet found: then it will be finished
// as soon as it is.
func (w *Window) findFirst() bool {
	w.finishFound = w.scribbling && w.session.Scribbling() != nil
	return w.finishFound
}
