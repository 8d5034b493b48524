package metrics

// surfaceSums are sums over slices.
type surfaceSums struct {
	images      int
	near, whole int     // pixels of both surfaces
	hausdorff   float64 // mm
	both        int     // images in which neither mask is empty
}

func (a *surfaceSums) add(s Surface, tolerance float64) {
	near, whole := s.within(tolerance)
	one := surfaceSums{images: 1, near: near, whole: whole}
	if len(s.ToTruth) > 0 && len(s.ToPrediction) > 0 {
		one.both, one.hausdorff = 1, s.Hausdorff95()
	}
	a.merge(one)
}

func (a *surfaceSums) merge(o surfaceSums) {
	a.images += o.images
	a.near += o.near
	a.whole += o.whole
	a.hausdorff += o.hausdorff
	a.both += o.both
}

func (a *surfaceSums) result(tolerance float64) *Surfaces {
	if a.images == 0 {
		return nil
	}
	s := &Surfaces{SurfaceImages: a.images, HausdorffImages: a.both, SurfaceDice: 1, Tolerance: tolerance}
	if a.both > 0 {
		mean := a.hausdorff / float64(a.both)
		s.Hausdorff95 = &mean
	}
	if a.whole > 0 {
		s.SurfaceDice = float64(a.near) / float64(a.whole)
	}
	return s
}
