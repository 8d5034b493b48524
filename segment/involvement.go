package segment

// Lung is how much of a lung there is and how much of it is marked, in pixels,
// or in pixels times what their slices weigh.
type Lung struct{ Size, Marked float64 }

// Share is the share of the lung that is marked, 0 to 1; ok is false where there
// is no lung.
func (l Lung) Share() (share float64, ok bool) {
	if l.Size == 0 {
		return 0, false
	}
	return l.Marked / l.Size, true
}

// plus adds what is in a slice of some weight.
func (l Lung) plus(o Lung, weight float64) Lung {
	return Lung{l.Size + weight*o.Size, l.Marked + weight*o.Marked}
}

// Involvement is the share of the lungs that is marked, for each lung: marked
// pixels within the lung by all its pixels. What is marked outside the lungs
// does not count.
type Involvement struct{ Right, Left Lung }

// Both is both lungs as one.
func (v Involvement) Both() Lung { return v.Right.plus(v.Left, 1) }

// Involve measures one slice: its lung mask and, of the same length, a mask in
// which whatever is not 0 is marked.
func Involve(lungs, marks []uint8) Involvement {
	var side [256]Lung
	for i, v := range lungs {
		side[v].Size++
		if marks[i] != 0 {
			side[v].Marked++
		}
	}
	return Involvement{side[RightLung], side[LeftLung]}
}

// Mark keeps what is marked in slice i: whatever is not 0 in a mask on the
// slice's own grid. It may be called from several goroutines for different
// slices.
func (l *Lungs) Mark(i int, marks []uint8) {
	set := make([]uint8, len(marks))
	for k, v := range marks {
		set[k] = min(v, 1)
	}
	l.marked[i] = lungRuns(set, l.w)
}

// Involvement measures slice i in pixels.
func (l *Lungs) Involvement(i int) Involvement {
	var side [LeftLung + 1]Lung
	for _, r := range l.found[i] {
		side[r.value].Size += float64(r.x1 - r.x0)
	}
	meet(l.found[i], l.marked[i], 0, func(a, _ int, pixels int32) {
		side[l.found[i][a].value].Marked += float64(pixels)
	})
	return Involvement{side[RightLung], side[LeftLung]}
}

// Total measures the series, weighted by volume: all pixels of a series are of
// one size, and its slices weigh the same unless they are known to be uneven,
// when each weighs half the distance in mm to each neighbour.
func (l *Lungs) Total() Involvement {
	var out Involvement
	for i := range l.found {
		v := l.Involvement(i)
		out.Right = out.Right.plus(v.Right, l.weight[i])
		out.Left = out.Left.plus(v.Left, l.weight[i])
	}
	return out
}
