package project

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// bigSession is a session on n slices of 512x512.
func bigSession(n int) *annotate.Session {
	meta := ct.Series{UID: "1.2.3", Rows: 512, Columns: 512, Sources: make([]ct.Source, n)}
	for i := range meta.Sources {
		meta.Sources[i] = ct.Source{SOPInstanceUID: fmt.Sprintf("1.2.3.%d", i)}
	}
	return annotate.NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) {
		return &ct.Slice{W: 512, H: 512, HU: make([]int16, 512*512)}, nil
	}))
}

// lesionMap is a map as a model makes it: nothing in most of the slice, and blobs
// with noisy flanks.
func lesionMap(r *rand.Rand) []uint8 {
	p := make([]uint8, 512*512)
	for range 6 {
		cx, cy, radius := 120+r.Float64()*270, 120+r.Float64()*270, 15+40*r.Float64()
		for y := max(0, int(cy-2*radius)); y < min(512, int(cy+2*radius)); y++ {
			for x := max(0, int(cx-2*radius)); x < min(512, int(cx+2*radius)); x++ {
				d := math.Hypot(float64(x)-cx, float64(y)-cy) / radius
				v := 255*math.Exp(-d*d) + 8*r.NormFloat64()*math.Exp(-d)
				p[y*512+x] = max(p[y*512+x], uint8(min(max(v, 0), 255)))
			}
		}
	}
	return p
}

// strokeOn draws a stroke as a hand does, and returns the pixels of the rectangle
// that it changed.
func strokeOn(s *annotate.Session, r *rand.Rand) int {
	radius := 3 + 9*r.Float64()
	s.SetTool([]annotate.Tool{annotate.Brush{Radius: radius, Label: uint8(1 + r.IntN(3))}, annotate.Eraser{Radius: radius}}[r.IntN(2)])
	x, y, a := 100+r.Float64()*300, 100+r.Float64()*300, r.Float64()*6
	minX, maxX, minY, maxY := x, x, y, y
	s.Press(annotate.Point{X: x, Y: y})
	for range 5 + r.IntN(40) {
		a += r.NormFloat64() / 3
		x, y = x+3*math.Cos(a), y+3*math.Sin(a)
		minX, maxX, minY, maxY = min(minX, x), max(maxX, x), min(minY, y), max(maxY, y)
		s.Drag(annotate.Point{X: x, Y: y})
	}
	s.Release()
	return int((maxX - minX + 2*radius) * (maxY - minY + 2*radius))
}

// edited fills a project with work on 300 slices with 5,000 edits, and tells how
// many of them a snapshot has.
func edited(b *testing.B, dir string, edits int) (s *annotate.Session, st *Store, p *Project, area int) {
	b.Helper()
	s = bigSession(300)
	p, err := Open(dir, Options{Program: "bench", JournalBytes: 1 << 40})
	if err != nil {
		b.Fatal(err)
	}
	if st, _, err = p.Keep(s, Events{}); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	g := s.BeginProposal()
	for i := range 300 {
		s.Propose(i, g, annotate.Guess{Prob: lesionMap(r)})
	}
	for n := range edits {
		s.SetCurrent(n / 17 % 300)
		area += strokeOn(s, r)
	}
	if err := st.Flush(); err != nil {
		b.Fatal(err)
	}
	return s, st, p, area
}

// BenchmarkOpen opens 300 slices with 5,000 edits: after an orderly end, and after
// a crash with the last 500 edits in the journal.
func BenchmarkOpen(b *testing.B) {
	for _, tail := range []int{0, 500} {
		b.Run(fmt.Sprintf("journal%d", tail), func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "p")
			s, st, p, _ := edited(b, dir, 5000-tail)
			state := s.State()
			st.Snapshot(state)
			if err := st.Flush(); err != nil {
				b.Fatal(err)
			}
			r := rand.New(rand.NewPCG(3, 4))
			for n := range tail {
				s.SetCurrent(n / 17 * 7 % 300)
				strokeOn(s, r)
			}
			if err := st.Close(nil); err != nil {
				b.Fatal(err)
			}
			p.Close()
			on := filepath.Join(dir, "series", SeriesID(s.Series()))
			names, _ := filepath.Glob(filepath.Join(on, "maps-*"))
			size := int64(0)
			for _, name := range names {
				if info, err := os.Stat(name); err == nil {
					size += info.Size()
				}
			}
			for b.Loop() {
				s := bigSession(300)
				l, err := load(Disk{}, on, s)
				if err != nil || l.report.Steps != tail {
					b.Fatal(err, l.report)
				}
			}
			b.ReportMetric(float64(size)/300, "map-bytes/slice")
		})
	}
}

// BenchmarkStroke is a stroke that is kept, with what it adds to the disk for each
// pixel of the rectangle that it changed, and how long it takes to be safe.
func BenchmarkStroke(b *testing.B) {
	s := bigSession(4)
	bytes, area := 0, 0
	var lags []float64
	p, err := Open(filepath.Join(b.TempDir(), "p"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	st, _, err := p.Keep(s, Events{})
	if err != nil {
		b.Fatal(err)
	}
	s.OnRecord(func(r annotate.Record) {
		bytes += len(r.Data) + headBytes + 12
		st.Record(r)
	})
	r := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		area += strokeOn(s, r)
		done := time.Now()
		_ = st.Flush()
		lags = append(lags, time.Since(done).Seconds()*1000)
	}
	_ = st.Close(nil)
	p.Close()
	sort.Float64s(lags)
	b.ReportMetric(float64(bytes)/float64(area), "bytes/pixel")
	b.ReportMetric(lags[len(lags)*99/100], "ms-until-safe-p99")
}

// BenchmarkCompaction is what a snapshot of 300 slices with 5,000 edits takes of
// the session's goroutine.
func BenchmarkCompaction(b *testing.B) {
	s, st, p, _ := edited(b, filepath.Join(b.TempDir(), "p"), 5000)
	var longest time.Duration
	for b.Loop() {
		begun := time.Now()
		st.Snapshot(s.State())
		longest = max(longest, time.Since(begun))
		if err := st.Flush(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(longest.Seconds()*1000, "ms-stall")
	_ = st.Close(nil)
	p.Close()
}
