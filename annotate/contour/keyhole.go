package contour

import (
	"image"
	"slices"
)

// Keyhole is the polygon as one ring, for formats that know no holes: each hole is
// joined to the line above it by a bridge of no width, that is walked down and up
// again. Bridges of what Trace gives run straight along the edges of pixels, within
// the part, so that filling the ring by either rule gives the same pixels as the
// polygon.
func (p Polygon) Keyhole() Ring {
	if len(p.Holes) == 0 {
		return p.Outer
	}
	k := newKeyhole(p)
	out := make(Ring, 0, k.corners+3*len(p.Holes))
	return k.walk(out, 0)
}

// bridge leads from a point of a ring's edge down to where another ring begins.
type bridge struct {
	from image.Point
	to   int // the other ring
}

// side is an edge of a ring that runs to the right: the mask is below it.
type side struct {
	ring, edge int
	a, b       image.Point
}

func (s side) low() int { return max(s.a.Y, s.b.Y) }

type keyhole struct {
	rings   []Ring // the outer one first, holes from the top down
	corners int
	bridges map[[2]int][]bridge // by ring and edge
}

func newKeyhole(p Polygon) *keyhole {
	k := &keyhole{rings: []Ring{p.Outer}, corners: len(p.Outer), bridges: map[[2]int][]bridge{}}
	for _, hole := range p.Holes {
		k.rings = append(k.rings, fromTop(hole))
		k.corners += len(hole)
	}
	slices.SortStableFunc(k.rings[1:], func(a, b Ring) int { return byRow(a[0], b[0]) })
	k.join(k.sides())
	return k
}

// fromTop is a ring that begins at its uppermost corner, the leftmost one of those.
func fromTop(r Ring) Ring {
	first := 0
	for i, c := range r {
		if byRow(c, r[first]) < 0 {
			first = i
		}
	}
	return slices.Concat(r[first:], r[:first])
}

func byRow(a, b image.Point) int {
	if a.Y != b.Y {
		return a.Y - b.Y
	}
	return a.X - b.X
}

// sides are the edges that run to the right, from the top down.
func (k *keyhole) sides() (all []side) {
	for n, r := range k.rings {
		for i, a := range r {
			if b := r[(i+1)%len(r)]; b.X > a.X {
				all = append(all, side{n, i, a, b})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b side) int { return a.low() - b.low() })
	return all
}

// join finds for each hole the side right above its beginning: as the ring that the
// side is of begins above the hole, it is joined already.
func (k *keyhole) join(sides []side) {
	left, end := k.width()
	above := make([]*side, end-left) // by column, of the sides so far
	next := 0
	for n := 1; n < len(k.rings); n++ {
		at := k.rings[n][0]
		for ; next < len(sides) && sides[next].low() < at.Y; next++ {
			s := &sides[next]
			for x := s.a.X; x < s.b.X; x++ {
				above[x-left] = s
			}
		}
		s := above[at.X-left]
		from := s.a
		if s.a.Y == s.b.Y {
			from.X = at.X
		}
		edge := [2]int{s.ring, s.edge}
		k.bridges[edge] = append(k.bridges[edge], bridge{from, n})
	}
}

// width is the columns that the rings lie in.
func (k *keyhole) width() (left, end int) {
	left, end = k.rings[0][0].X, k.rings[0][0].X
	for _, r := range k.rings {
		for _, c := range r {
			left, end = min(left, c.X), max(end, c.X)
		}
	}
	return left, end + 1
}

// walk appends a ring, and those that bridges lead to from it.
func (k *keyhole) walk(out Ring, n int) Ring {
	for i, corner := range k.rings[n] {
		out = append(out, corner)
		bridges := k.bridges[[2]int{n, i}]
		slices.SortStableFunc(bridges, func(a, b bridge) int { return a.from.X - b.from.X })
		for _, b := range bridges {
			if b.from != out[len(out)-1] {
				out = append(out, b.from)
			}
			out = append(k.walk(out, b.to), k.rings[b.to][0], b.from)
		}
	}
	return out
}
