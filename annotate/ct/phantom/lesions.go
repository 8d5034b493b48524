package phantom

import (
	"math"
	"math/rand/v2"
)

// What Truth tells of a pixel.
const (
	Background    = 0
	GroundGlass   = 1
	Consolidation = 2
)

// lesion is a patch of ground glass, with or without a consolidated core.
type lesion struct {
	patches []blob
	cores   []blob
	density float64 // 0..1
}

// sicken places lesions: under the pleura, mostly at the back and below.
func (p *Phantom) sicken(cells []cell, r *rand.Rand) {
	var rim []cell
	for _, c := range cells {
		if c.depth <= 2 {
			rim = append(rim, c)
		}
	}
	if len(rim) == 0 {
		return
	}
	for range 22 {
		p.ill = append(p.ill, newLesion(pick(rim, r), r))
	}
}

// pick draws a cell, more often one at the back and below.
func pick(rim []cell, r *rand.Rand) place {
	for range 1000 {
		c := rim[r.IntN(len(rim))]
		back, low, side := ramp(-100, 10, c.at.y), ramp(260, 90, c.at.z), ramp(25, 70, math.Abs(c.at.x))
		if r.Float64() < (0.08+0.92*back)*(0.3+0.7*low)*side {
			return c.at
		}
	}
	return rim[0].at
}

func newLesion(at place, r *rand.Rand) lesion {
	l := lesion{density: 0.55 + 0.45*r.Float64()}
	size := 9 + 13*r.Float64()
	consolidated := r.Float64() < 0.3
	for range 2 + r.IntN(3) {
		spread := func(mm float64) float64 { return mm * (2*r.Float64() - 1) }
		c := place{at.x + spread(size), at.y + spread(size), at.z + spread(size)}
		scale := 0.55 + 0.6*r.Float64()
		a, angle := size*scale, r.Float64()*math.Pi
		b := turned(c, a, a*(0.6+0.5*r.Float64()), a, angle)
		l.patches = append(l.patches, b)
		if consolidated {
			b.a, b.b, b.h = 0.5*b.a, 0.5*b.b, 0.55*b.h
			l.cores = append(l.cores, b)
		}
	}
	return l
}

// zone is a blob of a lesion in a slice, with the rectangle that it can be felt in.
type zone struct {
	blob
	low, high point
	density   float64
}

// sickness is the lesions that a slice meets.
type sickness struct {
	z                         float64
	patches, cores            []zone
	lobules, fray, net, cloud *texture
}

// rough is how far in mm the ragged edge of a lesion strays from its blobs at most.
const rough = 13

func (s *plate) lesions() *sickness {
	seed := s.p.seed
	ill := &sickness{
		z:       s.z,
		lobules: newTexture(seed^11, 10, s.z), fray: newTexture(seed^12, 4.2, s.z),
		net: newTexture(seed^13, 5.5, s.z), cloud: newTexture(seed^14, 2.4, s.z),
	}
	for _, l := range s.p.ill {
		ill.patches = append(ill.patches, zones(l.patches, s.z, l.density)...)
		ill.cores = append(ill.cores, zones(l.cores, s.z, l.density)...)
	}
	return ill
}

// zones keeps the blobs that can be felt at height z.
func zones(blobs []blob, z, density float64) []zone {
	var out []zone
	for _, b := range blobs {
		if low, high, ok := b.reach(z, rough); ok {
			out = append(out, zone{b, low, high, density})
		}
	}
	return out
}

// at changes the density of healthy lung at a place to what lesions make of
// it, and tells the truth about the place.
func (ill *sickness) at(x, y float64, hu float32) (float32, uint8) {
	p := place{x, y, ill.z}
	depth, density := deepest(ill.patches, p)
	if depth < -rough {
		return hu, Background
	}
	ragged := float64(5.5*ill.lobules.at(x, y) + 3.2*ill.fray.at(x, y))
	ground := float32(ramp(-2.6, 3.6, depth+ragged))
	truth := uint8(Background)
	if ground >= 0.5 {
		truth = GroundGlass
	}
	cloud := ill.cloud.at(x, y)
	glass := -660 + 140*float32(density) + 55*cloud + 45*ill.fray.at(x, y)
	// Thickened septa draw a net into the glass.
	glass += 95 * float32(ramp(0.14, 0.02, math.Abs(float64(ill.net.at(x, y)))))
	hu += (glass - hu) * ground
	if core, _ := deepest(ill.cores, p); core > -rough {
		solid := float32(ramp(-1.6, 2.2, core+1.5*ragged))
		hu += (30 + 45*cloud - hu) * solid
		if solid >= 0.5 {
			truth = Consolidation
		}
	}
	return hu, truth
}

// deepest is the depth in mm of a place within the blob that it is deepest in,
// negative outside, with the lesion's density.
func deepest(zones []zone, p place) (depth, density float64) {
	depth = math.Inf(-1)
	for i := range zones {
		b := &zones[i]
		if p.x < b.low.x || p.x > b.high.x || p.y < b.low.y || p.y > b.high.y {
			continue
		}
		if d := -b.near(p); d > depth {
			depth, density = d, b.density
		}
	}
	return depth, density
}
