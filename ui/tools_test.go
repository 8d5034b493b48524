package ui

import (
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
)

// click presses and releases the left button at image points, a second apart.
func (h *harness) click(points ...annotate.Point) {
	for _, p := range points {
		h.clock = h.clock.Add(time.Second)
		h.strokeAt(p)
	}
}

// point moves the pointer over an image point without a button.
func (h *harness) point(x, y float64) {
	sx, sy := h.view.View().ToScreen(x, y)
	h.view.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(sx), float32(sy))}})
	h.drain()
}

// marked counts the pixels of a label on the slice in view.
func (h *harness) marked(label uint8) (n int) {
	for _, l := range h.session.Mask(h.session.Current()).Label {
		if l == label {
			n++
		}
	}
	return n
}

func (h *harness) holdCtrl(on bool) {
	h.view.On.Modifiers = func() fyne.KeyModifier {
		if on {
			return fyne.KeyModifierShortcutDefault
		}
		return 0
	}
}

func TestPolygonByClicksAndKeys(t *testing.T) {
	square := []annotate.Point{{X: 40, Y: 40}, {X: 60, Y: 40}, {X: 60, Y: 60}, {X: 40, Y: 60}}
	cases := []struct {
		name string
		act  func(h *harness)
		want int
		open bool
	}{
		{"open", func(*harness) {}, 0, true},
		{"Enter", func(h *harness) { h.typedKey(fyne.KeyReturn) }, 400, false},
		{"a click on the first point", func(h *harness) { h.click(square[0]) }, 400, false},
		{"a double click", func(h *harness) { h.strokeAt(square[3]) }, 400, false},
		{"Esc", func(h *harness) { h.typedKey(fyne.KeyEscape) }, 0, false},
		{"Undo", func(h *harness) { h.Do("edit.undo") }, 0, false},
		{"Backspace and Enter", func(h *harness) { h.typedKey(fyne.KeyBackspace); h.typedKey(fyne.KeyReturn) }, 200, false},
		{"the focus is lost", func(h *harness) { h.view.FocusLost(); h.letGo(); h.typedKey(fyne.KeyReturn) }, 400, false},
		{"another tool", func(h *harness) { h.typedKey(fyne.KeyB) }, 400, false},
		{"a measuring tool", func(h *harness) { h.typedKey(fyne.KeyM) }, 400, false},
		{"Accept", func(h *harness) { h.Do("slice.accept"); h.typedKey(fyne.KeyUp) }, 400, false},
		{"Export", func(h *harness) { h.Do("file.export"); h.typedKey(fyne.KeyEscape) }, 400, false},
		{"closing", func(h *harness) {
			if h.quit(); h.dialog() != txtUnsavedHead {
				h.t.Error("nobody is asked about the polygon")
			}
			h.typedKey(fyne.KeyEscape)
		}, 400, false},
		{"another label", func(h *harness) { h.Do("label.2"); h.typedKey(fyne.KeyReturn); h.Do("label.2") }, 0, false},
		{"a look at the next slice", func(h *harness) {
			h.typedKey(fyne.KeyDown)
			if len(h.view.Paths()) != 0 {
				h.t.Error("its outline is over another slice")
			}
			h.typedKey(fyne.KeyUp)
		}, 0, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, nil)
			h.open(chest("Thorax", 128, 9))
			h.Do("tool.polygon")
			h.click(square...)
			h.point(50, 50)
			if p := h.view.Paths(); len(p) != 1 || len(p[0].Points) != 5 || len(p[0].Knots) != 4 {
				t.Fatalf("%+v is shown", p)
			}
			c.act(h)
			if n := h.marked(1); math.Abs(float64(n-c.want)) > 12 {
				t.Errorf("%d pixels, want about %d", n, c.want)
			}
			if h.session.Staging() != c.open || (len(h.view.Paths()) > 0) != c.open {
				t.Errorf("open: %t, with %d outlines", h.session.Staging(), len(h.view.Paths()))
			}
			if undos, _ := h.session.History().Len(); undos > 1 && c.name != "Accept" {
				t.Errorf("it is %d edits", undos)
			}
		})
	}
}

func TestCtrlReversesTools(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	h.Do("tool.box")
	h.strokeAt(annotate.Point{X: 20, Y: 20}, annotate.Point{X: 40, Y: 40})
	if n := h.marked(1); n != 400 {
		t.Fatalf("a rectangle of 20 by 20 is %d pixels", n)
	}
	h.holdCtrl(true)
	h.strokeAt(annotate.Point{X: 20, Y: 20}, annotate.Point{X: 30, Y: 40})
	if n := h.marked(1); n != 200 {
		t.Errorf("half of it cut away leaves %d", n)
	}
	h.holdCtrl(false)
	h.Do("tool.cut")
	h.strokeAt(annotate.Point{X: 30, Y: 20}, annotate.Point{X: 40, Y: 30})
	if n := h.marked(1); n != 100 {
		t.Errorf("a cut leaves %d", n)
	}
}

// A stroke that leaves the window and comes back is drawn where the pointer was,
// and not across.
func TestStrokeLeavesTheWindowAndComesBack(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	h.setRadius(1)
	h.strokeAt(
		annotate.Point{X: 64, Y: 64}, annotate.Point{X: 64, Y: 200}, annotate.Point{X: 900, Y: 200},
		annotate.Point{X: 900, Y: 20}, annotate.Point{X: 64, Y: 20}, annotate.Point{X: 64, Y: 40},
	)
	m := h.session.Mask(h.session.Current())
	for y := range m.H {
		for x := range m.W {
			fx, fy := float64(x)+0.5, float64(y)+0.5
			want := math.Abs(fx-64) < 1 && (fy > 64 || fy > 20 && fy < 40) || math.Abs(fy-20) < 1 && fx > 64
			near := math.Hypot(fx-64, fy-64) < 2 || math.Hypot(fx-64, fy-40) < 2 || math.Hypot(fx-64, fy-20) < 2
			if got := m.Label[y*m.W+x] != 0; got != want && !near {
				t.Fatalf("pixel (%d, %d): %t", x, y, got)
			}
		}
	}
	if undos, _ := h.session.History().Len(); undos != 1 {
		t.Errorf("it is %d edits", undos)
	}
}

func TestRangeIsTakenUnderThePointer(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	h.setRadius(2)
	h.point(64, 64) // the mediastinum, of 40 HU throughout
	h.Do("tool.take")
	if h.inHand() != "tool.range" || h.brush.low != 40 || h.brush.high != 40 {
		t.Fatalf("%s with %d to %d HU", h.inHand(), h.brush.low, h.brush.high)
	}
	h.setRadius(20)
	h.strokeAt(annotate.Point{X: 64, Y: 64})
	m := h.session.Mask(h.session.Current())
	for i, l := range m.Label {
		if l != 0 && h.slice.HU[i] != 40 {
			t.Fatalf("a pixel of %d HU is painted", h.slice.HU[i])
		}
	}
	if n := h.marked(1); n < 300 {
		t.Errorf("%d pixels are painted", n)
	}
}

func TestSizeInMillimetresHoldsFromSeriesToSeries(t *testing.T) {
	h := start(t, nil)
	fine, coarse := chest("Fine", 180, 3), chest("Coarse", 90, 3) // pixels of 2 and 4 mm
	h.open(fine, coarse)
	h.setMillimetres(true)
	h.panel.tool.mm.entry.SetText("24")
	h.panel.tool.mm.entry.OnSubmitted("")
	if h.radius != 6 {
		t.Fatalf("24 mm across are a radius of %g pixels of 2 mm", h.radius)
	}
	h.show(h.Window.found, 1, func() {})
	h.settle()
	if b, _ := h.session.Tool().(annotate.Brush); b.Radius != 3 {
		t.Errorf("and %g pixels of 4 mm", b.Radius)
	}
}

func TestToolSettingsPersist(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 3))
	h.brush = toolSettings{millimetres: true, radiusMM: 9, square: true, smooth: 7, low: -700, high: -650, cut: true, threshold: 0.2}
	h.retool()
	want := h.brush
	h.brush = defaultToolSettings()
	h.loadSettings()
	if h.brush != want {
		t.Errorf("%+v came back of %+v", h.brush, want)
	}
}

func TestCopyOfAMaskGoesToTheNextSlice(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 9))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	n := h.marked(1)
	h.Do("mask.next")
	if h.session.Current() != 5 || h.marked(1) != n || n == 0 {
		t.Errorf("slice %d has %d pixels, want %d", h.session.Current(), h.marked(1), n)
	}
}

// In a low window the strip scrolls to the tool that a key takes in hand.
func TestStripShowsTheToolInHand(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 3))
	h.win.Resize(fyne.NewSize(840, 480))
	for _, id := range []string{"measure.rectangle", "tool.brush", "tool.move"} {
		h.Do(id)
		h.drain()
		b, view := h.named["bar."+id].(*toolButton), h.strip.box
		top := b.Position().Y - view.Offset.Y
		if top < 0 || top+b.Size().Height > view.Size().Height {
			t.Errorf("%s lies at %g of %g", id, top, view.Size().Height)
		}
	}
}

// A polygon that is being drawn, over dark and bright ground.
func TestLookPolygon(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 20))
	h.win.Resize(fyne.NewSize(1024, 740))
	h.Do("tool.polygon")
	h.click(annotate.Point{X: 20, Y: 60}, annotate.Point{X: 128, Y: 120}, annotate.Point{X: 180, Y: 90}, annotate.Point{X: 200, Y: 170})
	h.point(120, 210)
	h.capture("polygon")
}

// The square range brush, with all its settings.
func TestLookRangeBrush(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 20))
	h.win.Resize(fyne.NewSize(840, 620))
	h.Do("tool.range")
	h.brush.square = true
	h.setMillimetres(true)
	h.setRadius(20)
	h.setRange(-900, -600)
	h.strokeAt(annotate.Point{X: 75, Y: 100}, annotate.Point{X: 85, Y: 160})
	h.capture("range-brush")
}
