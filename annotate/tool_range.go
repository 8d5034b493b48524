package annotate

import "math"

// RangeBrush is a Brush that paints only where the slice's HU lie within
// [Low, High].
type RangeBrush struct {
	Radius    float64
	Label     uint8
	Low, High int16
	Square    bool
	Smooth    float64
}

// Press paints a dab.
func (b RangeBrush) Press(s *Stroke, p Point) { b.Drag(s, p, p) }

// Drag paints what the dab covers on its way and lies in range; without HU it
// paints nothing.
func (b RangeBrush) Drag(s *Stroke, from, to Point) {
	hu, w, label := s.HU(), s.Bounds().Dx(), b.Label
	if s.Other() {
		label = 0
	}
	if hu == nil {
		return
	}
	sweep(s.Bounds(), from, to, b.Radius, b.Square, func(y, x0, x1 int) {
		row := hu[y*w:][:w]
		runs(x0, x1, func(x int) bool { return row[x] >= b.Low && row[x] <= b.High }, func(x0, x1 int) { s.Span(y, x0, x1, label) })
	})
}

// Name is the tool's name in the history.
func (b RangeBrush) Name() string { return "Range brush" }

// Smoothing is the length of the brush's string.
func (b RangeBrush) Smoothing() float64 { return b.Smooth }

// Labelled is the brush with another label.
func (b RangeBrush) Labelled(v uint8) Tool { b.Label = v; return b }

// runs calls each with the longest runs [a, b) of columns in [x0, x1) that have a
// property.
func runs(x0, x1 int, has func(x int) bool, each func(a, b int)) {
	for x := x0; x < x1; x++ {
		start := x
		for x < x1 && has(x) {
			x++
		}
		if x > start {
			each(start, x)
		}
	}
}

// RangeAround is the mean HU, less and plus a number of standard deviations, of
// the pixels of a slice that a disc around p covers. HU is row-major, w*h. Ok is
// false where it covers none.
func RangeAround(hu []int16, w int, p Point, radius, deviations float64) (low, high int16, ok bool) {
	if w <= 0 || len(hu) < w || !p.finite() {
		return 0, 0, false
	}
	var n, sum, squares float64
	st := newCapsule(p, p, max(radius, minRadius))
	h := len(hu) / w
	for y := max(0, int(p.Y-st.r)-1); y < min(h, int(p.Y+st.r)+2); y++ {
		x0, x1, _ := st.row(y, w)
		for x := x0; x < x1; x++ {
			v := float64(hu[y*w+x])
			n, sum, squares = n+1, sum+v, squares+v*v
		}
	}
	if n == 0 {
		return 0, 0, false
	}
	mean := sum / n
	d := deviations * math.Sqrt(max(0, squares/n-mean*mean))
	clip := func(v float64) int16 { return int16(min(max(v, math.MinInt16), math.MaxInt16)) }
	return clip(math.Floor(mean - d)), clip(math.Ceil(mean + d)), true
}
