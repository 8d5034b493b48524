package ui

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// fakeKeeper keeps records in memory, by the description of the series.
type fakeKeeper struct {
	steps    map[string][][]byte
	maps     map[uint64]annotate.Map
	readOnly string
	damage   []string
	err      error
	options  KeepOptions
	adopted  string
	moved    string
	early    int           // images that changed, told before the work is there
	aside    string        // folder of the project as it was, told before the work is there
	gate     chan struct{} // Keep waits for it to be closed; nil: it does not
	closed   int
}

func newFakeKeeper() *fakeKeeper {
	return &fakeKeeper{steps: map[string][][]byte{}, maps: map[uint64]annotate.Map{}}
}

func (f *fakeKeeper) Keep(s *annotate.Session, o KeepOptions) (Kept, Restored, error) {
	f.options = o
	if f.early > 0 {
		o.Changed(f.early)
	}
	if f.aside != "" {
		o.SetAside(f.aside)
	}
	if f.gate != nil {
		<-f.gate
	}
	steps := f.steps[s.Series().Description]
	r := annotate.NewReplayer(s, func(id uint64) (annotate.Map, bool) { m, ok := f.maps[id]; return m, ok })
	for _, data := range steps {
		if err := r.Replay(data); err != nil {
			return nil, Restored{}, err
		}
	}
	found := Restored{Found: len(steps) > 0, Damage: f.damage, ReadOnly: f.readOnly}
	if f.readOnly != "" {
		return nil, found, nil
	}
	k := &fakeKept{f, s.Series().Description}
	s.OnRecord(k.Record)
	return k, found, nil
}

func (f *fakeKeeper) Adopt(dir string, s *annotate.Session, _ KeepOptions) (Kept, error) {
	f.adopted = dir
	return &fakeKept{f, dir + s.Series().Description}, nil
}

type fakeKept struct {
	f    *fakeKeeper
	name string
}

func (k *fakeKept) Record(r annotate.Record) {
	k.f.steps[k.name] = append(k.f.steps[k.name], r.Data)
	if r.Map != nil {
		k.f.maps[r.Map.ID] = *r.Map
	}
}

func (k *fakeKept) Snapshot(annotate.State)    {}
func (k *fakeKept) Status() KeepStatus         { return KeepStatus{Err: k.f.err} }
func (k *fakeKept) Flush() error               { return k.f.err }
func (k *fakeKept) Close(annotate.State) error { k.f.closed++; return k.f.err }
func (k *fakeKept) Moved(dir string)           { k.f.moved = dir }
func (k *fakeKept) Place() string              { return "/home/someone/project" }

// kept starts a window whose work is kept.
func kept(t *testing.T, f *fakeKeeper) *harness {
	t.Helper()
	return start(t, func(_ *harness, s *Services) { s.Keeper, s.AutoPropose = f, true })
}

func (h *harness) openProposed(series *ct.Series) {
	h.t.Helper()
	h.open(series)
	h.until("it is proposed", func() bool { return h.proposing == nil && proposedAll(h.session) })
	h.settle()
}

// Closing asks nothing, and opening the same images goes on with the work, which
// the model does not do anew.
func TestWorkGoesOn(t *testing.T) {
	f := newFakeKeeper()
	h := kept(t, f)
	h.openProposed(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.settle()
	if got := h.status.saved.Text; got != "Saved · 1 slice to export" {
		t.Errorf("the status line says %q", got)
	}
	i, want := h.session.Current(), h.session.Mask(h.session.Current()).Clone()
	h.closeSeries()
	if h.dialog() != "" || h.session != nil {
		t.Fatalf("closing asks %q", h.dialog())
	}
	asked := len(h.model.order)
	h.openProposed(chest("Thorax", 64, 5))
	if got := h.session.Mask(i); !got.Equal(want) {
		t.Error("the mask is another than before closing")
	}
	if len(h.model.order) != asked {
		t.Error("the model went through the series again")
	}
	if h.notice.text.Text != txtGoesOn || !h.session.CanUndo() {
		t.Errorf("opened again, the window says %q, and undo is %t", h.notice.text.Text, h.session.CanUndo())
	}
}

// Work is brought back in the background: the window goes on meanwhile, and opening
// something else, or closing, waits for it and leaves nothing open.
func TestWorkIsBroughtBackInTheBackground(t *testing.T) {
	f := newFakeKeeper()
	h := kept(t, f)
	f.gate = make(chan struct{})
	h.found = &ct.Found{Series: []*ct.Series{chest("One", 64, 5)}}
	h.Window.Open([]string{"/data/one"})
	h.until("the work is being brought back", func() bool { return h.restoring.busy })
	if h.session != nil {
		t.Fatal("the series is shown without the work on it")
	}
	h.found = &ct.Found{Series: []*ct.Series{chest("Two", 64, 5)}}
	h.Window.Open([]string{"/data/two"})
	h.until("the second is read", func() bool { return h.restoring.next != nil })
	close(f.gate)
	h.until("the second is open", func() bool { return h.session != nil && h.session.Series().Description == "Two" && !h.restoring.busy })
	if len(h.keepings) != 1 || f.closed != 1 {
		t.Errorf("%d sessions are kept, %d were let go", len(h.keepings), f.closed)
	}
	h.closeSeries()
	f.gate = make(chan struct{})
	h.Window.Open([]string{"/data/two"})
	h.until("the work is being brought back", func() bool { return h.restoring.busy })
	h.closeSeries()
	close(f.gate)
	h.until("it is let go", func() bool { return !h.restoring.busy })
	if h.session != nil || len(h.keepings) != 0 || f.closed != 3 {
		t.Errorf("closed while it opened, the window has the session %v, and %d of 3 were let go", h.session, f.closed)
	}
}

func TestFailureToSaveIsTold(t *testing.T) {
	f := newFakeKeeper()
	h := kept(t, f)
	h.openProposed(chest("Thorax", 64, 5))
	f.err = errors.New("the disk is full, or so it seems, at /home/ann/.local/share/groundglass/projects/5d3c1f9b2a7e0c4d")
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	f.options.Status(KeepStatus{1, f.err})
	h.drain()
	if got := h.status.saved.Text; !strings.HasPrefix(got, txtNotSaved) || !strings.Contains(h.notice.text.Text, "The disk is full") {
		t.Errorf("the status line says %q, the notice %q", got, h.notice.text.Text)
	}
	if w := h.notice.box.MinSize().Width; w > 400 {
		t.Errorf("the notice takes at least %g", w)
	}
	h.quit()
	if h.dialog() != txtNotSavedHead {
		t.Fatalf("closing asks %q", h.dialog())
	}
	h.press("dialog." + txtCancel)
	f.err = nil
	f.options.Status(KeepStatus{})
	h.drain()
	if got := h.status.saved.Text; !strings.HasPrefix(got, txtSaved) || h.notice.text.Text != txtKeptAgain {
		t.Errorf("saved again, the status line says %q, the notice %q", got, h.notice.text.Text)
	}
}

// Work that another program has open is to look at only: a stroke changes nothing
// and says so each time, and a copy that is saved elsewhere can be worked on.
func TestHeldElsewhereIsToLookAtOnly(t *testing.T) {
	f := newFakeKeeper()
	f.readOnly = "it is open elsewhere, by ann on ws7 (process 4711, since 3 May 14:02)"
	h := kept(t, f)
	h.openProposed(chest("Thorax", 64, 5))
	if !strings.Contains(h.notice.text.Text, "by ann on ws7") || !strings.HasPrefix(h.status.saved.Text, txtLookOnly) {
		t.Errorf("the notice says %q, the status line %q", h.notice.text.Text, h.status.saved.Text)
	}
	for range 2 {
		h.press("notice.dismiss")
		h.strokeAt(annotate.Point{X: 30, Y: 30})
		h.Do("slice.accept")
		h.settle()
		if h.session.Dirty() || !strings.Contains(h.notice.text.Text, "Ctrl+Shift+S") || h.toast.text.Text != txtRefused {
			t.Fatalf("a stroke is taken, or the notice says %q, the toast %q", h.notice.text.Text, h.toast.text.Text)
		}
	}
	was := h.session.Threshold()
	h.moveThreshold(0.1)
	h.drain()
	if h.session.Threshold() != was || h.panel.threshold.slider.Value != was {
		t.Errorf("the threshold is %g, and %g is shown, want %g", h.session.Threshold(), h.panel.threshold.slider.Value, was)
	}
	h.Do("file.save")
	h.drain()
	if h.dialog() != txtProjectHead {
		t.Fatalf("saving asks %q", h.dialog())
	}
	h.named["project.folder"].(*hintEntry).SetText("/new/place")
	h.dialogKey(fyne.KeyReturn)
	h.until("it has been saved", func() bool { return !h.session.Sealed() })
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.settle()
	if len(f.steps["/new/placeThorax"]) == 0 || !h.session.Dirty() || !strings.HasPrefix(h.status.saved.Text, txtSaved) {
		t.Errorf("the copy has %d steps, and the status line says %q", len(f.steps["/new/placeThorax"]), h.status.saved.Text)
	}
}

func TestDamageIsTold(t *testing.T) {
	f := newFakeKeeper()
	f.damage = []string{"journal-000002.gg is damaged"}
	h := kept(t, f)
	h.found = &ct.Found{Series: []*ct.Series{chest("Thorax", 64, 5)}}
	h.Window.Open([]string{"/data/chest"})
	h.until("damage is told", func() bool { return h.dialog() == txtDamageHead })
}

// While the work moves to another folder each step is kept in both; then in the
// new one alone.
func TestSaveProjectAs(t *testing.T) {
	f := newFakeKeeper()
	h := kept(t, f)
	h.openProposed(chest("Thorax", 64, 5))
	h.Do("file.project")
	h.drain()
	h.named["project.folder"].(*hintEntry).SetText("/new/place")
	h.dialogKey(fyne.KeyReturn)
	if h.Do("file.project") {
		t.Error("the work can be moved while it is being moved")
	}
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.until("it has moved", func() bool { return f.moved == "/new/place" })
	old := len(f.steps["Thorax"])
	h.strokeAt(annotate.Point{X: 40, Y: 40})
	if got := len(f.steps["/new/placeThorax"]); f.adopted != "/new/place" || got == 0 || len(f.steps["Thorax"]) != old {
		t.Errorf("%d steps are in the new folder, %d in the old, of which %d before", got, len(f.steps["Thorax"]), old)
	}
}

// Steps that are done again may undo any before them: the bound of the history
// comes after.
func TestHistoryIsBoundAfterRestoring(t *testing.T) {
	const edits = 40
	n := 0
	h := start(t, func(_ *harness, s *Services) {
		s.Keeper = keeperFunc(func(s *annotate.Session) { // of half a MB each
			for k := range edits {
				s.Do("Noise", 0, func(on *annotate.Stroke) {
					b := on.Bounds()
					for i := range b.Dx() * b.Dy() / 2 {
						on.Span(2*i/b.Dx(), 2*i%b.Dx(), 2*i%b.Dx()+1, uint8(1+k%3))
					}
				})
			}
			n, _ = s.History().Len()
		})
	})
	h.setSettings(func(s *settings) { s.historyMB = minHistoryMB })
	h.open(chest("Thorax", 512, 2))
	if now, _ := h.session.History().Len(); n != edits || now >= edits || h.session.History().Bytes() > minHistoryMB*megabyte {
		t.Errorf("of %d edits %d were restored, and %d stay", edits, n, now)
	}
}

// keeperFunc restores work.
type keeperFunc func(s *annotate.Session)

func (f keeperFunc) Keep(s *annotate.Session, _ KeepOptions) (Kept, Restored, error) {
	f(s)
	return nil, Restored{Found: true, ReadOnly: "a test"}, nil
}

func (keeperFunc) Adopt(string, *annotate.Session, KeepOptions) (Kept, error) {
	return nil, errors.New("not now")
}

func TestChangedImagesAreTold(t *testing.T) {
	f := newFakeKeeper()
	h := kept(t, f)
	h.openProposed(chest("Thorax", 64, 5))
	f.options.Changed(2)
	h.drain()
	told := h.notice.text.Text
	h.closeSeries()
	f.early = 3
	h.openProposed(chest("Thorax", 64, 5))
	if !strings.Contains(h.notice.text.Text, "3 slices") {
		t.Errorf("told before the work is there, the notice says %q", h.notice.text.Text)
	}
	if !strings.Contains(told, "2 slices") {
		t.Errorf("the notice says %q", told)
	}
}

func TestCrashReportIsOffered(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.Crash = "/home/ann/crashes" })
	h.tellCrash()
	if h.dialog() != txtCrashHead || h.named["dialog."+txtOpenReport] == nil {
		t.Errorf("after a crash the dialog is %q", h.dialog())
	}
	h.press("dialog." + txtOK)
	if h.dialog() != "" {
		t.Error("the dialog stays")
	}
}

// Where a project was made one of this version, the window says where the old one
// lies, whether that is known before its images are shown or after.
func TestWhatWasSetAsideIsTold(t *testing.T) {
	const dir = "/home/someone/work before version 2"
	for _, early := range []bool{true, false} {
		f := newFakeKeeper()
		if early {
			f.aside = dir
		}
		h := kept(t, f)
		h.openProposed(chest("Thorax", 64, 5))
		if !early {
			f.options.SetAside(dir)
			h.drain()
		}
		if got := h.notice.text.Text; !strings.Contains(got, dir) || h.dialog() != "" {
			t.Errorf("early %t: the window says %q, and the dialog is %q", early, got, h.dialog())
		}
		if got := strings.Join(h.workLines(), "\n"); !h.notice.details.Visible() || !strings.Contains(got, dir) || !strings.Contains(got, "/home/someone/project") {
			t.Errorf("early %t: the report says %q", early, got)
		}
	}
}
