package shape

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"
)

// Split parts a set into at most n pieces, the largest first; what is beyond is
// in none of them. With waist 0 the pieces are the connected parts. With more,
// parts that touch are parted where they are thinnest too: at a place that is
// waist mm thinner, measured from the border to the middle, than the thinner of
// the two sides (watershed on the distance to the border; Meyer, Beucher 1990,
// "Morphological segmentation").
func Split(ctx context.Context, s *Set, waist float64, n int, progress Progress) ([]*Set, error) {
	p := s.Parts(Corners)
	if waist <= 0 {
		var out []*Set
		for _, best := range p.Largest(n) {
			out = append(out, p.Keep(func(part int) bool { return part == best }))
		}
		return out, nil
	}
	var pieces []piece
	for done, b := range p.blocks() {
		more, err := b.basins(ctx, waist)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, more...)
		progress.tell(done+1, len(p.Size))
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(b.n, a.n) })
	var out []*Set
	for _, q := range pieces[:min(n, len(pieces))] {
		out = append(out, q.set(s.Grid))
	}
	return out, nil
}

// block is the box of one part, with a margin of a pixel where the grid has it.
type block struct {
	grid Grid // of the box
	box  image.Rectangle
	z    int // of its first slice
	set  *Set
	part int32
	of   []int32
}

// blocks are the boxes of the parts.
func (p *Parts) blocks() []*block {
	s := p.set
	out, last := make([]*block, len(p.Size)), make([]int, len(p.Size))
	for i, r := range s.runs {
		part, z, y := p.of[i], int(r.row)/s.H, int(r.row)%s.H
		b := out[part]
		if b == nil {
			b = &block{z: max(z-1, 0), set: s, part: part, of: p.of}
			out[part] = b
		}
		b.box = b.box.Union(image.Rect(int(r.x0)-1, y-1, int(r.x1)+1, y+2))
		last[part] = z
	}
	for part, b := range out {
		b.box = b.box.Intersect(s.bounds())
		b.grid = Grid{W: b.box.Dx(), H: b.box.Dy(), D: min(last[part]+2, s.D) - b.z, Spacing: s.Spacing}
	}
	return out
}

// pixels is the part within its box.
func (b *block) pixels() []bool {
	s, g := b.set, b.grid
	out := make([]bool, g.W*g.H*g.D)
	for i := s.first[b.z*s.H]; i < s.first[(b.z+g.D)*s.H]; i++ {
		if b.of[i] != b.part {
			continue
		}
		r := s.runs[i]
		z, y := int(r.row)/s.H-b.z, int(r.row)%s.H-b.box.Min.Y
		row := out[(z*g.H+y)*g.W : (z*g.H+y+1)*g.W]
		for x := int(r.x0) - b.box.Min.X; x < int(r.x1)-b.box.Min.X; x++ {
			row[x] = true
		}
	}
	return out
}

// piece is some pixels of a block.
type piece struct {
	b      *block
	number []int32 // the piece of each pixel of the block; -1 for none
	which  int32
	n      int
}

// set is the piece as a set on grid g.
func (q piece) set(g Grid) *Set {
	out := NewSet(g)
	out.pad(q.b.z)
	area := q.b.grid.W * q.b.grid.H
	bits := make([]bool, area)
	for z := range q.b.grid.D {
		for i := range bits {
			bits[i] = q.number[z*area+i] == q.which
		}
		out.AddBits(bits, q.b.box)
	}
	out.pad(g.D)
	return out
}

// basins floods the block from its deepest pixels up. Where two basins meet, they
// become one unless both are waist mm deeper than there.
func (b *block) basins(ctx context.Context, waist float64) ([]piece, error) {
	set := b.pixels()
	depth := Distances(not(set), b.grid)
	var order []int32
	for i, in := range set {
		if in {
			depth[i] = math.Sqrt(depth[i])
			order = append(order, int32(i))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(depth[j], depth[i]) })
	f := &flood{grid: b.grid, number: make([]int32, len(set)), waist: waist}
	for i := range f.number {
		f.number[i] = -1
	}
	for k, i := range order {
		if k&0xffff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f.take(int(i), depth)
	}
	return f.pieces(b, order), nil
}

// flood is the state of basins; a basin's number is before those of shallower
// ones, so that unite keeps the deepest.
type flood struct {
	grid   Grid
	number []int32
	root   []int32
	peak   []float64 // depth of each basin
	waist  float64
}

// take gives the next pixel to the basin of its deepest neighbour, and lets all
// basins that it touches meet; one that touches none begins its own.
func (f *flood) take(i int, depth []float64) {
	mine, deepest := int32(-1), math.Inf(-1)
	g := f.grid
	x, y, z := i%g.W, i/g.W%g.H, i/(g.W*g.H)
	for dz := max(z-1, 0); dz <= min(z+1, g.D-1); dz++ {
		for dy := max(y-1, 0); dy <= min(y+1, g.H-1); dy++ {
			for dx := max(x-1, 0); dx <= min(x+1, g.W-1); dx++ {
				j := (dz*g.H+dy)*g.W + dx
				if f.number[j] < 0 {
					continue
				}
				f.meet(mine, f.number[j], depth[i])
				if depth[j] > deepest {
					mine, deepest = f.number[j], depth[j]
				}
			}
		}
	}
	if mine < 0 {
		mine = int32(len(f.root))
		f.root, f.peak = append(f.root, mine), append(f.peak, depth[i])
	}
	f.number[i] = mine
}

// meet makes one of two basins that meet at a depth, unless both go waist deeper;
// a is -1 for none.
func (f *flood) meet(a, b int32, depth float64) {
	if a < 0 {
		return
	}
	a, b = find(f.root, a), find(f.root, b)
	if a != b && !(f.peak[max(a, b)]-depth >= f.waist) { // or there is no border, and no number
		unite(f.root, a, b)
	}
}

func (f *flood) pieces(b *block, order []int32) []piece {
	size := make([]int, len(f.root))
	for _, i := range order {
		f.number[i] = find(f.root, f.number[i])
		size[f.number[i]]++
	}
	var out []piece
	for which, n := range size {
		if n > 0 {
			out = append(out, piece{b, f.number, int32(which), n})
		}
	}
	return out
}
