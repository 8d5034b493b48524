package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// menuOrder is the menu bar.
var menuOrder = []string{txtFile, txtEdit, txtView, txtWindow, txtSlice, txtTools, txtLabelMenu, txtMaskMenu, txtModel, txtHelp}

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
			item := fyne.NewMenuItem(c.title(), func() { w.fromMenu(c) })
			item.IsQuit = c.id == "file.quit" // or the toolkit adds another
			b.items[c] = item
			m.Items = append(m.Items, item)
		}
		menus = append(menus, m)
	}
	b.main = fyne.NewMainMenu(menus...)
	b.update(w.commands.all)
	return b
}

// keyGap is the least space between a name and its key in the menu.
const keyGap = 28

// columns returns, for each menu, where its keys begin.
func columns(all []*command) map[string]float32 {
	out := map[string]float32{}
	for _, c := range all {
		out[c.menu] = max(out[c.menu], textWidth(c.title())+keyGap)
	}
	return out
}

func textWidth(s string) float32 {
	return fyne.MeasureText(s, theme.TextSize(), fyne.TextStyle{}).Width
}

// menuLabel is a command's name and its key, which begins at column, as nearly
// as spaces make it.
func menuLabel(c *command, column float32) string {
	if len(c.keys) == 0 || nativeMenu && c.keys[0].shortcut() != nil {
		return c.title()
	}
	spaces := int((column-textWidth(c.title()))/textWidth(" ") + 0.5)
	return c.title() + strings.Repeat(" ", max(1, spaces)) + c.keys[0].String()
}

// update brings names, keys, check marks and what can be done up to date, and tells
// whether anything changed.
func (b *menuBar) update(all []*command) bool {
	var state strings.Builder
	at := columns(all)
	for _, c := range all {
		item := b.items[c]
		item.Label, item.Disabled = menuLabel(c, at[c.menu]), !c.can()
		item.Checked = c.on != nil && c.on()
		item.Shortcut = nil
		if len(c.keys) > 0 {
			item.Shortcut = c.keys[0].shown()
		}
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
