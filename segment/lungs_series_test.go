package segment

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
)

// memorySeries is a series of slices held in memory.
func memorySeries(w, h int, all ...*ct.Slice) *ct.Series {
	return ct.NewSeries(ct.Series{Columns: w, Rows: h, Sources: make([]ct.Source, len(all))},
		func(i int) (*ct.Slice, error) {
			if all[i] == nil {
				return nil, errors.New("it is damaged")
			}
			return all[i], nil
		})
}

// Runs and masks are the same in two forms, and parts of runs are those that a
// flood from pixel to pixel finds.
func TestLungForest(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 9))
	for range 40 {
		w, h, n := 1+random.IntN(12), 1+random.IntN(12), 1+random.IntN(5)
		masks := make([]uint8, n*w*h)
		for i := range masks {
			masks[i] = uint8(max(0, random.IntN(6)-3))
		}
		l := &Lungs{w: w, h: h, found: make([][]lungRun, n)}
		for i := range n {
			l.found[i] = lungRuns(masks[i*w*h:(i+1)*w*h], w)
			if !slices.Equal(l.Mask(i), masks[i*w*h:(i+1)*w*h]) {
				t.Fatal("a mask does not come back from its runs")
			}
		}
		f := newLungForest(l.found)
		for i, runs := range l.found {
			for k, r := range runs {
				want := flood(masks, w, h, (i*h+int(r.y))*w+int(r.x0))
				if f.sizeOf(i, k) != want {
					t.Fatalf("a part has %d pixels, want %d", f.sizeOf(i, k), want)
				}
			}
		}
	}
}

// flood is the number of pixels of the part of a volume that holds pixel start.
func flood(v []uint8, w, h, start int) int {
	seen := map[int]bool{start: true}
	for queue := []int{start}; len(queue) > 0; {
		i := queue[0]
		queue = queue[1:]
		near := []int{i - w*h, i + w*h}
		if i%w > 0 {
			near = append(near, i-1)
		}
		if i%w < w-1 {
			near = append(near, i+1)
		}
		if i/w%h > 0 {
			near = append(near, i-w)
		}
		if i/w%h < h-1 {
			near = append(near, i+w)
		}
		for _, j := range near {
			if j >= 0 && j < len(v) && v[j] != 0 && !seen[j] {
				seen[j] = true
				queue = append(queue, j)
			}
		}
	}
	return len(seen)
}

// A bowel full of stool is dropped from the slice below the lungs; the lungs
// stay, and slices that cannot be read are named.
func TestFindLungs(t *testing.T) {
	belly := chest(200, 40, 40)
	ellipse(belly, 100, 90, 9, 5, -800)
	healthy := chest(200, -850, -850)
	if slices.Max(LungMask(belly)) == NoLung {
		t.Fatal("the bowel is no lung even alone: the test shows nothing")
	}
	last := 0
	l, err := FindLungs(t.Context(), memorySeries(200, 200, belly, healthy, healthy, nil), func(done, total int) { last = done*10 + total })
	if err == nil || err.Error() != "slice 4 has no lungs: : it is damaged" || last != 44 {
		t.Errorf("error %v, progress %d", err, last)
	}
	want := LungMask(healthy)
	for i, empty := range []bool{true, false, false, true} {
		got := l.Mask(i)
		if empty && slices.Max(got) != NoLung || !empty && !slices.Equal(got, want) {
			t.Errorf("slice %d has another mask", i+1)
		}
	}
	ctx, stop := context.WithCancelCause(t.Context())
	stop(errors.New("enough"))
	if _, err := FindLungs(ctx, memorySeries(200, 200, healthy), nil); err == nil || err.Error() != "enough" {
		t.Errorf("stopped work says %v", err)
	}
}

// The patient's right is right however the slices lie; what is no axial slice
// has no lungs.
func TestLungsAreThePatients(t *testing.T) {
	p := phantom.New(phantom.Options{Size: 128, Slices: 3, Seed: 3})
	slice, err := p.Series().Slice(1)
	if err != nil {
		t.Fatal(err)
	}
	want := LungMask(slice)
	for _, c := range []struct {
		name        string
		row, column [3]float64
		x, y        bool
	}{
		{"from the feet", [3]float64{1, 0, 0}, [3]float64{0, 1, 0}, false, false},
		{"from the head", [3]float64{-1, 0, 0}, [3]float64{0, 1, 0}, true, false},
		{"turned around", [3]float64{-1, 0, 0}, [3]float64{0, -1, 0}, true, true},
	} {
		seen := &ct.Slice{HU: turned(slice.HU, 128, 128, c.x, c.y), W: 128, H: 128, Pad: make([]bool, len(slice.HU))}
		seen.Pad[0] = true
		s := memorySeries(128, 128, seen)
		s.Geometry = ct.Geometry{Known: true, Row: c.row, Column: c.column}
		l, err := FindLungs(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(turned(l.Mask(0), 128, 128, c.x, c.y), want) {
			t.Errorf("%s: the lungs are others", c.name)
		}
	}
	s := memorySeries(128, 128, slice)
	s.Geometry = ct.Geometry{Known: true, Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 0, -1}}
	if l, err := FindLungs(t.Context(), s, nil); err != nil || slices.Max(l.Mask(0)) != NoLung {
		t.Errorf("a coronal slice has lungs: %v", err)
	}
}

func TestInvolve(t *testing.T) {
	v := Involve([]uint8{0, 1, 1, 1, 1, 2, 2, 0}, []uint8{255, 1, 0, 0, 0, 1, 7, 1})
	if v.Right != (Lung{4, 1}) || v.Left != (Lung{2, 2}) || v.Both() != (Lung{6, 3}) {
		t.Errorf("%+v", v)
	}
	if share, ok := v.Right.Share(); share != 0.25 || !ok {
		t.Errorf("share %v", share)
	}
	if share, ok := (Lung{}).Share(); share != 0 || ok {
		t.Error("no lung has a share")
	}
}

// A series weighs its slices by what they stand for, and only where that is
// known to differ.
func TestLungsTotal(t *testing.T) {
	sources := []ct.Source{{PositionMM: 0, HasPosition: true}, {PositionMM: 2, HasPosition: true}, {PositionMM: 12, HasPosition: true}}
	masks := [][]uint8{{1, 1, 2, 2}, {1, 1, 1, 0}, {2, 2, 0, 0}}
	marks := [][]uint8{{9, 0, 0, 0}, {1, 1, 1, 1}, {0, 3, 3, 3}}
	for _, c := range []struct {
		name        string
		geometry    ct.Geometry
		right, left Lung
	}{
		{"pictures", ct.Geometry{}, Lung{5, 4}, Lung{4, 1}},
		{"even", ct.Geometry{Known: true}, Lung{5, 4}, Lung{4, 1}},
		{"uneven", ct.Geometry{Known: true, Uneven: true}, Lung{2*2 + 6*3, 2*1 + 6*3}, Lung{2*2 + 10*2, 10 * 1}},
	} {
		c.geometry.Row, c.geometry.Column = [3]float64{1, 0, 0}, [3]float64{0, 1, 0}
		l := NewLungs(&ct.Series{Columns: 4, Rows: 1, Sources: sources, Geometry: c.geometry})
		for i := range masks {
			l.found[i] = lungRuns(masks[i], 4)
			l.Mark(i, marks[i])
			if got, want := l.Involvement(i), Involve(masks[i], marks[i]); got != want {
				t.Errorf("slice %d: %+v, want %+v", i+1, got, want)
			}
		}
		if v := l.Total(); v.Right != c.right || v.Left != c.left {
			t.Errorf("%s: %+v, want right %v, left %v", c.name, v, c.right, c.left)
		}
	}
}

// The phantom's lesions have the share of its lungs that its truth says.
func TestInvolvementOfPhantom(t *testing.T) {
	p := phantom.New(phantom.Options{Size: 192, Slices: 16, Seed: 7})
	s := p.Series()
	l, err := FindLungs(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	var lung, ill float64
	for i := range s.Len() {
		truth := p.Truth(i)
		l.Mark(i, truth)
		for k, in := range p.Lungs(i) {
			lung += float64(one(in))
			ill += float64(one(in && truth[k] != 0))
		}
	}
	got, _ := l.Total().Both().Share()
	t.Logf("%.4f of the lungs is involved, by the truth %.4f", got, ill/lung)
	if ill == 0 || math.Abs(got-ill/lung) > 0.004 {
		t.Errorf("%.4f of the lungs is involved, want %.4f", got, ill/lung)
	}
}
