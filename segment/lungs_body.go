package segment

import (
	"image"

	"groundglass/annotate/ct"
	"groundglass/segment/connect"
)

const (
	bodyWidth  = 350.0 // mm, what a body's width is taken for, since pictures know no millimetres
	lungsWidth = 290.0 // mm, the same of a picture that is cut to the lungs
	tableGap   = 2.2   // mm, half the thickness of what is too thin for a body: blankets, the table's shell
	edgeShift  = 0.2   // of the way from Otsu's threshold to soft tissue: experts draw lungs a little wide
	corner     = 0.15  // of the sides of a cut picture: air that lies in its corners is not lung
	longCorner = 0.4   // the same of air that touches both sides of the corner
)

// thorax is the part of a slice that holds the body. Its grid may be coarser
// than the slice's.
type thorax struct {
	plane             // the air within the body
	at    image.Point // its first pixel's place in the slice's own coarse grid
	mm    float64     // about the side of a pixel
	hu    []int16
	soft  []int16 // hu averaged over 5×5 pixels

	cut     int16 // up to here is air
	tissue  int16 // the median of what is denser
	outside int16 // the median of the air around the body
	around  bool  // there is air around: the picture is not cut to the lungs
	open    int   // pixels of air between the body and the picture's edge
}

// newThorax finds the body of a slice whose values are clipped; nil where no
// body can be told from air.
func newThorax(s *ct.Slice) *thorax {
	t := &thorax{plane: plane{w: s.W, h: s.H}, hu: s.HU}
	if !t.threshold() {
		return nil
	}
	tissue := make(mask, len(t.hu))
	for i, hu := range t.hu {
		tissue[i] = hu > t.cut
	}
	t.plane = t.where(func(i int) bool { return !tissue[i] })
	if tissue.cropped(t.w, t.h) {
		t.mm = lungsWidth / float64(t.w)
		t.dropCorners()
	} else if !t.within(tissue) {
		return nil
	}
	t.soft = boxMean(t.hu, t.w, t.h)
	return t
}

// threshold parts air from tissue.
func (t *thorax) threshold() bool {
	values := make([]uint8, len(t.hu))
	for i, hu := range t.hu {
		values[i] = uint8((int(hu) - huLow) * 255 / (huHigh - huLow))
	}
	level, ok := otsu(values)
	if !ok {
		return false
	}
	t.cut = int16(huLow + (int(level)+1)*(huHigh-huLow)/255)
	var dense counts
	for _, hu := range t.hu {
		if hu > t.cut {
			dense.add(hu)
		}
	}
	t.tissue = dense.quantile(0.5)
	t.cut += int16(edgeShift * float64(t.tissue-t.cut))
	return true
}

// within keeps the air that the body encloses, and the body's part of the slice;
// false where there is no body.
func (t *thorax) within(tissue mask) bool {
	solid := t.where(func(i int) bool { return tissue[i] }).opened(tableGap * float64(max(t.w, t.h)) / 400)
	body := plane{t.w, t.h, connect.KeepLargest(solid.v, t.w, t.h, 1, connect.Four)}.filled()
	box := body.bounds()
	if box.Empty() {
		return false
	}
	var outside counts
	for i, hu := range t.hu {
		if body.v[i] == 0 {
			outside.add(hu)
			t.v[i] = 0
		}
	}
	t.outside, t.around, t.open = outside.quantile(0.5), true, body.openAir()
	t.mm = bodyWidth / float64(box.Dx())
	t.hu = cutOut(t.hu, t.w, box)
	t.at, t.plane = box.Min, t.part(box)
	return true
}

// dropCorners takes air beyond the chest wall out of a picture that is cut to
// the lungs.
func (t *thorax) dropCorners() {
	parts, number := t.parts()
	beyond := make([]bool, len(parts)+1)
	for i, c := range parts {
		near := atEnd(c.Box.Min.X, c.Box.Max.X, t.w, corner) && atEnd(c.Box.Min.Y, c.Box.Max.Y, t.h, corner)
		long := atEnd(c.Box.Min.X, c.Box.Max.X, t.w, longCorner) && atEnd(c.Box.Min.Y, c.Box.Max.Y, t.h, longCorner)
		touches := (c.Box.Min.X == 0 || c.Box.Max.X == t.w) && (c.Box.Min.Y == 0 || c.Box.Max.Y == t.h)
		beyond[i+1] = near || long && touches
	}
	for i, n := range number {
		if beyond[n] {
			t.v[i] = 0
		}
	}
}

// atEnd tells whether from..to lies wholly within a share of 0..n at one end.
func atEnd(from, to, n int, share float64) bool {
	reach := int(share * float64(n))
	return to <= reach || from >= n-reach
}

// cutOut copies the values in a box out of rows of w.
func cutOut(v []int16, w int, box image.Rectangle) []int16 {
	out := make([]int16, 0, box.Dx()*box.Dy())
	for y := box.Min.Y; y < box.Max.Y; y++ {
		out = append(out, v[y*w+box.Min.X:y*w+box.Max.X]...)
	}
	return out
}

// boxMean averages over 5×5 pixels, fewer at the picture's edge.
func boxMean(v []int16, w, h int) []int16 {
	rows := make([]int32, w*h)
	for y := range h {
		runningMean(w, func(x int) int32 { return int32(v[y*w+x]) }, func(x int, m int32) { rows[y*w+x] = m })
	}
	out := make([]int16, w*h)
	for x := range w {
		runningMean(h, func(y int) int32 { return rows[y*w+x] }, func(y int, m int32) { out[y*w+x] = int16(m) })
	}
	return out
}

// runningMean averages a line over the pixels within two of each.
func runningMean(n int, get func(i int) int32, set func(i int, mean int32)) {
	const r = 2
	sum, in := int32(0), int32(0)
	for i := -r; i < n; i++ {
		if i+r < n {
			sum, in = sum+get(i+r), in+1
		}
		if i-r-1 >= 0 {
			sum, in = sum-get(i-r-1), in-1
		}
		if i >= 0 {
			set(i, sum/in)
		}
	}
}
