package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
)

// menuOrder is the menu bar.
var menuOrder = []string{txtFile, txtEdit, txtView, txtSlice, txtTools, txtModel, txtHelp}

// menuBar is the window's menu, and what it showed when last built.
type menuBar struct {
	main  *fyne.MainMenu
	items map[*command]*fyne.MenuItem
	shown string
}

func (w *Window) newMenuBar() *menuBar {
	b := &menuBar{items: map[*command]*fyne.MenuItem{}}
	var menus []*fyne.Menu
	for _, name := range menuOrder {
		m := fyne.NewMenu(name)
		for _, c := range w.commands.all {
			if c.menu != name {
				continue
			}
			if c.gap {
				m.Items = append(m.Items, fyne.NewMenuItemSeparator())
			}
			item := fyne.NewMenuItem(c.title(), func() { w.run(c) })
			item.IsQuit = c.id == "file.quit" // or the toolkit adds another
			if len(c.keys) > 0 {
				item.Shortcut = c.keys[0].shown()
			}
			b.items[c] = item
			m.Items = append(m.Items, item)
		}
		menus = append(menus, m)
	}
	b.main = fyne.NewMainMenu(menus...)
	b.update(w.commands.all)
	return b
}

// update brings names, check marks and what can be done up to date, and tells
// whether anything changed.
func (b *menuBar) update(all []*command) bool {
	var state strings.Builder
	for _, c := range all {
		item := b.items[c]
		item.Label, item.Disabled = c.title(), !c.can()
		item.Checked = c.on != nil && c.on()
		if c.sub != nil {
			item.ChildMenu = c.sub()
			for _, i := range item.ChildMenu.Items {
				fmt.Fprintln(&state, i.Label)
			}
		}
		fmt.Fprintln(&state, item.Label, item.Disabled, item.Checked)
	}
	changed := state.String() != b.shown
	b.shown = state.String()
	return changed
}
