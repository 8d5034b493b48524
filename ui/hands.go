package ui

import (
	"fyne.io/fyne/v2"

	"groundglass/ui/viewport"
)

// handsTable are the commands about the window itself: how it is used and set.
func (w *Window) handsTable() []*command {
	return []*command{
		{id: "edit.history", menu: txtEdit, name: txtHistory, keys: []key{ctrl(fyne.KeyH)}, do: w.toggle(&w.showHistory), on: w.is(&w.showHistory), when: w.hasSeries, gap: true},
		{id: "edit.settings", menu: txtEdit, name: txtSettingsOpen, keys: []key{ctrl(fyne.KeyComma)}, do: w.showSettings},
		{id: "mouse.left", menu: txtTools, name: txtNextLeft, keys: []key{ctrl(fyne.KeyM)}, do: w.nextLeft, gap: true},
		{id: "mouse.level", menu: txtTools, name: txtHoldLevel, keys: []key{plain(fyne.KeyInsert)}, held: w.everywhere((*viewport.Viewport).Level), when: w.hasSeries},
		{id: "help.palette", menu: txtHelp, name: txtPaletteOpen, keys: []key{ctrl(fyne.KeyK)}, do: w.showPalette},
	}
}
