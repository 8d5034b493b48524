package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// Keeper keeps the work on series on disk, each step as soon as it is done.
type Keeper interface {
	// Keep brings earlier work on s's series back into s, which is new, and keeps
	// what is done from then on. An error, or a Restored that is for reading only,
	// comes without a Kept. It takes time, and is called on a goroutine of its own,
	// to which s belongs meanwhile.
	Keep(s *annotate.Session, o KeepOptions) (Kept, Restored, error)

	// Adopt begins to keep all of s in a project of its own in a folder that holds
	// none. What is done from then on is to be handed to Kept.Record.
	Adopt(dir string, s *annotate.Session, o KeepOptions) (Kept, error)
}

// KeepOptions are what a Keeper tells, from any goroutine.
type KeepOptions struct {
	Status func(KeepStatus) // what is on disk has fallen behind, or caught up
	Want   func()           // Kept.Snapshot is to be called

	Changed func(slices int) // so many images are others than those that were worked on

	SetAside func(dir string) // the project was of an earlier version of the program, and is kept in dir as it was
}

// KeepStatus says how many steps are not safe yet, and why where something failed.
type KeepStatus struct {
	Behind int
	Err    error
}

// Kept is the work on one session as it is kept.
type Kept interface {
	Record(annotate.Record)
	Snapshot(annotate.State)
	Status() KeepStatus
	Flush() error               // waits until all is safe, or an attempt has failed
	Close(annotate.State) error // keeps the last state and lets go
	Moved(dir string)           // the work goes on in another folder, or "" for none that is to be noted; lets go
	Place() string              // the folder of the project
}

// Restored says what was found of earlier work.
type Restored struct {
	Found    bool
	Steps    int       // that were done since a last orderly end
	Last     time.Time // of them
	Damage   []string  // sentences that say what was lost or damaged
	ReadOnly string    // by whom the project is held; empty where it is not
}

// keeping is how one session is kept.
type keeping struct {
	kept    Kept                       // nil where it is not
	why     string                     // it is not
	found   Restored                   // earlier work
	changed int                        // images that are others than those that were worked on
	aside   string                     // the folder with the project as an earlier version had it; empty for none
	shown   KeepStatus                 // in the status bar
	now     atomic.Pointer[KeepStatus] // as last told
}

func (w *Window) keepOptions(s *annotate.Session, k *keeping) KeepOptions {
	return KeepOptions{
		Status: func(st KeepStatus) { w.keptAs(k, st) },
		Changed: func(n int) {
			w.post(func() {
				k.changed = n
				if w.session == s {
					w.notice.remark(fmt.Sprintf(txtImagesChanged, countText(n)))
					w.work.Refresh()
				}
			})
		},
		SetAside: func(dir string) {
			w.post(func() {
				k.aside = dir
				if w.session == s {
					w.notice.detailed(setAsideText(dir))
					w.work.Refresh()
				}
			})
		},
		Want: func() {
			w.post(func() {
				if k.kept != nil && w.keepings[s] == k {
					k.kept.Snapshot(s.State())
				}
			})
		},
	}
}

// setAsideText says where a project is kept as an earlier version had it.
func setAsideText(dir string) string {
	home, err := os.UserHomeDir()
	if rel, ok := strings.CutPrefix(dir, home+string(filepath.Separator)); ok && err == nil {
		dir = filepath.Join("~", rel)
	}
	return fmt.Sprintf(txtSetAside, dir)
}

// slowSave is how long steps may wait before it is shown that they do.
const slowSave = 500 * time.Millisecond

// keptAs takes a status, on any goroutine. Steps that are safe at once are not
// shown to have waited.
func (w *Window) keptAs(k *keeping, st KeepStatus) {
	before := k.now.Swap(&st)
	switch failed := before != nil && before.Err != nil; {
	case (st.Err != nil) != failed || st.Behind == 0:
		w.post(func() { w.showKept(k) })
	case st.Behind > 0:
		time.AfterFunc(slowSave, func() { w.post(func() { w.showKept(k) }) })
	}
}

// showKept shows a status where it is another than is shown.
func (w *Window) showKept(k *keeping) {
	now, was, known := *k.now.Load(), k.shown, false
	for _, other := range w.keepings {
		known = known || other == k
	}
	if !known { // closed meanwhile
		return
	}
	if (now.Behind > 0) == (was.Behind > 0) && (now.Err == nil) == (was.Err == nil) {
		return
	}
	k.shown = now
	reason := ""
	if now.Err != nil {
		reason = sentence(now.Err.Error())
		w.notice.remark(fmt.Sprintf(txtNotKept, cutMiddle(reason, maxReason)))
	} else if was.Err != nil {
		w.notice.remark(txtKeptAgain)
	}
	w.work.Refresh() // the picture makes room
	w.trace("kept", map[string]any{"behind": now.Behind, "error": reason})
	w.stale |= windowChanged
	w.flushSoon()
}

// keptText says whether all work is on disk; empty where none is kept.
func (w *Window) keptText() (text string, good bool) {
	text, good = "", true
	for s, k := range w.keepings {
		switch {
		case s.Sealed():
			if text != txtNotSaved {
				text, good = txtLookOnly, false
			}
		case k.kept == nil || k.shown.Err != nil:
			return txtNotSaved, false
		case k.shown.Behind > 0:
			text, good = txtSaving, false
		case text == "":
			text = txtSaved
		}
	}
	return text, good
}

// unkept is why work is not on disk; empty where all of it is.
func (w *Window) unkept() string {
	for s, k := range w.keepings {
		if k.kept == nil {
			if s.Dirty() && !s.Sealed() {
				return k.why
			}
			continue
		}
		if st := k.kept.Status(); st.Behind > 0 || st.Err != nil {
			if err := k.kept.Flush(); err != nil {
				return sentence(err.Error())
			}
		}
	}
	return ""
}

// maxReason is how many letters of a reason a notice has room for.
const maxReason = 44

// cutMiddle leaves the middle of a text out where it is longer than n letters.
func cutMiddle(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n/2]) + "…" + string(r[len(r)-(n-n/2-1):])
}

// proposedAll reports whether the model has been through the whole series.
func proposedAll(s *annotate.Session) bool {
	for i := range s.Series().Len() {
		if s.Probability(i) == nil {
			return false
		}
	}
	return true
}

// askUnkept asks what to do about work that could not be kept, then goes on.
func (w *Window) askUnkept(then func()) {
	why := w.unkept()
	if why == "" {
		then()
		return
	}
	if w.asking(txtNotSavedHead) {
		return
	}
	w.showDialog(txtNotSavedHead, paragraph(fmt.Sprintf(txtNotSavedAsk, why)), fyne.NewSize(520, 190),
		button{name: txtCancel},
		button{name: txtDiscard, look: widget.DangerImportance, do: then},
		button{name: txtSaveProject, look: widget.HighImportance, do: func() { w.askProject(then) }})
}

// letKept ends the keeping of all sessions.
func (w *Window) letKept() {
	for s, k := range w.keepings {
		s.OnRecord(nil)
		if k.kept != nil {
			_ = k.kept.Close(s.State()) // what fails here was asked about: see askUnkept
		}
	}
	clear(w.keepings)
}
