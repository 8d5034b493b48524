package region

import (
	"context"
	"image"
)

// Wand is what hangs together with the seed on its plane and is within tolerance
// HU of it: of the pixel itself, or with Denoise of the medians of 3x3 pixels.
// The limits' own HU do not matter, the plane counts as slice 0 and a pixel as
// 1 mm wide. Unless Allow forbids it, the seed is always part of what is found.
func Wand(p Plane, seed image.Point, tolerance int, l Limits) *Set {
	if !seed.In(p.Bounds()) {
		return nil
	}
	v := int(p.at(seed.X, seed.Y))
	if l.Denoise {
		v = int(p.median(seed.X, seed.Y))
	}
	l.Low, l.High, l.Flat = v-max(tolerance, 0), v+max(tolerance, 0), true
	g, _ := Grow(context.Background(), Volume{W: p.W, H: p.H, Slices: 1, HU: func(int) ([]int16, error) { return p.HU, nil }},
		Voxel{X: seed.X, Y: seed.Y}, l)
	return g.Slices[0]
}
