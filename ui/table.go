package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// table is everything that the user can do.
func (w *Window) table() []*command {
	var all []*command
	for _, part := range [][]*command{
		w.fileCommands(), w.keepTable(), w.closeCommands(), w.editCommands(), w.viewCommands(), w.windowCommands(), w.lookTable(), w.sliceCommands(),
		w.toolCommands(), w.regionTable(), w.measureCommands(), w.modelCommands(), w.handsTable(), w.helpCommands(),
		w.operateTable(), w.labelTable(),
	} {
		all = append(all, part...)
	}
	return all
}

func (w *Window) fileCommands() []*command {
	return []*command{
		{id: "file.folder", menu: txtFile, name: txtOpenFolder, keys: []key{ctrl(fyne.KeyO)}, do: w.chooseFolder, bar: barOpen, icon: theme.FolderOpenIcon()},
		{id: "file.files", menu: txtFile, name: txtOpenFiles, keys: []key{ctrlShift(fyne.KeyO)}, do: w.chooseFile},
		{id: "file.recent", menu: txtFile, name: txtRecent, sub: w.recentMenu},
		{id: "file.demo", menu: txtFile, name: txtOpenDemo, keys: []key{ctrl(fyne.KeyD)}, do: w.OpenDemo, when: func() bool { return w.services.Demo != nil }},
		{id: "file.labels", menu: txtFile, name: txtOpenLabels, keys: []key{ctrl(fyne.KeyL)}, do: w.chooseLabels, when: w.canOpenLabels, gap: true},
		{id: "file.labelfolder", menu: txtFile, name: txtOpenLabelDir, keys: []key{ctrlShift(fyne.KeyL)}, do: w.chooseLabelFolder, when: w.canOpenLabels},
		{id: "file.export", menu: txtFile, name: txtExport, keys: []key{ctrl(fyne.KeyE)}, do: func() { w.askExport(nil) }, when: w.canExport, bar: barExport, icon: theme.DownloadIcon()},
		{id: "file.series", menu: txtFile, name: txtPick, keys: []key{ctrl(fyne.KeyT)}, do: func() { w.pickSeries(w.autoPropose) }, when: func() bool { return w.found != nil && len(w.found.Series) > 1 }},
		{id: "file.report", menu: txtFile, name: txtReport, keys: []key{ctrl(fyne.KeyI)}, do: w.showReport, when: func() bool { return w.found != nil }},
	}
}

// closeCommands are the last of the file menu.
func (w *Window) closeCommands() []*command {
	return []*command{
		{id: "file.close", menu: txtFile, name: txtCloseSeries, keys: []key{ctrl(fyne.KeyW)}, do: w.closeSeries, when: w.hasSeries, gap: true},
		{id: "file.quit", menu: txtFile, name: txtQuit, keys: []key{ctrl(fyne.KeyQ)}, do: w.quit},
	}
}

func (w *Window) editCommands() []*command {
	named := func(plain, what string, edit func(*annotate.Session) string) func() string {
		return func() string {
			if w.session == nil || edit(w.session) == "" {
				return plain
			}
			return fmt.Sprintf(what, lower(edit(w.session)))
		}
	}
	return []*command{
		{id: "edit.undo", menu: txtEdit, name: txtUndo, keys: []key{ctrl(fyne.KeyZ)}, do: w.undo,
			when: func() bool { return w.hasSeries() && w.session.CanUndo() }, label: named(txtUndo, txtUndoWhat, (*annotate.Session).UndoName), bar: barUndo, bare: true, icon: theme.ContentUndoIcon()},
		{id: "edit.redo", menu: txtEdit, name: txtRedo, keys: []key{ctrlShift(fyne.KeyZ), ctrl(fyne.KeyY)}, do: w.redo,
			when: func() bool { return w.hasSeries() && w.session.CanRedo() }, label: named(txtRedo, txtRedoWhat, (*annotate.Session).RedoName), bar: barRedo, bare: true, icon: theme.ContentRedoIcon()},
	}
}

func (w *Window) viewCommands() []*command {
	always := func() bool { return true }
	return []*command{
		{id: "view.fit", menu: txtView, name: txtFit, keys: []key{ctrl(fyne.Key0)}, do: func() { w.view.Fit() }, when: w.hasSeries, bar: barFit, bare: true, icon: theme.ZoomFitIcon()},
		{id: "view.one", menu: txtView, name: txtOneToOne, keys: []key{ctrl(fyne.Key1)}, do: func() { w.view.OneToOne() }, when: w.hasSeries, bar: barOne, bare: true, icon: iconOne},
		{id: "view.in", menu: txtView, name: txtZoomIn, keys: []key{ctrl(fyne.KeyEqual), ctrl(fyne.KeyPlus)}, do: func() { w.view.ZoomBy(1.25) }, when: w.hasSeries},
		{id: "view.out", menu: txtView, name: txtZoomOut, keys: []key{ctrl(fyne.KeyMinus)}, do: func() { w.view.ZoomBy(1 / 1.25) }, when: w.hasSeries},
		{id: "view.mask", menu: txtView, name: txtShowMask, keys: []key{plain(fyne.KeyV)}, do: w.toggle(&w.overlay.Mask), on: w.is(&w.overlay.Mask), when: w.hasSeries, gap: true, bar: barMask, icon: iconMask},
		{id: "view.hold", menu: txtView, name: txtHoldMask, keys: []key{plain(fyne.KeyH)}, held: w.everywhere((*viewport.Viewport).HideMask), when: w.hasSeries},
		{id: "view.outline", menu: txtView, name: txtShowOutline, keys: []key{plain(fyne.KeyD)}, do: w.toggle(&w.overlay.Outline), on: w.is(&w.overlay.Outline), when: w.hasSeries},
		{id: "view.smooth", menu: txtView, name: txtSmooth, keys: []key{plain(fyne.KeyS)}, do: w.toggle(&w.smooth), on: w.is(&w.smooth), when: w.hasSeries},
		{id: "view.pan", menu: txtView, name: txtHoldPan, keys: []key{plain(fyne.KeySpace)}, held: w.everywhere((*viewport.Viewport).Pan), when: w.hasSeries},
		{id: "view.three", menu: txtView, name: txtThreeViews, keys: []key{plain(fyne.KeyT)}, do: w.three.toggle, on: w.is(&w.three.on), when: w.three.can, gap: true, bar: barThree, bare: true, icon: iconThree},
		{id: "view.alone", menu: txtView, name: txtImageAlone, keys: []key{plain(fyne.KeyTab)}, do: w.toggle(&w.alone), on: w.is(&w.alone), when: w.hasSeries},
		{id: "view.list", menu: txtView, name: txtShowList, keys: []key{plain(fyne.KeyF3)}, do: w.toggle(&w.showList), on: w.is(&w.showList), when: always},
		{id: "view.fields", menu: txtView, name: txtFields, keys: []key{plain(fyne.KeyF2)}, do: w.focusFields, when: w.hasSeries},
		{id: "view.panel", menu: txtView, name: txtShowPanel, keys: []key{plain(fyne.KeyF4)}, do: w.toggle(&w.showPanel), on: w.is(&w.showPanel), when: always},
	}
}

// windowCommands are the window presets, on F5 and on.
func (w *Window) windowCommands() []*command {
	keys := []fyne.KeyName{fyne.KeyF5, fyne.KeyF6, fyne.KeyF7}
	var all []*command
	for i, p := range ct.Presets[:min(len(keys), len(ct.Presets))] {
		all = append(all, &command{
			id: "window." + lower(p.Name), menu: txtWindow, name: fmt.Sprintf(txtWindowOf, lower(p.Name)), keys: []key{plain(keys[i])},
			do: func() { w.setWindow(p.Window) }, on: func() bool { return w.hasSeries() && w.level == p.Window }, when: w.hasSeries,
		})
	}
	return append(all, &command{
		id: "window.file", menu: txtWindow, name: txtWindowFile, keys: []key{plain(fyne.KeyF8)},
		do: func() { w.setWindow(initialWindow(w.session.Series())) }, when: w.hasSeries,
	})
}

func (w *Window) sliceCommands() []*command {
	step := func(n int) func() { return func() { w.session.Step(n) } }
	return []*command{
		{id: "slice.previous", menu: txtSlice, name: txtPrevious, keys: []key{plain(fyne.KeyUp), plain(fyne.KeyPageUp)}, do: step(-1), when: w.hasSeries},
		{id: "slice.next", menu: txtSlice, name: txtNext, keys: []key{plain(fyne.KeyDown), plain(fyne.KeyPageDown)}, do: step(1), when: w.hasSeries},
		{id: "slice.first", menu: txtSlice, name: txtFirst, keys: []key{plain(fyne.KeyHome)}, do: func() { w.session.SetCurrent(0) }, when: w.hasSeries},
		{id: "slice.last", menu: txtSlice, name: txtLast, keys: []key{plain(fyne.KeyEnd)}, do: func() { w.session.SetCurrent(w.session.Series().Len() - 1) }, when: w.hasSeries},
		{id: "slice.marked", menu: txtSlice, name: txtNextMarked, keys: []key{plain(fyne.KeyN), ctrl(fyne.KeyDown)}, do: func() { w.seekMarked(1) }, when: w.hasSeries, gap: true},
		{id: "slice.unmarked", menu: txtSlice, name: txtPreviousMarked, keys: []key{ctrl(fyne.KeyUp)}, do: func() { w.seekMarked(-1) }, when: w.hasSeries},
		{id: "slice.doubtful", menu: txtSlice, name: txtDoubtful, keys: []key{plain(fyne.KeyU)}, do: w.seekDoubtful, when: w.anyDoubtful},
		{id: "slice.accept", menu: txtSlice, name: txtAccept, keys: []key{plain(fyne.KeyA)}, do: w.accept, when: w.hasSeries, gap: true, bar: barAccept, icon: theme.ConfirmIcon()},
		{id: "slice.reject", menu: txtSlice, name: txtReject, keys: []key{shift(fyne.KeyA)}, do: w.reject, when: w.hasSeries},
		{id: "slice.reopen", menu: txtSlice, name: txtReopen, keys: []key{ctrlShift(fyne.KeyA)}, do: func() { w.session.Reopen(w.session.Current()) },
			when: func() bool { return w.hasSeries() && w.session.Status(w.session.Current()).Decided() }},
	}
}

// measureCommands are those of the measuring tools.
func (w *Window) measureCommands() []*command {
	tool := func(id, name string, r ruler, k key) *command {
		return &command{id: id, menu: txtTools, name: name, keys: []key{k}, do: func() { w.takeRuler(r) },
			on: func() bool { return w.hasSeries() && w.measure.ruler == r }, when: w.hasSeries}
	}
	line := tool("measure.distance", txtDistanceTool, distance, plain(fyne.KeyM))
	line.bar, line.bare, line.icon, line.gap = barRuler, true, iconRuler, true
	region := tool("measure.ellipse", txtEllipseTool, ellipse, plain(fyne.KeyI))
	region.bar, region.bare, region.icon = barRegion, true, iconRegion
	box := tool("measure.rectangle", txtRectangleTool, rectangle, shift(fyne.KeyI))
	box.bar, box.bare, box.icon = barArea, true, iconMeasureBox
	return []*command{
		line, region,
		box,
		{id: "measure.delete", menu: txtTools, name: txtDeleteFigure, keys: []key{plain(fyne.KeyDelete)}, do: w.deleteFigure, when: w.hasFigure},
		{id: "measure.clear", menu: txtTools, name: txtClearFigures, keys: []key{shift(fyne.KeyDelete)}, do: w.clearFigures, when: func() bool { return len(w.figuresOf()) > 0 }},
	}
}

func (w *Window) modelCommands() []*command {
	return []*command{
		{id: "model.propose", menu: txtModel, name: txtPropose, keys: []key{ctrl(fyne.KeyP)}, do: w.propose, when: w.canPropose},
		{id: "model.stop", menu: txtModel, name: txtStopProposing, keys: []key{ctrl(fyne.KeyPeriod)}, do: w.stopProposing, when: func() bool { return w.proposing != nil }},
		{id: "model.up", menu: txtModel, name: txtThresholdUp, keys: []key{sign('.')}, do: func() { w.moveThreshold(0.05) }, when: w.hasSeries, gap: true},
		{id: "model.down", menu: txtModel, name: txtThresholdDown, keys: []key{sign(',')}, do: func() { w.moveThreshold(-0.05) }, when: w.hasSeries},
		{id: "model.join", menu: txtModel, name: txtConnectUp, keys: []key{sign('+')}, do: func() { w.moveTV(0.1) }, when: w.canConnect, gap: true},
		{id: "model.part", menu: txtModel, name: txtConnectDown, keys: []key{sign('-')}, do: func() { w.moveTV(-0.1) }, when: w.canConnect},
		{id: "model.fill", menu: txtModel, name: txtFillHoles, keys: []key{plain(fyne.KeyC)}, do: w.toggleHoles, on: w.fillsHoles, when: w.canConnect},
	}
}

func (w *Window) helpCommands() []*command {
	return []*command{
		{id: "help.keys", menu: txtHelp, name: txtKeys, keys: []key{plain(fyne.KeyF1)}, do: w.showKeys},
		{id: "help.about", menu: txtHelp, name: txtAbout, do: w.showAbout},
	}
}
