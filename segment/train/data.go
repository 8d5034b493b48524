package train

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"

	"groundglass/annotate/ct"
	"groundglass/segment"
)

// example is one slice with what is known of its classes, cut to its lung box
// and resampled to a square for one stage: the image is 0..255 under the lung
// window.
type example struct {
	source *Source
	file   string
	image  []uint8 // side*side
	truths []truth // a class, side*side
	weight float64
}

// dataset is the examples of one stage, at side x side.
type dataset struct {
	side              int
	train, validation []*example
	dropped           []string // training files that look like validation files
}

// loader reads examples.
type loader struct {
	*Config
	teachers teachers
}

// load reads all pairs at side x side, two at a time.
func (c *loader) load(ctx context.Context, all []pair, side int) (*dataset, error) {
	examples := make([]*example, len(all))
	errs := make([]error, len(all))
	var nextPair atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := int(nextPair.Add(1)) - 1; i < len(all) && ctx.Err() == nil; i = int(nextPair.Add(1)) - 1 {
				examples[i], errs[i] = c.example(ctx, all[i], side)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return nil, err
	}
	d := &dataset{side: side}
	for i, p := range all {
		if p.validation && examples[i] != nil {
			d.validation = append(d.validation, examples[i])
		}
	}
	d.addTraining(all, examples, c.Duplicates)
	if len(d.train) == 0 {
		return nil, errors.New("no picture is left for training")
	}
	return d, nil
}

// addTraining leaves out what looks like a validation picture: the same slice
// may be in two public sets.
func (d *dataset) addTraining(all []pair, examples []*example, duplicates bool) {
	var held Held
	for _, e := range d.validation {
		if !duplicates {
			held.add(e.thumbnail(d.side))
		}
	}
	for i, p := range all {
		e := examples[i]
		if p.validation || e == nil || e.weight == 0 {
			continue
		}
		if held.has(e.thumbnail(d.side)) {
			d.dropped = append(d.dropped, e.file)
			continue
		}
		d.train = append(d.train, e)
	}
}

// example makes a pair's example at side x side; nil where its teacher doubts.
func (c *loader) example(ctx context.Context, p pair, side int) (*example, error) {
	s, m, weights, err := c.marked(ctx, p)
	if err != nil || m == nil {
		return nil, err
	}
	box := segment.LungBox(s)
	e := &example{source: p.source, file: p.image, weight: p.source.Weight}
	e.image = quantize(segment.Input(s, box, side))
	for k := range c.Classes {
		t, err := c.known(p, k, m)
		if err != nil {
			return nil, err
		}
		t.known = multiply(t.known, weights)
		e.truths = append(e.truths, truth{m.crop(t.is, box, side), m.crop(t.known, box, side)})
	}
	if e.truths[0].is == nil {
		e.weight *= p.source.EmptyWeight
	}
	return e, nil
}

// marked reads a pair's picture, its mask or what its teacher makes of it, and
// the weights of its pixels, nil for 1. The mask is nil where the teacher doubts.
func (c *loader) marked(ctx context.Context, p pair) (*ct.Slice, *Mask, []uint8, error) {
	var own []uint8
	s, m, err := p.read()
	if t := p.source.Teacher; t != nil && err == nil {
		m, own, err = c.teachers.mark(ctx, t, s)
	}
	if err != nil || m == nil {
		return nil, nil, nil, err
	}
	weights, err := p.beside(m, p.weights)
	return s, m, multiply(own, weights), err
}

// known is what a pair's mask m, or its layer, says of a class.
func (c *Config) known(p pair, class int, m *Mask) (truth, error) {
	for _, l := range p.source.Layers {
		if l.Class != c.Classes[class].Name {
			continue
		}
		layer, err := p.beside(m, replaceLast(p.image, l.Masks))
		if errors.Is(err, fs.ErrNotExist) {
			return truth{known: make([]uint8, len(m.Pixels))}, nil
		}
		for i, v := range layer {
			if v > 0 {
				layer[i] = 255
			}
		}
		return truth{is: layer}, err
	}
	return c.truth(p.source, class, m.Pixels), nil
}

// multiply is the product of two maps of 0..255; nil is 255 throughout.
func multiply(a, b []uint8) []uint8 {
	if a == nil {
		return b
	}
	for i := range b {
		a[i] = uint8((int(a[i])*int(b[i]) + 127) / 255)
	}
	return a
}

func quantize(v []float32) []uint8 {
	out := make([]uint8, len(v))
	for i, x := range v {
		out[i] = uint8(x*255 + 0.5)
	}
	return out
}
