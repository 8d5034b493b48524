package train

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
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

// pair is an image, its mask, and how to read them.
type pair struct {
	source      *Source
	image, mask string
	validation  bool
}

// pairs lists the sources' files, sorted by name within a source.
func pairs(sources []Source) ([]pair, error) {
	var all []pair
	for i := range sources {
		s := &sources[i]
		images, err := filepath.Glob(s.Images)
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", s.Name, err)
		}
		if len(images) == 0 {
			return nil, fmt.Errorf("source %s: no picture matches %s", s.Name, s.Images)
		}
		slices.Sort(images)
		drawn := s.drawn(len(images))
		for k, file := range images {
			all = append(all, pair{s, file, replaceLast(file, s.Masks), s.held(file) || drawn[k]})
		}
	}
	return all, nil
}

func (s *Source) patient(file string) string {
	if s.Patient == "folder" {
		return filepath.Base(filepath.Dir(file))
	}
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

// held tells whether a picture is for validation.
func (s *Source) held(file string) bool {
	return slices.Contains(s.Validation, "*") || slices.Contains(s.Validation, s.patient(file))
}

// drawn chooses the ValidationShare of n pictures, with the seed of the paper's code.
func (s *Source) drawn(n int) []bool {
	drawn := make([]bool, n)
	for _, k := range rand.New(rand.NewPCG(42, 0)).Perm(n)[:int(math.Round(s.ValidationShare*float64(n)))] {
		drawn[k] = true
	}
	return drawn
}

// replaceLast replaces the last occurrence of each pair's first text by its second.
func replaceLast(file string, pairs [][2]string) string {
	for _, r := range pairs {
		if i := strings.LastIndex(file, r[0]); i >= 0 {
			file = file[:i] + r[1] + file[i+len(r[0]):]
		}
	}
	return file
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
	var held []thumbnail
	for _, e := range d.validation {
		if !duplicates {
			held = append(held, e.thumbnail(d.side))
		}
	}
	for i, p := range all {
		e := examples[i]
		if p.validation || e == nil || e.weight == 0 {
			continue
		}
		t := e.thumbnail(d.side)
		if slices.ContainsFunc(held, func(h thumbnail) bool { return t.correlation(h) > nearDuplicate }) {
			d.dropped = append(d.dropped, e.file)
			continue
		}
		d.train = append(d.train, e)
	}
}

// read reads the picture and its mask the right way up.
func (p pair) read() (*ct.Slice, *Mask, error) {
	s, err := ct.ReadPicture(p.image)
	if err != nil {
		return nil, nil, err
	}
	m := &Mask{Pixels: make([]uint8, len(s.HU)), W: s.W, H: s.H}
	if p.source.Teacher == nil {
		if m, err = ReadMask(p.mask); err != nil {
			return nil, nil, err
		}
	}
	if m.W != s.W || m.H != s.H {
		return nil, nil, fmt.Errorf("mask %s is %dx%d, its picture %dx%d", p.mask, m.W, m.H, s.W, s.H)
	}
	if p.source.Transpose {
		s = &ct.Slice{HU: transpose(s.HU, s.W, s.H), W: s.H, H: s.W}
		m = m.transposed()
	}
	return s, m, nil
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
	weights, err := p.beside(m, p.source.Weights)
	return s, m, multiply(own, weights), err
}

// known is what a pair's mask m, or its layer, says of a class.
func (c *Config) known(p pair, class int, m *Mask) (truth, error) {
	for _, l := range p.source.Layers {
		if l.Class != c.Classes[class].Name {
			continue
		}
		layer, err := p.beside(m, l.Masks)
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

// beside reads a further picture of a pair, of the size of its mask; nil
// without names.
func (p pair) beside(m *Mask, names [][2]string) ([]uint8, error) {
	if len(names) == 0 {
		return nil, nil
	}
	file := replaceLast(p.image, names)
	other, err := ReadMask(file)
	if err != nil {
		return nil, err
	}
	if p.source.Transpose {
		other = other.transposed()
	}
	if other.W != m.W || other.H != m.H {
		return nil, fmt.Errorf("%s is %dx%d, the mask %s %dx%d", file, other.W, other.H, p.mask, m.W, m.H)
	}
	return other.Pixels, nil
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

// transpose exchanges rows and columns of a w x h picture.
func transpose[T any](v []T, w, h int) []T {
	out := make([]T, len(v))
	for y := range h {
		for x := range w {
			out[x*h+y] = v[y*w+x]
		}
	}
	return out
}

// thumbnail is a small picture with mean 0 and norm 1.
type thumbnail []float32

const (
	thumbnailSide = 24
	nearDuplicate = 0.985 // neighbouring slices of one patient reach 0.97
)

func (e *example) thumbnail(side int) thumbnail {
	v := make([]float32, len(e.image))
	for i, x := range e.image {
		v[i] = float32(x)
	}
	t := thumbnail(segment.Resize(v, side, side, thumbnailSide, thumbnailSide, segment.Box))
	var mean, norm float64
	for _, x := range t {
		mean += float64(x) / float64(len(t))
	}
	for i, x := range t {
		t[i] = x - float32(mean)
		norm += float64(t[i]) * float64(t[i])
	}
	for i := range t {
		t[i] /= float32(math.Sqrt(norm + 1e-9))
	}
	return t
}

func (t thumbnail) correlation(o thumbnail) float64 {
	var sum float64
	for i := range t {
		sum += float64(t[i]) * float64(o[i])
	}
	return sum
}
