package annotate

import (
	"image"
	"runtime"
	"testing"
)

// TestRegionToolSheet draws with each tool that finds regions on the phantom's
// slice without the proposal, and compares the picture with testdata/region.png,
// row by row: the lesions, fill within a loop, wand, region growing; edge brush,
// the same without sticking, livewire, scribble.
func TestRegionToolSheet(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the phantom has other pixels here")
	}
	lesion := Point{175, 128}
	along := []Point{{168, 134}, {174, 126}, {178, 120}}
	tiles := []struct {
		before func(*Session)
		tool   Tool
		path   []Point
	}{
		{nil, nil, nil},
		{func(s *Session) {
			drawWith(s, Brush{Radius: 2, Label: 1}, false, Point{160, 80}, Point{195, 85}, Point{185, 115}, Point{160, 80})
		}, Fill{2}, []Point{{180, 95}}},
		{nil, Wand{Label: 2, Tolerance: DefaultWandTolerance, Denoise: true, Firm: true, Holes: 150, Radius: 40}, []Point{lesion}},
		{nil, Grow{Label: 2, Low: -780, High: -400, Volume: true, Denoise: true, Firm: true, Holes: 30, Radius: 30}, []Point{lesion}},
		{nil, EdgeBrush{Radius: 7, Label: 2, Step: DefaultEdgeStep}, along},
		{nil, Brush{Radius: 7, Label: 2}, along},
		{nil, Livewire{2}, []Point{{168, 141}, {165, 130}, {176, 119}, {184, 126}, {179, 137}}},
		{nil, Scribble{Label: 2, Radius: 1}, along},
	}
	const columns = 4
	w, h := sheetZoom*sheetPart.Dx()+4, sheetZoom*sheetPart.Dy()+4
	sheet := image.NewRGBA(image.Rect(0, 0, columns*w, len(tiles)/columns*h))
	s := sheetSession()
	for n, c := range tiles {
		if n == 1 {
			s.Undo()
		}
		if c.before != nil {
			c.before(s)
		}
		if c.tool != nil {
			drawWithin(s, c.tool, c.path)
		}
		drawTile(t, sheet, image.Pt(n%columns*w, n/columns*h), s, sheetSlice)
		for n > 0 && s.Undo() {
		}
		s.SetCurrent(sheetSlice)
	}
	compareSheet(t, sheet, "region")
}

// drawWithin is drawWith, with a scribble's points as one hint.
func drawWithin(s *Session, tool Tool, path []Point) {
	if _, ok := tool.(Scribble); !ok {
		drawWith(s, tool, false, path...)
		return
	}
	s.SetTool(tool)
	s.Press(path[0])
	for _, p := range path[1:] {
		s.Drag(p)
	}
	s.FinishStroke()
}
