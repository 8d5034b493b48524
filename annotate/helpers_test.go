package annotate

import (
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// newTestSession is a session on n slices of w columns and h rows without labels.
// Pixel i has 10 HU times i modulo 7.
func newTestSession(w, h, n int) *Session {
	meta := ct.Series{Rows: h, Columns: w, Sources: make([]ct.Source, n)}
	for i := range meta.Sources {
		meta.Sources[i].File = fmt.Sprintf("slice%03d.dcm", i)
	}
	return NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) {
		hu := make([]int16, w*h)
		for i := range hu {
			hu[i] = int16(i % 7 * 10)
		}
		return &ct.Slice{W: w, H: h, HU: hu}, nil
	}))
}

// newTestStroke is a stroke on an empty mask, in a session of its own.
func newTestStroke(w, h int) *Stroke {
	return newTestSession(w, h, 1).begin(nil, "", 0)
}

// onlyIn lets pixels be painted only where in says so.
func onlyIn(s *Session, in func(slice, x, y int) bool) {
	s.SetLungs(func(slice int) []uint8 {
		mask := make([]uint8, s.w*s.h)
		for i := range mask {
			mask[i] = uint8(m2i(in(slice, i%s.w, i/s.w)))
		}
		return mask
	})
	s.SetPaintRule(PaintRule{Lungs: true})
}

// picture draws a mask: a letter a pixel, '.' untouched, 'x' removed, 'm' model,
// a digit for a painted label.
func picture(m *Mask) string {
	var b strings.Builder
	for y := range m.H {
		for x := range m.W {
			switch i := y*m.W + x; m.Origin[i] {
			case Untouched:
				b.WriteByte('.')
			case Model:
				b.WriteByte('m')
			case HumanRemoved:
				b.WriteByte('x')
			default:
				b.WriteByte('0' + m.Label[i])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func wantPicture(t *testing.T, m *Mask, rows ...string) {
	t.Helper()
	want := strings.Join(rows, "\n") + "\n"
	if got := picture(m); got != want {
		t.Errorf("mask is\n%swant\n%s", got, want)
	}
}

// filled is a probability map with one value throughout.
func filled(w, h int, v uint8) []uint8 {
	p := make([]uint8, w*h)
	for i := range p {
		p[i] = v
	}
	return p
}

func randomMap(r *rand.Rand, w, h int) []uint8 {
	p := make([]uint8, w*h)
	for i := range p {
		p[i] = uint8(r.Uint32())
	}
	return p
}

// pieces counts the 8-connected pieces of labelled pixels.
func pieces(m *Mask) int {
	seen := make([]bool, len(m.Label))
	n := 0
	for start, l := range m.Label {
		if l == 0 || seen[start] {
			continue
		}
		n++
		seen[start] = true
		for todo := []int{start}; len(todo) > 0; {
			i := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			around := image.Rect(i%m.W-1, i/m.W-1, i%m.W+2, i/m.W+2).Intersect(m.Bounds())
			for y := around.Min.Y; y < around.Max.Y; y++ {
				for x := around.Min.X; x < around.Max.X; x++ {
					if j := y*m.W + x; m.Label[j] != 0 && !seen[j] {
						seen[j] = true
						todo = append(todo, j)
					}
				}
			}
		}
	}
	return n
}
