package ui

import (
	"slices"
	"strings"
)

// prefKeys holds the keys that the user chose: a line a command, of its id and
// its keys, divided by tabs.
const prefKeys = "keys"

// loadKeys gives the commands the keys that the user chose in earlier sessions.
// Lines of commands that are no more, and what is no key, are passed over.
func (w *Window) loadKeys() {
	for _, line := range w.app.Preferences().StringList(prefKeys) {
		parts := strings.Split(line, "\t")
		c := w.commands.byID[parts[0]]
		if c == nil {
			continue
		}
		c.keys = nil
		for _, s := range parts[1:] {
			if k, ok := parseKey(s); ok {
				c.keys = append(c.keys, k)
			}
		}
	}
	w.commands.index()
}

// saveKeys keeps the keys that differ from the standard.
func (w *Window) saveKeys() {
	var lines []string
	for _, c := range w.commands.all {
		if c.rekeyed() {
			line := c.id
			for _, k := range c.keys {
				line += "\t" + k.String()
			}
			lines = append(lines, line)
		}
	}
	w.app.Preferences().SetStringList(prefKeys, lines)
}

// rekeyed reports whether the user chose the command's keys.
func (c *command) rekeyed() bool { return !slices.Equal(c.keys, c.standard) }

// giveKey makes k the first key of c and takes it from whatever had it.
func (w *Window) giveKey(c *command, k key) {
	for _, other := range w.commands.all {
		other.keys = slices.DeleteFunc(slices.Clone(other.keys), func(o key) bool { return o == k })
	}
	if len(c.keys) > 0 {
		c.keys = c.keys[1:] // the new key stands for the one that was shown
	}
	c.keys = append([]key{k}, c.keys...)
	w.keysChanged()
}

// resetKeys gives commands their standard keys, and takes those from whatever
// has them.
func (w *Window) resetKeys(of ...*command) {
	for _, c := range of {
		for _, other := range w.commands.all {
			other.keys = slices.DeleteFunc(slices.Clone(other.keys), func(o key) bool { return slices.Contains(c.standard, o) })
		}
		c.keys = c.standard
	}
	w.keysChanged()
}

// keysChanged keeps the keys and shows them wherever they are shown.
func (w *Window) keysChanged() {
	w.saveKeys()
	w.commands.index()
	w.listenShortcuts()
	for _, b := range append(slices.Clone(w.bar.buttons), w.strip.buttons...) {
		b.showKey()
	}
	w.bar.box.Refresh()
	w.strip.box.Refresh()
	w.stale |= windowChanged
	w.flushSoon()
}
