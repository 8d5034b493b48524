package annotate

import (
	"math"
	"testing"

	"groundglass/annotate/ct/phantom"
)

// phantomSession is a session on the demo phantom, slice 20 in view.
func phantomSession() *Session {
	s := NewSession(phantom.New(phantom.Demo()).Series())
	s.SetCurrent(20)
	s.SetReach(6)
	return s
}

// BenchmarkWandPress takes a lesion of 512x512, and takes it back.
func BenchmarkWandPress(b *testing.B) {
	s := phantomSession()
	s.SetTool(Wand{Label: 1, Tolerance: DefaultWandTolerance, Denoise: true, Firm: true, Holes: 150, Radius: 40})
	for b.Loop() {
		s.Press(Point{350, 288})
		s.CancelStroke()
	}
}

// BenchmarkEdgeBrushSegment is one pointer move with an edge brush of radius 12.
func BenchmarkEdgeBrushSegment(b *testing.B) {
	s := phantomSession()
	s.SetTool(EdgeBrush{Radius: 12, Label: 1, Step: DefaultEdgeStep})
	s.Press(Point{350, 288})
	for i := 0; b.Loop(); i++ {
		s.Drag(Point{350 + 8*math.Cos(float64(i)/2), 288 + 8*math.Sin(float64(i)/2)})
	}
}

// BenchmarkLivewireMove is one pointer move around a knot, 40 to 120 pixels off.
func BenchmarkLivewireMove(b *testing.B) {
	s := phantomSession()
	s.SetTool(Livewire{1})
	s.Press(Point{250, 250})
	s.Release()
	for i := 0; b.Loop(); i++ {
		r := 80 + 40*math.Sin(float64(i)/7)
		s.Outlines(Point{250 + r*math.Cos(float64(i)/9), 250 + r*math.Sin(float64(i)/9)})
	}
}

// BenchmarkLivewireKnot sets a knot, and shows the way to a place 120 pixels off
// for the first time.
func BenchmarkLivewireKnot(b *testing.B) {
	s := phantomSession()
	s.SetTool(Livewire{1})
	for b.Loop() {
		s.Press(Point{250, 250})
		s.Outlines(Point{370, 250})
		s.CancelStroke()
	}
}

// BenchmarkScribble finds a lesion from one hint.
func BenchmarkScribble(b *testing.B) {
	s := phantomSession()
	s.SetTool(Scribble{Label: 1, Radius: 1.5})
	s.Press(Point{342, 294})
	s.Drag(Point{360, 278})
	s.Release()
	for b.Loop() {
		s.Scribbling().Do()
	}
}
