package segment

import (
	"image"

	"groundglass/segment/connect"
)

const (
	ball       = 5.0  // mm, the radius of the ball that closes the outline
	room       = 20.0 // mm around the air, in which the outline may grow
	domeRadius = 8.0  // mm, the least radius of a diaphragm's dome within the lung
	domeShare  = 0.6  // of a dome is as dense as tissue, at least
	wallFront  = -60  // degrees, as mouth.angle counts them: from here on a gap opens to the chest wall,
	wallBack   = 132  // and up to here; further on it opens to the spine
	mainShare  = 0.15 // of a lung's largest part, from where another one shapes the outline
	gapShare   = 0.5  // of a lung's area, the most that a gap to be filled has
	glassEnd   = 0.6  // of the way from air to tissue, where ground glass ends
	glassShare = 0.5  // of a gap is ground glass, at least, where it opens towards the spine
)

// outline is the whole lung of one side, of which half is the air, and the box
// of the thorax that it lies in.
func (t *thorax) outline(half plane, side uint8) (plane, image.Rectangle) {
	box := half.bounds()
	if box.Empty() {
		return plane{}, box
	}
	box = box.Inset(-int(room/t.mm) - 2)
	closed := half.part(box).closed(ball / t.mm)
	lung := closed.filled()
	t.dropDomes(lung, closed, box)
	t.fillGaps(lung, box, side)
	return lung, box
}

// dropDomes takes holes that are wide and dense throughout, which are the
// diaphragm with what is below it, out of a filled lung. Ground glass and
// consolidation with air in its bronchi are not as even.
func (t *thorax) dropDomes(lung, closed plane, box image.Rectangle) {
	holes := lung.without(closed)
	if holes.bounds().Empty() {
		return
	}
	parts, number := holes.opened(domeRadius / t.mm).parts()
	solid := make([]int, len(parts)+1)
	for i, n := range number {
		if n > 0 && t.density(t.inside(box, holes.w, i)) >= domeShare {
			solid[n]++
		}
	}
	for i, n := range number {
		if n > 0 && float64(solid[n]) > domeShare*float64(parts[n-1].Size) {
			lung.v[i] = 0
		}
	}
}

// inside is the thorax' pixel that pixel i of a part of it in a box, w wide, is;
// -1 beyond it.
func (t *thorax) inside(box image.Rectangle, w, i int) int {
	p := box.Min.Add(image.Pt(i%w, i/w))
	if !p.In(image.Rect(0, 0, t.w, t.h)) {
		return -1
	}
	return p.Y*t.w + p.X
}

// density is how far the surroundings of pixel i are on the way from air, 0, to
// soft tissue, 1; 1 beyond the thorax.
func (t *thorax) density(i int) float64 {
	if i < 0 {
		return 1
	}
	return float64(t.soft[i]-t.cut) / float64(max(1, t.tissue-t.cut))
}

// fillGaps fills the gaps between a lung and its convex hull that something
// dense in the lung leaves: those that open to the chest wall, and those that
// open towards the spine and are no denser than ground glass. Over the former
// the outline is rounded as the wall is. Gaps that open to the heart or the
// abdomen are left, since the lung is hollow there.
func (t *thorax) fillGaps(lung plane, box image.Rectangle, side uint8) {
	h := lung.mainParts().hull()
	gaps := h.fill(lung.w, lung.h).without(lung)
	parts, number := gaps.parts()
	if len(parts) == 0 {
		return
	}
	glass := t.glass(parts, number, gaps.w, box)
	most := gapShare * float64(lung.count())
	fill, open := make([]bool, len(parts)+1), make([]bool, len(h))
	for i, m := range h.mouths(number, lung.w, len(parts)) {
		if m.edges == nil || float64(parts[i].Size) > most {
			continue
		}
		angle := m.angle(side)
		wall := angle > wallFront && angle < wallBack
		fill[i+1] = wall || angle >= wallBack && glass[i] >= glassShare
		for _, e := range m.edges {
			open[e] = open[e] || wall
		}
	}
	h.round(lung, open, t.mm)
	for i, n := range number {
		if fill[n] {
			lung.v[i] = 1
		}
	}
}

// glass is the share of each part that is as dense as ground glass.
func (t *thorax) glass(parts []connect.Component, number []int32, w int, box image.Rectangle) []float64 {
	out := make([]float64, len(parts))
	for i, n := range number {
		if n == 0 {
			continue
		}
		if d := t.density(t.inside(box, w, i)); d > 0 && d < glassEnd {
			out[n-1] += 1 / float64(parts[n-1].Size)
		}
	}
	return out
}

// mainParts is the mask without parts that are small beside the largest.
func (p plane) mainParts() plane {
	parts, number := p.parts()
	largest := 0
	for _, c := range parts {
		largest = max(largest, c.Size)
	}
	return p.where(func(i int) bool {
		return number[i] > 0 && float64(parts[number[i]-1].Size) >= mainShare*float64(largest)
	})
}
