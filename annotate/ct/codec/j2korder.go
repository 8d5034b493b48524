package codec

import "iter"

// packetID says which packet of a tile comes next.
type packetID struct{ level, precinct, layer int }

// Progression orders (T.800 table A.16).
const (
	orderLRCP = iota
	orderRLCP
	orderRPCL
	orderPCRL
	orderCPRL
)

// order walks over the packets of a tile as they are stored (T.800 B.12).
// Progressions that overlap come to the same packet more than once.
func (t *packets) order(tile area) iter.Seq[packetID] {
	c := &t.settings.coding
	volumes := t.settings.volumes
	if len(volumes) == 0 {
		volumes = []j2kVolume{{order: c.order, end: len(t.levels), layers: c.layers}}
	}
	return func(yield func(packetID) bool) {
		for _, v := range volumes {
			v.end, v.layers = min(v.end, len(t.levels)), min(v.layers, c.layers)
			if !t.walk(v, tile, yield) {
				return
			}
		}
	}
}

// walk walks over one progression; false where it was stopped. With one colour,
// some of the orders are the same.
func (t *packets) walk(v j2kVolume, tile area, yield func(packetID) bool) bool {
	switch v.order {
	case orderLRCP:
		for l := range v.layers {
			for r := v.level; r < v.end; r++ {
				if !t.walkLevel(r, l, l+1, yield) {
					return false
				}
			}
		}
	case orderRLCP:
		for r := v.level; r < v.end; r++ {
			for l := range v.layers {
				if !t.walkLevel(r, l, l+1, yield) {
					return false
				}
			}
		}
	case orderRPCL:
		for r := v.level; r < v.end; r++ {
			if !t.walkLevel(r, 0, v.layers, yield) {
				return false
			}
		}
	case orderPCRL, orderCPRL:
		return t.walkPlaces(v, tile, yield)
	}
	return true
}

// walkLevel walks over a level's precincts and some layers of each.
func (t *packets) walkLevel(r, layer, end int, yield func(packetID) bool) bool {
	for k := range t.levels[r].layers {
		for l := layer; l < end; l++ {
			if !yield(packetID{r, k, l}) {
				return false
			}
		}
	}
	return true
}

// walkPlaces walks over places in the tile, then levels (T.800 B.12.1.4).
func (t *packets) walkPlaces(v j2kVolume, tile area, yield func(packetID) bool) bool {
	const far = 62
	stepX, stepY := uint(far), uint(far)
	for r := v.level; r < v.end; r++ {
		s := uint(len(t.levels) - 1 - r)
		stepX, stepY = min(stepX, t.levels[r].precinctW+s), min(stepY, t.levels[r].precinctH+s)
	}
	for y := tile.y0; y < tile.y1; y = (y>>stepY + 1) << stepY {
		for x := tile.x0; x < tile.x1; x = (x>>stepX + 1) << stepX {
			if *t.work -= v.end - v.level; *t.work < 0 {
				return false
			}
			for r := v.level; r < v.end; r++ {
				k := t.precinctAt(r, x, y, tile)
				for l := 0; k >= 0 && l < v.layers; l++ {
					if !yield(packetID{r, k, l}) {
						return false
					}
				}
			}
		}
	}
	return true
}

// precinctAt is the precinct of level r that begins at a place of the tile, or
// is the first in its row or column there; -1 where none does.
func (t *packets) precinctAt(r, x, y int, tile area) int {
	l := &t.levels[r]
	s := uint(len(t.levels) - 1 - r)
	if l.empty() || !begins(x, tile.x0, l.x0, l.precinctW, s) || !begins(y, tile.y0, l.y0, l.precinctH, s) {
		return -1
	}
	k := ceilShift(x, s)>>l.precinctW - l.x0>>l.precinctW
	m := ceilShift(y, s)>>l.precinctH - l.y0>>l.precinctH
	if k >= l.across || m >= l.down {
		return -1
	}
	return k + m*l.across
}

// begins tells whether a precinct of size 2^p on a level reduced by 2^s begins
// at v, where the tile begins at tile and the level at level.
func begins(v, tile, level int, p, s uint) bool {
	mask := 1<<(p+s) - 1
	return v&mask == 0 || v == tile && level<<s&mask != 0
}
