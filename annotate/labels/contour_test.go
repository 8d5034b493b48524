package labels

import (
	"math/rand/v2"
	"testing"

	"groundglass/annotate/contour"
)

// What package contour traces is filled here to the same pixels, though this
// package takes a centre on a line as in.
func TestFillsWhatContourTraces(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	for range 300 {
		w, h := 1+r.IntN(30), 1+r.IntN(30)
		bits, share := make([]bool, w*h), r.Float64()
		for i := range bits {
			bits[i] = r.Float64() < share
		}
		o := outline{w: w, h: h, bits: make([]uint8, w*h), flips: make([]uint8, w*h)}
		for _, p := range contour.Trace(w, h, func(x, y int) bool { return bits[y*w+x] }) {
			var line []point
			for _, c := range p.Keyhole() {
				line = append(line, point{float64(c.X) - 0.5, float64(c.Y) - 0.5})
			}
			o.add(line)
		}
		for i, v := range o.bits {
			if (v != 0) != bits[i] {
				t.Fatalf("pixel %d,%d of a mask of %dx%d is filled: %t, want %t", i%w, i/w, w, h, v != 0, bits[i])
			}
		}
	}
}
