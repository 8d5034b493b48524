package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// benchWindow is a window whose picture is 1600 x 1000, on a proposed series of
// 512 x 512.
func benchWindow(b *testing.B, zoom float64) *harness {
	h := start(b, func(_ *harness, s *Services) { s.Trace = nil })
	h.open(chest("Thorax", 512, 40))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	s := h.view.Size()
	h.win.Resize(h.win.Canvas().Size().AddWidthHeight(1600-s.Width, 1000-s.Height))
	if zoom > 0 {
		h.view.ZoomBy(zoom / h.view.View().Zoom)
	}
	if s := h.view.Size(); s != fyne.NewSize(1600, 1000) {
		b.Fatalf("the picture is %v", s)
	}
	return h
}

// strokeFrames is the number of frames of a stroke.
const strokeFrames = 100

// BenchmarkBrushFrame is our own work for a frame of a stroke: the event, the
// session, and composing what changed. The aim is at most 1 ms.
func BenchmarkBrushFrame(b *testing.B) {
	for _, zoom := range []float64{0, 1, 6} {
		b.Run(fmt.Sprintf("zoom %g", zoom), func(b *testing.B) {
			h := benchWindow(b, zoom)
			at := func(i int) fyne.PointEvent {
				return fyne.PointEvent{Position: fyne.NewPos(float32(600+4*i), float32(300+3*i))}
			}
			for i := 0; b.Loop(); i++ {
				if i%strokeFrames == 0 { // another label, or there would be nothing to change
					h.view.DragEnd()
					h.session.SetActiveLabel(uint8(1 + i/strokeFrames%2))
					h.view.MouseDown(&desktop.MouseEvent{PointEvent: at(0), Button: desktop.MouseButtonPrimary})
				}
				h.view.Dragged(&fyne.DragEvent{PointEvent: at(i % strokeFrames)})
				h.view.Compose()
			}
			h.view.DragEnd()
		})
	}
}

// BenchmarkSliceStep is our own work for a step to the next slice, all of the
// window with it. The aim is at most 3 ms.
func BenchmarkSliceStep(b *testing.B) {
	for _, zoom := range []float64{0, 6} {
		b.Run(fmt.Sprintf("zoom %g", zoom), func(b *testing.B) {
			h := benchWindow(b, zoom)
			h.session.SetCurrent(10)
			for i := 0; b.Loop(); i++ {
				h.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, float32(25-50*(i/8%2)))})
				h.drain()
				h.view.Compose()
			}
		})
	}
}

// BenchmarkThreshold is our own work for a move of the threshold's slider.
func BenchmarkThreshold(b *testing.B) {
	h := benchWindow(b, 0)
	for i := 0; b.Loop(); i++ {
		h.panel.threshold.slider.SetValue(float64(20+i%60) / 100)
		h.drain()
		h.view.Compose()
	}
}
