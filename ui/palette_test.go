package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// ask types words into the palette, or the list of keys, and returns its field.
func (h *harness) ask(words string) *searchEntry {
	h.t.Helper()
	h.drain()
	e, ok := h.win.Canvas().Focused().(*searchEntry)
	if !ok {
		h.t.Fatalf("the focus is on %T", h.win.Canvas().Focused())
	}
	e.SetText("")
	test.Type(e, words)
	return e
}

func TestPaletteFindsCommands(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	for words, want := range map[string]string{
		"brush":        "tool.brush",
		"rubber":       "tool.eraser",
		"zoom i":       "view.in",
		"mpr":          "view.three",
		"predict":      "model.propose",
		"next mask":    "slice.marked",
		"raisthr":      "model.up",
		"ctrl+e":       "file.export",
		"FULLSCREEN":   "view.alone",
		"shortcuts":    "help.keys",
		"view pixels":  "view.smooth",
		"label ground": "label.1",
	} {
		list := h.findCommands(words)
		if len(list) == 0 || list[0].cmd.id != want {
			t.Errorf("%q finds %v first, not %s", words, firstIDs(list), want)
		}
	}
	if list := h.findCommands("zzqx"); len(list) != 0 {
		t.Errorf("nonsense finds %v", firstIDs(list))
	}
	if n := len(h.findCommands("")); n < len(h.commands.all)-2 {
		t.Errorf("without words there are %d of %d commands", n, len(h.commands.all))
	}
}

func firstIDs(list []found) (ids []string) {
	for _, f := range list[:min(len(list), 4)] {
		ids = append(ids, f.cmd.id)
	}
	return ids
}

func TestPaletteIsUsedByKeysAlone(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierShortcutDefault})
	e := h.ask("label")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	second := h.findCommands("label")[1].cmd.id
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	h.drain()
	if h.dialog() != "" || h.last("command")["id"] != second {
		t.Fatalf("it did %v, not %s", h.last("command"), second)
	}
	if first := h.findCommands("")[0]; first.cmd.id != second {
		t.Errorf("%s comes before what was chosen last", first.cmd.id)
	}
	h.Do("help.palette")
	h.ask("undo").TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if h.dialog() != txtPalette {
		t.Error("what can't be done now closed the palette")
	}
	h.key(fyne.KeyEscape)
	if h.dialog() != "" || h.win.Canvas().Focused() != fyne.Focusable(h.view) {
		t.Error("Esc did not close the palette")
	}
}

func TestKeysAreReadAsWritten(t *testing.T) {
	h := start(t, nil)
	all := []key{ctrl(fyne.KeyPlus), sign('+'), sign('-'), ctrlShift(fyne.Key1), plain(fyne.KeySpace), shift(fyne.KeyTab)}
	for _, c := range h.commands.all {
		all = append(all, c.keys...)
	}
	for _, k := range all {
		if got, ok := parseKey(k.String()); !ok || got != k {
			t.Errorf("%q is read as %+v, not %+v", k.String(), got, k)
		}
	}
	if _, ok := parseKey(""); ok {
		t.Error("nothing is a key")
	}
}

func TestKeysCanBeChanged(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	press := func(name fyne.KeyName) {
		h.key(name)
	}
	eraser, brush := h.commands.byID["tool.eraser"], h.commands.byID["tool.brush"]
	h.Do("help.keys")
	h.ask("rubber")
	press(fyne.KeyReturn)
	press(fyne.KeyB)
	if slices.Contains(eraser.keys, plain(fyne.KeyB)) {
		t.Fatal("a key that is taken was given at once")
	}
	press(fyne.KeyB)
	if eraser.keys[0] != plain(fyne.KeyB) || len(brush.keys) != 0 {
		t.Fatalf("the eraser has %v, the brush %v", eraser.keys, brush.keys)
	}
	press(fyne.KeyReturn)
	press(fyne.KeyEscape) // leaves it as it is
	press(fyne.KeyEscape)
	if h.dialog() != "" {
		t.Fatal("Esc did not close the keys")
	}
	h.typedKey(fyne.KeyB)
	if h.inHand() != "tool.eraser" {
		t.Error("the new key does nothing")
	}
	if item := h.menu.items[eraser]; item.Label[len(item.Label)-1] != 'B' {
		t.Errorf("the menu says %q", item.Label)
	}
	again := newCommands(h.table())
	was := h.commands
	h.commands = again
	h.loadKeys()
	if k := again.byID["tool.eraser"].keys; len(k) != 1 || k[0] != plain(fyne.KeyB) || len(again.byID["tool.brush"].keys) != 0 {
		t.Error("the next session does not know the keys")
	}
	h.commands = was
	h.resetKeys(eraser)
	h.resetKeys(h.commands.all...)
	for _, c := range h.commands.all {
		if c.rekeyed() {
			t.Errorf("%s has not its standard keys", c.id)
		}
	}
	if n := len(h.app.Preferences().StringList(prefKeys)); n != 0 {
		t.Errorf("%d changes are kept", n)
	}
}

func TestNewKeysMayBeSignsShortcutsAndHeld(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	take := func(words string, press func(g *keyGrab)) {
		t.Helper()
		h.Do("help.keys")
		h.ask(words).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		press(h.win.Canvas().Focused().(*keyGrab))
		h.drain()
		h.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		h.typedKey(fyne.KeyEscape)
		h.drain()
	}
	take("1:1", func(g *keyGrab) { g.TypedRune('#') })
	h.typedSign('#')
	if h.last("command")["id"] != "view.one" {
		t.Error("a sign does nothing")
	}
	odd := &desktop.CustomShortcut{KeyName: fyne.KeyF9, Modifier: fyne.KeyModifierAlt}
	take("fit the slice", func(g *keyGrab) { g.TypedShortcut(odd) })
	h.shortcut(odd)
	if h.last("command")["id"] != "view.fit" {
		t.Error("a key with modifiers does nothing")
	}
	take("hide the mask while", func(g *keyGrab) {
		g.TypedRune('%')
		g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF9})
	})
	if k := h.commands.byID["view.hold"].keys; len(k) != 1 || k[0] != plain(fyne.KeyF9) {
		t.Errorf("a held key is %v", k)
	}
	h.Do("help.keys")
	h.ask("last slice").TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	grab := h.win.Canvas().Focused()
	for h.commands.byID["slice.last"].keys[0] != plain(fyne.KeyY) { // twice where it is taken
		grab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyY})
	}
	h.win.Canvas().Focused().TypedRune('y') // as the driver does, in the same breath
	h.drain()
	if e := h.win.Canvas().Focused().(*searchEntry); e.Text != "last slice" {
		t.Errorf("the key's character went into the search: %q", e.Text)
	}
	h.closeDialogs()
	take("first slice", func(g *keyGrab) {
		g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		g.TypedKey(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	})
	if k := h.commands.byID["slice.first"].keys[0]; k != shift(fyne.KeyHome) {
		t.Errorf("with Shift it is %v", k)
	}
}

// What the palette and the keys say of commands is of commands that there are.
func TestTextsAreOfCommands(t *testing.T) {
	h := start(t, nil)
	for _, texts := range []map[string]string{txtAlso, txtLines} {
		for id := range texts {
			if h.commands.byID[id] == nil {
				t.Errorf("there is no command %s", id)
			}
		}
	}
	for _, id := range barOrder {
		if id != "" && txtLines[id] == "" {
			t.Errorf("nothing is said of %s", id)
		}
	}
}

func TestLookPalette(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 9))
	h.noteRecent("view.heat")
	h.Do("help.palette")
	h.ask("mask")
	h.win.Canvas().Unfocus() // its cursor blinks
	h.capture("palette")
}

// Who types on at once after the palette's key loses nothing, and a form's fields come before the panel's.
func TestKeysGoWhereTheyAreMeant(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.typedShortcut(ctrl(fyne.KeyK).shortcut())
	if h.win.Canvas().Focused() != h.named["palette"].(fyne.Focusable) {
		t.Error("what follows the palette's key is not for the palette")
	}
	h.key(fyne.KeyEscape)
	h.drain()
	h.Do("operate.dilate")
	h.Do("view.fields")
	h.drain()
	if h.win.Canvas().Focused() != fyne.Focusable(h.form.about) {
		t.Errorf("the fields' key leads to %T", h.win.Canvas().Focused())
	}
	h.form.close()
	h.Do("view.fields")
	h.drain()
	h.panel.threshold.entry.OnSubmitted("")
	if h.win.Canvas().Focused() != fyne.Focusable(h.view) {
		t.Error("what follows Enter in a field is for the field")
	}
}

func TestPaletteLikesNamesAsTheyAre(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	for words, id := range map[string]string{"remove islands": "operate.islands", "copy a slice": "operate.copy", "show the mask": "view.mask"} {
		if got := h.findCommands(words); len(got) == 0 || got[0].cmd.id != id {
			t.Errorf("%q finds %v first", words, got[0].cmd.id)
		}
	}
	for _, f := range h.findCommands("eraser") {
		if f.cmd.id == "operate.between" {
			t.Error("letters that begin no word find a command")
		}
	}
}
