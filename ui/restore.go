package ui

import (
	"fmt"
	"math"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// restoring is the bringing back of earlier work, one session at a time.
type restoring struct {
	busy bool
	next func() // what waits for its end; nil for nothing
}

// onceRestored does something now, or else when no work is being brought back any
// more, in place of what waits already.
func (w *Window) onceRestored(do func()) {
	if w.restoring.busy {
		w.restoring.next = do
		return
	}
	do()
}

// show brings the i-th series of what was found into view, with the work done on
// it so far, and goes on. What was done when it was last open is brought back in
// the background.
func (w *Window) show(found *ct.Found, i int, then func()) {
	series := found.Series[i]
	if s := w.sessions[series]; s != nil || w.services.Keeper == nil {
		if s == nil {
			s = w.newSession(series)
			w.sessions[series] = s
		}
		w.display(found, i, s)
		then()
		return
	}
	w.onceRestored(func() {
		if w.coming == found {
			w.restore(found, i, then)
		}
	})
}

func (w *Window) newSession(series *ct.Series) *annotate.Session {
	s := annotate.NewSession(series)
	w.startLabels(s)
	w.boundHistory(s)
	s.SetConnector(w.connectorOf(s))
	s.SetCurrent(series.Len() / 2)
	return s
}

// restore is show for a series that was not in view since it was opened.
func (w *Window) restore(found *ct.Found, i int, then func()) {
	s, k := w.newSession(found.Series[i]), &keeping{}
	s.SetHistoryLimit(math.MaxInt64) // steps that are done again may undo any before them
	t, _ := w.begin(txtRestoring, "")
	w.restoring.busy = true
	go func() {
		var err error
		k.kept, k.found, err = w.services.Keeper.Keep(s, w.keepOptions(s, k))
		switch {
		case err != nil:
			k.why = sentence(err.Error())
		case k.found.ReadOnly != "":
			k.why = sentence(k.found.ReadOnly)
		}
		w.post(func() {
			w.end(t)
			w.restoring.busy = false
			if w.coming == found {
				w.restored(found, i, s, k)
				then()
			} else if k.kept != nil { // closed meanwhile
				s.OnRecord(nil)
				_ = k.kept.Close(s.State()) // nothing was done
			}
			if next := w.restoring.next; next != nil {
				w.restoring.next = nil
				next()
			}
		})
	}()
}

// restored shows a session, with the work that was brought back.
func (w *Window) restored(found *ct.Found, i int, s *annotate.Session, k *keeping) {
	w.sessions[s.Series()], w.keepings[s] = s, k
	w.boundHistory(s)
	s.Seal(k.found.ReadOnly != "")
	w.trace("restored", map[string]any{"found": k.found.Found, "steps": k.found.Steps, "damage": k.found.Damage, "why": k.why})
	w.display(found, i, s)
	if k.now.Load() != nil {
		w.showKept(k)
	}
	if len(k.found.Damage) > 0 {
		w.showError(txtDamageHead, txtDamage, k.found.Damage)
	}
}

// restoredText is a line that says what was found; empty where that was nothing.
func restoredText(r Restored) string {
	switch {
	case r.Steps > 0:
		return fmt.Sprintf(txtRecovered, r.Last.Local().Format("2 Jan 15:04"))
	case r.Found:
		return txtGoesOn
	}
	return ""
}

// showRestored tells what was found of earlier work, or why none is kept.
func (w *Window) showRestored() {
	k := w.keepings[w.session]
	if k == nil {
		return
	}
	line := restoredText(k.found)
	switch {
	case w.session.Sealed():
		by, _, _ := strings.Cut(k.found.ReadOnly, " (") // without the process and the time
		line = fmt.Sprintf(txtLookOnlyWhy, cutMiddle(by, maxReason))
	case k.why != "":
		line = fmt.Sprintf(txtNotKept, cutMiddle(k.why, maxReason))
	case k.changed > 0:
		line = fmt.Sprintf(txtImagesChanged, countText(k.changed))
	case k.aside != "":
		w.notice.detailed(setAsideText(k.aside))
		return
	}
	if line != "" {
		w.notice.remark(line)
	}
}

// tellSealed tells that nothing was done, since the work is to look at only.
func (w *Window) tellSealed() {
	w.showRestored()
	w.toast.say(txtRefused)
	w.work.Refresh() // the picture makes room
}
