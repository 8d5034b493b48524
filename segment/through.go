package segment

import (
	"cmp"
	"image"
	"math"
	"slices"

	"groundglass/annotate/ct"
)

const (
	throughMost = 8       // slices that count on either side, at most
	weightOne   = 1 << 16 // weights are fixed-point numbers, so that all processors give the same bytes
)

const (
	MaxThrough   = 20 // the largest of [Card].Through, in mm
	ThroughReach = 2  // standard deviations within which a slice counts
)

// slab makes each proposal of a series the mean over the slices near it. What a
// network is not sure of changes from slice to slice, a lesion goes through
// several: the mean over those within some millimetres is right more often than
// each alone (see train/EXPERIMENTS.md). The weight of a slice is a Gaussian of its
// distance along the series' normal, whose standard deviation is Card.Through.
//
// Slices come in any order; each is held until all near it have come. The methods
// are called by one goroutine at a time.
type slab struct {
	sigma float64
	at    []float64 // mm
	near  [][]int   // of each slice, itself among them
	lacks []int     // how many of those have not come
	users []int     // how many of those are not given back
	held  []*layer
	open  []int // slices that have come and lack others
}

// layer is a slice's own proposal. Outside box all maps are 0.
type layer struct {
	Proposal
	w    int
	pad  []bool
	box  image.Rectangle
	none bool // there is no such slice
}

// share is a layer that counts for a slice, and how much.
type share struct {
	*layer
	weight float64
}

// newSlab is ready for the slices of a series. Those of which no place is known
// stay as they are, and so do those that lie apart from the series' line.
func newSlab(s *ct.Series, sigma float64) *slab {
	n := s.Len()
	k := &slab{sigma: sigma, at: make([]float64, n), near: make([][]int, n), lacks: make([]int, n), users: make([]int, n), held: make([]*layer, n)}
	var placed []int
	for i, source := range s.Sources {
		k.near[i], k.at[i] = []int{i}, source.PositionMM
		if sigma > 0 && source.HasPosition && source.Corner == nil {
			placed = append(placed, i)
		}
	}
	slices.SortStableFunc(placed, func(a, b int) int { return cmp.Compare(k.at[a], k.at[b]) })
	for p, i := range placed {
		for _, j := range placed[p+1 : min(len(placed), p+1+throughMost)] {
			if k.at[j]-k.at[i] <= ThroughReach*sigma {
				k.near[i], k.near[j] = append(k.near[i], j), append(k.near[j], i)
			}
		}
	}
	for i, near := range k.near {
		k.lacks[i], k.users[i] = len(near), len(near)
	}
	return k
}

// add takes the proposal of slice i, or nil where there is none, and returns the
// slices that lack nothing any more. Each is returned once.
func (k *slab) add(i int, l *layer) (ready []int) {
	if l == nil {
		l = &layer{none: true}
	}
	k.held[i] = l
	for _, j := range k.near[i] {
		if k.lacks[j]--; k.lacks[j] == 0 {
			ready = append(ready, j)
		}
	}
	if k.lacks[i] > 0 {
		k.open = append(k.open, i)
	}
	k.open = slices.DeleteFunc(k.open, func(j int) bool { return k.lacks[j] == 0 })
	return ready
}

// take gives a slice back that lacks nothing: its own proposal, and all that count
// for it, itself first. What no other slice needs is let go.
func (k *slab) take(i int) (own *layer, shares []share) {
	own = k.held[i]
	for _, j := range k.near[i] {
		if l := k.held[j]; !l.none && l.w == own.w && len(l.Foreground) == len(own.Foreground) {
			weight := 1.0 // of the slice itself, which may have no place
			if j != i {
				d := (k.at[j] - k.at[i]) / k.sigma
				weight = math.Exp(-d * d / 2)
			}
			shares = append(shares, share{l, weight})
		}
		if k.users[j]--; k.users[j] == 0 {
			k.held[j] = nil
		}
	}
	return own, shares
}

// newLayer is a slice's own proposal as others need it.
func newLayer(s *ct.Slice, p Proposal) *layer {
	l := &layer{Proposal: p, w: s.W, pad: s.Pad}
	for _, m := range append([][]uint8{p.Foreground}, p.Kinds...) {
		l.box = l.box.Union(plane{s.W, s.H, m}.bounds())
	}
	return l
}

// mean is the layer's proposal with the mean of the shares' maps in place of its
// own, and doubt and uncertainty by that. A slice without lung stays as it is.
func (l *layer) mean(shares []share, threshold float64) Proposal {
	p := l.Proposal
	if p.NoLung || len(shares) < 2 {
		return p
	}
	weights := fixed(shares)
	blend := func(of func(p Proposal) []uint8) []uint8 {
		out := blended(shares, weights, l.w, of)
		for i, pad := range l.pad {
			if pad {
				out[i] = 0
			}
		}
		return out
	}
	p.Foreground = blend(func(p Proposal) []uint8 { return p.Foreground })
	p.Kinds = slices.Clone(p.Kinds)
	for k := range p.Kinds {
		p.Kinds[k] = blend(func(p Proposal) []uint8 { return p.Kinds[k] })
	}
	p.Uncertainty = uncertainty(p.Foreground)
	p.Doubt = doubt(p.Foreground, levelOf(threshold))
	return p
}

// fixed are the shares' weights, which sum to weightOne: the first takes what rounding leaves.
func fixed(shares []share) []uint32 {
	sum := 0.0
	for _, s := range shares {
		sum += s.weight
	}
	weights, left := make([]uint32, len(shares)), uint32(weightOne)
	for i, s := range shares {
		weights[i] = uint32(s.weight / sum * weightOne)
		left -= weights[i]
	}
	weights[0] += left
	return weights
}

// blended is the weighted mean of the shares' maps, rounded.
func blended(shares []share, weights []uint32, w int, of func(p Proposal) []uint8) []uint8 {
	var box image.Rectangle
	for _, s := range shares {
		box = box.Union(s.box)
	}
	out := make([]uint8, len(of(shares[0].Proposal)))
	sums := make([]uint32, box.Dx())
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for i := range sums {
			sums[i] = weightOne / 2
		}
		for i, s := range shares {
			if y < s.box.Min.Y || y >= s.box.Max.Y {
				continue
			}
			row := of(s.Proposal)[y*w+s.box.Min.X:][:s.box.Dx()]
			into := sums[s.box.Min.X-box.Min.X:][:len(row)]
			for x, v := range row {
				into[x] += weights[i] * uint32(v)
			}
		}
		for x, v := range sums {
			out[y*w+box.Min.X+x] = uint8(v / weightOne)
		}
	}
	return out
}
