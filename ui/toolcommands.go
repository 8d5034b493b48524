package ui

import "fyne.io/fyne/v2"

// toolCommands take the tools in hand, and are what there is to do with them.
func (w *Window) toolCommands() []*command {
	var all []*command
	for _, t := range w.tools {
		all = append(all, &command{
			id: t.id, menu: txtTools, name: t.name, keys: t.keys, icon: t.icon, bar: t.name, bare: true, gap: t.gap,
			do: func() { w.takeTool(t) }, on: func() bool { return w.hasSeries() && w.inHand() == t.id }, when: w.hasSeries,
		})
	}
	staging := func() bool { return w.hasSeries() && w.session.Staging() }
	return append(all, []*command{
		{id: "tool.larger", menu: txtTools, name: txtLarger, keys: []key{sign(']')}, do: func() { w.growBrush(1) }, when: w.hasSeries, gap: true},
		{id: "tool.smaller", menu: txtTools, name: txtSmaller, keys: []key{sign('[')}, do: func() { w.growBrush(-1) }, when: w.hasSeries},
		{id: "tool.take", menu: txtTools, name: txtTakeRange, keys: []key{shift(fyne.KeyR)}, do: w.takeRange, when: func() bool { return w.hasSeries() && w.slice != nil && w.hovering }},
		{id: "tool.cut", menu: txtTools, name: txtCutOut, keys: []key{plain(fyne.KeyX)}, do: func() { w.brush.cut = !w.brush.cut; w.retool() }, on: w.is(&w.brush.cut), when: w.hasSeries},
		{id: "tool.redraw", menu: txtTools, name: txtRedraw, keys: []key{shift(fyne.KeyC)}, do: func() { w.brush.redraw = !w.brush.redraw; w.retool() }, on: w.is(&w.brush.redraw), when: w.hasSeries},
		{id: "tool.finish", menu: txtTools, name: txtFinish, keys: []key{plain(fyne.KeyReturn), plain(fyne.KeyEnter)}, do: w.finishStroke, when: staging, gap: true},
		{id: "tool.back", menu: txtTools, name: txtStepBack, keys: []key{plain(fyne.KeyBackspace)}, do: w.stepBack, when: func() bool { return staging() || w.hasFigure() }},
		{id: "tool.cancel", menu: txtTools, name: txtCancelStroke, keys: []key{plain(fyne.KeyEscape)}, do: w.escape, when: w.hasSeries},
	}...)
}
