package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
)

// foreground is the number of marked pixels of each slice.
func foreground(h *harness) (list []int) {
	for i := range h.session.Series().Len() {
		list = append(list, h.session.Foreground(i))
	}
	return list
}

func TestConnectivityLeavesPaintedPixels(t *testing.T) {
	h := proposed(t)
	h.strokeAt(annotate.Point{X: 40, Y: 60}, annotate.Point{X: 70, Y: 80})
	h.Do("tool.eraser")
	h.strokeAt(annotate.Point{X: 36, Y: 76})
	i := h.session.Current()
	want := human(h.session.Mask(i))
	counts := map[int]bool{}
	for _, act := range []func(){
		func() { h.panel.tv.entry.set(0) },
		func() { h.panel.tv.slider.SetValue(1) },
		func() { test.Tap(h.panel.fill) },
		func() { h.panel.least.entry.set(600) },
	} {
		act()
		h.drain()
		if !same(want, human(h.session.Mask(i))) {
			t.Fatalf("%+v changed painted pixels", h.session.Connectivity())
		}
		counts[h.session.Foreground(i)] = true
	}
	if len(counts) != 4 || h.session.Connectivity() != (annotate.Connectivity{TV: 1, LeastArea: 600, FillHoles: true}) {
		t.Fatalf("%d different masks, at last of %+v", len(counts), h.session.Connectivity())
	}
	if !h.panel.fill.Checked || h.panel.tv.entry.Text != "1.00" {
		t.Fatal("the panel shows something else")
	}
	h.Do("edit.undo")
	h.drain()
	if h.session.Connectivity() != annotate.DefaultConnectivity() || h.panel.fill.Checked {
		t.Fatalf("undone to %+v", h.session.Connectivity())
	}
}

// A drag shows drafts of the slice in view, and all slices follow at its end.
func TestDraggingConnectivity(t *testing.T) {
	h := proposed(t)
	h.Do("tool.brush")
	h.settle()
	before := foreground(h)
	drag := func(x float32) {
		h.panel.tv.slider.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 5)}})
		h.drain()
	}
	drag(90)
	drag(100)
	i := h.session.Current()
	if h.session.Mask(i).Label[0] == 0 || h.view.Frame().Mask[0] == 0 {
		t.Fatal("no draft is shown")
	}
	if h.settling {
		t.Fatal("drafts are made of slices that nobody sees")
	}
	drafted := h.list.counts[i+1]
	h.panel.tv.slider.DragEnd()
	h.settle()
	if h.session.Mask(i).Label[0] != 0 || h.view.Frame().Mask[0] != 0 {
		t.Fatal("the draft stayed")
	}
	after := foreground(h)
	for k := range after {
		if after[k] >= before[k] {
			t.Errorf("slice %d went from %d to %d pixels", k, before[k], after[k])
		}
	}
	if drafted != before[i+1] || h.list.counts[i+1] != after[i+1] {
		t.Errorf("the list showed %d during the drag and %d after it, of %d and %d", drafted, h.list.counts[i+1], before[i+1], after[i+1])
	}
	if undo, _ := h.session.History().Len(); undo != 2 { // with the proposal
		t.Errorf("the drag is %d edits", undo-1)
	}
}

// What is exported is what is shown, at the end of a drag and in its midst.
func TestExportIsWhatConnects(t *testing.T) {
	h := proposed(t)
	h.session.SetDraft(true)
	h.setTV(0.8)
	h.export(outgoing{dir: "/data/out", all: h.now()})
	h.until("it is done", func() bool { return h.dialog() == txtExported })
	h.session.SetDraft(false)
	for i, n := range foreground(h) {
		if h.out.marked[i] != n || n == 0 {
			t.Fatalf("%d pixels of slice %d were exported, %d are shown", h.out.marked[i], i, n)
		}
	}
	h.press("dialog." + txtOK)
	if h.unsaved() != 0 {
		t.Fatal("exported work counts as unsaved")
	}
	h.view.TypedRune('+')
	h.drain()
	if h.session.Connectivity().TV != 0.9 || h.unsaved() != 1 || h.status.saved.Text != fmt.Sprintf(txtUnsavedShort, 1) {
		t.Fatalf("the weight is %g, %d unsaved: %q", h.session.Connectivity().TV, h.unsaved(), h.status.saved.Text)
	}
	h.view.TypedRune('-')
	h.drain()
	if h.unsaved() != 0 {
		t.Fatal("moved back to what was exported, it counts as unsaved")
	}
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyC})
	if !h.session.Connectivity().FillHoles {
		t.Fatal("C does not fill holes")
	}
}

func TestControlsTellWhatTheyDo(t *testing.T) {
	h := proposed(t)
	for _, c := range []struct {
		over desktop.Hoverable
		says string
	}{{h.panel.tv.slider, txtHintConnect}, {h.panel.least.slider, txtHintLeast}, {h.panel.fill, "Fill holes in proposals  (C)"}} {
		c.over.MouseIn(&desktop.MouseEvent{})
		if h.status.hintShown.Text != c.says {
			t.Errorf("the status bar says %q, want %q", h.status.hintShown.Text, c.says)
		}
		c.over.MouseOut()
		if h.status.hintShown.Text != "" {
			t.Error("the hint stays")
		}
	}
}

// The panel names the model and its device, and a long name stays within it.
func TestPanelNamesTheModel(t *testing.T) {
	h := proposed(t)
	if h.panel.model.Text != "TV-UNet 16 on CPU" {
		t.Errorf("the panel says %q", h.panel.model.Text)
	}
	long := shorten(strings.Repeat("a very long name ", 9), h.panel.model, modelWidth)
	if w := fyne.MeasureText(long, h.panel.model.TextSize, h.panel.model.TextStyle).Width; w > modelWidth || w < modelWidth-20 || !strings.HasSuffix(long, "…") {
		t.Errorf("%q takes %g", long, w)
	}
}

// Without a Connector there is nothing to set.
func TestWithoutAConnector(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.Connector = nil })
	h.open(chest("Thorax", 64, 5))
	if h.panel.connect.Visible() || h.Do("model.fill") {
		t.Fatal("the connectivity can be set")
	}
}
