package segment

import (
	"image"
	"slices"

	"groundglass/segment/connect"
)

const (
	airwayLeast = 20.0   // mm², the least area of an airway that is taken out
	airwayMost  = 1500.0 // mm², the largest
	airwayWall  = 1.5    // mm around an airway's gas that are taken out with it
	airwayRing  = 3.0    // mm beyond the wall, in which an airway has tissue around it
	airwayShare = 0.5    // of that ring is tissue, at least
	airwayCount = 12     // at most so many are looked at, the largest
)

// airways is the windpipe and the main bronchi where they are open to lung: gas
// in the middle, thinner than lung, with tissue around.
func (t *thorax) airways(lung plane) plane {
	out := newPlane(t.w, t.h)
	level := t.gasLevel(lung)
	gas := t.where(func(i int) bool { return lung.v[i] != 0 && t.soft[i] < level }).opened(1)
	parts, number := gas.parts()
	for _, k := range t.candidates(parts) {
		box := parts[k].Box.Inset(-int((airwayWall+airwayRing)/t.mm) - 2)
		part := newPlane(box.Dx(), box.Dy())
		for i := range part.v {
			if j := t.inside(box, part.w, i); j >= 0 && number[j] == int32(k+1) {
				part.v[i] = 1
			}
		}
		if whole := part.grown(airwayWall / t.mm); t.ringed(whole, box) {
			out.mark(whole, box.Min, 1)
		}
	}
	return out
}

// gasLevel is midway between lung and gas.
func (t *thorax) gasLevel(lung plane) int16 {
	var c counts
	for i, v := range lung.v {
		if v != 0 {
			c.add(t.soft[i])
		}
	}
	gas := t.outside
	if !t.around {
		gas = c.quantile(0.002)
	}
	return int16((int(c.quantile(0.4)) + int(gas)) / 2)
}

// candidates lists the parts that may be airways, the largest first.
func (t *thorax) candidates(parts []connect.Component) []int {
	var out []int
	for k, c := range parts {
		area := float64(c.Size) * t.mm * t.mm
		if t.central(c.Box) && area >= airwayLeast && area <= airwayMost {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return parts[b].Size - parts[a].Size })
	return out[:min(len(out), airwayCount)]
}

// ringed tells whether tissue lies around a part in a box of the thorax.
func (t *thorax) ringed(part plane, box image.Rectangle) bool {
	ring := part.grown(airwayRing / t.mm).without(part)
	n, tissue := 0, 0
	for i, v := range ring.v {
		if v != 0 {
			n++
			if j := t.inside(box, ring.w, i); j < 0 || t.v[j] == 0 {
				tissue++
			}
		}
	}
	return float64(tissue) >= airwayShare*float64(n)
}
