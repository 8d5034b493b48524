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
	Loss      float64            `json:"loss"`      // mean over the sources
	Precision float64            `json:"precision"` // of the first class at 0.5, pooled, mean over the sources
	Recall    float64            `json:"recall"`
	Dice      map[string]float64 `json:"dice"`    // of the first class, pooled, a source, at the threshold
	Mean      float64            `json:"mean"`    // of Dice over the sources
	Classes   map[string]float64 `json:"classes"` // Dice of the other classes, where they are known, pooled over all sources
}

// tally counts one source's validation.
type tally struct {
	examples int
	bce, tv  float64  // sums of per-example means
	soft     []soft   // a class
	at       []counts // a class, at the threshold
	half     counts   // of the first class, at 0.5
}

// soft sums weight*p*y and weight*(p+y), for the soft Dice.
type soft struct{ both, sum float64 }

// validator runs a network on pictures as they are.
type validator struct {
	config  *Config
	size    int
	session *segment.Session
	in, out *segment.Tensor
	is      [][]float32 // one plane a channel
	known   [][]float32
}

// validate runs the network on every validation example, unchanged.
func validate(ctx context.Context, f *folded, d *dataset, size int, c *Config) (Score, error) {
	v := &validator{config: c, size: size}
	defer v.close()
	if err := v.open(f); err != nil {
		return Score{}, err
	}
	tallies := map[string]*tally{}
	for _, e := range d.validation {
		centred(d.side, size).place(e, d.side, v.in.Floats(), v.is[Foreground:], v.known[Foreground:], size)
		c.weigh(v.is, v.known)
		if err := v.session.Run(ctx, []*segment.Tensor{v.in}, []*segment.Tensor{v.out}); err != nil {
			return Score{}, err
		}
		t := tallies[e.source.Name]
		if t == nil {
			t = &tally{soft: make([]soft, len(c.Classes)), at: make([]counts, len(c.Classes))}
			tallies[e.source.Name] = t
		}
		t.add(v, e.source.variation(), c.Threshold)
	}
	return c.score(tallies, size), nil
}

func (v *validator) open(f *folded) (err error) {
	channels, side := v.config.Network.channels(), int64(v.size)
	if v.session, err = segment.OpenSession(f.graph().Bytes(), []string{segment.ModelInput}, []string{segment.ModelOutput}, segment.Options{Threads: v.config.Threads}); err != nil {
		return err
	}
	if v.in, err = segment.NewFloat([]int64{1, 1, side, side}, nil); err != nil {
		return err
	}
	if v.out, err = segment.NewFloat([]int64{1, channels, side, side}, nil); err != nil {
		return err
	}
	area := v.size * v.size
	v.is = planes(make([]float32, int(channels)*area), 0, int(channels), area)
	v.known = planes(make([]float32, int(channels)*area), 0, int(channels), area)
	return nil
}

func (v *validator) close() {
	for _, t := range []*segment.Tensor{v.in, v.out} {
		if t != nil {
			t.Close()
		}
	}
	if v.session != nil {
		v.session.Close()
	}
}

// centred is the warp that changes nothing but the grid.
func centred(side, size int) warp {
	k := float64(side) / float64(size)
	return warp{ax: k, by: k}
}

// add counts the example that the validator has just run, whose total variation
// is multiplied by variation.
func (t *tally) add(v *validator, variation, threshold float64) {
	t.examples++
	area := v.size * v.size
	for c, prob := range planes(v.out.Floats(), 0, len(v.is), area) {
		var bce float64
		for i, y := range v.is[c] {
			bce += float64(v.known[c][i]) * crossEntropyOf(float64(prob[i]), float64(y))
		}
		t.bce += bce / float64(2*area)
		if k := c - Foreground; k >= 0 {
			t.tv += variation * Variation(prob, v.size, v.size) / float64(area)
			t.soft[k].add(prob, v.is[c], v.known[c])
			t.at[k].add(countAt(prob, v.is[c], v.known[c], threshold))
		}
		if c == Foreground {
			t.half.add(countAt(prob, v.is[c], v.known[c], 0.5))
		}
	}
}

func (s *soft) add(prob, is, known []float32) {
	for i, p := range prob {
		w, y := float64(known[i]), float64(is[i])
		s.both += w * float64(p) * y
		s.sum += w * (float64(p) + y)
	}
}

// countAt counts the pixels of a class, where it is known.
func countAt(prob, is, known []float32, threshold float64) (c counts) {
	for i, p := range prob {
		if known[i] == 0 {
			continue
		}
		proposed := float64(p) >= threshold
		if proposed {
			c.Proposed++
		}
		if is[i] > 0 {
			c.True++
			if proposed {
				c.Both++
			}
		}
	}
	return c
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

// score takes the sources in one order, so that sums repeat.
func (c *Config) score(tallies map[string]*tally, size int) Score {
	s := Score{Dice: map[string]float64{}, Classes: map[string]float64{}}
	n := float64(len(tallies))
	all := make([]counts, len(c.Classes))
	for _, name := range slices.Sorted(maps.Keys(tallies)) {
		t := tallies[name]
		s.Loss += c.lossOf(t, size) / n
		s.Precision += t.half.precision() / n
		s.Recall += t.half.recall() / n
		s.Dice[name] = t.at[0].dice()
		s.Mean += s.Dice[name] / n
		for k := range all {
			all[k].add(t.at[k])
		}
	}
	for k, class := range c.Classes {
		if k > 0 && all[k].True > 0 {
			s.Classes[class.Name] = all[k].dice()
		}
	}
	return s
}

// lossOf is the loss over one source, as if it were a batch.
func (c *Config) lossOf(t *tally, size int) float64 {
	n := float64(t.examples)
	loss := c.Loss.perPixel(size) * t.tv / n
	if c.Loss.bce() {
		loss += t.bce / n
	}
	if c.Loss.dice() {
		for _, s := range t.soft {
			loss += (1 - (2*s.both+diceSmooth)/(s.sum+diceSmooth)) / float64(len(t.soft))
		}
	}
	return loss
}
