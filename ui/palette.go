package ui

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
)

// prefPalette holds the ids of the commands last chosen in the palette, the
// newest first, at most paletteRecent of them.
const (
	prefPalette   = "palette.recent"
	paletteRecent = 8
)

// showPalette shows the palette: a search through all commands.
func (w *Window) showPalette() {
	var l *searchList
	var d dialog.Dialog
	note := text("", 12, colDim)
	close := func() { d.Hide() }
	l = newSearchList(txtPaletteHint, 90, w.findCommands, func(f found) {
		if !f.cmd.can() || f.cmd.do == nil {
			return
		}
		close()
		w.noteRecent(f.cmd.id)
		w.runSilent(f.cmd)
	}, close)
	l.moved = func() {
		if r, ok := l.row(); ok {
			setText(note, commandNote(r.cmd))
		}
	}
	body := container.NewBorder(nil, note, nil, nil, l.box)
	d = w.showBare(txtPalette, body, fyne.NewSize(640, 460), close)
	l.moved()
	w.focusSoon(l.entry)
	w.named["palette"] = l.entry
}

// commandNote says in a line what a command does, or why it can't be chosen.
func commandNote(c *command) string {
	switch {
	case c.do == nil && c.held != nil:
		return txtPaletteHeld
	case !c.can():
		return txtPaletteNotNow
	}
	return txtLines[c.id]
}

// noteRecent puts a command before those chosen earlier.
func (w *Window) noteRecent(id string) {
	list := slices.DeleteFunc(w.app.Preferences().StringList(prefPalette), func(s string) bool { return s == id })
	list = append([]string{id}, list...)
	w.app.Preferences().SetStringList(prefPalette, list[:min(len(list), paletteRecent)])
}

// findCommands lists the commands that words fit, the best first; without words
// all of them. Those chosen of late come first among equals.
func (w *Window) findCommands(words string) []found {
	recent := w.app.Preferences().StringList(prefPalette)
	type hit struct {
		found
		score int
	}
	var hits []hit
	for _, c := range w.commands.all {
		score := fit(c, words)
		if score == 0 || c.sub != nil {
			continue
		}
		f := found{name: c.title(), group: c.menu, keys: keyText(c), cmd: c, off: !c.can() || c.do == nil}
		if i := slices.Index(recent, c.id); i >= 0 {
			score += paletteRecent - i
			if words == "" {
				f.group = txtPaletteRecent
			}
		}
		hits = append(hits, hit{f, score})
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	list := make([]found, len(hits))
	for i, h := range hits {
		list[i] = h.found
	}
	return list
}

// fit is how well words fit a command: 0 where one of them does not, more the
// better. Each may be part of its name, its menu, its other names or its key, or
// letters of its name in their order.
func fit(c *command, words string) int {
	name, other := strings.ToLower(c.title()), " "+strings.ToLower(c.menu+" "+txtAlso[c.id])
	if c.title() != c.name {
		other += " " + strings.ToLower(c.name)
	}
	words = strings.ToLower(words)
	total := 1 + 50*place(name, words) // so that a name's own words, in their order, come first
	for _, word := range strings.Fields(words) {
		best := max(100*place(name, word), 70*place(other, word), 20*scattered(name, word))
		for _, k := range c.keys {
			if strings.ToLower(k.String()) == word {
				best = max(best, 350)
			}
		}
		if best == 0 {
			return 0
		}
		total += best
	}
	return total
}

// place is 3 where s begins with a word, 2 where one of its words does, 1 where
// it is elsewhere in s, else 0.
func place(s, word string) int {
	i := strings.Index(s, word)
	switch {
	case i == 0:
		return 3
	case strings.Contains(s, " "+word):
		return 2
	case i > 0:
		return 1
	}
	return 0
}

// scattered is 2 where the letters of a word begin words of s in their order, 1
// where they are in s in their order, the first at the beginning of a word, else 0.
func scattered(s, word string) int {
	var initials strings.Builder
	found, inWord := false, false
	for i, r := range s {
		begins := !inWord
		if inWord = unicode.IsLetter(r) || unicode.IsDigit(r); begins && inWord {
			initials.WriteRune(r)
			found = found || strings.HasPrefix(word, string(r)) && within(s[i:], word)
		}
	}
	switch {
	case within(initials.String(), word):
		return 2
	case found:
		return 1
	}
	return 0
}

// within reports whether all of a word's letters are in s in their order.
func within(s, word string) bool {
	letters := []rune(word)
	for _, r := range s {
		if len(letters) > 0 && r == letters[0] {
			letters = letters[1:]
		}
	}
	return len(letters) == 0
}

// showBare shows a dialog without buttons, which Esc closes.
func (w *Window) showBare(title string, content fyne.CanvasObject, size fyne.Size, esc func()) dialog.Dialog {
	w.view.Forget()
	w.letGo()
	d := dialog.NewCustomWithoutButtons(title, content, w.win)
	w.track(shownDialog{title: title, d: d, esc: esc})
	d.Resize(w.within(size))
	d.Show()
	w.traceLayout()
	return d
}
