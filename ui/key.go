package ui

import (
	"runtime"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// key is what one presses for a command: a named key with modifiers, or a
// character, for signs that lie elsewhere on other keyboards.
type key struct {
	name fyne.KeyName
	mod  fyne.KeyModifier
	sign rune
}

func plain(name fyne.KeyName) key { return key{name: name} }
func sign(r rune) key             { return key{sign: r} }
func shift(name fyne.KeyName) key {
	return key{name: name, mod: fyne.KeyModifierShift}
}
func ctrl(name fyne.KeyName) key {
	return key{name: name, mod: fyne.KeyModifierShortcutDefault}
}
func ctrlShift(name fyne.KeyName) key {
	return key{name: name, mod: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// shortcut is what the window's driver reports when k is pressed; nil for keys
// that come as typed keys. The driver has shortcuts of its own for the keys of
// the clipboard.
func (k key) shortcut() fyne.Shortcut {
	switch k {
	case ctrl(fyne.KeyZ):
		return &fyne.ShortcutUndo{}
	case ctrl(fyne.KeyY):
		return &fyne.ShortcutRedo{}
	case ctrl(fyne.KeyA):
		return &fyne.ShortcutSelectAll{}
	case ctrl(fyne.KeyC), ctrl(fyne.KeyInsert):
		return &fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard(), Secondary: k.name == fyne.KeyInsert}
	case ctrl(fyne.KeyV), shift(fyne.KeyInsert):
		return &fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard(), Secondary: k.name == fyne.KeyInsert}
	case ctrl(fyne.KeyX), shift(fyne.KeyDelete):
		return &fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard(), Secondary: k.name == fyne.KeyDelete}
	}
	if k.mod&^fyne.KeyModifierShift == 0 {
		return nil
	}
	return &desktop.CustomShortcut{KeyName: k.name, Modifier: k.mod}
}

// keyOf is the key behind what the driver reports.
func keyOf(s fyne.Shortcut) (k key, ok bool) {
	if b, is := s.(fyne.KeyboardShortcut); is {
		return key{name: b.Key(), mod: b.Mod()}, true
	}
	return key{}, false
}

// shown is the shortcut of k's menu item. The toolkit writes shortcuts in a grey
// that can't be read on dark ground, so the menu has the keys in its labels,
// and the item a shortcut that the driver knows but the menu does not draw;
// except where the system draws the menu. Two keys of the clipboard may share a
// shortcut's name, by which alone the menu goes: those are left to the canvas.
func (k key) shown() fyne.Shortcut {
	s := k.shortcut()
	if s == nil || nativeMenu {
		return s
	}
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutPaste, *fyne.ShortcutCut:
		return nil
	}
	return silent(s.ShortcutName())
}

// nativeMenu tells whether the system draws the menu.
const nativeMenu = runtime.GOOS == "darwin"

// silent is a shortcut by its name alone.
type silent string

// ShortcutName is what the driver compares.
func (s silent) ShortcutName() string { return string(s) }

// modNames are the modifiers in the order in which they are written.
var modNames = []struct {
	mod  fyne.KeyModifier
	name string
}{
	{fyne.KeyModifierControl, "Ctrl"}, {fyne.KeyModifierSuper, "Cmd"},
	{fyne.KeyModifierAlt, "Alt"}, {fyne.KeyModifierShift, "Shift"},
}

// String is k in words; parseKey reads them.
func (k key) String() string {
	if k.sign != 0 {
		return string(k.sign)
	}
	var parts []string
	for _, m := range modNames {
		if k.mod&m.mod != 0 {
			parts = append(parts, m.name)
		}
	}
	name := string(k.name)
	if n, ok := keyNames[name]; ok {
		name = n
	}
	return strings.Join(append(parts, name), "+")
}

// parseKey reads what String writes; false where that is no key.
func parseKey(s string) (k key, ok bool) {
	for _, m := range modNames {
		if rest, found := strings.CutPrefix(s, m.name+"+"); found && rest != "" {
			s = rest
			k.mod |= m.mod
		}
	}
	for toolkit, shown := range keyNames {
		if s == shown {
			s = toolkit
		}
	}
	if r, n := utf8.DecodeRuneInString(s); k.mod == 0 && n == len(s) && n > 0 && !isLetter(fyne.KeyName(s)) {
		return sign(r), true
	}
	k.name = fyne.KeyName(s)
	return k, s != ""
}

// isLetter tells the keys A to Z, which are the same on all keyboards with Latin
// letters, from the signs.
func isLetter(name fyne.KeyName) bool { return len(name) == 1 && name[0] >= 'A' && name[0] <= 'Z' }
