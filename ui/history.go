package ui

import (
	"fmt"
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// prefShowHistory tells whether the history is shown.
const prefShowHistory = "history.shown"

// historyPanel is the list of edits below the slice list: a click goes to the
// state after one.
type historyPanel struct {
	w      *Window
	box    *fyne.Container
	list   *keyList
	memory *canvas.Text
	steps  []annotate.Step
	done   int
	start  bool // what was exported is the state before all steps
}

// historyHeight is the panel's height.
const historyHeight = 230

func newHistoryPanel(w *Window) *historyPanel {
	h := &historyPanel{w: w, memory: text("", 11, colDim)}
	h.list = &keyList{w: w}
	h.list.ExtendBaseWidget(h.list)
	h.list.Length = func() int { return len(h.steps) + 1 }
	h.list.CreateItem = func() fyne.CanvasObject { return newStepRow() }
	h.list.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) { h.updateRow(i, o.(*stepRow)) }
	h.list.OnSelected = h.selected
	h.list.HideSeparators = true
	head := container.NewHBox(heading(txtHistory), layout.NewSpacer(), h.memory)
	top := container.New(layout.NewCustomPaddedLayout(6, 2, 8, 8), head)
	h.box = container.NewVBox(line(), fixed(0, historyHeight, container.NewBorder(top, nil, nil, nil, h.list)))
	w.named["history"] = h.list
	return h
}

// update shows the history as it is now, if it is shown.
func (h *historyPanel) update() {
	show := h.w.showHistory && h.w.session != nil
	if show != h.box.Visible() {
		h.box.Hidden = !show
		h.w.list.box.Refresh()
		h.w.post(h.w.list.scroll) // the slice in view may lie below the list's new end
	}
	if !show {
		return
	}
	s := h.w.session
	steps, done, start := s.Steps()
	used := float64(s.History().Bytes()) / megabyte
	setText(h.memory, fmt.Sprintf(txtHistoryMemory, used, h.w.settings.historyMB))
	if done == h.done && start == h.start && slices.Equal(steps, h.steps) {
		return
	}
	h.steps, h.done, h.start = steps, done, start
	h.list.Refresh()
	h.list.ScrollTo(done)
}

// selected goes to the state after a step.
func (h *historyPanel) selected(i widget.ListItemID) {
	h.list.Unselect(i)
	if h.w.session == nil || h.w.blocked() {
		return
	}
	h.w.view.Forget()
	h.w.session.GoTo(i)
	h.w.trace("history", map[string]any{"step": i})
	h.w.focusView()
}

func (h *historyPanel) updateRow(i int, r *stepRow) {
	if i > len(h.steps) {
		return
	}
	state := stepState{name: txtHistoryStart, present: i == h.done, undone: i > h.done, exported: h.start}
	if i > 0 {
		st := h.steps[i-1]
		state.name, state.where, state.exported = h.nameOf(st), whereText(st), st.Exported
	}
	r.set(state)
}

// nameOf names a step and the label that it painted.
func (h *historyPanel) nameOf(st annotate.Step) string {
	for _, l := range h.w.session.Labels() {
		if st.Label != 0 && l.Value == st.Label {
			return fmt.Sprintf(txtHistoryOf, st.Name, lower(l.Name))
		}
	}
	return st.Name
}

// whereText says which slices a step changed.
func whereText(st annotate.Step) string {
	switch {
	case st.Slice == annotate.EverySlice && st.Slices == 0:
		return txtHistoryAll
	case st.Slices == 1 && st.Slice != annotate.EverySlice:
		return fmt.Sprintf(txtHistorySlice, st.Slice+1)
	}
	return countText(st.Slices)
}

// stepState is what a row of the history shows.
type stepState struct {
	name, where               string
	present, undone, exported bool
}

// stepRow is a row of the history.
type stepRow struct {
	widget.BaseWidget
	ground            *canvas.Rectangle
	sign, name, where *canvas.Text
	title             string
}

func newStepRow() *stepRow {
	r := &stepRow{ground: canvas.NewRectangle(color.Transparent), sign: text("", 11, colGood), name: text("", 12, colText), where: text("", 11, colDim)}
	r.ground.CornerRadius = 3
	r.ExtendBaseWidget(r)
	return r
}

func (r *stepRow) set(s stepState) {
	r.title, r.where.Text, r.sign.Text = s.name, s.where, ""
	r.name.Color, r.ground.FillColor = colText, color.Transparent
	r.name.TextStyle.Bold = s.present
	if s.exported {
		r.sign.Text = "✓"
	}
	if s.present {
		r.ground.FillColor = colPicked
	}
	if s.undone {
		r.name.Color = colOff
	}
	r.layout(r.Size())
	r.Refresh()
}

// MinSize leaves room for the texts.
func (r *stepRow) MinSize() fyne.Size { return fyne.NewSize(120, 20) }

// CreateRenderer implements fyne.Widget.
func (r *stepRow) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{r.ground, r.sign, r.name, r.where}, min: r.MinSize, layout: r.layout}
}

func (r *stepRow) layout(s fyne.Size) {
	const left, pad = 20, 6
	r.ground.Resize(s)
	where := r.where.MinSize()
	r.where.Move(fyne.NewPos(s.Width-where.Width-pad, (s.Height-where.Height)/2))
	r.sign.Move(fyne.NewPos(pad, (s.Height-r.sign.MinSize().Height)/2))
	r.name.Text = shorten(r.title, r.name, s.Width-where.Width-left-2*pad)
	r.name.Move(fyne.NewPos(left, (s.Height-r.name.MinSize().Height)/2))
}
