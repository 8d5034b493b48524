package train

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"groundglass/annotate/ct"
	"groundglass/segment"
)

// example is one slice with its mask, cut to its lung box and resampled to a
// square for one stage: image 0..255 under the lung window, mask 0..255, the
// share of foreground.
type example struct {
	source      *Source
	file        string
	image, mask []uint8 // side*side
	foreground  bool
	weight      float64
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
		for _, file := range images {
			all = append(all, pair{s, file, s.mask(file), slices.Contains(s.Validation, s.patient(file))})
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

func (s *Source) mask(file string) string {
	for _, r := range s.Masks {
		if i := strings.LastIndex(file, r[0]); i >= 0 {
			file = file[:i] + r[1] + file[i+len(r[0]):]
		}
	}
	return file
}

// load reads all pairs at side x side, two at a time.
func load(ctx context.Context, all []pair, side int) (*dataset, error) {
	examples := make([]*example, len(all))
	errs := make([]error, len(all))
	var nextPair atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := int(nextPair.Add(1)) - 1; i < len(all) && ctx.Err() == nil; i = int(nextPair.Add(1)) - 1 {
				examples[i], errs[i] = all[i].load(side)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return nil, err
	}
	d := &dataset{side: side}
	for i, p := range all {
		if p.validation {
			d.validation = append(d.validation, examples[i])
		}
	}
	d.addTraining(all, examples)
	if len(d.train) == 0 {
		return nil, errors.New("no picture is left for training")
	}
	return d, nil
}

// addTraining leaves out what looks like a validation picture: the same slice
// may be in two public sets.
func (d *dataset) addTraining(all []pair, examples []*example) {
	var held []thumbnail
	for _, e := range d.validation {
		held = append(held, e.thumbnail(d.side))
	}
	for i, p := range all {
		e := examples[i]
		if p.validation || e.weight == 0 {
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
	m, err := ReadMask(p.mask)
	if err != nil {
		return nil, nil, err
	}
	if m.W != s.W || m.H != s.H {
		return nil, nil, fmt.Errorf("mask %s is %dx%d, its picture %dx%d", p.mask, m.W, m.H, s.W, s.H)
	}
	if p.source.Transpose {
		s = &ct.Slice{HU: transpose(s.HU, s.W, s.H), W: s.H, H: s.W}
		m = &Mask{Pixels: transpose(m.Pixels, m.W, m.H), W: m.H, H: m.W}
	}
	return s, m, nil
}

func (p pair) load(side int) (*example, error) {
	s, m, err := p.read()
	if err != nil {
		return nil, err
	}
	box := segment.LungBox(s)
	e := &example{source: p.source, file: p.image, weight: p.source.Weight}
	e.image = quantize(segment.Input(s, box, side))
	e.mask = m.crop(box, side)
	e.foreground = slices.Contains(m.Pixels, 1)
	if !e.foreground {
		e.weight *= p.source.EmptyWeight
	}
	return e, nil
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

// Mask is a binary picture, row-major: 1 is foreground, 0 is not.
type Mask struct {
	Pixels []uint8
	W, H   int
}

// ReadMask reads a picture in which every pixel above 0 is foreground.
func ReadMask(path string) (*Mask, error) {
	s, err := ct.ReadPicture(path)
	if err != nil {
		return nil, err
	}
	m := &Mask{Pixels: make([]uint8, len(s.HU)), W: s.W, H: s.H}
	for i, hu := range s.HU {
		if ct.Lung.Unit(float64(hu)) > 0 {
			m.Pixels[i] = 1
		}
	}
	return m, nil
}

// crop gives the share of foreground, 0..255, in each cell of a side x side
// grid laid over box.
func (m *Mask) crop(box image.Rectangle, side int) []uint8 {
	v := make([]float32, box.Dx()*box.Dy())
	for y := range box.Dy() {
		for x := range box.Dx() {
			v[y*box.Dx()+x] = float32(m.Pixels[(box.Min.Y+y)*m.W+box.Min.X+x])
		}
	}
	return quantize(segment.Resize(v, box.Dx(), box.Dy(), side, side, segment.Bilinear))
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
