package ui

import (
	"runtime"
	"strings"

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
// without Ctrl, Alt or Super, which come as typed keys.
func (k key) shortcut() fyne.Shortcut {
	switch {
	case k.mod&^fyne.KeyModifierShift == 0:
		return nil
	case k == ctrl(fyne.KeyZ):
		return &fyne.ShortcutUndo{}
	case k == ctrl(fyne.KeyY):
		return &fyne.ShortcutRedo{}
	}
	return &desktop.CustomShortcut{KeyName: k.name, Modifier: k.mod}
}

// shown is the shortcut of k's menu item. The toolkit writes shortcuts in a grey
// that can't be read on dark ground, so the menu has the keys in its labels,
// and the item a shortcut that the driver knows but the menu does not draw;
// except where the system draws the menu.
func (k key) shown() fyne.Shortcut {
	s := k.shortcut()
	if s == nil || nativeMenu {
		return s
	}
	return silent(s.ShortcutName())
}

// nativeMenu tells whether the system draws the menu.
const nativeMenu = runtime.GOOS == "darwin"

// silent is a shortcut by its name alone.
type silent string

// ShortcutName is what the driver compares.
func (s silent) ShortcutName() string { return string(s) }

// String is k in words.
func (k key) String() string {
	if k.sign != 0 {
		return string(k.sign)
	}
	var parts []string
	for _, m := range []struct {
		mod  fyne.KeyModifier
		name string
	}{
		{fyne.KeyModifierControl, "Ctrl"}, {fyne.KeyModifierSuper, "Cmd"},
		{fyne.KeyModifierAlt, "Alt"}, {fyne.KeyModifierShift, "Shift"},
	} {
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
