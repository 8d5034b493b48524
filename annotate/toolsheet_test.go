package annotate

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"runtime"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
)

// The part of the phantom's slice that the sheet of tools shows.
var sheetPart = image.Rect(140, 64, 220, 164)

const sheetSlice, sheetZoom = 7, 2

// sheetSession is a session on the phantom, with its lesions as the proposal.
func sheetSession() *Session {
	p := phantom.New(phantom.Options{Size: 256, Slices: 12, Seed: 3})
	s := NewSession(p.Series())
	g := s.BeginProposal()
	for i := range s.series.Len() {
		prob := p.Truth(i)
		for j, v := range prob {
			prob[j] = uint8(min(int(v), 1)) * 255
		}
		s.Propose(i, g, Guess{Prob: prob})
	}
	s.SetCurrent(sheetSlice)
	return s
}

// TestToolSheet draws with each tool on the phantom and compares the picture
// with testdata/tools.png, row by row: the proposal, brush, square brush,
// smoothed brush, eraser, range brush; ball, its next slice, proposal brush,
// restore brush, polygon, lasso; lasso that cuts, rectangle, ellipse, move, copy
// by move, copy to the next slice.
func TestToolSheet(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the phantom has other pixels here")
	}
	add := Area{Label: 2}
	wave := []Point{{160, 80}, {165, 95}, {178, 88}, {176, 110}, {190, 104}, {186, 126}, {204, 118}}
	line := []Point{{160, 90}, {200, 110}}
	loop := []Point{{160, 85}, {185, 75}, {205, 100}, {195, 120}, {172, 112}}
	corners := []Point{{160, 80}, {200, 112}}
	erased := func(s *Session) { drawWith(s, Eraser{Radius: 60}, false, Point{185, 120}) }
	tiles := []struct {
		before func(*Session)
		tool   Tool
		other  bool
		path   []Point
		slice  int
	}{
		{nil, nil, false, nil, 0},
		{nil, Brush{Radius: 4, Label: 2}, false, wave, 0},
		{nil, Brush{Radius: 4, Label: 2, Square: true}, false, wave, 0},
		{nil, Brush{Radius: 4, Label: 2, Smooth: 9}, false, wave, 0},
		{nil, Eraser{Radius: 6}, false, []Point{{170, 150}, {200, 130}}, 0},
		{nil, RangeBrush{Radius: 14, Label: 2, Low: -950, High: -800}, false, line, 0},
		{nil, Sphere{Radius: 30, Label: 2}, false, []Point{{180, 100}}, 0},
		{nil, Sphere{Radius: 30, Label: 2}, false, []Point{{180, 100}}, 1},
		{erased, ProposalBrush{Radius: 12}, false, []Point{{170, 150}, {200, 130}}, 0},
		{erased, Restore{Radius: 12}, false, []Point{{170, 150}, {200, 130}}, 0},
		{nil, Polygon{add}, false, loop, 0},
		{nil, Lasso{Area: add}, false, loop, 0},
		{nil, Lasso{Area: Area{Label: 2, Cut: true}}, false, []Point{{170, 130}, {200, 120}, {205, 150}}, 0},
		{nil, Lasso{Area: Area{Label: 1, Redraw: true}}, false, loop, 0},
		{nil, Box{Area: add}, false, corners, 0},
		{nil, Box{Area: add, Round: true}, false, corners, 0},
		{nil, Move{Label: 1}, false, []Point{{180, 130}, {170, 105}}, 0},
		{nil, Move{Label: 1}, true, []Point{{180, 130}, {170, 105}}, 0},
		{func(s *Session) {
			drawWith(s, Brush{Radius: 9, Label: 2}, false, line...)
			s.Operate(Copy{Label: 2, From: sheetSlice}, Scope{sheetSlice + 1, sheetSlice + 1})
		}, nil, false, nil, 1},
	}
	const columns = 6
	w, h := sheetZoom*sheetPart.Dx()+4, sheetZoom*sheetPart.Dy()+4
	sheet := image.NewRGBA(image.Rect(0, 0, columns*w, (len(tiles)+columns-1)/columns*h))
	s := sheetSession()
	for n, c := range tiles {
		if c.before != nil {
			c.before(s)
		}
		if c.tool != nil {
			drawWith(s, c.tool, c.other, c.path...)
		}
		drawTile(t, sheet, image.Pt(n%columns*w, n/columns*h), s, sheetSlice+c.slice)
		for s.UndoName() != "Proposal" {
			s.Undo()
		}
		s.SetCurrent(sheetSlice)
	}
	compareSheet(t, sheet, "tools")
}

// drawWith makes a whole gesture.
func drawWith(s *Session, tool Tool, other bool, path ...Point) {
	s.SetTool(tool)
	_, staged := tool.(Stager)
	for i, p := range path {
		switch {
		case i > 0 && !staged:
			s.Drag(p)
		case other:
			s.PressOther(p)
		default:
			s.Press(p)
		}
	}
	s.FinishStroke()
}

// drawTile draws a part of a slice and its mask at a place of the sheet.
func drawTile(t *testing.T, sheet *image.RGBA, at image.Point, s *Session, slice int) {
	t.Helper()
	sl, err := s.series.Slice(slice)
	if err != nil {
		t.Fatal(err)
	}
	m := s.Mask(slice)
	tint := []color.RGBA{{}, {46, 196, 255, 255}, {255, 160, 46, 255}}
	for y := range sheetZoom * sheetPart.Dy() {
		for x := range sheetZoom * sheetPart.Dx() {
			i := (sheetPart.Min.Y+y/sheetZoom)*sl.W + sheetPart.Min.X + x/sheetZoom
			v := uint8(255 * ct.Lung.Unit(float64(sl.HU[i])))
			c := color.RGBA{v, v, v, 255}
			if l := m.Label[i]; l != 0 {
				mix := func(a, b uint8) uint8 { return uint8((int(a) + int(b)) / 2) }
				c = color.RGBA{mix(v, tint[l].R), mix(v, tint[l].G), mix(v, tint[l].B), 255}
			}
			sheet.SetRGBA(at.X+x, at.Y+y, c)
		}
	}
}

// compareSheet compares a picture with the one in testdata. One that differs is
// left in testdata/failed, to be looked at.
func compareSheet(t *testing.T, got *image.RGBA, name string) {
	t.Helper()
	f, err := os.ReadFile("testdata/" + name + ".png")
	if err == nil {
		var want image.Image
		if want, err = png.Decode(bytes.NewReader(f)); err == nil && samePicture(got, want) {
			return
		}
	}
	var out bytes.Buffer
	if err := os.MkdirAll("testdata/failed", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&out, got); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/failed/"+name+".png", out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Errorf("%s differs from testdata (%v): see testdata/failed", name, err)
}

func samePicture(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				return false
			}
		}
	}
	return true
}
