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

// runsMask makes a mask of COCO's runs, which go down the columns and begin with
// the background, as a list of lengths or as a compressed string.
func runsMask(raw json.RawMessage, w, h int) ([]uint8, error) {
	var rle struct {
		Size   []int
		Counts json.RawMessage
	}
	if err := json.Unmarshal(raw, &rle); err != nil {
		return nil, errors.New("its runs are damaged")
	}
	if len(rle.Size) != 2 || rle.Size[0] != h || rle.Size[1] != w {
		return nil, fmt.Errorf("its runs are of another size than the slices of %dx%d pixels", w, h)
	}
	var counts []int64
	if bytes.HasPrefix(bytes.TrimSpace(rle.Counts), []byte(`"`)) {
		var s string
		if err := json.Unmarshal(rle.Counts, &s); err != nil {
			return nil, errors.New("its runs are damaged")
		}
		var err error
		if counts, err = runsOf(s); err != nil {
			return nil, err
		}
	} else if err := json.Unmarshal(rle.Counts, &counts); err != nil {
		return nil, errors.New("its runs are damaged")
	}
	mask := make([]uint8, w*h)
	at := 0
	for k, n := range counts {
		if n < 0 || n > int64(w*h-at) {
			return nil, errRuns
		}
		for p := at; k%2 == 1 && p < at+int(n); p++ {
			mask[p%h*w+p/h] = 1
		}
		at += int(n)
	}
	if at != w*h {
		return nil, errRuns
	}
	return mask, nil
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

const (
	maxSteps   = 1 << 29 // of all polygons of a file, in fifths of a pixel
	farOutside = 1e6     // pixels from the origin
)

var errLongPolygons = errors.New("its polygons are too long to draw")

// fine is how much finer the grid is on which edges are drawn.
const fine = 5

// polygon adds a polygon, x and y in turn, to a mask, exactly as COCO's tools do
// (rleFrPoly of maskApi.c): its edges are drawn on a grid five times as fine, and
// a column flips where the drawn line crosses the middle of its pixels. A pixel's
// corner, not its centre, has whole coordinates.
func (c *cocoFile) polygon(mask []uint8, w, h int, xy []float64) error {
	n := len(xy) / 2
	if n < 3 || len(xy)%2 != 0 {
		return errors.New("a polygon has fewer than three points")
	}
	x, y := make([]int, n+1), make([]int, n+1)
	for i := range n {
		if math.Abs(xy[2*i]) > farOutside || math.Abs(xy[2*i+1]) > farOutside {
			return errors.New("a polygon lies far outside the image")
		}
		x[i], y[i] = int(fine*xy[2*i]+.5), int(fine*xy[2*i+1]+.5)
	}
	x[n], y[n] = x[0], y[0]
	for i := range n {
		if c.steps += 1 + max(abs(x[i+1]-x[i]), abs(y[i+1]-y[i])); c.steps > maxSteps {
			return errLongPolygons
		}
	}
	flips := make([]uint8, w*h+1) // down the columns, as the runs go
	l := liner{w: w, h: h, flips: flips}
	for i := range n {
		l.edge(x[i], y[i], x[i+1], y[i+1])
	}
	var in uint8
	for p := range w * h {
		in ^= flips[p]
		mask[p%h*w+p/h] |= in
	}
	return nil
}

// liner draws the edges of a polygon one after the other.
type liner struct {
	w, h  int
	flips []uint8
	u, v  int // the point before
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
	l.flips[int(x)*l.h+int(y)] ^= 1
}

func abs(v int) int { return max(v, -v) }
