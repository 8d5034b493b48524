package labels

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }

var errRuns = errors.New("its runs do not fill the image")

// sketch is the mask, 0 and 1, of one annotation after another.
type sketch struct {
	w, h     int
	mask     []uint8
	top, end int     // rows outside which the mask is 0
	flips    []uint8 // of polygons: w columns of h+1, all 0 between them
	work     *budget
}

func newSketch(w, h int, work *budget) sketch {
	return sketch{w: w, h: h, mask: make([]uint8, w*h), flips: make([]uint8, w*(h+1)), work: work}
}

func (s *sketch) clear() {
	clear(s.mask[s.top*s.w : s.end*s.w])
	s.top, s.end = 0, 0
}

// reaches notes that rows from top on and before end are drawn on.
func (s *sketch) reaches(top, end int) {
	if s.top == s.end {
		s.top, s.end = top, end
	}
	s.top, s.end = min(s.top, top), max(s.end, end)
}

// runs draws COCO's runs, which go down the columns and begin with the background,
// as a list of lengths or as a compressed string.
func (s *sketch) runs(raw json.RawMessage) error {
	counts, err := s.counts(raw)
	if err != nil {
		return err
	}
	at, n := 0, s.w*s.h
	for k, c := range counts {
		if c < 0 || c > int64(n-at) {
			return errRuns
		}
		if k%2 == 1 {
			if err := s.work.spend(2 * int(c)); err != nil {
				return err
			}
			s.run(at, at+int(c))
		}
		at += int(c)
	}
	if at != n {
		return errRuns
	}
	return nil
}

// counts reads the lengths of runs.
func (s *sketch) counts(raw json.RawMessage) (counts []int64, err error) {
	var rle struct {
		Size   []int
		Counts json.RawMessage
	}
	if err := json.Unmarshal(raw, &rle); err != nil {
		return nil, errors.New("its runs are damaged")
	}
	if len(rle.Size) != 2 || rle.Size[0] != s.h || rle.Size[1] != s.w {
		return nil, fmt.Errorf("its runs are of another size than the slices of %dx%d pixels", s.w, s.h)
	}
	if !bytes.HasPrefix(bytes.TrimSpace(rle.Counts), []byte(`"`)) {
		if err := json.Unmarshal(rle.Counts, &counts); err != nil {
			return nil, errors.New("its runs are damaged")
		}
		return counts, nil
	}
	var text string
	if err := json.Unmarshal(rle.Counts, &text); err != nil {
		return nil, errors.New("its runs are damaged")
	}
	return runsOf(text)
}

// run draws a run from one place on and before another, down the columns.
func (s *sketch) run(from, to int) {
	for from < to {
		x, y := from/s.h, from%s.h
		end := min(s.h, y+to-from)
		for p := y*s.w + x; p < end*s.w; p += s.w {
			s.mask[p] = 1
		}
		s.reaches(y, end)
		from += end - y
	}
}

// runsOf undoes the compression of runs: groups of five bits, the lowest first, and
// from the fourth run on the difference to the one before the last (rleFrString
// of COCO's maskApi.c).
func runsOf(s string) (counts []int64, err error) {
	for p := 0; p < len(s); {
		var x int64
		for k := 0; ; k++ {
			if p == len(s) || s[p] < 48 || s[p] > 48+63 || k > 6 {
				return nil, errors.New("its string of runs is damaged")
			}
			c := int64(s[p] - 48)
			p++
			x |= (c & 0x1f) << (5 * k)
			if c&0x20 == 0 {
				if c&0x10 != 0 {
					x |= -1 << (5*k + 5)
				}
				break
			}
		}
		if n := len(counts); n > 2 {
			x += counts[n-2]
		}
		counts = append(counts, x)
	}
	return counts, nil
}

const farOutside = 1e6 // pixels from the origin

// fine is how much finer the grid is on which edges are drawn.
const fine = 5

// polygon adds a polygon, x and y in turn, to the mask, exactly as COCO's tools do
// (rleFrPoly of maskApi.c): its edges are drawn on a grid five times as fine, and
// a column flips where the drawn line crosses the middle of its pixels. A pixel's
// corner, not its centre, has whole coordinates.
func (s *sketch) polygon(xy []float64) error {
	x, y, err := s.corners(xy)
	if err != nil {
		return err
	}
	left, right := s.within(x, s.w)
	top, end := s.within(y, s.h)
	if err := s.work.spend(4 * (right - left) * (end - top)); err != nil {
		return err
	}
	l := liner{w: s.w, h: s.h, flips: s.flips}
	for i := 1; i < len(x); i++ {
		l.edge(x[i-1], y[i-1], x[i], y[i])
	}
	for c := left; c < right; c++ {
		var in uint8
		for r := top; r < end; r++ {
			in ^= s.flips[c*(s.h+1)+r]
			s.mask[r*s.w+c] |= in
		}
		clear(s.flips[c*(s.h+1)+top : c*(s.h+1)+end+1])
	}
	s.reaches(top, end)
	return nil
}

// corners are a polygon's points on the fine grid, the first one again at the end.
func (s *sketch) corners(xy []float64) (x, y []int, err error) {
	n := len(xy) / 2
	if n < 3 || len(xy)%2 != 0 {
		return nil, nil, errors.New("a polygon has fewer than three points")
	}
	x, y = make([]int, n+1), make([]int, n+1)
	for i := range n {
		if math.Abs(xy[2*i]) > farOutside || math.Abs(xy[2*i+1]) > farOutside {
			return nil, nil, errors.New("a polygon lies far outside the image")
		}
		x[i], y[i] = int(fine*xy[2*i]+.5), int(fine*xy[2*i+1]+.5)
	}
	x[n], y[n] = x[0], y[0]
	for i := range n {
		if err := s.work.spend(4 * (1 + max(abs(x[i+1]-x[i]), abs(y[i+1]-y[i])))); err != nil {
			return nil, nil, err
		}
	}
	return x, y, nil
}

// within is the range of columns, or rows, of n that points on the fine grid may
// draw on.
func (s *sketch) within(v []int, n int) (from, to int) {
	return min(max(slices.Min(v)/fine-1, 0), n), min(max(slices.Max(v)/fine+2, 0), n)
}

// liner draws the edges of a polygon one after the other.
type liner struct {
	w, h  int
	flips []uint8 // w columns of h+1
	u, v  int     // the point before
	begun bool
}

// edge draws an edge from point to point, on the fine grid.
func (l *liner) edge(xs, ys, xe, ye int) {
	dx, dy := abs(xe-xs), abs(ye-ys)
	back := dx >= dy && xs > xe || dx < dy && ys > ye
	if back {
		xs, ys, xe, ye = xe, ye, xs, ys
	}
	slope := float64(xe-xs) / float64(dy)
	if dx >= dy {
		slope = float64(ye-ys) / float64(dx)
	}
	for d := range max(dx, dy) + 1 {
		t := d
		if back {
			t = max(dx, dy) - d
		}
		switch {
		case dx == 0 && dy == 0:
			l.to(xs, ys)
		case dx >= dy:
			l.to(t+xs, int(float64(ys)+float64(slope*float64(t))+.5))
		default:
			l.to(int(float64(xs)+float64(slope*float64(t))+.5), t+ys)
		}
	}
}

// to goes on to a point; where the line crosses the middle of a column, what is
// below flips.
func (l *liner) to(u, v int) {
	from, fromV, begun := l.u, l.v, l.begun
	l.u, l.v, l.begun = u, v, true
	if !begun || u == from {
		return
	}
	x := float64(u)
	if u > from {
		x--
	}
	x = (x+.5)/fine - .5
	if math.Floor(x) != x || x < 0 || x > float64(l.w-1) {
		return
	}
	y := (float64(min(v, fromV))+.5)/fine - .5
	y = math.Ceil(min(max(y, 0), float64(l.h)))
	l.flips[int(x)*(l.h+1)+int(y)] ^= 1
}

func abs(v int) int { return max(v, -v) }
