package ui

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
)

// maxRecent is how many paths are remembered.
const maxRecent = 8

// recent is what was opened last, the newest first.
func (w *Window) recent() []string { return w.app.Preferences().StringList(prefRecent) }

// remember adds paths to what was opened.
func (w *Window) remember(paths []string) {
	list := w.recent()
	for _, p := range paths {
		p = ct.FullPath(p)
		list = slices.DeleteFunc(list, func(q string) bool { return q == p })
		list = slices.Insert(list, 0, p)
	}
	w.app.Preferences().SetStringList(prefRecent, list[:min(len(list), maxRecent)])
}

// recentMenu is the menu of what was opened last.
func (w *Window) recentMenu() *fyne.Menu {
	m := fyne.NewMenu("")
	for _, p := range w.recent() {
		m.Items = append(m.Items, fyne.NewMenuItem(p, func() {
			if !w.blocked() {
				w.Open([]string{p})
			}
		}))
	}
	if len(m.Items) == 0 {
		none := fyne.NewMenuItem(txtNone, nil)
		none.Disabled = true
		m.Items = append(m.Items, none)
	}
	return m
}

// fillRecents lists what was opened last in the empty window.
func (w *Window) fillRecents() {
	w.recents.RemoveAll()
	list := w.recent()
	if len(list) > 0 {
		w.recents.Add(heading(txtRecentHead))
	}
	for _, p := range list[:min(len(list), 5)] {
		b := widget.NewButton(shortPath(p), func() { w.Open([]string{p}) })
		b.Importance = widget.LowImportance
		b.Alignment = widget.ButtonAlignLeading
		w.recents.Add(b)
	}
	if w.empty != nil {
		w.empty.Refresh() // its frame grows
	}
}

// shortPath is the end of a path, enough to know it by.
func shortPath(p string) string {
	dir, name := filepath.Split(filepath.Clean(p))
	parent := filepath.Base(dir)
	if parent == string(filepath.Separator) || parent == "." {
		return name
	}
	return filepath.Join(parent, name)
}
