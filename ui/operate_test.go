package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// forked is a window on a series with a mark on some slices: a bar and a speck.
func forked(t *testing.T, slices ...int) *harness {
	t.Helper()
	h := start(t, nil)
	h.form.delay = 0
	h.open(chest("Thorax 1.0 lung", 128, 9))
	for _, i := range slices {
		h.session.SetCurrent(i)
		h.until("the slice is shown", func() bool { return h.shown == i })
		h.setRadius(3)
		h.strokeAt(annotate.Point{X: 40, Y: 40}, annotate.Point{X: 70, Y: 50})
		h.setRadius(0.5)
		h.strokeAt(annotate.Point{X: 90.5, Y: 90.5})
	}
	return h
}

// worked waits until the form says what its operation would do.
func (h *harness) worked() {
	h.t.Helper()
	h.until("the form's operation is worked out", func() bool { return h.form.preview.ready != nil })
}

// operatedAll waits until no operation runs.
func (h *harness) operatedAll() {
	h.t.Helper()
	h.until("the operation is done", func() bool { return h.operating == nil })
}

func TestFrequentOperationsActAtOnce(t *testing.T) {
	h := forked(t, 2, 6)
	n := h.session.Foreground(6)
	h.Do("operate.clean")
	h.operatedAll()
	if got := h.session.Foreground(6); got >= n || got == 0 || h.session.UndoName() != "Remove islands" {
		t.Fatalf("of %d marked pixels %d are left, by %q", n, got, h.session.UndoName())
	}
	h.Do("operate.between")
	h.operatedAll()
	for i := 3; i < 6; i++ {
		if h.session.Foreground(i) == 0 {
			t.Errorf("slice %d is empty", i)
		}
	}
	h.session.SetCurrent(7)
	h.Do("operate.copy.previous")
	h.operatedAll()
	if got := h.session.Foreground(7); got != h.session.Foreground(6) {
		t.Errorf("%d pixels were copied", got)
	}
	if h.last("toast") == nil {
		t.Error("nothing says what was done")
	}
	h.session.SetCurrent(0)
	if h.Do("operate.copy.previous") {
		t.Error("a slice before the first was copied")
	}
}

func TestAFormShowsWhatItWouldDo(t *testing.T) {
	h := forked(t, 4)
	before := h.session.Mask(4).Clone()
	undo := h.session.UndoName()
	h.Do("operate.islands")
	h.form.rows["least"].entry.set(70)
	h.worked()
	if !h.form.box.Visible() || h.form.preview.ready.Outcome().Slices != 1 || h.session.UndoName() != undo {
		t.Fatalf("%+v would be done, and %q was", h.form.preview.ready.Outcome(), h.session.UndoName())
	}
	if got := h.form.labels(4, before.Label); got[90*128+90] != 0 || got[40*128+40] != 1 {
		t.Fatal("the preview shows other labels than there would be")
	}
	// What is drawn meanwhile counts, and nothing that was worked out before.
	was := h.form.preview.ready
	h.strokeAt(annotate.Point{X: 20, Y: 100})
	if h.form.preview.ready == was {
		t.Fatal("what was worked out is not dropped")
	}
	h.worked()
	h.form.rows["least"].entry.set(20000)
	h.worked()
	if got := h.form.preview.ready.Outcome().Pixels; got != h.session.Foreground(4) {
		t.Fatalf("%d pixels would go", got)
	}
	h.typedKey(fyne.KeyEscape)
	if h.form.box.Visible() || h.session.UndoName() == "Remove islands" {
		t.Fatal("Esc did not take the form away")
	}
	h.Do("operate.islands")
	h.worked()
	if got := h.form.number("least"); got != 20000 {
		t.Errorf("the size is %g again", got)
	}
	h.form.rows["least"].entry.set(70)
	h.worked()
	h.press("operate.apply")
	h.operatedAll()
	got := h.session.Mask(4)
	if got.Label[90*128+90] != 0 || got.Label[40*128+40] != 1 || h.form.op != nil {
		t.Fatal("the operation was not done")
	}
	h.Do("edit.undo")
	h.Do("edit.undo")
	if !h.session.Mask(4).Equal(before) {
		t.Fatal("undone, it is another mask")
	}
}

// A form offers the labels that there are, also where they become others while it
// is shown.
func TestAFormFollowsTheLabels(t *testing.T) {
	h := forked(t, 4)
	h.Do("operate.split")
	h.worked()
	h.Do("operate.apply")
	h.operatedAll()
	if n := len(h.session.Labels()); n != 4 {
		t.Fatalf("%d labels", n)
	}
	h.Do("operate.combine")
	with := h.form.picks["with"]
	with.SetSelectedIndex(len(with.Options) - 1)
	h.worked()
	h.Do("edit.undo")
	h.worked()
	if n := len(h.form.picks["with"].Options); n != 6 {
		t.Errorf("%d operands, of 3 labels", n)
	}
	h.Do("operate.dilate")
	h.form.about.SetSelectedIndex(3)
	h.form.scope.SetSelectedIndex(int(allSlices))
	h.Do("edit.redo")
	h.worked()
	if n := len(h.form.about.Options); n != 5 || h.form.label() != 0 || h.form.slices().Len() != 9 {
		t.Errorf("%d choices, of which %d is chosen, on %d slices", n, h.form.label(), h.form.slices().Len())
	}
}

func TestFormsScopes(t *testing.T) {
	h := forked(t, 2, 4, 6)
	h.session.SetCurrent(3)
	h.Do("operate.first")
	h.session.SetCurrent(5)
	h.Do("operate.last")
	h.Do("operate.clear")
	for _, c := range []struct {
		kind scopeKind
		want annotate.Scope
	}{{oneSlice, annotate.Scope{From: 5, To: 5}}, {someSlices, annotate.Scope{From: 3, To: 5}}, {allSlices, annotate.Scope{From: 0, To: 8}}} {
		h.form.scope.SetSelectedIndex(int(c.kind))
		if got := h.form.slices(); got != c.want {
			t.Errorf("scope %d is %v, want %v", c.kind, got, c.want)
		}
	}
	h.form.scope.SetSelectedIndex(int(someSlices))
	h.Do("operate.apply") // before it is worked out
	h.operatedAll()
	for i, marked := range map[int]bool{2: true, 4: false, 6: true} {
		if (h.session.Foreground(i) > 0) != marked {
			t.Errorf("slice %d has %d pixels", i, h.session.Foreground(i))
		}
	}
	h.Do("operate.clear")
	h.form.from.set(9)
	if h.form.span != (annotate.Scope{From: 8, To: 8}) {
		t.Errorf("the range is %v", h.form.span)
	}
}

// Every form can be opened, says what it would do, and does it.
func TestEveryForm(t *testing.T) {
	h := forked(t, 2, 4)
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.settle()
	for _, o := range operations() {
		h.Do("operate." + o.id)
		if h.form.op == nil || h.form.op.id != o.id {
			t.Fatalf("%s: no form", o.id)
		}
		h.worked()
		for _, s := range h.form.picks {
			for k := range s.Options {
				s.SetSelectedIndex(k)
				h.worked()
			}
		}
		h.form.scope.SetSelectedIndex(int(allSlices))
		h.worked()
		want := h.form.preview.ready.Outcome()
		undos, _ := h.session.History().Len()
		h.Do("operate.apply")
		h.operatedAll()
		if now, _ := h.session.History().Len(); (now > undos) != (want.Slices > 0) {
			t.Errorf("%s: %+v was foretold, and %d edits became %d", o.id, want, undos, now)
		}
		for now, _ := h.session.History().Len(); now > undos; now, _ = h.session.History().Len() {
			h.session.Undo()
		}
	}
}

func TestALongOperationCanBeCancelled(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(_ *harness, s *Services) {
		s.Connector = func(*ct.Series) annotate.Connector {
			return func(prob []uint8, cut uint8, c annotate.Connectivity, draft bool) []uint8 {
				if !draft {
					<-gate
				}
				return fakeConnector(prob, cut, c, draft)
			}
		}
	})
	h.open(chest("Thorax", 64, 9))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.Do("operate.dilate")
	h.form.scope.SetSelectedIndex(int(allSlices))
	undo := h.session.UndoName()
	h.Do("operate.apply") // before it is worked out
	h.until("it is shown to run", func() bool { return h.operating != nil })
	if h.Do("operate.fill") {
		t.Error("another operation began beside it")
	}
	h.press("task.cancel")
	close(gate)
	h.operatedAll()
	if h.session.UndoName() != undo || h.last("operation")["state"] != "cancelled" || h.dialog() != "" {
		t.Fatalf("it ended as %v, with the dialog %q", h.last("operation"), h.dialog())
	}
	// What is drawn while it runs does not make it fail: it is worked out anew.
	s := h.session
	o := s.Prepare(annotate.Clear{}, annotate.Scope{From: 0, To: 8})
	if err := o.Do(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.operated(s, o, annotate.Clear{}, operateTries, nil)
	h.operatedAll()
	if s.Foreground(s.Current()) != 0 || s.UndoName() != "Clear" {
		t.Errorf("%d pixels are left after %q", s.Foreground(s.Current()), s.UndoName())
	}
}

func TestAnotherSeriesTakesTheFormAway(t *testing.T) {
	h := forked(t, 4)
	h.Do("operate.dilate")
	h.worked()
	h.found.Series = append(h.found.Series, chest("Other", 64, 3))
	h.show(h.Window.found, 1, func() {})
	h.until("the other is shown", func() bool { return h.shown == 1 })
	if h.form.op != nil || h.form.box.Visible() || h.form.span != (annotate.Scope{From: 0, To: 2}) {
		t.Fatalf("the form stays, for %v", h.form.span)
	}
}

func TestLookForm(t *testing.T) {
	h := forked(t, 3, 4, 5)
	h.setRadius(5)
	h.strokeAt(annotate.Point{X: 25, Y: 55}, annotate.Point{X: 45, Y: 75}, annotate.Point{X: 30, Y: 85})
	h.Do("operate.smooth")
	h.form.rows["mm"].entry.set(8)
	h.form.scope.SetSelectedIndex(int(someSlices))
	h.form.each.SetChecked(true)
	h.worked()
	h.capture("operate")
	test.Tap(h.named["operate.close"].(*hintButton))
}
