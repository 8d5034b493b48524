package ui

import (
	"context"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// benchSizes are the sizes of the picture, and benchSeries those of the series,
// that benchmarks run at.
var (
	benchSizes  = []fyne.Size{fyne.NewSize(800, 800), fyne.NewSize(1600, 1000)}
	benchSeries = []struct{ size, slices int }{{512, 300}, {1024, 600}}
)

// benchmark runs do for each size of picture and series and each zoom, where 0
// fits the slice in.
func benchmark(b *testing.B, zooms []float64, do func(b *testing.B, h *harness)) {
	for _, size := range benchSizes {
		for _, s := range benchSeries {
			for _, zoom := range zooms {
				name := fmt.Sprintf("%gx%g/%dx%dx%d", size.Width, size.Height, s.size, s.size, s.slices)
				if zoom > 0 {
					name += fmt.Sprintf("/zoom%g", zoom)
				}
				b.Run(name, func(b *testing.B) { do(b, benchWindow(b, size, s.size, s.slices, zoom)) })
			}
		}
	}
}

// benchWindow is a window whose picture has a size, on a proposed series.
func benchWindow(b *testing.B, size fyne.Size, side, slices int, zoom float64) *harness {
	h := start(b, func(_ *harness, s *Services) { s.Trace, s.Proposer, s.Connector = nil, sameModel{}, nil })
	h.open(sameChest(side, slices))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.settle()
	s := h.view.Size()
	h.win.Resize(h.win.Canvas().Size().AddWidthHeight(size.Width-s.Width, size.Height-s.Height))
	if s := h.view.Size(); s != size {
		h.win.Resize(h.win.Canvas().Size().AddWidthHeight(size.Width-s.Width, size.Height-s.Height))
	}
	if zoom > 0 {
		h.view.ZoomBy(zoom / h.view.View().Zoom)
	}
	if s := h.view.Size(); s != size {
		b.Fatalf("the picture is %v", s)
	}
	return h
}

// sameChest is a series that repeats a few slices, which cost nothing to read.
func sameChest(side, slices int) *ct.Series {
	const different = 3
	few := chest("Thorax", side, different)
	var made [different]*ct.Slice
	for i := range made {
		made[i], _ = few.Slice(i)
	}
	meta := *chest("Thorax", side, slices)
	return ct.NewSeries(ct.Series{
		UID: meta.UID, Description: meta.Description, Modality: "CT", Rows: side, Columns: side, Geometry: meta.Geometry, Sources: meta.Sources,
	}, func(i int) (*ct.Slice, error) { return made[i%different], nil })
}

// sameModel proposes one map for all slices.
type sameModel struct{}

func (sameModel) Name() string { return "Same" }

func (sameModel) Propose(_ context.Context, s *ct.Series, _ func() int, each func(int, annotate.Guess), _ func(done, total int)) error {
	prob := disc(s.Columns, s.Rows)
	for i := range s.Len() {
		each(i, annotate.Guess{Prob: prob, Doubt: fakeDoubt(i)})
	}
	return nil
}

// strokeFrames is the number of frames of a stroke.
const strokeFrames = 100

// BenchmarkBrushFrame is our own work for a frame of a stroke: the event, the
// session, and composing what changed. The aim is at most 1 ms.
func BenchmarkBrushFrame(b *testing.B) {
	benchmark(b, []float64{0, 6}, func(b *testing.B, h *harness) { brushFrames(b, h) })
}

// BenchmarkBrushFrameOverlay is the same with the overlay that takes most work.
func BenchmarkBrushFrameOverlay(b *testing.B) {
	benchmark(b, []float64{0}, func(b *testing.B, h *harness) {
		h.Do("view.difference")
		brushFrames(b, h)
	})
}

func brushFrames(b *testing.B, h *harness) {
	s := h.view.Size()
	at := func(i int) fyne.PointEvent {
		return fyne.PointEvent{Position: fyne.NewPos(s.Width*0.3+4*float32(i), s.Height*0.3+3*float32(i))}
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
}

// BenchmarkSliceStep is our own work for a step to the next slice, all of the
// window with it. The aim is at most 3 ms.
func BenchmarkSliceStep(b *testing.B) {
	benchmark(b, []float64{0, 6}, func(b *testing.B, h *harness) {
		h.session.SetCurrent(10)
		for i := 0; b.Loop(); i++ {
			h.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, float32(25-50*(i/8%2)))})
			h.drain()
			h.view.Compose()
		}
	})
}

// BenchmarkThreshold is our own work for a move of the threshold's slider, all
// of the window with it. The aim is at most 2 ms for the slice itself: see
// annotate.
func BenchmarkThreshold(b *testing.B) {
	benchmark(b, []float64{0}, func(b *testing.B, h *harness) {
		for i := 0; b.Loop(); i++ {
			h.panel.threshold.slider.SetValue(float64(20+i%60) / 100)
			h.drain()
			h.view.Compose()
		}
	})
}
