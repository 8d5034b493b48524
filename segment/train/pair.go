package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// pair is an image, its mask, and how to read them.
type pair struct {
	source      *Source
	image, mask string
	weights     string // file with those of its pixels; "" for 1
	patient     string
	validation  bool
	place       *float64 // mm along the patient; nil where it is not known
}

// pairs lists the sources' files, sorted by name within a source.
func pairs(sources []Source) ([]pair, error) {
	var all []pair
	for i := range sources {
		s := &sources[i]
		if s.Slices != "" {
			listed, err := s.listed()
			if err != nil {
				return nil, fmt.Errorf("source %s: %w", s.Name, err)
			}
			all = append(all, listed...)
			continue
		}
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
			p := pair{source: s, image: file, mask: replaceLast(file, s.Masks), patient: s.patient(file), place: s.Place.of(file)}
			if len(s.Weights) > 0 {
				p.weights = replaceLast(file, s.Weights)
			}
			p.validation = s.held(p.patient) || drawn[k]
			all = append(all, p)
		}
	}
	return all, nil
}

func (s *Source) patient(file string) string {
	if s.Patient == patientFolder {
		return filepath.Base(filepath.Dir(file))
	}
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

// held tells whether a patient's pictures are for validation.
func (s *Source) held(patient string) bool {
	return slices.Contains(s.Validation, "*") || slices.Contains(s.Validation, patient)
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

// read reads the picture and its mask the right way up.
func (p pair) read() (*ct.Slice, *Mask, error) {
	s, err := ct.ReadPicture(p.image)
	if err != nil {
		return nil, nil, fmt.Errorf("picture %s: %w", p.image, err)
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

// beside reads a further picture of a pair, of the size of its mask; nil for no file.
func (p pair) beside(m *Mask, file string) ([]uint8, error) {
	if file == "" {
		return nil, nil
	}
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
