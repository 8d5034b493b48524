package export

import (
	"encoding/json"
	"errors"
	"slices"

	"groundglass/annotate/contour"
)

// columnRun is a run of pixels down column x.
type columnRun struct{ x, from, end int }

// columnRuns are the pixels of a polygon along the edges of pixels, column by column.
func columnRuns(p contour.Polygon) (out []columnRun) {
	cuts := map[int][]int{} // rows at which edges cross a column
	for _, r := range append([]contour.Ring{p.Outer}, p.Holes...) {
		for k, a := range r {
			b := r[(k+1)%len(r)]
			for x := min(a.X, b.X); x < max(a.X, b.X); x++ {
				cuts[x] = append(cuts[x], a.Y)
			}
		}
	}
	for x, at := range cuts {
		slices.Sort(at)
		for k := 0; k+1 < len(at); k += 2 {
			out = append(out, columnRun{x, at[k], at[k+1]})
		}
	}
	slices.SortFunc(out, func(a, b columnRun) int {
		if a.x != b.x {
			return a.x - b.x
		}
		return a.from - b.from
	})
	return out
}

// cocoRuns writes segmentations as lists of runs.
type cocoRuns struct{}

type cocoRLE struct {
	Size   [2]int `json:"size"` // rows, columns
	Counts []int  `json:"counts"`
}

func (cocoRuns) crowd() int  { return 1 }
func (cocoRuns) holes() bool { return false }

// of are the runs down the columns, the first one of background.
func (cocoRuns) of(p part, w, h int) any {
	counts, at := []int{}, 0
	for _, r := range columnRuns(p.Polygon) {
		from, n := r.x*h+r.from, r.end-r.from
		if from == at && at > 0 {
			counts[len(counts)-1] += n
		} else {
			counts = append(counts, from-at, n)
		}
		at = from + n
	}
	if at < w*h {
		counts = append(counts, w*h-at)
	}
	return cocoRLE{[2]int{h, w}, counts}
}

func (cocoRuns) draw(segmentation json.RawMessage, w, h int, set func(x, y int)) error {
	var rle cocoRLE
	if err := json.Unmarshal(segmentation, &rle); err != nil {
		return errors.New("has no runs")
	}
	if rle.Size != [2]int{h, w} {
		return errors.New("has runs of another size than the picture")
	}
	at := 0
	for k, n := range rle.Counts {
		if n < 0 || n > w*h-at {
			return errors.New("has runs that leave the picture")
		}
		for p := at; p < at+n && k%2 == 1; p++ {
			set(p/h, p%h)
		}
		at += n
	}
	if at != w*h {
		return errors.New("has runs that do not fill the picture")
	}
	return nil
}

// cocoPolygons writes segmentations as one polygon each.
type cocoPolygons struct{}

func (cocoPolygons) crowd() int              { return 0 }
func (cocoPolygons) holes() bool             { return true }
func (cocoPolygons) of(p part, w, h int) any { return [][]float64{p.points()} }

func (cocoPolygons) draw(segmentation json.RawMessage, w, h int, set func(x, y int)) error {
	var polygons [][]float64
	if err := json.Unmarshal(segmentation, &polygons); err != nil || len(polygons) != 1 {
		return errors.New("has no polygon")
	}
	return fillEvenOdd(polygons[0], w, h, set)
}
