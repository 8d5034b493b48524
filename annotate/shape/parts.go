package shape

import (
	"cmp"
	"slices"
)

// Touch says which pixels are connected.
type Touch uint8

const (
	Faces   Touch = iota // by a side: 4 in a slice, 6 in a stack
	Corners              // by a side, an edge or a corner: 8 in a slice, 26 in a stack
)

// Parts are the connected parts of a set, in the order of their first pixels.
type Parts struct {
	Size []int // pixels of each

	set *Set
	of  []int32 // the part of each run
}

// Parts finds the connected parts: rows of runs are joined with those before by
// union-find, so that it takes time by runs and not by pixels (He, Chao, Suzuki
// 2008, "A run-based two-scan labeling algorithm").
func (s *Set) Parts(t Touch) *Parts {
	root := make([]int32, len(s.runs))
	for i := range root {
		root[i] = int32(i)
	}
	for z := range s.D {
		for y := range s.H {
			s.joinRow(root, z, y, t)
		}
	}
	p := &Parts{set: s, of: root}
	for i, r := range root {
		if int(r) == i {
			root[i] = int32(len(p.Size))
			p.Size = append(p.Size, 0)
		} else {
			root[i] = root[r] // numbered: a root is never after its runs
		}
		p.Size[root[i]] += int(s.runs[i].x1 - s.runs[i].x0)
	}
	return p
}

// joinRow joins the runs of a row with those that they touch in rows before.
func (s *Set) joinRow(root []int32, z, y int, t Touch) {
	row := z*s.H + y
	if s.first[row] == s.first[row+1] {
		return
	}
	reach := int32(t)
	if y > 0 {
		s.join(root, row-1, row, reach)
	}
	if z == 0 {
		return
	}
	s.join(root, row-s.H, row, reach)
	if t == Corners {
		if y > 0 {
			s.join(root, row-s.H-1, row, reach)
		}
		if y < s.H-1 {
			s.join(root, row-s.H+1, row, reach)
		}
	}
}

// join joins the runs of row b with those of an earlier row a that they meet
// within reach columns.
func (s *Set) join(root []int32, a, b int, reach int32) {
	i, end := s.first[a], s.first[a+1]
	for j := s.first[b]; j < s.first[b+1] && i < end; j++ {
		r := s.runs[j]
		for i < end && s.runs[i].x1+reach <= r.x0 {
			i++
		}
		for k := i; k < end && s.runs[k].x0 < r.x1+reach; k++ {
			unite(root, j, k)
		}
	}
}

// unite makes one tree of the trees of a and b, under the earlier root.
func unite(root []int32, a, b int32) {
	a, b = find(root, a), find(root, b)
	root[max(a, b)] = min(a, b)
}

// find is the root of a's tree; paths are halved on the way.
func find(root []int32, a int32) int32 {
	for root[a] != a {
		root[a] = root[root[a]]
		a = root[a]
	}
	return a
}

// Keep is the set of those parts for which keep holds.
func (p *Parts) Keep(keep func(part int) bool) *Set {
	return p.set.filter(func(i int) bool { return keep(int(p.of[i])) })
}

// Each goes through the runs of slice z: pixels x0 up to, but not including, x1 of row
// y are in a part.
func (p *Parts) Each(z int, do func(part, y, x0, x1 int)) {
	first := int(p.set.first[z*p.set.H])
	for i, r := range p.set.of(z) {
		do(int(p.of[first+i]), int(r.row)-z*p.set.H, int(r.x0), int(r.x1))
	}
}

// Largest lists the n parts of the most pixels, the largest first; of equal ones
// the first.
func (p *Parts) Largest(n int) []int {
	all := make([]int, len(p.Size))
	for i := range all {
		all[i] = i
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(p.Size[b], p.Size[a]) })
	return all[:min(n, len(all))]
}

// KeepLargest is the largest part of a set.
func KeepLargest(s *Set, t Touch) *Set {
	p := s.Parts(t)
	best := p.Largest(1)
	return p.Keep(func(part int) bool { return part == best[0] })
}

// RemoveIslands is a set without its parts of less than least mm² where the grid
// is one slice, else mm³.
func RemoveIslands(s *Set, least float64, t Touch) *Set {
	p, size := s.Parts(t), s.PixelSize()
	return p.Keep(func(part int) bool { return float64(p.Size[part])*size >= least-1e-9 })
}

// Reach is the part of a set that is connected with the pixels of seed, a set on
// the same grid.
func Reach(s, seed *Set, t Touch) *Set {
	p := s.Parts(t)
	hit := make([]bool, len(p.Size))
	for row := range s.H * s.D {
		i, end := s.first[row], s.first[row+1]
		for _, r := range seed.runs[seed.first[row]:seed.first[row+1]] {
			for i < end && s.runs[i].x1 <= r.x0 {
				i++
			}
			for k := i; k < end && s.runs[k].x0 < r.x1; k++ {
				hit[p.of[k]] = true
			}
		}
	}
	return p.Keep(func(part int) bool { return hit[part] })
}
