package ct

import (
	"fmt"
	"path/filepath"
)

const (
	fewValues  = 12 // that a mask has at most; pictures of a CT have all greys
	lookedAt   = 3  // slices of what may be masks
	slightBase = 256
)

// slightPictures reports whether files are so small, in bytes a pixel, that their pictures
// are hardly those of a CT: noise does not compress.
func slightPictures(pictures []picture) bool {
	var all size
	all.add(pictures)
	p := pictures[0]
	return all.mean() <= slightBase+int64(p.w)*int64(p.h)/4
}

// slight reports whether the values seen may be those of labels.
func (s *sample) slight() bool {
	return !s.likely() && !s.fractional && s.low >= 0 && (s.high <= 32 || s.high == 255)
}

// shape is the size of slices, in a folder or in those that lie in one.
type shape struct {
	rows, columns int
	folder        string
}

// tellMasks marks the series that seem to be masks of others: their slices have few
// values, are of the same size, as many or of the same names, and lie in the same folder,
// in one beside it or in one below it. What is no mask of anything is not marked.
func tellMasks(all []*Series) {
	t := maskTeller{in: map[shape][]*Series{}, below: map[shape][]*Series{}, few: map[*Series]bool{}}
	for _, s := range all {
		own, around := s.shapes()
		t.in[own], t.below[around] = append(t.in[own], s), append(t.below[around], s)
	}
	for _, s := range all {
		if of := t.imagesOf(s); of != nil {
			s.Unlikely, s.MaskOf = true, of.folder()
			s.Warnings = append(s.Warnings, fmt.Sprintf("its slices have few values, and images of the same size lie in %s: it may be masks of them", s.MaskOf))
		}
	}
}

// maskTeller tells masks from images.
type maskTeller struct {
	in, below map[shape][]*Series // in a folder, and in those that lie in it
	few       map[*Series]bool    // whether what was looked at has few values
}

// imagesOf is a series of which s seems to be the masks.
func (t *maskTeller) imagesOf(s *Series) *Series {
	if !s.slight {
		return nil
	}
	own, around := s.shapes()
	for _, near := range [][]*Series{t.in[own], t.in[around], t.below[around]} {
		for _, of := range near {
			if of != s && (of.Len() == s.Len() || s.namedAs(of)) && t.isMask(s) && !t.isMask(of) {
				return of
			}
		}
	}
	return nil
}

// isMask reports whether a series may be masks, by its values alone.
func (t *maskTeller) isMask(s *Series) bool {
	if !s.slight {
		return false
	}
	few, known := t.few[s]
	if !known {
		few = s.fewValued()
		t.few[s] = few
	}
	return few
}

// shapes are those in the series' folder, and in the one around it.
func (s *Series) shapes() (own, around shape) {
	dir := s.folder()
	return shape{s.Rows, s.Columns, dir}, shape{s.Rows, s.Columns, filepath.Dir(dir)}
}

// folder is that of the first slice.
func (s *Series) folder() string { return filepath.Dir(s.Sources[0].File) }

// namedAs reports whether each slice has the name of a slice of another series, apart from
// a last word such as mask.
func (s *Series) namedAs(of *Series) bool {
	names := map[string]bool{}
	for _, from := range of.Sources {
		name := SliceName(from)
		stem, _ := splitKind(name)
		names[name], names[stem] = true, true
	}
	for _, from := range s.Sources {
		name := SliceName(from)
		if stem, _ := splitKind(name); !names[name] && !names[stem] {
			return false
		}
	}
	return true
}

// fewValued reports whether the slices that are looked at have few values together. They
// are not kept.
func (s *Series) fewValued() bool {
	seen := map[int16]bool{}
	n := min(lookedAt, s.Len())
	for k := range n {
		slice, err := s.cache.decode(k * s.Len() / n)
		if err != nil {
			return false
		}
		for i, v := range slice.HU {
			if i > 0 && v == slice.HU[i-1] {
				continue
			}
			if seen[v] = true; len(seen) > fewValues {
				return false
			}
		}
	}
	return true
}
