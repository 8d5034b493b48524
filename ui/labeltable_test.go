package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// withNodule is a window on a series with a new label, made by the form.
func withNodule(t *testing.T) *harness {
	t.Helper()
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.Do("label.add")
	h.drain()
	h.named["form.name"].(*hintEntry).SetText("Nodule")
	h.named["form.export"].(*numberEntry).SetText("200")
	h.press("dialog." + txtTake)
	h.drain()
	return h
}

func TestLabelForm(t *testing.T) {
	h := withNodule(t)
	l, ok := h.session.LabelOf(4)
	if !ok || l.Name != "Nodule" || l.Key != '4' || l.ExportValue() != 200 || h.session.ActiveLabel() != 4 || h.session.UndoName() != "Add label" {
		t.Fatalf("the new label is %+v, %q", l, h.session.UndoName())
	}
	if n := len(h.panel.labels); n != 4 || !h.panel.labels[3].picked {
		t.Fatalf("the panel shows %d labels", n)
	}
	h.typedSign('2')
	h.typedSign('4')
	h.drain()
	if h.session.ActiveLabel() != 4 {
		t.Error("the key does not pick the new label")
	}
	h.Do("label.edit")
	h.drain()
	h.named["form.name"].(*hintEntry).SetText("Ground glass")
	h.press("dialog." + txtTake)
	if h.dialog() != txtEditLabel {
		t.Fatal("a name that another label has was taken")
	}
	h.named["form.name"].(*hintEntry).SetText("Nodes")
	h.named["form.key"].(*hintSelect).SetSelectedIndex(1)
	h.press("dialog." + txtTake)
	h.drain()
	if l, _ := h.session.LabelOf(4); l.Name != "Nodes" || l.Key != '1' || h.panel.labels[3].name.Text != "Nodes" {
		t.Errorf("edited, it is %+v", l)
	}
	if h.typedSign('1'); h.session.ActiveLabel() != 4 {
		t.Error("the key goes to another label")
	}
	h.Do("edit.undo")
	h.Do("edit.undo")
	h.drain()
	if len(h.panel.labels) != 3 || h.session.ActiveLabel() == 4 {
		t.Error("undone, the label is there")
	}
}

func TestRemoveLabelAsksAboutItsPixels(t *testing.T) {
	h := withNodule(t)
	h.strokeAt(annotate.Point{X: 20, Y: 20}, annotate.Point{X: 30, Y: 20})
	h.Do("label.remove")
	if h.dialog() != txtRemoveHead {
		t.Fatal("it does not ask")
	}
	h.named["remove.to"].(*hintSelect).SetSelected("Consolidation")
	h.press("dialog." + txtRemove)
	h.drain()
	if m := h.session.Mask(h.session.Current()); m.Label[20*64+25] != 2 || len(h.panel.labels) != 3 {
		t.Error("the pixels did not become what was chosen")
	}
	h.Do("edit.undo")
	if m := h.session.Mask(h.session.Current()); m.Label[20*64+25] != 4 {
		t.Error("undo does not bring the pixels back")
	}
}

func TestLockAndHideInTheList(t *testing.T) {
	h := withNodule(t)
	at := 20*64 + 25
	h.strokeAt(annotate.Point{X: 20, Y: 20}, annotate.Point{X: 30, Y: 20})
	test.Tap(h.named["label.4.lock"].(*iconToggle))
	h.drain()
	h.strokeAt(annotate.Point{X: 20, Y: 40}, annotate.Point{X: 30, Y: 40})
	m := h.session.Mask(h.session.Current())
	if m.Label[at] != 4 || m.Label[40*64+25] != 0 || !h.panel.rule.note.Visible() || !strings.Contains(h.toast.text.Text, "locked") {
		t.Errorf("a locked label was painted, or it is not told: %q", h.toast.text.Text)
	}
	test.Tap(h.named["label.4.lock"].(*iconToggle))
	test.Tap(h.named["label.4.eye"].(*iconToggle))
	h.drain()
	if !h.session.LabelLook(4).Hidden || !h.panel.rule.note.Visible() {
		t.Fatal("the label is not hidden")
	}
	if s := styles(h.session)[4]; !s.Hidden {
		t.Error("the picture shows it")
	}
	h.Do("label.showall")
	h.drain()
	if h.session.LabelLook(4).Hidden || h.panel.rule.note.Visible() {
		t.Error("it is still hidden")
	}
}

func TestPaintRuleInThePanel(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.FindLungs = findFakeLungs })
	h.open(chest("Thorax", 64, 5))
	h.named["rule.over"].(*hintSelect).SetSelectedIndex(1)
	h.drain()
	if h.session.PaintRule().Over != annotate.OverNothing {
		t.Error("the rule was not taken")
	}
	h.Do("label.overchosen")
	h.named["over.2"].(*hintCheck).SetChecked(true)
	h.press("dialog." + txtOK)
	h.drain()
	if r := h.session.PaintRule(); r.Over != annotate.OverChosen || r.Chosen != annotate.SetOf(2) || h.panel.rule.over.SelectedIndex() != 2 {
		t.Errorf("the rule is %+v", r)
	}
	h.Do("label.overall")
	h.Do("label.lungs")
	h.drain()
	if !strings.Contains(h.panel.rule.note.Text, "lungs") {
		t.Error("it is not told that the lungs are unknown")
	}
	h.until("the lungs are known", func() bool { return h.session.KnowsLungs() })
	h.drain()
	h.strokeAt(annotate.Point{X: 20, Y: 20}, annotate.Point{X: 44, Y: 20})
	if m := h.session.Mask(h.session.Current()); m.Label[20*64+25] == 0 || m.Label[20*64+40] != 0 {
		t.Error("it was not painted inside the lungs alone")
	}
}

func TestLabelTablesPersist(t *testing.T) {
	h := withNodule(t)
	h.setHidden(2, true)
	h.Do("label.first")
	path, err := writeNew(t.TempDir(), h.session.EncodeLabels())
	if err != nil {
		t.Fatal(err)
	}
	if second, err := writeNew(filepath.Dir(path), nil); err != nil || second == path {
		t.Errorf("an older file was written over: %v", err)
	}
	h.open(chest("Other", 64, 3))
	if l, ok := h.session.LabelOf(4); !ok || l.Name != "Nodule" || !h.session.LabelLook(2).Hidden || h.session.CanUndo() {
		t.Fatal("a new series does not begin with the labels that were kept")
	}
	h.Do("label.standard")
	h.drain()
	if len(h.panel.labels) != 3 {
		t.Error("there are more than the standard labels")
	}
	h.readLabelFile(path)
	h.drain()
	if len(h.panel.labels) != 4 || h.panel.labels[3].name.Text != "Nodule" {
		t.Error("the file was not taken")
	}
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"format":"x"}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if h.readLabelFile(bad); h.dialog() != txtLabelFileFailed {
		t.Error("a file that is no label table is not told of")
	}
}

// A long table, with labels that are locked, hidden and outlined; and the form.
func TestLookLabels(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 5))
	h.win.Resize(fyne.NewSize(1200, 1000))
	for i, name := range []string{"Nodule", "Fibrosis", "Lymph node of the mediastinum, enlarged", "Emphysema", "Airway", "Vessel", "Bronchiectasis", "Atelectasis"} {
		v, err := h.session.AddLabel(annotate.Label{Name: name, Key: []rune{'4', 0}[min(i, 1)]})
		if err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			h.setLocked(v, true)
		}
	}
	h.setRadius(20)
	for i, y := range []float64{90, 120, 150, 180} {
		h.session.SetActiveLabel(uint8(i + 1))
		h.strokeAt(annotate.Point{X: 60, Y: y}, annotate.Point{X: 190, Y: y + 10})
	}
	h.session.SetLabelLook(1, annotate.Look{Outline: true, Opacity: 1})
	h.session.SetLabelLook(2, annotate.Look{Opacity: 0.3})
	h.setHidden(3, true)
	h.session.SetActiveLabel(6)
	h.Do("label.overnothing")
	h.capture("labels")
	h.Do("label.edit")
	h.capture("label-form")
}

func TestLungsThatCannotBeFoundAreTold(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) {
		s.FindLungs = func(context.Context, *ct.Series) (Lungs, error) { return nil, errors.New("no slice can be read") }
	})
	h.open(chest("Thorax", 64, 5))
	h.Do("label.lungs")
	h.until("it is told", func() bool { return h.panel.rule.note.Text == txtNoLungsWhy && h.panel.rule.note.Visible() })
}
