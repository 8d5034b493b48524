package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"groundglass/annotate"
)

// statusBar is the line at the bottom.
type statusBar struct {
	w                       *Window
	box                     *fyne.Container
	hu, pixel, place        *canvas.Text
	slice, zoom, level      *canvas.Text
	model, saved, hintShown *canvas.Text
	work                    *fyne.Container     // what is shown as far as there is room
	slots                   []fyne.CanvasObject // of it, what only makes sense while something is open
}

// The widths keep the line still while its numbers change.
const (
	statusHeight = 30

	widthHU    = 72
	widthPixel = 96
	widthPlace = 206
	widthSlice = 168
	widthZoom  = 84
	widthLevel = 112
)

func newStatusBar(w *Window) *statusBar {
	t := func() *canvas.Text { return text("", 12, colText) }
	s := &statusBar{w: w, hu: t(), pixel: t(), place: t(), slice: t(), zoom: t(), level: t(), model: t(), saved: t(), hintShown: t()}
	s.hu.TextStyle.Bold = true
	s.pixel.Color, s.place.Color, s.model.Color = colDim, colDim, colDim
	slice, level, zoom, hu := fixed(widthSlice, 0, s.slice), fixed(widthLevel, 0, s.level), fixed(widthZoom, 0, s.zoom), fixed(widthHU, 0, s.hu)
	at := fixed(widthPixel+widthPlace, 0, container.NewStack(container.NewHBox(fixed(widthPixel, 0, s.pixel), s.place), s.hintShown))
	s.slots = []fyne.CanvasObject{slice, level, hu, zoom, at}
	s.work = container.New(&fitRow{rank: []fyne.CanvasObject{slice, level, hu, zoom, at, s.model}, least: 1, gap: 8}, slice, level, zoom, hu, at, s.model)
	w.tasks = container.NewStack()
	padded := layout.NewCustomPaddedLayout(2, 2, 10, 10)
	kept := container.New(padded, container.NewHBox(w.tasks, gap(8, statusHeight), s.saved)) // in view in the smallest window
	s.box = container.NewBorder(nil, nil, nil, kept, container.New(padded, s.work))
	w.named["status.saved"] = s.saved
	return s
}

// showModel shows the model, or makes room for a task.
func (s *statusBar) showModel(on bool) {
	if on {
		s.model.Show()
	} else {
		s.model.Hide()
	}
	s.work.Refresh()
}

// setText changes a text and paints it, where it is another.
func setText(t *canvas.Text, s string) {
	if t.Text != s {
		t.Text = s
		t.Refresh()
	}
}

// update shows slice, window level, model and what is not yet exported.
func (s *statusBar) update() {
	w := s.w
	setText(s.model, w.modelName())
	if w.session == nil {
		s.showSlots(false)
		setText(s.saved, "")
		return
	}
	s.showSlots(true)
	setText(s.slice, sliceText(w.session))
	setText(s.level, windowText(w.level))
	s.saved.Color = colGood
	if w.unsaved() > 0 {
		s.saved.Color = colWarn
	}
	s.saved.Text = w.unsavedShort()
	if kept, good := w.keptText(); kept != "" {
		s.saved.Text = kept
		if n := w.unsaved(); n > 0 {
			s.saved.Text = fmt.Sprintf(txtSavedToExport, kept, countText(n))
		}
		s.saved.Color = colGood
		if !good {
			s.saved.Color = colBad
		}
	}
	s.saved.Refresh()
	s.updateZoom()
	s.box.Refresh()
}

func (s *statusBar) showSlots(on bool) {
	if s.slots[0].Visible() == on {
		return
	}
	for _, o := range s.slots {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	s.work.Refresh()
}

// sliceText says which slice is in view and where it lies.
func sliceText(s *annotate.Session) string {
	i, n := s.Current(), s.Series().Len()
	if src := s.Series().Sources[i]; src.HasPosition {
		return fmt.Sprintf(txtSliceAt, i+1, n, src.PositionMM)
	}
	return fmt.Sprintf(txtSliceOf, i+1, n)
}

// updateZoom shows how large a pixel of the image is on the screen.
func (s *statusBar) updateZoom() {
	if s.w.session == nil || s.w.view == nil {
		return
	}
	setText(s.zoom, fmt.Sprintf(txtZoomAt, 100*s.w.view.View().Zoom*s.w.view.Scale()))
}

// updateHover shows what lies under the pointer.
func (s *statusBar) updateHover() {
	s.probe(s.w.hoverText())
}

// probe shows a value and where it lies.
func (s *statusBar) probe(hu, pixel, place string) {
	setText(s.hu, hu)
	setText(s.pixel, pixel)
	setText(s.place, place)
}

// hint tells what the command under the pointer does.
func (s *statusBar) hint(c *command, inside bool) {
	t := c.title()
	if len(c.keys) > 0 {
		t += "  (" + c.keys[0].String() + ")"
	}
	s.tell(t, inside)
}

// tell shows a line while the pointer is over what it is about.
func (s *statusBar) tell(line string, inside bool) {
	if !inside {
		line = ""
	}
	setText(s.hintShown, line)
}

// modelName says which model runs, or that there is none.
func (w *Window) modelName() string {
	if w.services.Proposer == nil {
		return txtNoModel
	}
	return w.services.Proposer.Name()
}

// unsaved is the number of slices that are to be exported, over all series
// that were worked on. A threshold that moved counts as one.
func (w *Window) unsaved() int {
	n := 0
	for _, s := range w.sessions {
		if s.Dirty() {
			n += max(1, len(s.Unsaved()))
		}
	}
	return n
}

// unsavedSeries is the index of a series with work that is not exported, the
// one in view first; -1 where there is none.
func (w *Window) unsavedSeries() int {
	first := -1
	if w.found == nil {
		return first
	}
	for i, series := range w.found.Series {
		s := w.sessions[series]
		if s == nil || !s.Dirty() {
			continue
		}
		if s == w.session {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

// unsavedShort is unsavedText for the status bar.
func (w *Window) unsavedShort() string {
	if n := w.unsaved(); n > 0 {
		return fmt.Sprintf(txtUnsavedShort, n)
	}
	return txtNoUnsaved
}

// unsavedText says so in words.
func (w *Window) unsavedText() string {
	switch n := w.unsaved(); n {
	case 0:
		return txtNoUnsaved
	case 1:
		return txtUnsaved1
	default:
		return fmt.Sprintf(txtUnsavedN, n)
	}
}
