package ct

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func meta(n, w, h int) Series {
	return Series{Rows: h, Columns: w, Sources: make([]Source, n)}
}

func TestSliceIsDecodedOnceByManyCallers(t *testing.T) {
	var calls atomic.Int32
	s := NewSeries(meta(8, 4, 4), func(i int) (*Slice, error) {
		calls.Add(1)
		v := &Slice{HU: make([]int16, 16), W: 4, H: 4}
		v.HU[0] = int16(i)
		return v, nil
	})
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for i := range s.Len() {
				if v, err := s.Slice(i); err != nil || v.HU[0] != int16(i) {
					t.Errorf("slice %d: %v, %v", i, v, err)
				}
			}
		})
	}
	group.Wait()
	if n := calls.Load(); n != 8 {
		t.Errorf("8 slices were decoded %d times", n)
	}
}

func TestCacheIsBounded(t *testing.T) {
	const bytes = 2 * 16
	c := newCache(func(i int) (*Slice, error) {
		return &Slice{HU: make([]int16, 16), W: 4, H: 4}, nil
	}, 3*bytes)
	for i := range 100 {
		if _, err := c.get(i); err != nil {
			t.Fatal(err)
		}
		if i >= 3 {
			if _, err := c.get(i - 1); err != nil { // still there
				t.Fatal(err)
			}
		}
		if c.bytes > 3*bytes || len(c.items) > 3 || c.order.Len() != len(c.items) {
			t.Fatalf("%d bytes in %d items", c.bytes, len(c.items))
		}
	}
}

func TestSliceErrors(t *testing.T) {
	lost := errors.New("the disk is gone")
	broken := true
	s := NewSeries(meta(3, 4, 4), func(i int) (*Slice, error) {
		switch {
		case i == 0 && broken:
			return nil, lost
		case i == 1:
			return &Slice{HU: make([]int16, 5), W: 4, H: 4}, nil
		case i == 2:
			panic("a bug in a decoder")
		}
		return &Slice{HU: make([]int16, 16), W: 4, H: 4}, nil
	})
	for i := range s.Sources {
		s.Sources[i].File = "file.dcm"
	}
	if _, err := s.Slice(0); !errors.Is(err, lost) || !strings.Contains(err.Error(), "file.dcm") {
		t.Errorf("got %v", err)
	}
	broken = false
	if _, err := s.Slice(0); err != nil {
		t.Errorf("an error was kept: %v", err)
	}
	for _, i := range []int{-1, 1, 2, 3} {
		if _, err := s.Slice(i); err == nil {
			t.Errorf("slice %d has no error", i)
		}
	}
}

func TestSliceName(t *testing.T) {
	cases := []struct {
		source Source
		want   string
	}{
		{Source{File: "a/b/1-01.dcm"}, "1-01"},
		{Source{File: "IM0001"}, "IM0001"},
		{Source{File: "1.2.840.113.7"}, "1.2.840.113.7"},
		{Source{File: "x.tar.png"}, "x.tar"},
		{Source{File: ".dcm"}, ".dcm"},
		{Source{File: "multi.dcm", Frame: 12}, "multi_0012"},
	}
	for _, c := range cases {
		if got := SliceName(c.source); got != c.want {
			t.Errorf("%v: got %q, want %q", c.source, got, c.want)
		}
	}
}

func TestNaturalOrder(t *testing.T) {
	ordered := []string{"", "2", "02", "10", "a", "a2", "a02b", "a10", "a10b", "b1"}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := NaturalLess(a, b); got != (i < j) && !(strings.TrimLeft(a, "0") == strings.TrimLeft(b, "0")) {
				t.Errorf("%q before %q: %v", a, b, got)
			}
		}
	}
}

func TestWindow(t *testing.T) {
	cases := []struct {
		w        Window
		hu, want float64
	}{
		{Lung, -1350, 0}, {Lung, 150, 1}, {Lung, -600, 0.5}, {Lung, -3000, 0}, {Lung, 3000, 1},
		{Window{0, 5}, 4, 0}, {Window{0, 5}, 5, 1},
	}
	for _, c := range cases {
		if got := c.w.Unit(c.hu); got != c.want {
			t.Errorf("%v of %v is %v, want %v", c.w, c.hu, got, c.want)
		}
	}
}
