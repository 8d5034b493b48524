package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// keyDialog shows every command and its keys, lets them be searched and changed,
// and tells what the mouse does.
type keyDialog struct {
	w    *Window
	list *searchList
	note *canvas.Text
	grab *keyGrab
}

func (w *Window) showKeys() {
	k := &keyDialog{w: w, note: text(txtKeysNote, 12, colDim)}
	var esc func()
	k.list = newSearchList(txtKeysHint, 390, k.find, func(f found) { k.change(f.cmd) }, func() { esc() })
	k.grab = newKeyGrab(k.grabbed, w.escDialog)
	stay := func(do func(*command)) func() bool {
		return func() bool {
			if r, ok := k.list.row(); ok && r.cmd != nil {
				do(r.cmd)
			}
			return false
		}
	}
	body := container.NewBorder(nil, container.NewStack(k.note, k.grab), nil, nil, k.list.box)
	w.showDialog(txtKeysHead, body, fyne.NewSize(900, 640),
		button{name: txtCloseButton},
		button{name: txtKeysResetAll, ok: func() bool { k.reset(w.commands.all...); return false }},
		button{name: txtKeysReset, ok: stay(func(c *command) { k.reset(c) })},
		button{name: txtKeysNone, ok: stay(k.clear)},
		button{name: txtKeysChange, look: widget.HighImportance, ok: stay(k.change)},
	)
	esc = w.dialogs[len(w.dialogs)-1].esc
	w.focusSoon(k.list.entry)
	w.named["keys.search"] = k.list.entry
}

// find lists the commands by menu, and the mouse's gestures; with words, those
// that fit.
func (k *keyDialog) find(words string) []found {
	var rows []found
	for _, menu := range menuOrder {
		n := len(rows)
		for _, c := range k.w.commands.all {
			if c.menu != menu || c.sub != nil || fit(c, words) == 0 {
				continue
			}
			f := found{name: c.name, group: txtLines[c.id], keys: keyText(c), cmd: c}
			if c.rekeyed() {
				f.group = txtKeysChanged
			}
			rows = append(rows, f)
		}
		if len(rows) > n {
			rows = slices.Insert(rows, n, found{name: menu, head: true})
		}
	}
	n := len(rows)
	for _, m := range txtMouse {
		if words == "" || strings.Contains(strings.ToLower(m[0]+" "+m[1]), strings.ToLower(words)) {
			rows = append(rows, found{name: m[0], group: m[1]})
		}
	}
	if len(rows) > n {
		rows = slices.Insert(rows, n, found{name: txtMouseHead, head: true})
	}
	return rows
}

func (k *keyDialog) say(line string) { setText(k.note, line) }

// change waits for the next key, which becomes the command's.
func (k *keyDialog) change(c *command) {
	if c == nil {
		return
	}
	k.grab.cmd, k.grab.again = c, key{}
	k.say(fmt.Sprintf(txtKeysPress, c.name))
	k.w.win.Canvas().Focus(k.grab)
}

// grabbed takes the key that was pressed. One that is taken must be pressed
// again; Esc gives up.
func (k *keyDialog) grabbed(c *command, pressed key) {
	other := k.w.commands.of(pressed)
	switch {
	case pressed == plain(fyne.KeyEscape):
		k.say(txtKeysNote)
	case c.held != nil && (pressed.mod != 0 || pressed.sign != 0):
		k.say(fmt.Sprintf(txtKeysNoHold, pressed))
		return
	case other != nil && other != c && k.grab.again != pressed:
		k.grab.again = pressed
		k.say(fmt.Sprintf(txtKeysTaken, pressed, other.name))
		return
	default:
		k.w.giveKey(c, pressed)
		k.say(fmt.Sprintf(txtKeysGiven, pressed, c.name))
		k.list.refresh()
	}
	k.grab.cmd = nil
	k.w.focusSoon(k.list.entry)
}

func (k *keyDialog) clear(c *command) {
	c.keys = nil
	k.w.keysChanged()
	k.say(fmt.Sprintf(txtKeysGone, c.name))
	k.list.refresh()
}

func (k *keyDialog) reset(of ...*command) {
	k.w.resetKeys(of...)
	k.say(txtKeysStandard)
	k.list.refresh()
}

// keyGrab takes the next key that is pressed, whatever it is.
type keyGrab struct {
	widget.BaseWidget
	cmd   *command // nil: it waits for none
	again key      // pressed already, but taken
	done  func(*command, key)
	esc   func() // Esc, while it waits for no key
	shift bool
}

func newKeyGrab(done func(*command, key), esc func()) *keyGrab {
	g := &keyGrab{done: done, esc: esc}
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer implements fyne.Widget: there is nothing to see.
func (g *keyGrab) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(gap(0, 18)) }

// FocusGained does nothing.
func (g *keyGrab) FocusGained() {}

// FocusLost gives up.
func (g *keyGrab) FocusLost() { g.cmd = nil }

// AcceptsTab lets Tab be a command's key.
func (g *keyGrab) AcceptsTab() bool { return g.cmd != nil }

func (g *keyGrab) take(k key) {
	if g.cmd != nil {
		g.done(g.cmd, k)
	}
}

// KeyDown notes Shift, which typed keys do not tell.
func (g *keyGrab) KeyDown(e *fyne.KeyEvent) { g.shift = g.shift || isShift(e.Name) }

// KeyUp notes its release.
func (g *keyGrab) KeyUp(e *fyne.KeyEvent) { g.shift = g.shift && !isShift(e.Name) }

func isShift(name fyne.KeyName) bool {
	return name == desktop.KeyShiftLeft || name == desktop.KeyShiftRight
}

// modifierKeys are no command's keys by themselves.
var modifierKeys = []fyne.KeyName{
	desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
	desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight,
}

// TypedKey takes named keys and letters; signs come as characters.
func (g *keyGrab) TypedKey(e *fyne.KeyEvent) {
	k := plain(e.Name)
	if g.shift {
		k = shift(e.Name)
	}
	if g.cmd == nil && e.Name == fyne.KeyEscape {
		g.esc()
		return
	}
	if isLetter(e.Name) || len(e.Name) > 1 && !slices.Contains(modifierKeys, e.Name) {
		g.take(k)
	}
}

// TypedRune takes a sign.
func (g *keyGrab) TypedRune(r rune) {
	if r > ' ' && !isLetter(fyne.KeyName(strings.ToUpper(string(r)))) {
		g.take(sign(r))
	}
}

// TypedShortcut takes a key with modifiers.
func (g *keyGrab) TypedShortcut(s fyne.Shortcut) {
	if k, ok := keyOf(s); ok {
		g.take(k)
	}
}
