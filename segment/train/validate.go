package train

import (
	"context"
	"maps"
	"math"
	"slices"

	"groundglass/segment"
)

// Score is the result of a validation, on the network's own grid.
type Score struct {
	Loss float64            `json:"loss"` // mean over the sources of BCE + lambda*TV
	Dice map[string]float64 `json:"dice"` // pooled, a source, at the threshold
	Mean float64            `json:"mean"` // of Dice over the sources
}

// tally counts one source's validation.
type tally struct {
	examples        int
	bce, tv         float64 // sums of per-example means
	both, out, mask int     // pixels: agreed, proposed, true
}

// validate runs the network on every validation example, unchanged.
func validate(ctx context.Context, f *folded, d *dataset, size int, c *Config) (Score, error) {
	session, err := segment.OpenSession(f.graph().Bytes(), []string{segment.ModelInput}, []string{segment.ModelOutput}, segment.Options{Threads: c.Threads})
	if err != nil {
		return Score{}, err
	}
	defer session.Close()
	in, err := segment.NewFloat([]int64{1, 1, int64(size), int64(size)}, make([]float32, size*size))
	if err != nil {
		return Score{}, err
	}
	defer in.Close()
	out, err := segment.NewFloat([]int64{1, Classes, int64(size), int64(size)}, make([]float32, Classes*size*size))
	if err != nil {
		return Score{}, err
	}
	defer out.Close()
	tallies, target := map[string]*tally{}, make([]float32, size*size)
	for _, e := range d.validation {
		centred(d.side, size).place(e, d.side, in.Floats(), target, size)
		if err := session.Run(ctx, []*segment.Tensor{in}, []*segment.Tensor{out}); err != nil {
			return Score{}, err
		}
		t := tallies[e.source.Name]
		if t == nil {
			t = &tally{}
			tallies[e.source.Name] = t
		}
		t.add(out.Floats(), target, size, c.Threshold)
	}
	return score(tallies, c.Lambda), nil
}

// centred is the warp that changes nothing but the grid.
func centred(side, size int) warp {
	k := float64(side) / float64(size)
	return warp{ax: k, by: k}
}

func (t *tally) add(prob, target []float32, size int, threshold float64) {
	t.examples++
	area := size * size
	var bce float64
	for i, y := range target {
		background, foreground := float64(prob[i]), float64(prob[area+i])
		bce += crossEntropyOf(background, 1-float64(y)) + crossEntropyOf(foreground, float64(y))
		proposed := foreground >= threshold
		if y > 0 {
			t.mask++
		}
		if proposed {
			t.out++
		}
		if proposed && y > 0 {
			t.both++
		}
	}
	t.bce += bce / float64(Classes*area)
	t.tv += Variation(prob[area:2*area], size, size) / float64(area)
}

func crossEntropyOf(p, y float64) float64 {
	const tiny = 1e-7
	return -y*math.Log(max(p, tiny)) - (1-y)*math.Log(max(1-p, tiny))
}

// Variation is the anisotropic total variation of a w x h map: the sum of the
// absolute differences of horizontal and of vertical neighbours.
func Variation(p []float32, w, h int) float64 {
	var sum float64
	for y := range h {
		for x := range w {
			v := p[y*w+x]
			if x+1 < w {
				sum += math.Abs(float64(p[y*w+x+1] - v))
			}
			if y+1 < h {
				sum += math.Abs(float64(p[(y+1)*w+x] - v))
			}
		}
	}
	return sum
}

func score(tallies map[string]*tally, lambda float64) Score {
	s := Score{Dice: map[string]float64{}}
	n := float64(len(tallies))
	for _, name := range slices.Sorted(maps.Keys(tallies)) { // sums in one order, so that runs repeat
		t := tallies[name]
		s.Loss += (t.bce + lambda*t.tv) / float64(t.examples) / n
		s.Dice[name] = 1
		if t.out+t.mask > 0 {
			s.Dice[name] = 2 * float64(t.both) / float64(t.out+t.mask)
		}
		s.Mean += s.Dice[name] / n
	}
	return s
}
