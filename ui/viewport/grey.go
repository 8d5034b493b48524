package viewport

import (
	"image"

	"groundglass/annotate/ct"
)

// greys maps a Hounsfield value to an opaque grey word.
type greys [65536]uint32

// The values that CT holds; what lies outside is shown as the nearest of them.
const minHU, maxHU = -4096, 16384

// set fills the table for a window; invert exchanges black and white.
func (g *greys) set(w ct.Window, invert bool) {
	for hu := minHU; hu < maxHU; hu++ {
		v := uint32(w.Unit(float64(hu))*255 + 0.5)
		if invert {
			v = 255 - v
		}
		g[uint16(int16(hu))] = 0xff000000 | v<<16 | v<<8 | v
	}
	for hu := maxHU; hu <= 32767; hu++ {
		g[uint16(int16(hu))] = g[uint16(maxHU-1)]
	}
	for hu := -32768; hu < minHU; hu++ {
		low := int16(minHU)
		g[uint16(int16(hu))] = g[uint16(low)]
	}
}

// composeGrey writes the part r of an image of the given stride into dst, whose
// first word stands for the pixel at origin.
func composeGrey(dst words, src []int16, stride int, r image.Rectangle, table *greys) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		s := src[y*stride+r.Min.X:][:r.Dx()]
		d := dst.row(y, r.Min.X)[:len(s)]
		for x, hu := range s {
			d[x] = table[uint16(hu)]
		}
	}
}
