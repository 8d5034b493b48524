package ui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// settingsDialog shows all settings. They hold as soon as they are changed.
type settingsDialog struct {
	w                                            *Window
	swapped, slices, zoom, smooth, outline, auto *hintCheck
	left, first                                  *hintSelect
	history                                      *numberEntry
	used                                         *canvas.Text
	quiet                                        bool // the settings are being shown: do not answer
}

func (w *Window) showSettings() {
	d := &settingsDialog{w: w}
	rows := container.NewVBox(
		heading(txtSetMouse), d.mouse(), line(),
		heading(txtSetPicture), d.picture(), line(),
		heading(txtSetWork), d.work(),
	)
	d.show()
	padded := container.New(layout.NewCustomPaddedLayout(0, 0, 4, 14), rows)
	w.showDialog(txtSettings, container.NewVScroll(padded), fyne.NewSize(620, 540),
		button{name: txtSetKeys, do: w.showKeys},
		button{name: txtSetStandard, ok: d.standard},
		button{name: txtCloseButton, look: widget.HighImportance},
	)
	w.dialogs[len(w.dialogs)-1].esc = w.dialogs[len(w.dialogs)-1].enter
	w.win.Canvas().Focus(d.swapped)
	for name, o := range map[string]fyne.CanvasObject{
		"settings.swapped": d.swapped, "settings.slices": d.slices, "settings.zoom": d.zoom, "settings.auto": d.auto,
		"settings.history": d.history, "settings.left": d.left, "settings.window": d.first, "settings.smooth": d.smooth,
	} {
		w.named[name] = o
	}
}

func (d *settingsDialog) mouse() fyne.CanvasObject {
	d.swapped = d.check(txtSetSwapped, func(s *settings, on bool) { s.mouse.Swapped = on })
	d.slices = d.check(txtSetSlices, func(s *settings, on bool) { s.mouse.SlicesTurned = on })
	d.zoom = d.check(txtSetZoom, func(s *settings, on bool) { s.mouse.ZoomTurned = on })
	d.left = newHintSelect(txtLeft[:], func(chosen string) {
		d.set(func(s *settings) { s.mouse.Left = viewport.Left(max(slices.Index(txtLeft[:], chosen), 0)) })
	}, d.w.escDialog)
	note := paragraph(txtSetOneButton)
	note.Importance, note.SizeName = widget.LowImportance, "helperText"
	return container.NewVBox(d.swapped, d.slices, d.zoom, labelled(txtSetLeft, d.left), note)
}

func (d *settingsDialog) picture() fyne.CanvasObject {
	w := d.w
	turn := func(value *bool) func(bool) {
		return func(on bool) {
			if !d.quiet && *value != on {
				w.toggle(value)()
			}
		}
	}
	d.smooth = newHintCheck(txtSmooth, turn(&w.smooth), w.escDialog)
	d.outline = newHintCheck(txtShowOutline, turn(&w.overlay.Outline), w.escDialog)
	d.first = newHintSelect(firstWindows(), func(chosen string) {
		if chosen == txtSetAsInFile {
			chosen = ""
		}
		d.set(func(s *settings) { s.window = chosen })
	}, w.escDialog)
	return container.NewVBox(d.smooth, d.outline, labelled(txtSetWindow, d.first))
}

// firstWindows are the windows that series may be shown with at first.
func firstWindows() []string {
	names := []string{txtSetAsInFile}
	for _, p := range ct.Presets {
		names = append(names, p.Name)
	}
	return names
}

func (d *settingsDialog) work() fyne.CanvasObject {
	d.auto = d.check(txtSetAuto, func(s *settings, on bool) { s.noAuto = !on })
	d.history = newNumberEntry(minHistoryMB, maxHistoryMB, 256, 0, func(v float64) {
		d.set(func(s *settings) { s.historyMB = int(v) })
		d.showUsed()
	}, func() { d.w.win.Canvas().Focus(d.auto) })
	d.used = text("", 12, colDim)
	return container.NewVBox(d.auto, labelled(txtSetHistory, container.NewHBox(fixed(90, 0, d.history), container.NewCenter(d.used))))
}

// labelled is a control with its name before it.
func labelled(name string, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(nil, nil, fixed(200, 0, widget.NewLabel(name)), nil, o)
}

func (d *settingsDialog) check(name string, change func(s *settings, on bool)) *hintCheck {
	return newHintCheck(name, func(on bool) { d.set(func(s *settings) { change(s, on) }) }, d.w.escDialog)
}

func (d *settingsDialog) set(change func(s *settings)) {
	if !d.quiet {
		d.w.setSettings(change)
	}
}

// show shows the settings as they are.
func (d *settingsDialog) show() {
	d.quiet = true
	s := d.w.settings
	d.swapped.SetChecked(s.mouse.Swapped)
	d.slices.SetChecked(s.mouse.SlicesTurned)
	d.zoom.SetChecked(s.mouse.ZoomTurned)
	d.left.SetSelected(txtLeft[s.mouse.Left])
	d.smooth.SetChecked(d.w.smooth)
	d.outline.SetChecked(d.w.overlay.Outline)
	d.first.SetSelectedIndex(max(slices.Index(firstWindows(), s.window), 0))
	d.auto.SetChecked(!s.noAuto)
	d.history.show(float64(s.historyMB))
	d.showUsed()
	d.quiet = false
}

func (d *settingsDialog) showUsed() {
	used := ""
	if d.w.session != nil {
		used = fmt.Sprintf(txtSetUsed, float64(d.w.session.History().Bytes())/megabyte)
	}
	setText(d.used, used)
}

// standard brings the standard settings back; the dialog stays.
func (d *settingsDialog) standard() bool {
	d.w.setSettings(func(s *settings) { *s = standardSettings() })
	for value, on := range map[*bool]bool{&d.w.smooth: true, &d.w.overlay.Outline: true} {
		if *value != on {
			d.w.toggle(value)()
		}
	}
	d.show()
	return false
}
