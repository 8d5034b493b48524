package ct

import (
	"fmt"
	"io"
	"math"

	"groundglass/annotate/ct/nifti"
)

const (
	sampledSlices = 8       // evenly spread over a volume that is read by offset
	sampledBytes  = 4 << 20 // at the beginning of one that must be inflated

	// airBelow is a value, in Hounsfield units, that every slice of a chest CT
	// has pixels below: there is air in it or around it.
	airBelow = -200
)

// sample is what some of a volume's values look like.
type sample struct {
	low, high  float64 // of what is a number; low > high where nothing is
	fractional bool
	missing    bool // some are not numbers
}

// sampleNIfTI looks at some slices of a volume, in the order of the file; where
// it must be inflated, at those of the first volume.
func sampleNIfTI(m *nifti.Image, r io.ReaderAt, volume int, compressed bool) (sample, error) {
	s := sample{low: math.Inf(1), high: math.Inf(-1)}
	n, step := m.Dim[2], max(1, m.Dim[2]/sampledSlices)
	if compressed {
		slice := m.Bytes() / int64(m.Volumes) / int64(n)
		n, step = int(min(int64(n), max(1, sampledBytes/slice))), 1
		volume = 0
	}
	for k := step / 2; k < n; k += step {
		err := m.Rows(r, volume, [3]int{0, 0, k}, [3]int{m.Dim[0], m.Dim[1], k + 1}, s.add)
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *sample) add(_, _ int, values []float64) error {
	for _, v := range values {
		if math.IsNaN(v) {
			s.missing = true
			continue
		}
		s.low, s.high = min(s.low, v), max(s.high, v)
		s.fractional = s.fractional || v != math.Trunc(v)
	}
	return nil
}

// unit tells values that are shares of a whole: rounded, they would be lost.
func (s *sample) unit() bool { return s.fractional && s.low >= 0 && s.high <= 1 }

// likely tells that the values may be those of a CT.
func (s *sample) likely() bool { return s.low < airBelow || s.unit() }

// window is the lung window where the values may be Hounsfield units, else all
// that was seen.
func (s *sample) window() Window {
	if s.likely() || s.low > s.high {
		return Lung
	}
	low, high := max(s.low, math.MinInt16), min(s.high, math.MaxInt16)
	return Window{max(1, high-low), (low + max(high, low+1)) / 2}
}

// warnings says what is doubtful about the values.
func (s *sample) warnings() (w []string) {
	switch {
	case s.low > s.high:
		w = append(w, "none of the values looked at is a number")
	case s.unit():
		w = append(w, fmt.Sprintf("the values looked at lie between 0 and 1: they are taken as a lung window, from %g to %g HU", Lung.Level-Lung.Width/2, Lung.Level+Lung.Width/2))
	case !s.likely():
		w = append(w, fmt.Sprintf("the values looked at run from %g to %g, with no air among them: this may be a mask or another kind of image, not a CT in Hounsfield units", s.low, s.high))
	}
	if s.low < math.MinInt16 || s.high > math.MaxInt16 {
		w = append(w, fmt.Sprintf("the values looked at run from %g to %g: those beyond %d and %d are cut off there", s.low, s.high, math.MinInt16, math.MaxInt16))
	}
	if s.missing {
		w = append(w, "some values are not numbers: they are shown as air and left out")
	}
	return w
}

// valuesOf says how voxels become Hounsfield units.
func valuesOf(m *nifti.Image, unit bool) string {
	scale := ""
	if m.Slope != 1 || m.Intercept != 0 {
		scale = fmt.Sprintf(" x %g %+g", m.Slope, m.Intercept)
	}
	if unit {
		return fmt.Sprintf("%s voxels%s: 0 is %s", m.Type, scale, lungScale.ends("1"))
	}
	return fmt.Sprintf("%s voxels%s, taken as HU", m.Type, scale)
}

// huOf rounds a value to Hounsfield units, cut off at the ends of 16 bits.
func huOf(v float64) int16 {
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v))))
}
