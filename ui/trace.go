package ui

import (
	"bytes"
	"encoding/json"
	"time"

	"fyne.io/fyne/v2"
)

// The events that Services.Trace is told, all on the UI goroutine. Fields hold
// numbers, strings, booleans, and slices and maps of them.
//
//	window    the window is shown: scale (screen pixels for a canvas unit)
//	layout    where things are: scale, and items: name -> [x, y, width, height] in
//	          canvas units from the window's corner. Names: viewport, list,
//	          series, propose, threshold, threshold.entry, tv, tv.entry, least,
//	          least.entry, fill, size, overlay, mask, mask.opacity, label.N,
//	          series.pick, pick.list, coronal, sagittal, bar.COMMAND, empty.COMMAND, task.cancel, notice.details,
//	          dialog.BUTTON, export.folder, export.images, ...; only what is
//	          visible
//	view      how the picture lies in the viewport: zoom (canvas units an image
//	          pixel), aspect, cx, cy (image point in the middle), w, h
//	preview   one slice of what is being opened is shown
//	opening, opened, slice, state, command, task, threshold, undo, redo
//	stroke    state begin: slice, x, y in image pixels, radius, erase;
//	          state end: also points, [[x, y], ...], all of the stroke
//	measure   a figure was drawn or moved: slice, kind, points, text
//	cursor    the three views show another point: x, y in pixels of slice; the
//	          numbers of the coronal and the sagittal cut
//	volume    all slices are in the three views: unread, stopped
//	connectivity
//	          tv, area, fill
//	settled   all proposals hang together; slice, the last one to
//	proposal  state begin, done, cancelled or failed
//	export    state begin, done, cancelled or failed; dir
//	history   step, the number of edits that are done now
//	toast     text, of a remark in passing
//	dialog    title, shown; error: title, text, lines
func (w *Window) trace(event string, fields map[string]any) {
	if w.services.Trace != nil {
		w.services.Trace(event, fields)
	}
}

// settle is how long the window's layout takes to come to rest.
const settle = 150 * time.Millisecond

// traceWindow tells that the window is shown.
func (w *Window) traceWindow() {
	w.trace("window", map[string]any{"scale": w.win.Canvas().Scale()})
	w.traceLayout()
	w.traceView()
}

// traceLayout tells, in a moment, where the named parts are.
func (w *Window) traceLayout() {
	if w.services.Trace != nil {
		time.AfterFunc(settle, func() { w.post(w.tellLayout) })
	}
}

func (w *Window) tellLayout() {
	items := map[string][4]float32{}
	for name, o := range w.named {
		if at, ok := w.placeOf(o); ok {
			items[name] = [4]float32{at.X, at.Y, o.Size().Width, o.Size().Height}
		}
	}
	fields := map[string]any{"scale": w.win.Canvas().Scale(), "items": items}
	if told, err := json.Marshal(fields); err == nil && !bytes.Equal(told, w.reported) {
		w.reported = told
		w.trace("layout", fields)
		w.traceView()
	}
}

// placeOf is where a part of the window lies, if it can be seen: the driver
// finds only what can be, and nothing but the picture lies in the corner.
func (w *Window) placeOf(o fyne.CanvasObject) (at fyne.Position, seen bool) {
	at = w.app.Driver().AbsolutePositionForObject(o)
	return at, !at.IsZero() || o == fyne.CanvasObject(w.view) && w.hasSeries()
}

// traceView tells how the picture lies in the viewport.
func (w *Window) traceView() {
	if w.services.Trace == nil {
		return
	}
	v := w.view.View()
	w.trace("view", map[string]any{"zoom": v.Zoom, "aspect": v.Aspect, "cx": v.CX, "cy": v.CY, "w": v.W, "h": v.H})
}
