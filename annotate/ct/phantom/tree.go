package phantom

import (
	"cmp"
	"math"
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

// pipes turns a tree into smoothly bent tubes: every way goes on through its
// heaviest branch, the others leave it at an angle.
func pipes(nodes []node) []tube {
	heaviest := make([]int, len(nodes))
	for i := len(nodes) - 1; i > 0; i-- {
		p := nodes[i].parent
		if h := heaviest[p]; h == 0 || nodes[i].leaves >= nodes[h].leaves {
			heaviest[p] = i
		}
	}
	tangent := func(i int) place { // unit direction of the way through node i
		from, to := nodes[max(nodes[i].parent, 0)].at, nodes[i].at
		if h := heaviest[i]; h > 0 {
			to = nodes[h].at
		}
		return from.to(to).times(1 / max(from.distance(to), 1e-9))
	}
	const pieces = 3
	out := make([]tube, 0, pieces*len(nodes))
	for i, n := range nodes[1:] {
		from := nodes[n.parent]
		length := from.at.distance(n.at)
		leave, arrive := tangent(n.parent).times(length), tangent(i+1).times(length)
		if heaviest[n.parent] != i+1 {
			leave = leave.lerp(from.at.to(n.at), 0.6)
		}
		ra := min(from.radius, 1.2*n.radius)
		a := tube{b: from.at, rb: ra}
		for k := 1; k <= pieces; k++ {
			t := float64(k) / pieces
			a = tube{a.b, a.rb, hermite(from.at, leave, n.at, arrive, t), ra + (n.radius-ra)*t}
			out = append(out, a)
		}
	}
	return out
}

// hermite is the point at t in 0..1 of the cubic from a to b that leaves along
// u and arrives along v.
func hermite(a, u, b, v place, t float64) place {
	t2, t3 := t*t, t*t*t
	f := func(a, u, b, v float64) float64 {
		return (2*t3-3*t2+1)*a + (t3-2*t2+t)*u + (3*t2-2*t3)*b + (t3-t2)*v
	}
	return place{f(a.x, u.x, b.x, v.x), f(a.y, u.y, b.y, v.y), f(a.z, u.z, b.z, v.z)}
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
