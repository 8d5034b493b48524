package annotate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// busy is a session of n proposed slices of 512x512.
func busy(n int) *Session { return busyOf(512, n) }

// busyOf is a session of n proposed slices of size x size, which share a map.
func busyOf(size, n int) *Session {
	s := newTestSession(size, size, n)
	prob := blobs(rand.New(rand.NewPCG(1, 1)), size, size, 8)
	g := s.BeginProposal()
	for i := range n {
		s.Propose(i, g, Guess{Prob: prob})
	}
	return s
}

// BenchmarkBrushSegment is one pointer move with a brush of radius 12.
func BenchmarkBrushSegment(b *testing.B) {
	s := busy(1)
	s.SetTool(Brush{Radius: 12, Label: 1})
	s.Press(Point{256, 256})
	for i := 0; b.Loop(); i++ {
		if i%400 == 0 {
			b.StopTimer() // begin on unpainted ground again
			s.CancelStroke()
			s.Press(Point{256, 256})
			b.StartTimer()
		}
		r, a := 20+float64(i%400)/2, float64(i)/8
		s.Drag(Point{256 + r*math.Cos(a), 256 + r*math.Sin(a)})
	}
}

// BenchmarkStroke is a whole stroke of 60 moves, and its undo.
func BenchmarkStroke(b *testing.B) {
	s := busy(1)
	s.SetTool(Brush{Radius: 12, Label: 1})
	for b.Loop() {
		s.Press(Point{100, 100})
		for i := range 60 {
			s.Drag(Point{100 + 5*float64(i), 250 + 150*math.Sin(float64(i)/5)})
		}
		s.Release()
		s.Undo()
	}
}

// BenchmarkBallSegment is one pointer move with a ball that reaches over 39
// slices.
func BenchmarkBallSegment(b *testing.B) {
	s := busy(60)
	s.SetCurrent(30)
	s.SetTool(Sphere{Radius: 20, Label: 1})
	s.Press(Point{256, 256})
	for i := 0; b.Loop(); i++ {
		r, a := 20+float64(i%400)/2, float64(i)/8
		s.Drag(Point{256 + r*math.Cos(a), 256 + r*math.Sin(a)})
	}
}

// BenchmarkLasso is a whole outline of 400 points across the slice, and its undo.
func BenchmarkLasso(b *testing.B) {
	s := busy(1)
	s.SetTool(Lasso{Area: Area{Label: 2}})
	for b.Loop() {
		s.Press(Point{456, 256})
		for i := range 400 {
			sin, cos := math.Sincos(float64(i) * 2 * math.Pi / 400)
			s.Drag(Point{256 + 200*cos, 256 + 180*sin})
		}
		s.Release()
		s.Undo()
	}
}

// BenchmarkMove is one pointer move with the mask of 20,000 pixels in hand.
func BenchmarkMove(b *testing.B) {
	s := newTestSession(512, 512, 1)
	dot(s, Brush{Radius: 80, Label: 2}, 256, 256)
	s.SetTool(Move{Label: 2})
	s.Press(Point{256, 256})
	for i := 0; b.Loop(); i++ {
		sin, cos := math.Sincos(float64(i) / 8)
		s.Drag(Point{256 + 60*cos, 256 + 60*sin})
	}
}

func BenchmarkDerive(b *testing.B) {
	s := busy(1)
	m, prob := s.Mask(0), s.Probability(0)
	b.SetBytes(512 * 512)
	for i := 0; b.Loop(); i++ {
		derive(m, &open{prob: prob}, uint8(50+i%100))
	}
}

// eachSeries runs a benchmark on sessions of the sizes that are aimed at.
func eachSeries(b *testing.B, do func(b *testing.B, s *Session)) {
	for _, c := range []struct{ size, slices int }{{512, 300}, {1024, 600}} {
		b.Run(fmt.Sprintf("%dx%dx%d", c.size, c.size, c.slices), func(b *testing.B) { do(b, busyOf(c.size, c.slices)) })
	}
}

// BenchmarkThresholdSlice is a slider's move, with the slice in view made anew.
// The aim is at most 2 ms.
func BenchmarkThresholdSlice(b *testing.B) {
	eachSeries(b, func(b *testing.B, s *Session) {
		for i := 0; b.Loop(); i++ {
			s.SetThreshold(0.2 + float64(i%100)/200)
			s.Mask(0)
		}
	})
}

// BenchmarkThreshold300Slices makes 300 slices anew after a slider's move. The
// aim is at most 150 ms.
func BenchmarkThreshold300Slices(b *testing.B) {
	eachSeries(b, func(b *testing.B, s *Session) {
		for i := 0; b.Loop(); i++ {
			s.SetThreshold(0.2 + float64(i%100)/200)
			for j := range 300 {
				s.Mask(j)
			}
		}
	})
}

// BenchmarkForeground300 counts the labelled pixels of 300 slices.
func BenchmarkForeground300(b *testing.B) {
	s := busy(300)
	for i := 0; b.Loop(); i++ {
		s.SetThreshold(0.2 + float64(i%100)/200)
		for j := range 300 {
			s.Foreground(j)
		}
	}
}

// BenchmarkUndoProposal undoes and redoes the proposal of a whole series. The
// aim is at most 100 ms.
func BenchmarkUndoProposal(b *testing.B) {
	eachSeries(b, func(b *testing.B, s *Session) {
		for b.Loop() {
			s.Undo()
			s.Mask(0)
			s.Redo()
			s.Mask(0)
		}
	})
}

// BenchmarkScrollEdited scrolls through 300 slices on which a person has drawn.
func BenchmarkScrollEdited(b *testing.B) {
	s := busy(300)
	s.SetTool(Brush{Radius: 20, Label: 2})
	for i := range 300 {
		s.SetCurrent(i)
		s.Press(Point{200, 200})
		s.Drag(Point{300, float64(i)})
		s.Release()
	}
	for i := 0; b.Loop(); i++ {
		s.SetCurrent(i % 300)
		s.Mask(i % 300)
	}
}

// BenchmarkMemory tells what a session of 300 slices with 1,000 strokes holds
// beside its probability maps.
func BenchmarkMemory(b *testing.B) {
	held := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	for b.Loop() {
		s := busy(300)
		before := held()
		r := rand.New(rand.NewPCG(2, 2))
		for n := range 1000 {
			s.SetTool([]Tool{Brush{Radius: 12, Label: uint8(1 + n%3)}, Eraser{Radius: 12}}[n%2])
			s.SetCurrent(r.IntN(300))
			s.Press(Point{r.Float64() * 512, r.Float64() * 512})
			for range 20 {
				s.Drag(Point{r.Float64() * 512, r.Float64() * 512})
			}
			s.Release()
		}
		b.ReportMetric((held()-before)/1e6, "MB")
		b.ReportMetric(float64(s.History().Bytes())/1e6, "history-MB")
	}
}

func BenchmarkSnapshot300(b *testing.B) {
	s := busy(300)
	for b.Loop() {
		s.Snapshot()
	}
}

// BenchmarkRecord is what a recorder adds to a stroke over 324x324 pixels.
func BenchmarkRecord(b *testing.B) {
	s := busy(1)
	s.SetTool(Brush{Radius: 12, Label: 1})
	s.Press(Point{100, 100})
	for i := range 60 {
		s.Drag(Point{100 + 5*float64(i), 250 + 150*math.Sin(float64(i)/5)})
	}
	s.Release()
	bytes := 0
	s.OnRecord(func(r Record) { bytes += len(r.Data) })
	for b.Loop() {
		s.recordEdit(kindEdit, s.history.done[len(s.history.done)-1])
	}
	b.ReportMetric(float64(bytes)/float64(b.N), "bytes/op")
}

// BenchmarkState takes the state of 300 slices with 5,000 edits, as a snapshot
// does between two strokes.
func BenchmarkState(b *testing.B) {
	s := busy(300)
	s.SetTool(Brush{Radius: 5, Label: 1})
	for i := range 5000 {
		s.SetCurrent(i % 300)
		dot(s, Brush{Radius: 5, Label: uint8(1 + i%3)}, 20+i*37%470, 20+i*61%470)
	}
	for b.Loop() {
		_ = s.State()
	}
}

// BenchmarkIslands300 removes the islands below 20 mm³ of a proposal of 300
// slices, and takes that back.
func BenchmarkIslands300(b *testing.B) {
	s := newTestSession(512, 512, 300)
	r := rand.New(rand.NewPCG(3, 3))
	g := s.BeginProposal()
	for i := range 300 {
		prob := make([]uint8, 512*512)
		for range 130 {
			prob[r.IntN(len(prob))] = 255
		}
		for y := 200; y < 300; y++ {
			for x := 150 + i/8; x < 250+i/8; x++ {
				prob[512*y+x] = 255
			}
		}
		s.Propose(i, g, Guess{Prob: prob})
	}
	for b.Loop() {
		n, err := s.Operate(RemoveIslands{Label: 1, Least: 20}, Scope{0, 299})
		if err != nil || n.Slices != 300 {
			b.Fatal(n, err)
		}
		b.StopTimer()
		s.Undo()
		b.StartTimer()
	}
}
