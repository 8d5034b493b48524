package ct

import (
	"image"
	"testing"
)

// BenchmarkCut composes the values and labels of a cut of 300 slices of 512x512.
func BenchmarkCut(b *testing.B) {
	s := stackOf(axial(), 512, 512, 300)
	v := NewVolume(s, VolumeBytes)
	labels := make([]uint8, 512*512)
	labels[0] = 1
	for k := range 300 {
		v.Set(k, make([]int16, 512*512))
		v.SetLabels(k, labels, image.Rect(0, 0, 512, 512))
	}
	for _, p := range []struct {
		name  string
		plane Plane
	}{{"coronal", AlongRows}, {"sagittal", AlongColumns}} {
		r := NewReformat(s, v, p.plane)
		hu, out := make([]int16, r.W*r.H), make([]uint8, r.W*r.H)
		b.Run(p.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				r.HU(v, i%r.Depth, hu)
				r.Labels(v, i%r.Depth, out, image.Rect(0, 0, r.W, r.H))
			}
		})
	}
}
