package ui

import (
	"slices"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// Keys of the preferences that the settings' dialog shows.
const (
	prefNoAuto   = "propose.manual"
	prefSwapped  = "mouse.swapped"
	prefSlices   = "wheel.slices.turned"
	prefZoom     = "wheel.zoom.turned"
	prefLeft     = "mouse.left"
	prefWindow   = "window.first"
	prefHistory  = "history.megabytes"
	megabyte     = 1 << 20
	minHistoryMB = 16
	maxHistoryMB = 64 << 10
)

// settings are what the user chose in the settings' dialog.
type settings struct {
	noAuto    bool // nothing is proposed before it is asked for
	mouse     viewport.Mouse
	window    string // the preset that series are shown with at first; "": as in the file
	historyMB int    // bound of each series' history
}

func standardSettings() settings {
	return settings{historyMB: annotate.DefaultHistoryBytes / megabyte}
}

// loadPreferences takes what was chosen in earlier sessions.
func (w *Window) loadPreferences() {
	p, s := w.app.Preferences(), standardSettings()
	s.noAuto = p.Bool(prefNoAuto)
	s.mouse.Swapped = p.Bool(prefSwapped)
	s.mouse.SlicesTurned = p.Bool(prefSlices)
	s.mouse.ZoomTurned = p.Bool(prefZoom)
	s.mouse.Left = viewport.Left(min(max(p.Int(prefLeft), 0), int(viewport.LeftWindow)))
	s.window = p.String(prefWindow)
	s.historyMB = min(max(p.IntWithFallback(prefHistory, s.historyMB), minHistoryMB), maxHistoryMB)
	w.settings = s
}

// setSettings keeps other settings and follows them at once.
func (w *Window) setSettings(change func(s *settings)) {
	change(&w.settings)
	p, s := w.app.Preferences(), w.settings
	p.SetBool(prefNoAuto, s.noAuto)
	p.SetBool(prefSwapped, s.mouse.Swapped)
	p.SetBool(prefSlices, s.mouse.SlicesTurned)
	p.SetBool(prefZoom, s.mouse.ZoomTurned)
	p.SetInt(prefLeft, int(s.mouse.Left))
	p.SetString(prefWindow, s.window)
	p.SetInt(prefHistory, s.historyMB)
	w.followSettings()
}

// followSettings brings mouse and histories in line with the settings.
func (w *Window) followSettings() {
	w.followMouse()
	for _, s := range w.sessions {
		w.boundHistory(s)
	}
	w.stale |= windowChanged
	w.flushSoon()
}

// followMouse has mouse and wheel used as the user wants, in every picture.
func (w *Window) followMouse() {
	for _, v := range w.viewports() {
		v.SetMouse(w.settings.mouse)
	}
}

func (w *Window) boundHistory(s *annotate.Session) {
	s.SetHistoryLimit(int64(w.settings.historyMB) * megabyte)
}

// firstWindow is the window that a series is shown with at first.
func (w *Window) firstWindow(s *ct.Series) ct.Window {
	i := slices.IndexFunc(ct.Presets, func(p ct.Preset) bool { return p.Name == w.settings.window })
	if i < 0 || strange(s) > 1 {
		return initialWindow(s)
	}
	return ct.Presets[i].Window
}

// nextLeft gives the left button its next use, and says which.
func (w *Window) nextLeft() {
	w.setSettings(func(s *settings) { s.mouse.Left = (s.mouse.Left + 1) % viewport.Left(len(txtLeft)) })
	w.toast.say(txtLeft[w.settings.mouse.Left])
}
