package segment

import (
	"image"
	"math"

	"groundglass/segment/connect"
)

const (
	leastLung = 30.0 // mm², the least pocket of air that is lung
	gasRange  = 55   // HU above the air around the body, up to where the median of a pocket means gas
	gasMost   = 0.06 // of the body's box, the most that gas fills: emphysema is as thin, but large
	windpipe  = 0.15 // of the width, how far from the middle the windpipe and its branches are
	gasShare  = 0.25 // of the largest lung's area, the most that gas by comparison with it can have
)

// withoutGas is the air that is lung: pockets that are neither tiny nor filled
// with gas, which is as thin as the air around the body and thinner than most
// of the largest lung.
func (t *thorax) withoutGas() plane {
	parts, number := t.parts()
	pockets := t.pockets(parts, number)
	keep := make([]bool, len(parts)+1)
	if lung := t.largestLung(pockets); lung != nil {
		for i, p := range pockets {
			thin := t.central(parts[i].Box) && float64(p.size) < gasShare*float64(lung.size) && p.median < lung.quarter
			thin = thin || t.freeGas(p)
			keep[i+1] = !thin && float64(p.size)*t.mm*t.mm >= leastLung
		}
	}
	return t.where(func(i int) bool { return keep[number[i]] })
}

// pocket is a part of the air within the body.
type pocket struct {
	size            int
	median, quarter int16 // quantiles of its inside; the threshold where it has none
}

// pockets measures the parts of the air.
func (t *thorax) pockets(parts []connect.Component, number []int32) []pocket {
	inside := t.shrunk(1.4)
	byPart := make([][]int32, len(parts))
	for i, n := range number {
		if n > 0 && inside.v[i] != 0 {
			byPart[n-1] = append(byPart[n-1], int32(i))
		}
	}
	out := make([]pocket, len(parts))
	var c counts
	for k, pixels := range byPart {
		out[k] = pocket{parts[k].Size, t.cut, t.cut}
		if len(pixels) == 0 {
			continue
		}
		c = counts{}
		for _, i := range pixels {
			c.add(t.hu[i])
		}
		out[k].median, out[k].quarter = c.quantile(0.5), c.quantile(0.25)
	}
	return out
}

// largestLung is the largest pocket that is no gas.
func (t *thorax) largestLung(pockets []pocket) *pocket {
	var best *pocket
	for i, p := range pockets {
		if !t.freeGas(p) && (best == nil || p.size > best.size) {
			best = &pockets[i]
		}
	}
	return best
}

// freeGas tells gas by the air around the body.
func (t *thorax) freeGas(p pocket) bool {
	return t.around && p.median < t.outside+gasRange && float64(p.size) < gasMost*float64(t.w*t.h)
}

// central tells whether the middle of a box lies where the windpipe and its
// branches do; pictures that are cut to the lungs have it further up.
func (t *thorax) central(box image.Rectangle) bool {
	x := float64(box.Min.X+box.Max.X) / 2 / float64(t.w)
	y := float64(box.Min.Y+box.Max.Y) / 2 / float64(t.h)
	front := 0.28
	if !t.around {
		front = 0.1
	}
	return math.Abs(x-0.5) < windpipe && y > front && y < 0.8
}
