package ui

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// operatePatience is how long an operation may take before the window goes on
// without it, and shows how far it is.
const operatePatience = 60 * time.Millisecond

// operateTries is how often an operation is worked out anew because the labels
// have changed meanwhile.
const operateTries = 3

// operate does an operation on the session in view, and then says what became of
// it.
func (w *Window) operate(op annotate.Operation, at annotate.Scope) {
	if w.canOperate() {
		w.tryOperate(w.session, op, at, operateTries)
	}
}

func (w *Window) canOperate() bool { return w.hasSeries() && w.operating == nil }

// tryOperate works an operation out in the background.
func (w *Window) tryOperate(s *annotate.Session, op annotate.Operation, at annotate.Scope, tries int) {
	o := s.Prepare(op, at)
	ctx, cancel := context.WithCancel(context.Background())
	var shown atomic.Pointer[task]
	ready := make(chan error, 1)
	go func() {
		ready <- o.Do(ctx, func(done, total int) {
			if t := shown.Load(); t != nil {
				t.progress(done, total)
			}
		})
	}()
	select {
	case err := <-ready:
		cancel()
		w.operated(s, o, op, tries, err)
		return
	case <-time.After(operatePatience):
	}
	t, stopped := w.begin(op.Name(), txtCancel)
	w.operating = t
	shown.Store(t)
	context.AfterFunc(stopped, cancel)
	w.maskChanged()
	go func() {
		err := <-ready
		w.post(func() {
			w.end(t)
			w.operating = nil
			w.operated(s, o, op, tries, err)
		})
	}()
}

// operated finishes an operation that was worked out, or works it out anew.
func (w *Window) operated(s *annotate.Session, o *annotate.Operating, op annotate.Operation, tries int, err error) {
	w.maskChanged()
	switch {
	case errors.Is(err, context.Canceled):
		w.trace("operation", map[string]any{"name": op.Name(), "state": "cancelled"})
		return
	case err != nil:
		w.showError(op.Name(), sentence(err.Error()), nil)
		return
	}
	done, err := s.Finish(o)
	switch {
	case errors.Is(err, annotate.ErrStale) && tries > 1 && s == w.session:
		w.tryOperate(s, op, o.Scope, tries-1)
		return
	case errors.Is(err, annotate.ErrStale):
		err = errors.New(txtOperationStale)
	}
	if err != nil {
		w.showError(op.Name(), sentence(err.Error()), nil)
		return
	}
	w.trace("operation", map[string]any{"name": op.Name(), "state": "done", "slices": done.Slices, "pixels": done.Pixels})
	w.toast.say(fmt.Sprintf(txtOperationDone, op.Name(), doneText(done)))
}

// maskChanged shows that an operation has begun or ended.
func (w *Window) maskChanged() {
	w.stale |= windowChanged
	w.flushSoon()
}

// doneText says what an operation comes to.
func doneText(n annotate.Operated) string {
	out := txtOperationNone
	switch {
	case n.Slices == 1:
		out = ct.Count(n.Pixels, "pixel")
	case n.Slices > 1:
		out = fmt.Sprintf(txtOperationMany, n.Pixels, n.Slices)
	}
	if n.Accepted > 0 {
		out += fmt.Sprintf(txtOperationAccepted, n.Accepted)
	}
	if n.Locked > 0 {
		out += fmt.Sprintf(txtOperationLocked, n.Locked)
	}
	return out
}
