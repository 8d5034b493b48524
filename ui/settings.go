package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Keys of the preferences.
const (
	prefRecent  = "recent"
	prefExport  = "export.folder"
	prefPreset  = "export.preset"
	prefPeople  = "export.people"
	prefRadius  = "brush.radius"
	prefMask    = "mask.opacity"
	prefHeat    = "heat.opacity"
	prefSmooth  = "view.smooth"
	prefOutline = "mask.outline"
)

// loadSettings takes the last session's settings.
func (w *Window) loadSettings() {
	p := w.app.Preferences()
	w.radius = min(max(p.FloatWithFallback(prefRadius, w.radius), minRadius), maxRadius)
	w.loadToolSettings(p)
	w.loadRegionSettings(p)
	w.overlay.MaskOpacity = p.FloatWithFallback(prefMask, w.overlay.MaskOpacity)
	w.overlay.Outline = p.BoolWithFallback(prefOutline, w.overlay.Outline)
	w.showHistory = p.Bool(prefShowHistory)
	w.smooth = p.BoolWithFallback(prefSmooth, w.smooth)
	w.loadLook()
	w.loadOverlays()
}

// saveSettings keeps them for the next session.
func (w *Window) saveSettings() {
	p := w.app.Preferences()
	p.SetFloat(prefRadius, w.radius)
	w.saveToolSettings(p)
	w.saveRegionSettings(p)
	p.SetFloat(prefMask, w.overlay.MaskOpacity)
	p.SetBool(prefOutline, w.overlay.Outline)
	p.SetBool(prefSmooth, w.smooth)
	w.saveLook()
	p.SetBool(prefShowHistory, w.showHistory)
}

// toggle returns the function that turns a switch of the window over.
func (w *Window) toggle(value *bool) func() {
	return func() {
		*value = !*value
		w.saveSettings()
		w.refreshAll()
	}
}

// focusFields goes to the panel's field of the threshold, or to the form above it.
func (w *Window) focusFields() {
	if w.alone || !w.showPanel {
		w.alone, w.showPanel = false, true
		w.refreshAll()
	}
	w.post(func() {
		if w.form.op != nil {
			w.win.Canvas().Focus(w.form.first())
			return
		}
		w.win.Canvas().Focus(w.panel.threshold.entry)
	})
}

// is returns the function that tells a switch's state.
func (w *Window) is(value *bool) func() bool {
	return func() bool { return *value }
}

// lower makes a sentence's first word fit for its middle; names in capitals
// stay.
func lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(second) {
		return s
	}
	return strings.ToLower(string(r)) + s[n:]
}
