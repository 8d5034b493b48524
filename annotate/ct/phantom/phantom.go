// Package phantom makes chest CT of nobody: a patient drawn from anatomy by
// numbers, with ground glass and consolidation whose true masks are known.
//
// [New] lays out a patient from a seed; [Phantom.Series] is its CT, made slice
// by slice on demand, [Phantom.Truth] the lesions, [Phantom.Lungs] the lungs,
// and [Phantom.WriteDICOM] a folder of DICOM files. [Demo] is the case that the
// program shows.
//
// The same options give the same pixels in every run. Processors that fuse
// multiplications with additions, which amd64 does not, round a rare pixel
// differently: 5 of 2.2 million differ by 1 HU between amd64 and arm64.
package phantom

import (
	"fmt"
	"math/rand/v2"

	"groundglass/annotate/ct"
)

// Options describe a phantom. The zero value is a sick patient, 512x512, 40 slices.
type Options struct {
	Size    int     // columns and rows, 64 to 1024; 0 means 512
	Slices  int     // 1 to 2000; 0 means 40; they always cover the same 300 mm
	Seed    uint64  // another seed is another patient
	Healthy bool    // leaves the lesions out
	Noise   float64 // standard deviation of the scanner's noise in HU; 0 means 24, negative none
}

// Demo returns the options of the program's demo case.
func Demo() Options { return Options{Size: 512, Slices: 40, Seed: 7} }

// Phantom is a patient. Its methods may be called from several goroutines.
type Phantom struct {
	size, slices int
	seed         uint64
	noise        float64
	field        float64 // field of view: the side of the picture in mm

	shift                [4][halfPoints]point // what makes each half of skin and cavity its own
	build                float64              // how stout the body is: 1 is average
	ribPhase, spinePhase float64              // heights in mm
	twigs, bronchi       []tube
	ill                  []lesion
}

// New lays out a patient. Sizes and counts beyond their limits are brought back to them.
func New(o Options) *Phantom {
	within := func(v, low, high, preset int) int {
		if v == 0 {
			return preset
		}
		return max(low, min(high, v))
	}
	r := rand.New(rand.NewPCG(o.Seed, 0x6c756e67))
	p := &Phantom{
		size: within(o.Size, 64, 1024, 512), slices: within(o.Slices, 1, 2000, 40),
		seed: o.Seed * 0x9e3779b97f4a7c15, noise: o.Noise,
	}
	if o.Noise == 0 {
		p.noise = 24
	}
	p.noise = max(p.noise, 0)
	p.field = float64(364 + 4*r.IntN(8))
	p.build = 0.97 + 0.05*r.Float64()
	p.ribPhase, p.spinePhase = ribGap*r.Float64(), 25*r.Float64()
	for k := range p.shift {
		for i := range p.shift[k] {
			p.shift[k][i] = point{5 * (r.Float64() - 0.5), 4 * (r.Float64() - 0.5)}
		}
	}
	cells := p.cells()
	p.plant(cells, r)
	if !o.Healthy {
		p.sicken(cells, r)
	}
	return p
}

// skin is the patient's own outline at height z.
func (p *Phantom) skin(z float64) contour {
	h := at(skin, z)
	return contour{h.own(&p.shift[0], p.build), h.own(&p.shift[1], p.build)}
}

// cavity is the inside of the patient's own rib cage at height z.
func (p *Phantom) cavity(z float64) contour {
	h := at(cavity, z)
	return contour{h.own(&p.shift[2], 1), h.own(&p.shift[3], 1)}
}

// own shifts the points beside the midline and widens the contour.
func (h half) own(shift *[halfPoints]point, build float64) half {
	for i := range h {
		if i > 0 && i < halfPoints-2 {
			h[i] = h[i].add(shift[i].scale(ramp(0, 60, h[i].x)))
		}
		h[i].x *= build
	}
	return h
}

// height is the height of slice i in mm, the lowest first.
func (p *Phantom) height(i int) float64 { return (float64(i) + 0.5) * height / float64(p.slices) }

// paint makes slice i up to the scanner.
func (p *Phantom) paint(i int) *plate {
	s := newPlate(p, p.size, p.field, p.height(i))
	s.couch()
	s.body()
	s.carve()
	s.bones()
	s.chest()
	s.organs()
	s.abdomen()
	s.parenchyma()
	s.branches()
	return s
}

// slice makes slice i.
func (p *Phantom) slice(i int) (*ct.Slice, error) {
	if i < 0 || i >= p.slices {
		return nil, fmt.Errorf("there is no slice %d in a phantom of %d", i+1, p.slices)
	}
	return &ct.Slice{HU: p.paint(i).scan(i), W: p.size, H: p.size}, nil
}

// Truth returns the lesions of slice i on its own grid, row by row:
// Background, GroundGlass or Consolidation. It is nil where there is no such slice.
func (p *Phantom) Truth(i int) []uint8 {
	if i < 0 || i >= p.slices {
		return nil
	}
	s := newPlate(p, p.size, p.field, p.height(i))
	s.carve()
	s.parenchyma()
	return s.truth
}

// Lungs returns which pixels of slice i are lung, vessels and lesions
// included. It is nil where there is no such slice.
func (p *Phantom) Lungs(i int) []bool {
	if i < 0 || i >= p.slices {
		return nil
	}
	s := newPlate(p, p.size, p.field, p.height(i))
	s.carve()
	out := make([]bool, len(s.lung))
	for k, share := range s.lung {
		out[k] = share >= 0.5
	}
	return out
}
