package ct

import "image"

// VolumeBytes bounds what a Volume occupies, labels included: 300 slices of
// 512x512 fit at full resolution.
const VolumeBytes = 256 << 20

// voxelBytes is what a cell takes: a value and a label.
const voxelBytes = 3

// Volume holds the values and labels of a series' slices for reformats. Its
// cells are squares of Factor x Factor pixels, so that long series fit. One
// goroutine owns it, apart from Shrink.
type Volume struct {
	Factor int // pixels to the side of a cell
	W, H   int // cells of a slice

	columns, rows int
	hu            [][]int16 // by slice; nil: not there yet
	labels        [][]uint8 // by slice; nil: no labels
}

// NewVolume returns an empty volume for a series, in at most limit bytes.
func NewVolume(s *Series, limit int) *Volume {
	v := &Volume{columns: s.Columns, rows: s.Rows, hu: make([][]int16, s.Len()), labels: make([][]uint8, s.Len())}
	for v.Factor = 1; ; v.Factor++ {
		v.W, v.H = v.cells(v.columns), v.cells(v.rows)
		if v.W*v.H*voxelBytes <= limit/max(1, s.Len()) || v.W*v.H <= 1 {
			return v
		}
	}
}

func (v *Volume) cells(pixels int) int { return (pixels + v.Factor - 1) / v.Factor }

// Has tells whether slice i is there.
func (v *Volume) Has(i int) bool { return v.hu[i] != nil }

// Shrink returns the values of a slice as the volume keeps them: the mean of
// each cell. It may be called from any goroutine.
func (v *Volume) Shrink(s *Slice) []int16 {
	if v.Factor == 1 {
		return append([]int16(nil), s.HU...)
	}
	out := make([]int16, 0, v.W*v.H)
	for y := range v.H {
		for x := range v.W {
			sum, n := 0, 0
			r := v.pixels(image.Rect(x, y, x+1, y+1))
			for j := r.Min.Y; j < r.Max.Y; j++ {
				for i := r.Min.X; i < r.Max.X; i++ {
					sum += int(s.HU[j*s.W+i])
					n++
				}
			}
			out = append(out, int16(sum/n))
		}
	}
	return out
}

// pixels is the part of a slice that a rectangle of cells covers.
func (v *Volume) pixels(cells image.Rectangle) image.Rectangle {
	f := v.Factor
	return image.Rect(cells.Min.X*f, cells.Min.Y*f, cells.Max.X*f, cells.Max.Y*f).Intersect(image.Rect(0, 0, v.columns, v.rows))
}

// Cells is the rectangle of cells that a rectangle of a slice's pixels touches.
func (v *Volume) Cells(pixels image.Rectangle) image.Rectangle {
	r := pixels.Intersect(image.Rect(0, 0, v.columns, v.rows))
	if r.Empty() {
		return image.Rectangle{}
	}
	return image.Rect(r.Min.X/v.Factor, r.Min.Y/v.Factor, v.cells(r.Max.X), v.cells(r.Max.Y))
}

// Set takes the values of slice i from Shrink.
func (v *Volume) Set(i int, hu []int16) { v.hu[i] = hu }

// ClearLabels takes all labels of slice i away.
func (v *Volume) ClearLabels(i int) { v.labels[i] = nil }

// SetLabels takes the labels of slice i, W*H of its pixels, within a rectangle
// of pixels. A cell gets the highest label of its pixels, so that nothing small
// is lost.
func (v *Volume) SetLabels(i int, labels []uint8, pixels image.Rectangle) {
	cells := v.Cells(pixels)
	if v.Factor == 1 && v.labels[i] != nil {
		for y := cells.Min.Y; y < cells.Max.Y; y++ {
			copy(v.labels[i][y*v.W+cells.Min.X:y*v.W+cells.Max.X], labels[y*v.columns+cells.Min.X:])
		}
		return
	}
	for y := cells.Min.Y; y < cells.Max.Y; y++ {
		for x := cells.Min.X; x < cells.Max.X; x++ {
			var top uint8
			r := v.pixels(image.Rect(x, y, x+1, y+1))
			for j := r.Min.Y; j < r.Max.Y; j++ {
				for _, l := range labels[j*v.columns+r.Min.X : j*v.columns+r.Max.X] {
					top = max(top, l)
				}
			}
			if v.labels[i] == nil {
				if top == 0 {
					continue
				}
				v.labels[i] = make([]uint8, v.W*v.H)
			}
			v.labels[i][y*v.W+x] = top
		}
	}
}
