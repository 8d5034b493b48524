package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
)

func TestCommandsHaveDistinctIDsNamesAndKeys(t *testing.T) {
	h := start(t, nil)
	ids, names, keys := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, c := range h.commands.all {
		if ids[c.id] || names[c.name] {
			t.Errorf("%s: its id or name is taken", c.id)
		}
		ids[c.id], names[c.name] = true, true
		if c.do == nil && c.held == nil && c.sub == nil {
			t.Errorf("%s does nothing", c.id)
		}
		for _, k := range c.keys {
			if other := keys[k.String()]; other != "" {
				t.Errorf("%s: %s and %s", k, other, c.id)
			}
			keys[k.String()] = c.id
		}
	}
	for _, want := range []string{"B", "E", "[", "]", "Up", "Down", "Page Up", "Page Down", "Home", "End", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "H", "A", "Tab", "F1", "1", "2", "3"} {
		if keys[want] == "" {
			t.Errorf("%s does nothing", want)
		}
	}
	for _, id := range barOrder {
		if id != "" && (h.commands.byID[id] == nil || h.commands.byID[id].bar == "" || h.commands.byID[id].icon == nil) {
			t.Errorf("the tool bar can't show %s", id)
		}
	}
}

func TestEveryCommandIsInTheMenu(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	shown := map[string]*fyne.MenuItem{}
	for _, m := range h.win.MainMenu().Items {
		for _, i := range m.Items {
			shown[strings.TrimSpace(strings.SplitN(i.Label, "    ", 2)[0])] = i
		}
	}
	for _, c := range h.commands.all {
		i := shown[c.title()]
		switch {
		case i == nil:
			t.Errorf("%s is not in the menu", c.id)
		case len(c.keys) > 0 && !strings.HasSuffix(i.Label, c.keys[0].String()):
			t.Errorf("the menu does not show the key of %s", c.id)
		case i.Disabled == c.can():
			t.Errorf("%s: the menu is wrong about whether it can be done", c.id)
		}
	}
}

// shortcut does what the driver does when keys with modifiers are pressed: the
// menu comes first, whatever is shown.
func (h *harness) shortcut(s fyne.Shortcut) {
	for _, m := range h.win.MainMenu().Items {
		for _, i := range m.Items {
			if i.Shortcut != nil && i.Shortcut.ShortcutName() == s.ShortcutName() {
				i.Action()
				return
			}
		}
	}
	h.t.Fatalf("no menu has %s", s.ShortcutName())
}

func TestUndoIsNamedInTheMenu(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	item := h.menu.items[h.commands.byID["edit.undo"]]
	if item.Disabled || !strings.HasPrefix(item.Label, "Undo ") || len(item.Label) < 8 {
		t.Fatalf("the menu says %q", item.Label)
	}
	h.shortcut(&fyne.ShortcutUndo{})
	h.drain()
	if h.session.CanUndo() || !item.Disabled {
		t.Fatal("Ctrl+Z did not undo")
	}
	h.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift})
	if !h.session.CanUndo() {
		t.Fatal("Ctrl+Shift+Z did not redo")
	}
}

func TestKeysActWithAndWithoutFocus(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyE})
	if h.inHand() != "tool.eraser" {
		t.Fatal("E did not take the eraser")
	}
	h.win.Canvas().Unfocus()
	h.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyB})
	if h.inHand() == "tool.eraser" {
		t.Fatal("B did nothing without the focus")
	}
	r := h.radius
	h.view.TypedRune(']')
	h.view.TypedRune(']')
	h.view.TypedRune('[')
	if h.radius <= r {
		t.Fatalf("the brush went from %g to %g", r, h.radius)
	}
	h.view.TypedRune('3')
	if h.session.ActiveLabel() != 3 {
		t.Fatal("3 did not choose the label")
	}
	h.panel.threshold.slider.Tapped(&fyne.PointEvent{Position: fyne.NewPos(40, 5)})
	h.drain()
	if h.win.Canvas().Focused() != fyne.Focusable(h.view) {
		t.Fatal("the slider kept the keys")
	}
	h.panel.overlay.SetSelected(txtHeat)
	h.drain()
	if !h.overlay.Heat || h.win.Canvas().Focused() != fyne.Focusable(h.view) {
		t.Fatal("the choice of overlays kept the keys")
	}
	h.win.Canvas().Focus(h.list.list) // a click on the row that is chosen already
	h.list.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyE})
	h.list.list.TypedRune('2')
	if h.inHand() != "tool.eraser" || h.session.ActiveLabel() != 2 {
		t.Fatal("the slice list kept the keys")
	}
}

func TestHeldKeyHidesTheMask(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30}, annotate.Point{X: 34, Y: 34})
	x, y := h.view.View().ToScreen(31, 31)
	p := h.app.Driver().AbsolutePositionForObject(h.view).AddXY(float32(x), float32(y))
	h.view.MouseOut()
	look := func() [3]uint32 {
		r, g, b, _ := h.win.Canvas().Capture().At(int(p.X), int(p.Y)).RGBA()
		return [3]uint32{r, g, b}
	}
	shown := look()
	h.view.KeyDown(&fyne.KeyEvent{Name: fyne.KeyH})
	if look() == shown {
		t.Fatal("H did not hide the mask")
	}
	h.view.FocusLost() // its release will not be heard of
	if look() != shown {
		t.Fatal("the mask stayed hidden")
	}
}

func TestCommandsWaitWhileADialogIsShown(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.Do("help.keys")
	h.shortcut(&fyne.ShortcutUndo{})
	if !h.session.CanUndo() {
		t.Fatal("Ctrl+Z acted behind the dialog")
	}
	h.typedKey(fyne.KeyEscape)
	h.drain()
	if h.dialog() != "" || h.blocked() {
		t.Fatal("Esc did not close the dialog")
	}
	if h.win.Canvas().Focused() != fyne.Focusable(h.view) {
		t.Fatal("the keys did not come back")
	}
}

func TestThePanelsFieldsCanBeReachedByKeys(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF2})
	h.drain()
	e := h.panel.threshold.entry
	if h.win.Canvas().Focused() != fyne.Focusable(e) {
		t.Fatal("F2 did not go to the threshold")
	}
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	h.drain()
	if h.session.Threshold() != 0.31 || h.win.Canvas().Focused() != fyne.Focusable(h.view) {
		t.Fatalf("the threshold is %g", h.session.Threshold())
	}
}

func TestTabShowsTheImageAlone(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	before := h.view.Size()
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if s := h.view.Size(); s.Width < h.win.Canvas().Size().Width-2 || s == before {
		t.Fatalf("the picture is %v", s)
	}
	h.typedKey(fyne.KeyEscape)
	if h.view.Size() != before {
		t.Fatal("Esc did not bring the panels back")
	}
}

func TestButtonsDoTheirCommands(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	for _, id := range barOrder {
		if id == "" {
			continue
		}
		n := len(h.events)
		test.Tap(h.named["bar."+id].(fyne.Tappable))
		can := h.commands.byID[id].can()
		var told bool
		for i := n; i < len(h.events); i++ {
			told = told || h.events[i] == "command" && h.fields[i]["id"] == id
		}
		if !told && can {
			t.Errorf("%s: the button did nothing", id)
		}
		for h.dialog() != "" {
			h.typedKey(fyne.KeyEscape)
		}
		h.drain()
	}
}
