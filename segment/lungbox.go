package segment

import (
	"image"

	"groundglass/annotate/ct"
	"groundglass/segment/connect"
)

const (
	scanSize  = 128   // the longer side of the picture that LungBox searches
	margin    = 0.04  // of the lungs' width and height, added on each side
	minAir    = 0.001 // of the body's area: smaller pockets of air are no lung
	minWidth  = 0.5   // of the body's width, the least width of a box
	minHeight = 0.45  // of the body's height, the least height of a box
	noLung    = 0.012 // of the body's area: air up to here may be windpipe or bowel, and the box is the body's
	sureLung  = 0.035 // of the body's area: air from here on is lung; between the two the box shrinks steadily
	balance   = 0.85  // of the wider side of the body's middle, the least width of the other
)

// LungBox is the part of a slice that holds the lungs, in columns and rows of
// the slice: found classically (air within the body), with a margin. A picture
// that has already been cut to the lungs comes back whole, as does one in which
// no body can be told from air; a body without air comes back as the body's
// box. Thresholds adapt to the picture, so shifted or clipped Hounsfield units
// do no harm.
func LungBox(s *ct.Slice) image.Rectangle {
	whole := image.Rect(0, 0, s.W, s.H)
	small, step := shrink(s)
	if small == nil {
		return whole
	}
	box, ok := small.lungs()
	if !ok {
		return whole
	}
	box = image.Rectangle{box.Min.Mul(step), box.Max.Mul(step)}
	return clip(box, s.W, s.H)
}

// scan is a coarse picture of a slice: brightness 0..255 over a range that
// spans air and soft tissue.
type scan struct {
	w, h int
	v    []uint8
}

// shrink averages step×step blocks of a slice, smaller ones at its right and
// lower edge; nil for a slice too small to search.
func shrink(s *ct.Slice) (small *scan, step int) {
	const low, high = -1150, 150
	step = max(1, (max(s.W, s.H)+scanSize/2)/scanSize)
	w, h := (s.W+step-1)/step, (s.H+step-1)/step
	if min(s.W, s.H) < 16 || len(s.HU) < s.W*s.H {
		return nil, 0
	}
	out := &scan{w, h, make([]uint8, w*h)}
	sum := make([]int32, w)
	for y := range h {
		clear(sum)
		rows := min(step, s.H-y*step)
		for r := range rows {
			row := s.HU[(y*step+r)*s.W:][:s.W]
			for x := range sum {
				for _, hu := range row[x*step : min(s.W, x*step+step)] {
					sum[x] += int32(min(high, max(low, hu)) - low)
				}
			}
		}
		for x, v := range sum {
			n := rows * (min(s.W, x*step+step) - x*step)
			out.v[y*w+x] = uint8(255 * int(v) / (n * (high - low)))
		}
	}
	return out, step
}

// lungs is the box of the lungs with its margin, on the scan's grid.
func (p *scan) lungs() (image.Rectangle, bool) {
	cut, ok := otsu(p.v)
	if !ok {
		return image.Rectangle{}, false
	}
	tissue := make(mask, len(p.v))
	for i, v := range p.v {
		tissue[i] = v > cut
	}
	return tissue.lungs(p.w, p.h)
}

// otsu is the brightness that parts the values into the two classes that differ
// most (Otsu 1979): the dark class is up to and including it. ok is false where
// the two classes hardly differ.
func otsu(values []uint8) (cut uint8, ok bool) {
	var count [256]float64
	all := 0.0
	for _, v := range values {
		count[v]++
		all += float64(v)
	}
	best, dark, darkSum := 0.0, 0.0, 0.0
	n := float64(len(values))
	for v := range 255 {
		dark += count[v]
		darkSum += count[v] * float64(v)
		if dark == 0 || dark == n {
			continue
		}
		apart := darkSum/dark - (all-darkSum)/(n-dark)
		if between := dark * (n - dark) * apart * apart; between > best {
			best, cut = between, uint8(v)
			ok = apart < -50
		}
	}
	return cut, ok
}

// lungs finds the lungs' box in a mask of tissue.
func (m mask) lungs(w, h int) (image.Rectangle, bool) {
	if m.cropped(w, h) {
		return image.Rect(0, 0, w, h), true
	}
	solid := m.open(w, h) // without the table, blankets and noise
	parts, number := solid.regions(w, h)
	b := largest(parts)
	if b < 0 {
		return image.Rectangle{}, false
	}
	body := parts[b]
	for i := range solid {
		solid[i] = number[i] == int32(b+1)
	}
	lungs := solid.airWithin(w, h, body)
	if lungs.Size == 0 {
		return body.Box, true
	}
	share := float64(lungs.Size) / float64(body.Size)
	trust := min(1, max(0, (share-noLung)/(sureLung-noLung)))
	return between(body.Box, fit(lungs.Box, body.Box), trust), true
}

// cropped tells whether a mask of tissue is a picture cut to the lungs: there is
// tissue on all four of its sides, and not only air beyond them.
func (m mask) cropped(w, h int) bool {
	s := m.sides(w, h)
	return min(s[0], s[1], s[2], s[3]) > 0.2
}

// airWithin is the air that the body encloses, small pockets left out.
func (m mask) airWithin(w, h int, body connect.Component) connect.Component {
	air := make(mask, len(m))
	for i, set := range m {
		air[i] = !set
	}
	var lungs connect.Component
	parts, _ := air.regions(w, h)
	for _, r := range parts {
		open := r.Box.Min.X == 0 || r.Box.Min.Y == 0 || r.Box.Max.X == w || r.Box.Max.Y == h
		if !open && float64(r.Size) >= minAir*float64(body.Size) {
			lungs.Size += r.Size
			lungs.Box = lungs.Box.Union(r.Box)
		}
	}
	return lungs
}

// fit adds the margin to the lungs' box, and makes it wide and high enough for
// the body, so that a slice with little lung is not blown up, and about as wide
// on either side of the body's middle, because a lung filled with fluid is no
// air.
func fit(lungs, body image.Rectangle) image.Rectangle {
	middle := (body.Min.X + body.Max.X) / 2
	left, right := middle-lungs.Min.X, lungs.Max.X-middle
	lungs.Min.X -= max(0, int(balance*float64(right))-left)
	lungs.Max.X += max(0, int(balance*float64(left))-right)
	x0, x1 := widen(lungs.Min.X, lungs.Max.X, minWidth*float64(body.Dx()))
	y0, y1 := widen(lungs.Min.Y, lungs.Max.Y, minHeight*float64(body.Dy()))
	return image.Rect(x0, y0, x1, y1)
}

// widen grows from..to by the margin on each side, and to the least length.
func widen(from, to int, least float64) (int, int) {
	length := float64(to - from)
	add := max(margin*length, (least-length)/2)
	return from - int(add+0.99), to + int(add+0.99)
}

// between is the box that lies the share t of the way from a to b.
func between(a, b image.Rectangle, t float64) image.Rectangle {
	mix := func(p, q int) int { return int(float64(p) + t*float64(q-p) + 0.5) }
	return image.Rect(mix(a.Min.X, b.Min.X), mix(a.Min.Y, b.Min.Y),
		mix(a.Max.X, b.Max.X), mix(a.Max.Y, b.Max.Y))
}
