package phantom

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// node is a fork of a tree of vessels.
type node struct {
	at     place
	parent int
	path   float64 // length of the way to the root in mm
	leaves int
	radius float64
}

// grow builds a tree from the root to all targets: nearest first, each joins
// the node that costs least in new wood and in detour to the root (Cuntz et
// al. 2010, "One rule to grow them all", with balance as their bf).
func grow(root place, targets []place, balance float64) []node {
	order := slices.Clone(targets)
	slices.SortStableFunc(order, func(a, b place) int { return cmp.Compare(a.distance(root), b.distance(root)) })
	nodes := make([]node, 1, len(order)+1)
	nodes[0] = node{at: root, parent: -1}
	for _, t := range order {
		best, cost := 0, math.Inf(1)
		for i := range nodes {
			if c := nodes[i].at.distance(t) + balance*nodes[i].path; c < cost {
				best, cost = i, c
			}
		}
		nodes = append(nodes, node{at: t, parent: best, path: nodes[best].path + nodes[best].at.distance(t)})
	}
	thicken(nodes)
	return nodes
}

// thicken gives every node its radius from the number of leaves that it
// supplies: Murray's law with the exponent measured in lungs.
func thicken(nodes []node) {
	const leaf, exponent = 0.42, 2.7
	for i := len(nodes) - 1; i >= 0; i-- {
		nodes[i].leaves = max(nodes[i].leaves, 1)
		nodes[i].radius = leaf * math.Pow(float64(nodes[i].leaves), 1/exponent)
		if p := nodes[i].parent; p >= 0 {
			nodes[p].leaves += nodes[i].leaves
		}
	}
}

// pipes turns a tree into gently bent tubes.
func pipes(nodes []node, r *rand.Rand) []tube {
	out := make([]tube, 0, 2*len(nodes))
	for _, n := range nodes[1:] {
		from := nodes[n.parent]
		ra := min(from.radius, 1.15*n.radius)
		bend := 0.12 * from.at.distance(n.at)
		mid := from.at.lerp(n.at, 0.5)
		mid.x += bend * (r.Float64() - 0.5)
		mid.y += bend * (r.Float64() - 0.5)
		mid.z += bend * (r.Float64() - 0.5)
		rm := (ra + n.radius) / 2
		out = append(out, tube{from.at, ra, mid, rm}, tube{mid, rm, n.at, n.radius})
	}
	return out
}

// bronchi are airways that run beside the thicker pipes of a tree of arteries.
func bronchi(arteries []tube) []tube {
	var out []tube
	for _, t := range arteries {
		if t.rb < 1.1 {
			continue
		}
		shift := func(p place, r float64) place { return place{p.x + 0.9*r, p.y + 1.3*r, p.z + 0.8*r} }
		out = append(out, tube{shift(t.a, t.ra), 0.72 * t.ra, shift(t.b, t.rb), 0.72 * t.rb})
	}
	return out
}
