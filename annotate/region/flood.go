package region

import "image"

// run is the columns [x0, x1) of a row.
type run struct{ y, x0, x1 int }

// filler floods one plane from runs of seeds, run by run.
type filler struct {
	set  *Set                         // what was found; pixels in it are not entered again
	diag bool                         // pixels that touch by a corner hang together
	in   func(x, y int) bool          // asked within set's box alone
	runs func(y, x0, x1 int)          // told of each run found; may be nil
	full func(pixels int) (stop bool) // told how many were found; may be nil
	todo []run
}

// flood adds what hangs together with the seeds' pixels that are in.
func (f *filler) flood(seeds []run) {
	f.todo = append(f.todo[:0], seeds...)
	for len(f.todo) > 0 {
		s := f.todo[len(f.todo)-1]
		f.todo = f.todo[:len(f.todo)-1]
		if s.y < f.set.box.Min.Y || s.y >= f.set.box.Max.Y {
			continue
		}
		for x := max(s.x0, f.set.box.Min.X); x < min(s.x1, f.set.box.Max.X); x++ {
			if !f.open(x, s.y) {
				continue
			}
			var stop bool
			if x, stop = f.take(x, s.y); stop {
				return
			}
		}
	}
}

func (f *filler) open(x, y int) bool { return !f.set.Has(x, y) && f.in(x, y) }

// take adds the run that holds a pixel, and gives its end.
func (f *filler) take(x, y int) (end int, stop bool) {
	start := x
	for start > f.set.box.Min.X && f.open(start-1, y) {
		start--
	}
	for end = x + 1; end < f.set.box.Max.X && f.open(end, y); end++ {
	}
	f.set.Add(y, start, end)
	if f.runs != nil {
		f.runs(y, start, end)
	}
	d := 0
	if f.diag {
		d = 1
	}
	f.todo = append(f.todo, run{y - 1, start - d, end + d}, run{y + 1, start - d, end + d})
	return end, f.full != nil && f.full(end-start)
}

// Flood is the pixels of a row-major mask, w by h, that have the seed's value
// and hang together with it: by their edges, or by their corners too.
func Flood(mask []uint8, w, h int, seed image.Point, diagonal bool) *Set {
	if box := image.Rect(0, 0, w, h); !seed.In(box) || len(mask) < w*h {
		return NewSet(box)
	}
	from := NewSet(image.Rect(seed.X, seed.Y, seed.X+1, seed.Y+1))
	from.Add(seed.Y, seed.X, seed.X+1)
	return FloodFrom(mask, w, h, mask[seed.Y*w+seed.X], from, diagonal)
}

// FloodFrom is the pixels of a row-major mask, w by h, that have a value and hang
// together with such a pixel of a set within it: by their edges, or by their
// corners too.
func FloodFrom(mask []uint8, w, h int, v uint8, from *Set, diagonal bool) *Set {
	s := NewSet(image.Rect(0, 0, w, h))
	f := filler{set: s, diag: diagonal, in: func(x, y int) bool { return mask[y*w+x] == v }}
	var seeds []run
	from.Spans(func(y, x0, x1 int) { seeds = append(seeds, run{y, x0, x1}) })
	f.flood(seeds)
	return s
}

// FillHoles adds the holes of at most this many pixels: what the set surrounds
// so that no way leads out by the pixels' edges.
func (s *Set) FillHoles(most int) {
	b := s.Bounds()
	if b.Empty() || most <= 0 {
		return
	}
	seen := NewSet(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if !s.Has(x, y) && !seen.Has(x, y) {
				s.fillHole(seen, x, y, most)
			}
		}
	}
}

// fillHole fills what surrounds a pixel if it is a hole that is small enough,
// and marks it as seen.
func (s *Set) fillHole(seen *Set, x, y, most int) {
	var found []run
	n, outside := 0, false
	f := filler{set: seen, in: func(x, y int) bool { return !s.Has(x, y) }}
	f.runs = func(y, x0, x1 int) {
		n += x1 - x0
		b := seen.box
		outside = outside || y == b.Min.Y || y == b.Max.Y-1 || x0 == b.Min.X || x1 == b.Max.X
		if n <= most && !outside {
			found = append(found, run{y, x0, x1})
		}
	}
	f.flood([]run{{y, x, x + 1}})
	if n <= most && !outside {
		for _, r := range found {
			s.Add(r.y, r.x0, r.x1)
		}
	}
}
