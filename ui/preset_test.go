package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate/ct"
)

// pictures is a series whose slices hold what value returns.
func pictures(name string, size, slices int, w ct.Window, value func(i, p int) int16) *ct.Series {
	meta := ct.Series{Description: name, Rows: size, Columns: size, Window: w, Sources: make([]ct.Source, slices)}
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		s := &ct.Slice{HU: make([]int16, size*size), W: size, H: size}
		for p := range s.HU {
			s.HU[p] = value(i, p)
		}
		return s, nil
	})
}

func TestAutomaticWindow(t *testing.T) {
	ramp := func(n int, at func(i int) int16) *ct.Slice {
		s := &ct.Slice{W: n, H: 1, HU: make([]int16, n), Pad: make([]bool, n)}
		for i := range s.HU {
			s.HU[i] = at(i)
			s.Pad[i] = s.HU[i] == -2000
		}
		return s
	}
	for _, c := range []struct {
		name string
		s    *ct.Slice
		want ct.Window
	}{
		{"a ramp loses its ends", ramp(1000, func(i int) int16 { return int16(i) }), ct.Window{Width: 990, Level: 499}},
		{"outliers and what has no data do not count", ramp(2000, func(i int) int16 {
			switch {
			case i < 1000:
				return -2000
			case i < 1003:
				return 30000
			}
			return int16(-900 + i%101)
		}), ct.Window{Width: 100, Level: -850}},
		{"a mask of few pixels", ramp(5000, func(i int) int16 { return int16(i / 4995) }), ct.Window{Width: 1, Level: 0.5}},
		{"a picture of 0 and 255", ramp(100, func(i int) int16 { return int16(255 * (i % 2)) }), ct.Window{Width: 255, Level: 127.5}},
		{"one value alone", ramp(10, func(int) int16 { return 7 }), ct.Window{Width: 1, Level: 7.5}},
		{"no data", ramp(10, func(int) int16 { return -2000 }), ct.Lung},
	} {
		if got := autoWindow(c.s); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A window is kept under a name, has a key, outlives the program, and goes.
func TestOwnWindows(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	mine := ct.Window{Width: 700, Level: -750}
	h.setWindow(mine)
	save := func(name string) {
		t.Helper()
		h.Do("window.save")
		h.drain()
		field := h.named["preset.name"].(*searchEntry)
		field.SetText(name)
		field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		h.drain()
	}
	save("  ")
	if h.dialog() != txtPresetHead || len(h.presets) != 0 {
		t.Fatal("a window without a name was kept")
	}
	h.named["preset.name"].(*searchEntry).TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	h.drain()
	save("Airways thin")
	if h.dialog() != "" || h.Do("window.save") {
		t.Fatalf("the window was not kept, or can be kept twice: %v", h.presets)
	}
	h.typedKey(fyne.KeyF6)
	if h.level != ct.Mediastinum {
		t.Fatalf("F6 gives %v", h.level)
	}
	if !h.Do("window.own1") || h.level != mine {
		t.Fatalf("the own window gives %v", h.level)
	}
	again := &Window{app: h.app}
	again.loadPresets()
	if len(again.presets) != 1 || again.presets[0] != (ct.Preset{Name: "Airways thin", Window: mine}) {
		t.Fatalf("the next start has %v", again.presets)
	}
	if c := h.commands.byID["window.remove"]; c.title() != "Forget the window Airways thin" {
		t.Errorf("the menu says %q", c.title())
	}
	h.Do("window.remove")
	if h.Do("window.own1") || len(h.app.Preferences().StringList(prefPresets)) != 0 {
		t.Fatal("the window was not forgotten")
	}
}

// Masks and binary pictures are shown black and white, in their thumbnails too,
// and their window is told with its half.
func TestMasksAsPictures(t *testing.T) {
	h := start(t, nil)
	h.open(pictures("Masks", 64, 3, ct.Window{Width: 1, Level: 0.5}, func(_, p int) int16 { return int16(p % 64 / 32) }))
	grey := h.list.thumbs.made[1]
	left, right := grey[28*thumbSize+10], grey[28*thumbSize+46]
	if left != 0 || right != 255 {
		t.Errorf("the thumbnail's halves are %d and %d", left, right)
	}
	if got := h.status.level.Text; got != "W 1.0  L 0.5" {
		t.Errorf("the window is told as %q", got)
	}
	if h.panel.level.Text != "0.5" {
		t.Errorf("the level's field shows %q", h.panel.level.Text)
	}
	h.dragWindow(5, 3)
	if want := (ct.Window{Width: 1.5, Level: 0.8}); h.level != want {
		t.Errorf("a drag gives %v, want %v", h.level, want)
	}
}

// The readout goes where the picture shrinks away from under the pointer, and
// tells the point under it where it moves.
func TestReadoutFollowsTheView(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 96, 12))
	s := h.view.Size()
	h.view.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(s.Width/2, s.Height/2)}})
	before := h.status.pixel.Text
	h.view.ZoomBy(3)
	h.view.Fit()
	if got := h.status.pixel.Text; got != before || got == "" {
		t.Errorf("the pointer is over %q, then %q", before, got)
	}
	h.Do("view.three")
	h.drain()
	x, y := h.view.View().ToImage(float64(s.Width/2), float64(s.Height/2))
	if h.hovering && (h.hoverX != x || h.hoverY != y) {
		t.Errorf("the readout tells of (%g, %g), the pointer is over (%g, %g)", h.hoverX, h.hoverY, x, y)
	}
	h.Do("view.three")
	p := fyne.NewPos(h.view.Size().Width*0.8, s.Height/2)
	h.view.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
	h.Do("view.three")
	if h.hovering || h.status.hu.Text != "" {
		t.Errorf("the pointer lies over the cuts, and the readout is %q", h.status.hu.Text)
	}
}

func TestLooksAreKept(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	for _, id := range []string{"view.grid", "view.linear", "window.invert"} {
		h.Do(id)
		if !h.commands.byID[id].on() {
			t.Errorf("%s is not on", id)
		}
	}
	again := &Window{app: h.app}
	again.loadLook()
	if want := (look{grid: true, linear: true}); again.look != want {
		t.Errorf("the next start has %+v, want %+v", again.look, want)
	}
}

func TestLookInverted(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	at := func() uint32 {
		r, _, _, _ := h.win.Canvas().Capture().At(600, 400).RGBA()
		return r >> 8
	}
	was := at()
	h.Do("window.invert")
	if got := at(); got != 255-was {
		t.Errorf("grey %d became %d", was, got)
	}
}
