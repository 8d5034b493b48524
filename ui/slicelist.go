package ui

import (
	"fmt"
	"image"
	"maps"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// listWidth is the slice list's width.
const listWidth = 232

// listDelay is how long the list lags behind strokes and the threshold.
const listDelay = 120 * time.Millisecond

// sliceList is the left side: the series' picker and the slices.
type sliceList struct {
	w       *Window
	box     *fyne.Container
	list    *keyList
	picker  *widget.Select
	series  *fyne.Container
	head    *canvas.Text
	thumbs  *thumbs
	tinted  map[int]*image.RGBA // thumbnails with the mask's colours
	counts  map[int]int         // marked pixels, as last known
	quiet   bool                // the selection follows the session: do not answer
	stale   map[int]bool        // rows to bring up to date
	all     bool                // all of them
	waiting bool
}

func newSliceList(w *Window) *sliceList {
	l := &sliceList{w: w, stale: map[int]bool{}, head: heading(txtSlices)}
	l.list = &keyList{w: w}
	l.list.ExtendBaseWidget(l.list)
	l.list.Length, l.list.UpdateItem, l.list.OnSelected = l.length, l.updateRow, l.selected
	l.list.CreateItem = func() fyne.CanvasObject { return newSliceRow() }
	l.list.HideSeparators = true
	l.picker = widget.NewSelect(nil, nil)
	l.series = container.NewVBox(heading(txtSeries), container.NewBorder(nil, nil, nil, l.pickButton(), l.picker), gap(0, 4))
	top := container.New(layout.NewCustomPaddedLayout(8, 4, 8, 8), container.NewVBox(l.series, l.head))
	w.history = newHistoryPanel(w)
	body := container.NewBorder(top, w.history.box, nil, nil, container.NewStack(gap(listWidth, 0), l.list))
	l.box = body
	w.named["list"] = l.list
	w.named["series"] = l.picker
	return l
}

func (l *sliceList) length() int {
	if l.w.session == nil {
		return 0
	}
	return l.w.session.Series().Len()
}

func (l *sliceList) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	if l.w.session != nil && l.thumbs != nil && i < l.length() {
		o.(*sliceRow).set(stateOf(l.w.session, i, l.marked(i), l.picture(i)))
	}
}

// marked is the number of marked pixels of slice i, the last known one while
// that is still being worked out.
func (l *sliceList) marked(i int) int {
	if l.w.session.Settled(i) {
		l.counts[i] = l.w.session.Foreground(i)
	}
	return l.counts[i]
}

// picture is the tinted thumbnail of slice i.
func (l *sliceList) picture(i int) *image.RGBA {
	if img := l.tinted[i]; img != nil {
		return img
	}
	grey := l.thumbs.get(i)
	img := tint(grey, l.w.session, i)
	if grey != nil && l.w.session.Settled(i) {
		l.tinted[i] = img
	}
	return img
}

// selected answers a click on a row.
func (l *sliceList) selected(i widget.ListItemID) {
	if l.quiet || l.w.session == nil {
		return
	}
	l.w.session.SetCurrent(i)
	l.w.focusView()
}

// opened shows another session's slices.
func (l *sliceList) opened(s *annotate.Session) {
	if l.thumbs != nil {
		l.thumbs.close()
		l.thumbs = nil
	}
	l.tinted, l.counts = map[int]*image.RGBA{}, map[int]int{}
	if s != nil {
		l.thumbs = newThumbs(s.Series(), func(i int) { l.w.post(func() { l.refreshRow(s, i) }) })
	}
	l.list.UnselectAll()
	l.list.ScrollToTop()
	l.list.Refresh()
	l.follow()
}

func (l *sliceList) refreshRow(s *annotate.Session, i int) {
	if l.w.session == s {
		l.list.RefreshItem(i)
	}
}

// follow selects the session's current slice and brings it into view.
func (l *sliceList) follow() {
	if l.w.session == nil {
		return
	}
	l.quiet = true
	l.list.Select(l.w.session.Current())
	l.quiet = false
}

// scroll brings the current slice into view.
func (l *sliceList) scroll() {
	if l.w.session != nil {
		l.list.ScrollTo(l.w.session.Current())
	}
}

// pixelsChanged notes that a slice, or every slice, is marked otherwise.
func (l *sliceList) pixelsChanged(i int) {
	if i == annotate.EverySlice {
		l.all = true
	} else {
		l.stale[i] = true
	}
}

// refreshSoon brings changed rows up to date after a moment, so that a slider
// in motion does not wait for thumbnails.
func (l *sliceList) refreshSoon() {
	if l.waiting || !l.all && len(l.stale) == 0 {
		return
	}
	l.waiting = true
	time.AfterFunc(listDelay, func() { l.w.post(l.refresh) })
}

func (l *sliceList) refresh() {
	all, stale := l.all, l.stale
	l.waiting, l.all, l.stale = false, false, map[int]bool{}
	if all {
		maps.DeleteFunc(l.tinted, func(i int, _ *image.RGBA) bool { return l.w.session == nil || l.w.session.Settled(i) })
		l.list.Refresh()
		return
	}
	for i := range stale {
		delete(l.tinted, i)
		l.list.RefreshItem(i)
	}
}

// offer fills the series' picker, which is shown where there is a choice.
func (l *sliceList) offer(names []string, chosen int, choose func(i int)) {
	l.picker.OnChanged = nil
	l.picker.Options = names
	l.picker.SetSelectedIndex(chosen)
	l.picker.OnChanged = func(string) { choose(l.picker.SelectedIndex()) }
	if len(names) > 1 {
		l.series.Show()
	} else {
		l.series.Hide()
	}
	l.head.Text = txtSlices
	if l.w.session != nil {
		l.head.Text = fmt.Sprintf("%s  %d", txtSlices, l.length())
	}
	l.head.Refresh()
}

// keyList is a list that leaves the keys to the picture.
type keyList struct {
	widget.List
	w *Window
}

// TypedKey, TypedRune, KeyDown and KeyUp do what they do in the picture.
func (l *keyList) TypedKey(e *fyne.KeyEvent) { l.w.typedKey(e.Name) }

// TypedRune takes a character.
func (l *keyList) TypedRune(r rune) { l.w.typedSign(r) }

// KeyDown takes a key that may be held.
func (l *keyList) KeyDown(e *fyne.KeyEvent) { l.w.keyDown(e.Name) }

// KeyUp takes its release.
func (l *keyList) KeyUp(e *fyne.KeyEvent) { l.w.keyUp(e.Name) }

// AcceptsTab keeps Tab for showing the image alone.
func (l *keyList) AcceptsTab() bool { return true }

// heading is the title of a part of a side panel.
func heading(s string) *canvas.Text {
	t := text(s, 12, colDim)
	t.TextStyle.Bold = true
	return t
}
