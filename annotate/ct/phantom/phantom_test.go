package phantom

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// hu is the pixels of slice i.
func hu(t *testing.T, p *Phantom, i int) []int16 {
	t.Helper()
	s, err := p.slice(i)
	if err != nil {
		t.Fatal(err)
	}
	return s.HU
}

func TestSameOptionsSamePixels(t *testing.T) {
	o := Options{Size: 96, Slices: 6, Seed: 3}
	a, b := New(o), New(o)
	for _, i := range []int{4, 1, 4} {
		if !slices.Equal(hu(t, a, i), hu(t, b, i)) {
			t.Errorf("slice %d differs between two phantoms of the same options", i)
		}
	}
	o.Seed++
	if slices.Equal(hu(t, a, 4), hu(t, New(o), 4)) {
		t.Error("another seed gave the same patient")
	}
}

// TestConcurrent reads a series from several goroutines; it earns its keep under -race.
func TestConcurrent(t *testing.T) {
	p := New(Options{Size: 64, Slices: 8, Seed: 1})
	s := p.Series()
	var wait sync.WaitGroup
	for k := range 4 {
		wait.Go(func() {
			for i := range s.Len() {
				i = (i + 2*k) % s.Len()
				if got, err := s.Slice(i); err != nil || len(got.HU) != 64*64 {
					t.Errorf("slice %d: %v", i, err)
				}
			}
		})
	}
	wait.Wait()
}

func TestAnySize(t *testing.T) {
	for _, c := range []struct{ size, slices, wantSize, wantSlices int }{
		{0, 0, 512, 40}, {64, 1, 64, 1}, {101, 3, 101, 3}, {1024, 2, 1024, 2}, {5, -3, 64, 1}, {1 << 20, 1 << 20, 1024, 2000},
	} {
		t.Run(fmt.Sprint(c.size, "x", c.slices), func(t *testing.T) {
			p := New(Options{Size: c.size, Slices: c.slices})
			s := p.Series()
			if s.Rows != c.wantSize || s.Columns != c.wantSize || s.Len() != c.wantSlices {
				t.Fatalf("got %d slices of %dx%d", s.Len(), s.Columns, s.Rows)
			}
			i := s.Len() / 2
			if n := len(hu(t, p, i)); n != c.wantSize*c.wantSize || len(p.Truth(i)) != n || len(p.Lungs(i)) != n {
				t.Errorf("slice, truth and lungs have %d, %d and %d pixels", n, len(p.Truth(i)), len(p.Lungs(i)))
			}
		})
	}
}

func TestNoSuchSlice(t *testing.T) {
	p := New(Options{Size: 64, Slices: 2})
	for _, i := range []int{-1, 2} {
		if _, err := p.slice(i); err == nil || p.Truth(i) != nil || p.Lungs(i) != nil {
			t.Errorf("slice %d of 2 exists", i)
		}
	}
}

func TestSeriesAgreesWithPhantom(t *testing.T) {
	p := New(Options{Size: 128, Slices: 12, Seed: 5})
	s := p.Series()
	if l, r, top, bottom := s.Geometry.Letters(); l+r+top+bottom != "RLAP" {
		t.Errorf("the edges are %s %s %s %s, want R L A P", l, r, top, bottom)
	}
	g := s.Geometry
	middle := g.At(63.5, 63.5, 11)
	if middle != [3]float64{0, 0, 287.5} {
		t.Errorf("the middle of the last slice is at %v", middle)
	}
	if s.Sources[11].PositionMM != 287.5 || g.Spacing != [3]float64{p.field / 128, p.field / 128, 25} {
		t.Errorf("position %v, spacing %v", s.Sources[11].PositionMM, g.Spacing)
	}
}
