package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

func TestSettingsHoldAtOnceAndInTheNextSession(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.AutoPropose = true })
	h.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyComma, Modifier: fyne.KeyModifierShortcutDefault})
	if h.dialog() != txtSettings {
		t.Fatal("Ctrl+, does not show the settings")
	}
	for _, name := range []string{"swapped", "slices", "zoom", "auto"} {
		test.Tap(h.named["settings."+name].(fyne.Tappable))
	}
	h.named["settings.window"].(*hintSelect).SetSelected(ct.Presets[1].Name)
	h.named["settings.left"].(*hintSelect).SetSelected(txtLeft[viewport.LeftPan])
	entry := h.named["settings.history"].(*numberEntry)
	entry.SetText("64")
	entry.OnSubmitted("64")
	want := settings{noAuto: true, window: ct.Presets[1].Name, historyMB: 64,
		mouse: viewport.Mouse{Swapped: true, SlicesTurned: true, ZoomTurned: true, Left: viewport.LeftPan}}
	if h.settings != want {
		t.Fatalf("%+v, want %+v", h.settings, want)
	}
	h.closeDialogs()
	h.open(chest("Thorax", 64, 5))
	if h.last("proposal") != nil || h.level != ct.Presets[1].Window {
		t.Errorf("proposed: %v, the window is %v", h.last("proposal"), h.level)
	}
	x, y := h.view.View().ToScreen(30, 30)
	at := fyne.NewPos(float32(x), float32(y))
	h.view.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary})
	if h.session.Stroking() {
		t.Error("the left button paints though the buttons are exchanged")
	}
	h.view.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	h.settings = settings{}
	h.loadPreferences()
	if h.settings != want {
		t.Errorf("the next session has %+v", h.settings)
	}
	h.Do("edit.settings")
	h.press("dialog." + txtSetStandard)
	if h.settings != standardSettings() || h.named["settings.swapped"].(*hintCheck).Checked {
		t.Errorf("the standard is %+v", h.settings)
	}
}

func TestMemoryForUndoIsBoundedAsSet(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 512, 3))
	h.setSettings(func(s *settings) { s.historyMB = minHistoryMB })
	for range 3 {
		h.Do("model.propose")
		h.until("all is proposed", func() bool { return h.proposing == nil })
	}
	h.session.SetHistoryLimit(1 << 19)
	h.followSettings()
	undo, _ := h.session.History().Len()
	for range 3 {
		h.Do("model.propose")
		h.until("all is proposed", func() bool { return h.proposing == nil })
	}
	if now, _ := h.session.History().Len(); now <= undo || h.session.History().Bytes() > minHistoryMB*megabyte {
		t.Errorf("%d edits of %d bytes", now, h.session.History().Bytes())
	}
}

func TestEscTakesDragsBack(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	at := func(x, y float32) fyne.PointEvent { return fyne.PointEvent{Position: fyne.NewPos(x, y)} }
	was := h.level
	h.view.MouseDown(&desktop.MouseEvent{PointEvent: at(200, 200), Button: desktop.MouseButtonSecondary})
	h.view.MouseMoved(&desktop.MouseEvent{PointEvent: at(260, 220), Button: desktop.MouseButtonSecondary})
	if h.level == was {
		t.Fatal("the window did not move")
	}
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if h.level != was {
		t.Errorf("the window is %v, not %v", h.level, was)
	}
	h.view.MouseMoved(&desktop.MouseEvent{PointEvent: at(300, 220), Button: desktop.MouseButtonSecondary})
	if h.level != was {
		t.Error("the drag goes on")
	}
}

func TestLeftButtonHasItsUsesInTurn(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	for _, want := range []viewport.Left{viewport.LeftPan, viewport.LeftWindow, viewport.LeftTool} {
		h.Do("mouse.left")
		if h.settings.mouse.Left != want || h.toast.text.Text != txtLeft[want] {
			t.Errorf("it is %d and says %q", h.settings.mouse.Left, h.toast.text.Text)
		}
	}
	h.view.KeyDown(&fyne.KeyEvent{Name: fyne.KeyInsert})
	x, y := h.view.View().ToScreen(30, 30)
	h.view.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(x), float32(y))}, Button: desktop.MouseButtonPrimary})
	if h.session.Stroking() || !h.view.Leveling() {
		t.Error("the held key does not give the button to the window")
	}
	h.view.KeyUp(&fyne.KeyEvent{Name: fyne.KeyInsert})
}

// From every control of every dialog that Tab leads to, Esc closes it, and the
// keys are the picture's again.
func TestEveryDialogIsLeftByKeysFromEverywhere(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.Labels = &fakeLabels{} })
	h.found = several()
	h.openFound()
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	for _, id := range []string{
		"file.folder", "file.files", "file.labels", "file.export", "file.series", "file.report", "file.close",
		"edit.settings", "help.palette", "help.keys", "help.about",
	} {
		for steps := range 9 {
			if !h.Do(id) || h.dialog() == "" {
				t.Fatalf("%s shows no dialog", id)
			}
			h.drain()
			for range steps {
				h.win.Canvas().FocusNext()
			}
			at := h.win.Canvas().Focused()
			name := fmt.Sprintf("%T", at)
			if at != nil {
				at.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
			} else {
				h.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
			}
			h.drain()
			if _, field := at.(*numberEntry); field && h.dialog() != "" {
				h.key(fyne.KeyEscape) // the first one left the field
			}
			if h.dialog() != "" {
				t.Errorf("%s: Esc does nothing on control %d, a %s", id, steps, name)
				h.closeDialogs()
			}
			if h.win.Canvas().Focused() != fyne.Focusable(h.view) {
				t.Errorf("%s: the keys stayed with a %T", id, h.win.Canvas().Focused())
			}
		}
	}
}

func TestLookSettings(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 9))
	h.Do("edit.settings")
	h.capture("settings")
}
