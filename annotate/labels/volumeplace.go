package labels

import (
	"slices"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/nifti"
)

// planesOf finds the planes of a volume that lie on slices. Where neither the
// volume nor the series says how it lies, they are taken to be in the same order,
// and rows bottom up, as readers take such files and ct writes them.
func (in *intake) planesOf(m *nifti.Image) (on []onSlice, reason string) {
	s := in.target.s
	switch same := m.Dim == [3]int{s.Columns, s.Rows, s.Len()}; {
	case !m.Placed && !s.Geometry.Known && same:
		for i := range s.Len() {
			l := upright
			l.back[1], l.plane = true, i
			on = append(on, onSlice{slice: i, lattice: l, by: ByOrder})
		}
		in.remark("neither it nor the series says how it lies: its planes are taken in their order, and rows bottom up")
		return on, ""
	case !m.Placed:
		return nil, "it does not say how it lies in the patient"
	case !s.Geometry.Known:
		return nil, "the series does not say how it lies in the patient, so a volume cannot be placed"
	}
	g, ok := newGrid(m.Dim, lps(m.Affine, 3), [3]vector{lps(m.Affine, 0), lps(m.Affine, 1), lps(m.Affine, 2)})
	if !ok {
		return nil, "its affine is not usable"
	}
	if in.byTheirOrder(m) {
		own := in.own[in.file]
		if on, reason = in.inOrder(&g, own.of); len(on) > 0 || reason != "" {
			return on, reason
		}
		if own.uneven {
			return nil, unevenCase
		}
	}
	for i := range s.Len() {
		l, why := g.on(in.target, i)
		if why == "" {
			on = append(on, onSlice{slice: i, lattice: l, by: ByPosition})
		} else if reason == "" {
			reason = why
		}
	}
	if s.Geometry.Uneven && astray(on, m.Dim, s.Len()) {
		return nil, unevenSteps
	}
	return on, reason
}

// byTheirOrder reports whether the file at hand is the volume of a case of an export whose
// affine, being regular, does not say where its planes lie.
func (in *intake) byTheirOrder(m *nifti.Image) bool {
	own := in.own[in.file]
	return len(own.of) > 0 && (own.uneven || in.target.s.Geometry.Uneven) && slices.Contains(m.Dim[:], len(own.of))
}

// inOrder finds the slices of the planes of a case's volume, which are in the order of
// the case's slices. It finds none, and gives no reason, where the case's manifest tells
// none of the series' slices.
func (in *intake) inOrder(g *grid, of []ownMask) (on []onSlice, reason string) {
	t := in.target
	l, reason := g.turned(t)
	if reason != "" || g.dim[l.axis[2]] != len(of) {
		return nil, reason
	}
	descends := dot(g.inverse[l.axis[2]], t.s.Geometry.Step) < 0
	begins := false
	for k, m := range of {
		i, by, why := m.slice(t)
		if why != "" {
			continue
		}
		if l.plane = k; descends {
			l.plane = len(of) - 1 - k
		}
		begins = begins || g.begins(l, g.index(t.origins[i]))
		on = append(on, onSlice{slice: i, lattice: l, by: by})
	}
	if len(on) > 0 && !begins {
		return nil, otherPixels
	}
	return on, ""
}

// unevenSteps is why a volume of a series with gaps is left out.
const unevenSteps = "its planes are in even steps, and the slices of the series are not: after a gap, its planes would come to other slices than those " +
	"that they may be of. Name the folder of its export, whose manifest tells the slices, or masks that say which slice they are of, as PNG and DICOM do"

// unevenCase is likewise, by the manifest.
const unevenCase = "its planes are in even steps, and the slices that it was made of are not, by its manifest, which names none of the series"

// astray reports whether the planes of a volume of so many values, onto a series of n slices,
// may be those of slices that follow each other, counted from an end of the volume, and not of those on which
// they lie. Programs that do not look for gaps write a series so.
func astray(on []onSlice, dim [3]int, n int) bool {
	for _, end := range on {
		last := dim[end.axis[2]] - 1
		if end.plane != 0 && end.plane != last {
			continue
		}
		for _, step := range []int{-1, 1} {
			counted := func(plane int) int { return end.slice + step*(plane-end.plane) }
			first, final := counted(0), counted(last)
			if min(first, final) < 0 || max(first, final) >= n || !follows(on, step) {
				continue
			}
			for _, o := range on {
				if o.slice != counted(o.plane) {
					return true
				}
			}
		}
	}
	return false
}

// follows reports whether slices rise, or for a step of -1 fall, with the planes.
func follows(on []onSlice, step int) bool {
	first, last := on[0], on[len(on)-1]
	return len(on) == 1 || (last.slice-first.slice)*(last.plane-first.plane)*step > 0
}

// lps is a column of an affine, which is in right-anterior-superior mm, in
// patient coordinates.
func lps(a [4][4]float64, c int) vector { return vector{-a[0][c], -a[1][c], a[2][c]} }

// missing are the numbers, from 1, of those of n planes that lie on no slice.
func missing(on []onSlice, n int) string {
	var none []int
	for k := range n {
		if !slices.ContainsFunc(on, func(o onSlice) bool { return o.plane == k }) {
			none = append(none, k)
		}
	}
	return ct.Ranges(none)
}
