package ui

import (
	"context"
	"errors"
	"image/color"
	"testing"

	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// fakeLabels gives slice 1 a row of two labels, of which one is new.
type fakeLabels struct {
	err    error
	paths  []string
	others bool // the last call's
	of     bool // masks are of other images
	gate   chan struct{}
}

func (f *fakeLabels) ReadLabels(ctx context.Context, s *ct.Series, table []annotate.Label, paths []string, others bool, progress func(done, total int)) (ReadLabels, error) {
	progress(1, 2)
	f.paths, f.others = paths, others
	if f.gate != nil {
		select {
		case <-f.gate:
		case <-ctx.Done():
			return ReadLabels{}, ctx.Err()
		}
	}
	lung := annotate.Label{Value: 4, Name: "Lung", Color: color.NRGBA{R: 9, A: 255}}
	return ReadLabels{
		Labels: annotate.Imported{Name: "Open labels", Labels: append(table, lung), Slices: []int{1}, Plane: func(int) []uint8 {
			plane := make([]uint8, s.Columns*s.Rows)
			plane[3], plane[4] = 2, 4
			return plane
		}},
		Summary: "1 of 5 slices got labels, matched by name.",
		Lines:   []string{"b.png: no slice of the series has such a name"}, OfOthers: f.of && !others,
	}, f.err
}

func withLabels(t *testing.T) (*harness, *fakeLabels) {
	f := &fakeLabels{}
	h := start(t, func(_ *harness, s *Services) { s.Labels = f })
	h.open(chest("Thorax", 64, 5))
	return h, f
}

func TestOpenLabels(t *testing.T) {
	h, f := withLabels(t)
	h.session.SetCurrent(1)
	h.openLabels([]string{"/data/masks"}, false)
	h.until("the report is shown", func() bool { return h.dialog() == txtLabelsHead })
	if len(f.paths) != 1 || f.paths[0] != "/data/masks" {
		t.Fatalf("asked to read %q", f.paths)
	}
	h.press("dialog." + txtOK)
	m := h.session.Mask(1)
	if m.Label[3] != 2 || m.Label[4] != 4 || m.Origin[4] != annotate.HumanAdded || h.session.UndoName() != "Open labels" {
		t.Fatal("the labels did not come in")
	}
	if h.unsaved() != 1 || h.session.Status(1) != annotate.InWork {
		t.Errorf("%d slices count as unsaved", h.unsaved())
	}
	if n := len(h.panel.labels); n != 4 || h.panel.labels[3].name.Text != "Lung" {
		t.Fatalf("the panel has %d labels", n)
	}
	test.Tap(h.panel.labels[3])
	h.drain()
	if h.session.ActiveLabel() != 4 || !h.panel.labels[3].picked {
		t.Error("a label that came with masks cannot be picked")
	}
	h.Do("edit.undo")
	h.drain()
	if h.session.Foreground(1) != 0 {
		t.Error("the import was not undone")
	}
}

func TestOpenLabelsTellsWhatStayed(t *testing.T) {
	h, _ := withLabels(t)
	h.session.Accept(1)
	h.openLabels([]string{"m"}, false)
	h.until("the report is shown", func() bool { return h.dialog() == txtLabelsHead })
	if h.session.Foreground(1) != 0 {
		t.Error("an accepted slice changed")
	}
	if lines := takenLines(annotate.Taken{Kept: 7, Locked: 3, Accepted: 2}); len(lines) != 3 {
		t.Errorf("told %q", lines)
	}
}

func TestOpenLabelsFailsOrStops(t *testing.T) {
	h, f := withLabels(t)
	f.err = errors.New("/data/masks: no such file or folder")
	h.openLabels([]string{"/data/masks"}, false)
	h.until("it is told", func() bool { return h.dialog() == txtLabelsFailed })
	if h.session.CanUndo() {
		t.Fatal("something came in")
	}
	h.press("dialog." + txtOK)
	f.err, f.gate = nil, make(chan struct{})
	h.openLabels([]string{"m"}, false)
	h.drain()
	if h.Do("file.labels") {
		t.Error("labels can be opened while others are read")
	}
	h.press("task.cancel")
	h.until("it has stopped", func() bool { return h.importing == nil })
	if h.session.CanUndo() || h.dialog() != "" {
		t.Error("what was cancelled came in")
	}
}

func TestWithoutALabelReader(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	if h.Do("file.labels") || h.Do("file.labelfolder") {
		t.Error("labels can be opened")
	}
}

// Masks of other images are left out at first, and a button of the report takes them.
func TestOpenLabelsOfOthers(t *testing.T) {
	h, f := withLabels(t)
	f.of = true
	h.openLabels([]string{"/data/masks"}, false)
	h.until("the report is shown", func() bool { return h.dialog() == txtLabelsHead })
	if f.others {
		t.Fatal("masks of other images were asked for at once")
	}
	h.press("dialog." + txtLabelsAll)
	h.until("they are read again", func() bool { return f.others && h.dialog() == txtLabelsHead })
	if len(f.paths) != 1 || f.paths[0] != "/data/masks" {
		t.Fatalf("asked to read %q", f.paths)
	}
	h.press("dialog." + txtOK)
	h.openLabels([]string{"/data/masks"}, false)
	h.until("the report is shown again", func() bool { return h.dialog() == txtLabelsHead })
	h.escDialog()
	if h.importing != nil || h.dialog() != "" {
		t.Errorf("Esc takes them, or the dialog stays: %q", h.dialog())
	}
}
