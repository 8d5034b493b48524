package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
)

// prefPresets holds the user's own windows, each as "width level name".
const prefPresets = "window.presets"

// maxPresets is how many own windows there can be: each has a key.
const maxPresets = 4

// presetTable are the windows beside the usual ones.
func (w *Window) presetTable() []*command {
	all := []*command{
		{id: "window.auto", menu: txtWindow, name: txtWindowAuto, keys: []key{plain(fyne.KeyF10)}, do: w.autoWindow, when: func() bool { return w.slice != nil }},
		{id: "window.invert", menu: txtWindow, name: txtInvert, keys: []key{shift(fyne.KeyF10)}, do: w.toggle(&w.look.invert), on: w.is(&w.look.invert), when: w.hasSeries},
	}
	for i, k := range []fyne.KeyName{fyne.KeyF5, fyne.KeyF6, fyne.KeyF7, fyne.KeyF8} {
		all = append(all, &command{
			id: fmt.Sprintf("window.own%d", i+1), menu: txtWindow, name: fmt.Sprintf(txtWindowOwn, i+1), keys: []key{shift(k)}, gap: i == 0,
			do: func() { w.setWindow(w.presets[i].Window) }, when: func() bool { return w.hasSeries() && i < len(w.presets) },
			on: func() bool { return w.hasSeries() && i < len(w.presets) && w.level == w.presets[i].Window },
			label: func() string {
				if i < len(w.presets) {
					return fmt.Sprintf(txtWindowOf, w.presets[i].Name)
				}
				return fmt.Sprintf(txtWindowOwn, i+1)
			},
		})
	}
	return append(all,
		&command{id: "window.save", menu: txtWindow, name: txtSaveWindow, do: w.askPreset, gap: true,
			when: func() bool { return w.hasSeries() && len(w.presets) < maxPresets && w.ownPreset() < 0 }},
		&command{id: "window.remove", menu: txtWindow, name: txtRemoveWindow, do: w.removePreset,
			when: func() bool { return w.ownPreset() >= 0 }, label: func() string {
				if i := w.ownPreset(); i >= 0 {
					return fmt.Sprintf(txtRemoveNamed, w.presets[i].Name)
				}
				return txtRemoveWindow
			}},
	)
}

// ownPreset is the number of the user's window that is in use; -1 for none.
func (w *Window) ownPreset() int {
	if !w.hasSeries() {
		return -1
	}
	return slices.IndexFunc(w.presets, func(p ct.Preset) bool { return p.Window == w.level })
}

// askPreset asks for a name to keep the present window under.
func (w *Window) askPreset() {
	var field *searchEntry
	top := func(f func(shownDialog)) { f(w.dialogs[len(w.dialogs)-1]) }
	field = newSearchEntry(txtPresetHint, func(k fyne.KeyName) bool {
		if k == fyne.KeyReturn || k == fyne.KeyEnter {
			top(func(d shownDialog) { d.enter() })
			return true
		}
		return false
	}, func() { top(func(d shownDialog) { d.esc() }) })
	level := w.level
	content := container.NewVBox(widget.NewLabel(fmt.Sprintf(txtPresetOf, windowText(level))), field)
	w.showDialog(txtPresetHead, content, fyne.NewSize(360, 180), button{name: txtCancel},
		button{name: txtSave, look: widget.HighImportance, ok: func() bool { return w.addPreset(field.Text, level) }})
	w.named["preset.name"] = field
	w.post(func() { w.win.Canvas().Focus(field) })
}

// addPreset keeps a window under a name, in place of one of that name. It
// refuses an empty name.
func (w *Window) addPreset(name string, level ct.Window) bool {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return false
	}
	w.presets = slices.DeleteFunc(w.presets, func(p ct.Preset) bool { return strings.EqualFold(p.Name, name) })
	w.presets = append(w.presets, ct.Preset{Name: name, Window: level})
	w.presetsChanged()
	return true
}

func (w *Window) removePreset() {
	i := w.ownPreset()
	w.presets = slices.Delete(w.presets, i, i+1)
	w.presetsChanged()
}

func (w *Window) presetsChanged() {
	var lines []string
	for _, p := range w.presets {
		lines = append(lines, fmt.Sprintf("%g %g %s", p.Width, p.Level, p.Name))
	}
	w.app.Preferences().SetStringList(prefPresets, lines)
	w.stale |= windowChanged
	w.flushSoon()
}

// loadPresets takes the windows of the last session; what is none is left out.
func (w *Window) loadPresets() {
	for _, line := range w.app.Preferences().StringList(prefPresets) {
		var p ct.Preset
		parts := strings.SplitN(line, " ", 3)
		if len(parts) < 3 || len(w.presets) == maxPresets {
			continue
		}
		if n, err := fmt.Sscan(parts[0]+" "+parts[1], &p.Width, &p.Level); n == 2 && err == nil && p.Width > 0 {
			p.Name = parts[2]
			w.presets = append(w.presets, p)
		}
	}
}

// The shares of a slice's pixels that an automatic window cuts off as black and
// as white.
const autoLow, autoHigh = 0.005, 0.995

// autoWindow sets the window by the values of the slice in view.
func (w *Window) autoWindow() { w.setWindow(autoWindow(w.slice)) }

// autoWindow is the window between two percentiles of a slice's values, those
// without data left out. Where almost all are the same, as in a mask, it holds
// all values.
func autoWindow(s *ct.Slice) ct.Window {
	var count [1 << 16]int
	n := 0
	for i, v := range s.HU {
		if s.Pad == nil || !s.Pad[i] {
			count[int(v)+1<<15]++
			n++
		}
	}
	if n == 0 {
		return ct.Lung
	}
	low, high := percentile(&count, n, autoLow), percentile(&count, n, autoHigh)
	if high-low < 2 {
		low, high = percentile(&count, n, 0), percentile(&count, n, 1)
	}
	if low == high {
		return ct.Window{Width: 1, Level: low + 0.5}
	}
	return ct.Window{Width: high - low, Level: (low + high) / 2}
}

// percentile is the least value that a share of n counted ones do not exceed.
func percentile(count *[1 << 16]int, n int, share float64) float64 {
	need, seen := max(1, int(share*float64(n))), 0
	for v, c := range count {
		if seen += c; seen >= need {
			return float64(v - 1<<15)
		}
	}
	return 0
}

// fineWindow is the width below which windows are told with a decimal.
const fineWindow = 20

// windowText is a window level in words.
func windowText(l ct.Window) string {
	if l.Width < fineWindow {
		return fmt.Sprintf(txtWLFine, l.Width, l.Level)
	}
	return fmt.Sprintf(txtWL, l.Width, l.Level)
}

// windowDecimals is how many decimals fields show of a window.
func windowDecimals(l ct.Window) int {
	if l.Width < fineWindow {
		return 1
	}
	return 0
}
