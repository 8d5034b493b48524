package segment

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"groundglass/annotate/ct"
)

// placed is a series of drawings at places in mm, NaN for one without a place; those in bad cannot be read, those in
// bare show no lung. Each is drawn by its own random numbers, and its corner is padding.
func placed(at []float64, bad, bare map[int]bool) *ct.Series {
	meta := ct.Series{UID: "test", Rows: 64, Columns: 64}
	for _, mm := range at {
		meta.Sources = append(meta.Sources, ct.Source{File: "slice.dcm", PositionMM: mm, HasPosition: mm == mm})
	}
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		if bad[i] {
			return nil, errors.New("cut short")
		}
		s, random := chest(64, -850, -850), rand.New(rand.NewPCG(1, uint64(i)))
		if bare[i] {
			s = chest(64, 40, 40)
		}
		for k := range s.HU {
			if s.HU[k] < -500 && s.HU[k] > -900 {
				s.HU[k] += int16(random.IntN(300))
			}
		}
		s.Pad = make([]bool, len(s.HU))
		s.Pad[i] = true
		return s, nil
	})
}

// blurred is what a pixel of slice i should be: the mean over those within reach, by definition.
func blurred(at []float64, alone []Proposal, i, pixel int, sigma float64) float64 {
	var sum, weights float64
	for j := range at {
		d := math.Abs(at[j] - at[i])
		if j == i {
			d = 0
		}
		if alone[j].Foreground != nil && d <= 2*sigma {
			w := math.Exp(-d * d / (2 * sigma * sigma))
			sum += w * float64(alone[j].Foreground[pixel])
			weights += w
		}
	}
	return sum / weights
}

func TestThroughIsAMeanByDistance(t *testing.T) {
	const sigma = 2.5
	m := loadIdentity(t, func(c *Card) { c.Through = sigma })
	nowhere := math.NaN()
	at := []float64{0, 1, 2.5, 4, 4, 9, nowhere, 17, 18, 15, 16} // turned back at the end, twice at 4, a gap
	bad, bare := map[int]bool{2: true}, map[int]bool{8: true}
	s := placed(at, bad, bare)
	alone := make([]Proposal, len(at))
	for i := range at {
		if slice, err := s.Slice(i); err == nil {
			if alone[i], err = m.Examine(t.Context(), slice); err != nil {
				t.Fatal(err)
			}
		}
	}
	first := map[int]string{}
	for _, view := range []int{0, 5, 10} {
		seen := 0
		err := m.ProposeSeries(t.Context(), s, func() int { return view }, func(i int, p Proposal) {
			seen++
			if got, ok := first[i]; ok && got != string(p.Foreground) {
				t.Errorf("slice %d depends on the order of the work", i)
			}
			first[i] = string(p.Foreground)
			if bare[i] {
				if !p.NoLung || string(p.Foreground) != string(alone[i].Foreground) {
					t.Errorf("slice %d has no lung and is not as it is alone", i)
				}
				return
			}
			for k, v := range p.Foreground {
				want := blurred(at, alone, i, k, sigma)
				if k == i { // padding
					want = 0
				}
				if math.Abs(float64(v)-want) > 0.51 {
					t.Fatalf("slice %d, pixel %d: %d, not %.2f", i, k, v, want)
				}
				if p.Uncertainty[k] != entropy[v] {
					t.Fatalf("slice %d, pixel %d: uncertainty %d of probability %d", i, k, p.Uncertainty[k], v)
				}
			}
			if want := doubt(p.Foreground, levelOf(m.card.Threshold)); p.Doubt != want {
				t.Errorf("slice %d: doubt %g, not %g", i, p.Doubt, want)
			}
		}, nil)
		var unread *SliceError
		if !errors.As(err, &unread) || unread.Slice() != 2 || seen != len(at)-1 {
			t.Errorf("from slice %d: %d slices, %v", view, seen, err)
		}
	}
}

// However somebody jumps about in a series, few slices are held back.
func TestThroughHoldsFewSlices(t *testing.T) {
	m := loadIdentity(t, func(c *Card) { c.Through = 4 })
	at := make([]float64, 600)
	for i := range at {
		at[i] = float64(i)
	}
	s := placed(at, nil, nil)
	w := &work{model: m, series: s, pending: make([]bool, len(at)), slab: newSlab(s, m.card.Through)}
	for i := range w.pending {
		w.pending[i] = true
	}
	random, most, seen := rand.New(rand.NewPCG(3, 4)), 0, make([]int, len(at))
	w.first = func() int { return random.IntN(len(at)) }
	w.each = func(i int, _ Proposal) {
		seen[i]++
		held := 0
		for _, l := range w.slab.held {
			if l != nil {
				held++
			}
		}
		most = max(most, held)
	}
	if err := w.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, n := range seen {
		if n != 1 {
			t.Fatalf("slice %d comes %d times", i, n)
		}
	}
	if most > 3*maxOpen {
		t.Errorf("%d slices are held at once", most)
	}
	for i, l := range w.slab.held {
		if l != nil {
			t.Errorf("slice %d is held after the end", i)
		}
	}
}

// What is handed on is in order, with what belongs to it, and the first error ends the work.
func TestProposePlaced(t *testing.T) {
	m := loadIdentity(t, func(c *Card) { c.Through = 1 })
	at := make([]Place, 30)
	for i := range at {
		at[i] = Place{File: "a.png", MM: float64(i)}
	}
	load := func(i int) (*ct.Slice, int, error) { return chest(64, int16(-950+5*i), -850), 7 * i, nil }
	next := 0
	err := ProposePlaced(t.Context(), m, at, load, func(i, beside int, p Proposal) error {
		if i != next || beside != 7*i || len(p.Foreground) != 64*64 {
			t.Errorf("slice %d with %d after %d", i, beside, next-1)
		}
		next++
		return nil
	})
	if err != nil || next != 30 {
		t.Errorf("%d slices, %v", next, err)
	}
	full, cut := errors.New("full"), errors.New("cut short")
	if err := ProposePlaced(t.Context(), m, at, load, func(i, _ int, _ Proposal) error {
		if i >= 3 {
			return full
		}
		return nil
	}); !errors.Is(err, full) {
		t.Errorf("an error of what it is handed to: %v", err)
	}
	var unread *SliceError
	err = ProposePlaced(t.Context(), m, at, func(i int) (*ct.Slice, int, error) {
		if i == 20 {
			return nil, 0, cut
		}
		return load(i)
	}, func(int, int, Proposal) error { return nil })
	if !errors.As(err, &unread) || unread.Slice() != 20 || !errors.Is(err, cut) {
		t.Errorf("a slice that cannot be read: %v", err)
	}
}
