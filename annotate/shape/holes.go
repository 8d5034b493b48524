package shape

// Holes is what a set encloses, given the set of all other pixels: its parts,
// connected by sides, that do not reach the border of the slice, nor, in a stack,
// the first or the last slice. Only holes of at most most mm² or mm³ count, where
// most is not 0.
func Holes(others *Set, most float64) *Set {
	p := others.Parts(Faces)
	open := make([]bool, len(p.Size))
	for i, r := range others.runs {
		z, y := int(r.row)/others.H, int(r.row)%others.H
		if r.x0 == 0 || int(r.x1) == others.W || y == 0 || y == others.H-1 || others.D > 1 && (z == 0 || z == others.D-1) {
			open[p.of[i]] = true
		}
	}
	size := others.PixelSize()
	return p.Keep(func(part int) bool { return !open[part] && (most == 0 || float64(p.Size[part])*size <= most+1e-9) })
}
