package ui

import (
	"image/color"
	"math"
	"testing"

	"groundglass/annotate"
)

// edited is a proposed series of which a person has changed the slice in view:
// added to it, removed from it, and given part of it another label.
func edited(t testing.TB) *harness {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 20))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.setRadius(5)
	h.Do("label.1")
	h.strokeAt(annotate.Point{X: 60, Y: 105}, annotate.Point{X: 95, Y: 112})
	h.Do("label.2")
	h.strokeAt(annotate.Point{X: 85, Y: 150}, annotate.Point{X: 85, Y: 170})
	h.Do("tool.eraser")
	h.strokeAt(annotate.Point{X: 70, Y: 155}, annotate.Point{X: 74, Y: 140})
	h.strokeAt(annotate.Point{X: 180, Y: 120})
	h.settle()
	return h
}

// Each overlay has a command, a key and a legend, and shows one at a time; the
// classes of pixels are what history and proposal make them.
func TestOverlaysTellPixelsApart(t *testing.T) {
	h := edited(t)
	at := func(x, y int) uint8 { return h.over.class[y*256+x] }
	for _, c := range []struct {
		id                                         string
		model, added, relabelled, removed, nothing uint8 // the classes of five places
	}{
		{"view.origin", 1, 2, 2, 3, 3},
		{"view.difference", 1, 2, 4, 3, 0},
	} {
		if !h.Do(c.id) || !h.commands.byID[c.id].on() || !h.legend.box.Visible() {
			t.Fatalf("%s does nothing", c.id)
		}
		got := [5]uint8{at(92, 140), at(75, 108), at(85, 155), at(72, 150), at(180, 120)}
		if want := [5]uint8{c.model, c.added, c.relabelled, c.removed, c.nothing}; got != want {
			t.Errorf("%s: %v, want %v", c.id, got, want)
		}
		h.Do("edit.undo") // the dab on nothing
		if at(180, 120) != 0 {
			t.Errorf("%s: an undone pixel has class %d", c.id, at(180, 120))
		}
		h.Do("edit.redo")
	}
	h.Do("view.heat")
	if h.commands.byID["view.difference"].on() || !h.overlay.Heat || h.overlay.Unsure {
		t.Error("two overlays lie over each other")
	}
	h.Do("view.heat")
	if h.legend.box.Visible() || h.overlay.Heat {
		t.Error("the overlay stays")
	}
}

// A slider's move changes what differs, and each overlay keeps its own opacity.
func TestOverlaysFollow(t *testing.T) {
	h := edited(t)
	h.Do("view.difference")
	count := func() (n [5]int) {
		for _, c := range h.over.class {
			n[c]++
		}
		return n
	}
	before := count()
	h.panel.threshold.slider.SetValue(0.9)
	h.settle()
	if after := count(); after[1] >= before[1] || after[2] <= before[2] && after[3] >= before[3] {
		t.Errorf("with a higher threshold the classes went from %v to %v", before, after)
	}
	h.panel.overlayOpacity.slider.SetValue(0.2)
	h.Do("view.heat")
	h.panel.overlayOpacity.slider.SetValue(0.9)
	again := &Window{app: h.app, over: newOverlaying()}
	again.loadOverlays()
	if o := again.over.opacity; math.Abs(o[differenceOverlay]-0.2) > 1e-6 || math.Abs(o[heatOverlay]-0.9) > 1e-6 || o[originOverlay] != 0.6 {
		t.Errorf("the next start has opacities %v", o)
	}
	h.Do("view.difference")
	h.session.Step(1)
	h.drain()
	if n := count(); n[2]+n[3]+n[4] != 0 || n[1] == 0 {
		t.Errorf("a slice that nobody edited has classes %v", n)
	}
	h.show(h.Window.found, 0, func() {})
	h.closeSeries()
	h.drain()
}

func TestLookOverlays(t *testing.T) {
	h := edited(t)
	h.view.MouseOut()
	for _, id := range []string{"heat", "unsure", "origin", "difference"} {
		h.Do("view." + id)
		h.capture("overlay-" + id)
	}
}

// The areas' colours differ in lightness or hue from each other and from the
// grey of the picture under them.
func TestAreaColoursDiffer(t *testing.T) {
	for _, k := range overlayKinds {
		for i, a := range k.areas {
			for _, b := range k.areas[:i] {
				if a.look.Hatch == b.look.Hatch || distant(a.look.Color, b.look.Color) < 80 {
					t.Errorf("%s: %q and %q look alike", k.id, a.name, b.name)
				}
			}
		}
	}
}

func distant(a, b color.NRGBA) float64 {
	d := func(x, y uint8) float64 { return float64(x) - float64(y) }
	return math.Sqrt(d(a.R, b.R)*d(a.R, b.R) + d(a.G, b.G)*d(a.G, b.G) + d(a.B, b.B)*d(a.B, b.B))
}
