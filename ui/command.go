package ui

import "fyne.io/fyne/v2"

// command is something that the user can do. The menu, the keys, the tool bar,
// the palette and the list of keys are made from the table of all commands.
type command struct {
	id    string // stable, for preferences and tests
	menu  string
	name  string
	keys  []key // the first is shown; the user may choose others
	do    func()
	held  func(down bool) // instead of do: acts as long as its key is down
	when  func() bool     // can it be done now? nil: always
	on    func() bool     // is it switched on? nil: it is no switch
	label func() string   // the name as it is now; nil: name
	gap   bool            // a line above it in the menu
	sub   func() *fyne.Menu

	bar  string // short name in the tool bar; empty: not in it
	bare bool   // the tool bar shows the icon alone
	icon fyne.Resource

	standard []key // keys, before the user chose others
}

// title is the command's name as it is now.
func (c *command) title() string {
	if c.label != nil {
		return c.label()
	}
	return c.name
}

// can reports whether the command can be done now.
func (c *command) can() bool { return c.when == nil || c.when() }

// commands holds the table and finds commands by key.
type commands struct {
	all    []*command
	byKey  map[key]*command
	bySign map[rune]*command
	byID   map[string]*command
}

func newCommands(all []*command) *commands {
	c := &commands{all: all, byID: map[string]*command{}}
	for _, cmd := range all {
		c.byID[cmd.id] = cmd
		cmd.standard = cmd.keys
	}
	c.index()
	return c
}

// index makes the maps by key anew.
func (c *commands) index() {
	c.byKey, c.bySign = map[key]*command{}, map[rune]*command{}
	for _, cmd := range c.all {
		for _, k := range cmd.keys {
			if k.sign != 0 {
				c.bySign[k.sign] = cmd
			} else {
				c.byKey[k] = cmd
			}
		}
	}
}

// of is the command with a key; nil where there is none.
func (c *commands) of(k key) *command {
	if k.sign != 0 {
		return c.bySign[k.sign]
	}
	return c.byKey[k]
}

// run does a command if it can be done now.
func (w *Window) run(c *command) {
	if c == nil || c.do == nil || !c.can() || w.blocked() {
		return
	}
	w.trace("command", map[string]any{"id": c.id})
	c.do()
}

// runSilent is run for a key that brings no character: a dialog then has the keys
// that follow from the first on.
func (w *Window) runSilent(c *command) {
	w.silent = true
	w.run(c)
	w.silent = false
}

// Do does the command with this id, as if it had been chosen in the menu, and
// reports whether there is such a command and it can be done now.
func (w *Window) Do(id string) bool {
	c := w.commands.byID[id]
	if c == nil || !c.can() || w.blocked() {
		return false
	}
	w.run(c)
	return true
}

// blocked reports whether a dialog is shown. The driver hands menu shortcuts
// to the window all the same.
func (w *Window) blocked() bool { return w.win.Canvas().Overlays().Top() != nil }

// listenKeys lets the window's driver report keys, whether the viewport has the
// focus or nothing has.
func (w *Window) listenKeys() {
	c := w.win.Canvas()
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { w.typedKey(e.Name) })
	c.SetOnTypedRune(w.typedSign)
	if d, ok := c.(interface {
		SetOnKeyDown(func(*fyne.KeyEvent))
		SetOnKeyUp(func(*fyne.KeyEvent))
	}); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) {
			w.focusNow() // or Tab would look for something to focus
			w.keyDown(e.Name)
		})
		d.SetOnKeyUp(func(e *fyne.KeyEvent) { w.keyUp(e.Name) })
	}
	w.listenShortcuts()
}

// listenShortcuts lets the driver report the keys of now that come as
// shortcuts. One that is no longer a key finds no command.
func (w *Window) listenShortcuts() {
	for _, cmd := range w.commands.all {
		for _, k := range cmd.keys {
			if s := k.shortcut(); s != nil {
				w.win.Canvas().AddShortcut(s, w.typedShortcut)
			}
		}
	}
}

func (w *Window) typedShortcut(s fyne.Shortcut) {
	if k, ok := keyOf(s); ok {
		w.runSilent(w.commands.byKey[k])
	}
}

// fromMenu does what a click in the menu asks for, or the shortcut of its item.
// The driver looks for the latter behind dialogs too: it is then for the widget
// that has the focus.
func (w *Window) fromMenu(c *command) {
	if !w.blocked() {
		w.runSilent(c)
		w.focusView()
		return
	}
	focused, ok := w.win.Canvas().Focused().(fyne.Shortcutable)
	if ok && len(c.keys) > 0 && c.keys[0].shortcut() != nil {
		focused.TypedShortcut(c.keys[0].shortcut())
	}
}

// typedKey takes a key that was pressed or repeats.
func (w *Window) typedKey(name fyne.KeyName) {
	if w.blocked() {
		w.dialogKey(name)
		return
	}
	c := w.commands.byKey[key{name: name, mod: w.modifiers() & fyne.KeyModifierShift}]
	if isLetter(name) || name == fyne.KeySpace {
		w.run(c)
		return
	}
	w.runSilent(c)
}

func (w *Window) typedSign(r rune) { w.run(w.commands.bySign[r]) }

// keyDown begins what a held key does.
func (w *Window) keyDown(name fyne.KeyName) {
	if c := w.commands.byKey[plain(name)]; c != nil && c.held != nil && c.can() && !w.blocked() {
		w.holding = append(w.holding, c)
		c.held(true)
	}
}

// keyUp ends it.
func (w *Window) keyUp(name fyne.KeyName) {
	if c := w.commands.byKey[plain(name)]; c != nil && c.held != nil {
		c.held(false)
	}
}

// letGo ends what all held keys do: their release will not be heard of.
func (w *Window) letGo() {
	for _, c := range w.holding {
		c.held(false)
	}
	w.holding = nil
}
