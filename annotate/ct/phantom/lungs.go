package phantom

import (
	"math"
	"math/rand/v2"
)

// cell is a place in the lungs, of a coarse grid that vessels and lesions are
// laid out on, with its distance from the edge of the lung in cells.
type cell struct {
	at    place
	depth int
}

const (
	cellSize = 4.0 // mm, in all directions
	cellGrid = int(frame / cellSize)
)

// cells finds the inside of the lungs on the coarse grid.
func (p *Phantom) cells() []cell {
	layers := int(height / cellSize)
	inside := make([][]float32, layers)
	for k := range inside {
		s := newPlate(p, cellGrid, frame, (float64(k)+0.5)*cellSize)
		s.carve()
		inside[k] = s.lung
	}
	filled := func(k, y, x int) bool {
		return k >= 0 && k < layers && y >= 0 && y < cellGrid && x >= 0 && x < cellGrid && inside[k][y*cellGrid+x] > 0.6
	}
	var out []cell
	for k := range inside {
		for i := range inside[k] {
			y, x := i/cellGrid, i%cellGrid
			depth := 0
			for depth < 6 && filled(k, y, x+depth) && filled(k, y, x-depth) && filled(k, y+depth, x) &&
				filled(k, y-depth, x) && filled(k+depth, y, x) && filled(k-depth, y, x) {
				depth++
			}
			if depth > 0 {
				mm := func(i int) float64 { return (float64(i)+0.5)*cellSize - frame/2 }
				out = append(out, cell{place{mm(x), mm(y), (float64(k) + 0.5) * cellSize}, depth})
			}
		}
	}
	return out
}

// plant grows arteries, veins and bronchi into both lungs.
func (p *Phantom) plant(cells []cell, r *rand.Rand) {
	const twigs = 1500 // of one tree
	roots := [4]place{{-36, -50, 172}, {-34, -52, 150}, {40, -46, 182}, {36, -50, 152}}
	for i, root := range roots {
		left := i >= 2
		var own []cell
		for _, c := range cells {
			if (c.at.x > 0) == left && c.depth >= 2 {
				own = append(own, c)
			}
		}
		if len(own) == 0 {
			continue
		}
		var targets []place
		for range twigs {
			targets = append(targets, jitter(own[r.IntN(len(own))].at, r))
		}
		tree := pipes(grow(root, targets, 0.45))
		p.twigs = append(p.twigs, tree...)
		if i%2 == 0 {
			p.bronchi = append(p.bronchi, bronchi(tree)...)
		}
	}
}

// jitter is a random place within a cell.
func jitter(c place, r *rand.Rand) place {
	move := func() float64 { return (r.Float64() - 0.5) * cellSize }
	return place{c.x + move(), c.y + move(), c.z + move()}
}

// parenchyma paints the tissue of the lungs with its lesions.
func (s *plate) parenchyma() {
	seed := s.p.seed
	coarse, fine, dust := newTexture(seed^1, 11, s.z), newTexture(seed^2, 4, s.z), newTexture(seed^3, 1.7, s.z)
	ill := s.lesions()
	for y := s.busy.y0; y < s.busy.y1; y++ {
		my := s.centre(y)
		for x := s.busy.x0; x < s.busy.x1; x++ {
			k := y*s.size + x
			share := s.lung[k]
			if share == 0 {
				continue
			}
			mx := s.centre(x)
			// Blood sinks: the back of a lying patient's lung is denser.
			hu := lungHU + float32(0.33*(my+50)) + 18*coarse.at(mx, my) + 24*fine.at(mx, my) + 42*dust.at(mx, my)
			hu += 150 * fissure(mx, my, s.z, s.mm)
			hu, s.truth[k] = ill.at(mx, my, hu)
			if share < 0.5 {
				s.truth[k] = 0
			}
			s.hu[k] += (hu - s.hu[k]) * share
		}
	}
}

// fissure is how much of the fold between two lobes shows at a place.
func fissure(x, y, z, mm float64) float32 {
	const rise = 0.62
	bow := math.Abs(x) - 62
	d := math.Abs(y - (-46 + (z-165)*rise + 0.006*bow*bow))
	return float32(clamp(1.1-d/max(0.9, mm), 0, 1))
}

// branches paints vessels and bronchi where there is lung.
func (s *plate) branches() {
	for i := range s.p.bronchi {
		s.branch(&s.p.bronchi[i], 0.55, -420)
	}
	for i := range s.p.twigs {
		s.branch(&s.p.twigs[i], 0, bloodHU)
	}
	for i := range s.p.bronchi {
		s.branch(&s.p.bronchi[i], 0, -960)
	}
}

// branch paints one pipe, grown by mm; thin ones show less, since a slice is
// thicker than they are.
func (s *plate) branch(t *tube, grow float64, hu float32) {
	const thickness = 1.1
	strength := float32(min(1, 2*(max(t.ra, t.rb)+grow)/max(thickness, s.mm)))
	s.visit(t, grow+s.mm, func(k int, d float64) {
		if s.lung[k] > 0 {
			s.hu[k] += (hu - s.hu[k]) * edge(float32(d-grow), s.mm) * strength * s.lung[k]
		}
	})
}
