package ui

import (
	"fyne.io/fyne/v2"

	"groundglass/ui/viewport"
)

// look is how the picture is shown, beside window level and overlays.
type look struct {
	linear bool // interpolation is linear, not cubic, where the picture is smooth
	grid   bool // borders of pixels at high zoom
	invert bool // black and white are exchanged
	cross  bool // lines through the pointer
	lens   bool // a magnifier around it
}

// Keys of the preferences.
const (
	prefLinear = "view.linear"
	prefGrid   = "view.grid"
)

func (w *Window) loadLook() {
	p := w.app.Preferences()
	w.look.linear = p.BoolWithFallback(prefLinear, w.look.linear)
	w.look.grid = p.BoolWithFallback(prefGrid, w.look.grid)
	w.loadPresets()
}

func (w *Window) saveLook() {
	p := w.app.Preferences()
	p.SetBool(prefLinear, w.look.linear)
	p.SetBool(prefGrid, w.look.grid)
}

// lookTable are the commands of how the picture is shown.
func (w *Window) lookTable() []*command {
	all := append(w.overlayTable(), w.presetTable()...)
	return append(all, []*command{
		{id: "view.linear", menu: txtView, name: txtLinear, do: w.toggle(&w.look.linear), on: w.is(&w.look.linear), when: func() bool { return w.hasSeries() && w.smooth }},
		{id: "view.grid", menu: txtView, name: txtGrid, keys: []key{shift(fyne.KeyS)}, do: w.toggle(&w.look.grid), on: w.is(&w.look.grid), when: w.hasSeries},
		{id: "view.bare", menu: txtView, name: txtBeside, keys: []key{shift(fyne.KeyT)}, do: w.bare.toggle, on: w.is(&w.bare.on), when: w.hasSeries, gap: true},
		{id: "view.lens", menu: txtView, name: txtHoldLens, keys: []key{plain(fyne.KeyF12)}, held: func(down bool) { w.setLens(down || w.look.lens) }, when: w.hasSeries},
		{id: "view.lenson", menu: txtView, name: txtLens, keys: []key{shift(fyne.KeyZ)}, do: w.toggle(&w.look.lens), on: w.is(&w.look.lens), when: w.hasSeries},
		{id: "view.cross", menu: txtView, name: txtCross, keys: []key{shift(fyne.KeyX)}, do: w.toggle(&w.look.cross), on: w.is(&w.look.cross), when: w.hasSeries},
		{id: "view.full", menu: txtView, name: txtFullScreen, keys: []key{plain(fyne.KeyF11)}, do: w.fullScreen, on: w.win.FullScreen},
	}...)
}

// interpolation is how grey values between pixels are found.
func (w *Window) interpolation() viewport.Interpolation {
	switch {
	case !w.smooth:
		return viewport.Nearest
	case w.look.linear:
		return viewport.Linear
	}
	return viewport.Cubic
}

// showLook shows the picture as it is set.
func (w *Window) showLook(v *viewport.Viewport) {
	v.SetInterpolation(w.interpolation())
	v.SetInvert(w.look.invert)
	v.SetGrid(w.look.grid)
}

// lensFactor is how much larger the magnifier shows the slice.
const lensFactor = 3

// setLens shows the magnifier in the slices, or not.
func (w *Window) setLens(on bool) {
	factor := 0.0
	if on {
		factor = lensFactor
	}
	w.view.SetLens(factor)
	w.bare.view.SetLens(factor)
}

// followPointer keeps the cross on the pointer, unless the three views have it.
func (w *Window) followPointer(x, y float64, inside bool) {
	if w.three.volume == nil {
		w.view.SetCrosshair(x, y, w.look.cross && inside)
	}
}

// fullScreen makes the window fill the screen, or ends that.
func (w *Window) fullScreen() {
	w.win.SetFullScreen(!w.win.FullScreen())
	w.stale |= windowChanged
	w.flushSoon()
	w.focusView()
}
