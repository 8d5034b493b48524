package train

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sort"
)

// sampler draws examples in proportion to their weight.
type sampler struct {
	examples []*example
	upTo     []float64 // running sums of the weights
}

func newSampler(examples []*example) *sampler {
	s := &sampler{examples: examples, upTo: make([]float64, len(examples))}
	var sum float64
	for i, e := range examples {
		sum += e.weight
		s.upTo[i] = sum
	}
	return s
}

func (s *sampler) draw(r *rand.Rand) *example {
	x := r.Float64() * s.upTo[len(s.upTo)-1]
	return s.examples[min(sort.SearchFloat64s(s.upTo, x), len(s.examples)-1)]
}

// batch is the input of one step: images [B,1,S,S], targets and their weights in
// the loss [B,C,S,S], the weights of each picture's total variation [B,1,1,1], and
// one mask of 0 and 1 for each dropout.
type batch struct {
	images, targets, weights, variation []float32
	keep                                [][]byte
}

func newBatch(g *stepGraph, size, count int) *batch {
	all := count * g.channels * size * size
	b := &batch{images: make([]float32, count*size*size), targets: make([]float32, all), weights: make([]float32, all), variation: make([]float32, count)}
	for _, d := range g.dropout {
		b.keep = append(b.keep, make([]byte, product(d.dims)))
	}
	return b
}

// random gives the random numbers of one purpose at one step, so that a
// resumed run draws what an unbroken one would.
func random(seed uint64, step, purpose int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(step)<<16|uint64(purpose)))
}

// fill draws the batch of a step.
func (b *batch) fill(c *Config, stage Stage, d *dataset, s *sampler, step int) {
	area, augment := stage.Size*stage.Size, c.augment(stage)
	for k := range stage.Batch {
		r := random(c.Seed, step, k)
		e := s.draw(r)
		b.variation[k] = float32(e.source.variation())
		x := b.images[k*area:][:area]
		y, w := planes(b.targets, k, c.Network.Outputs, area), planes(b.weights, k, c.Network.Outputs, area)
		augment.draw(r, d.side, stage.Size).place(e, d.side, x, y[Foreground:], w[Foreground:], stage.Size)
		c.weigh(y, w)
		augment.recolour(r, x, stage.Size)
	}
	r := random(c.Seed, step, 0xd20)
	for _, keep := range b.keep {
		fillDropout(r, keep, c.Network.Dropout)
	}
}

// planes are the channels of picture k in a tensor [B,C,S,S].
func planes(v []float32, k, channels, area int) [][]float32 {
	out := make([][]float32, channels)
	for c := range out {
		out[c] = v[(k*channels+c)*area:][:area]
	}
	return out
}

// weigh completes a picture's targets y and weights w, one plane a channel, of
// which the classes' are filled in: background is what the first class leaves,
// and as much is known of it; then the classes' weights multiply.
func (c *Config) weigh(y, w [][]float32) {
	for i, class := range y[Foreground] {
		y[0][i] = 1 - class
	}
	copy(w[0], w[Foreground])
	for k, w := range w {
		class := c.Classes[max(k-Foreground, 0)]
		weight, positive := float32(cmp.Or(class.Weight, 1)), float32(cmp.Or(class.Positive, 1))
		if weight == 1 && positive == 1 {
			continue
		}
		is := y[max(k, Foreground)]
		for i := range w {
			w[i] *= weight * (1 + (positive-1)*is[i])
		}
	}
}

// fillDropout sets 0 with probability rate, rounded to 1/128, else 1.
func fillDropout(r *rand.Rand, keep []byte, rate float64) {
	const low7, ones = 0x7f7f7f7f7f7f7f7f, 0x0101010101010101
	// seven random bits a byte, plus this, reach bit 7 where the element is kept
	add := (128 - uint64(math.Round(rate*128))) * ones
	var eight [8]byte
	for i := 0; i < len(keep); i += 8 {
		binary.LittleEndian.PutUint64(eight[:], (r.Uint64()&low7+add)>>7&ones)
		copy(keep[i:], eight[:])
	}
}
