package segment

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/ct"
	"groundglass/segment/onnx"
)

// stack is a series of n chests of 128 pixels whose lungs grow denser slice by
// slice; the slices in bad cannot be read.
func stack(n int, bad ...int) *ct.Series {
	meta := ct.Series{UID: "test", Rows: 128, Columns: 128, Sources: make([]ct.Source, n)}
	for i := range meta.Sources {
		meta.Sources[i].File = "slice.dcm"
	}
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		for _, b := range bad {
			if i == b {
				return nil, errors.New("cut short")
			}
		}
		return chest(128, int16(-950+5*i), -850), nil
	})
}

func TestProposeSeriesIsComplete(t *testing.T) {
	m := loadIdentity(t, nil)
	s := stack(30)
	got := map[int]string{}
	last := 0
	err := m.ProposeSeries(t.Context(), s, nil, func(i int, p Proposal) {
		if _, twice := got[i]; twice {
			t.Errorf("slice %d comes twice", i)
		}
		got[i] = string(p.Foreground)
	}, func(done, total int) {
		if done != last+1 || total != 30 {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || len(got) != 30 || last != 30 {
		t.Fatalf("%v, %d slices, progress up to %d", err, len(got), last)
	}
	for i := range 30 {
		slice, _ := s.Slice(i)
		if prob, err := m.Propose(t.Context(), slice); err != nil || got[i] != string(prob) {
			t.Errorf("slice %d: %v, or not its own probabilities", i, err)
		}
	}
}

// The work starts at the slice in view and follows it.
func TestProposeSeriesFollowsView(t *testing.T) {
	m := loadIdentity(t, nil)
	view := 20
	var order []int
	err := m.ProposeSeries(t.Context(), stack(60), func() int { return view }, func(i int, _ Proposal) {
		order = append(order, i)
		if len(order) == 10 {
			view = 50
		}
	}, nil)
	if err != nil || len(order) != 60 {
		t.Fatalf("%v, %d slices", err, len(order))
	}
	near := func(part []int, centre int) {
		for _, i := range part {
			if d := i - centre; d < -10 || d > 10 {
				t.Errorf("slice %d is proposed while %d is in view: %v", i, centre, order)
			}
		}
	}
	near(order[:10], 20)
	near(order[10+maxWorkers:22], 50)
}

func TestProposeSeriesNamesUnreadSlices(t *testing.T) {
	m := loadIdentity(t, nil)
	n, done := 0, 0
	err := m.ProposeSeries(t.Context(), stack(12, 3, 7), func() int { return 99 },
		func(int, Proposal) { n++ }, func(d, _ int) { done = d })
	if err == nil || !strings.Contains(err.Error(), "slice 4 ") || !strings.Contains(err.Error(), "slice 8 ") || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("error %v", err)
	}
	if n != 10 || done != 12 {
		t.Errorf("%d proposed, progress up to %d", n, done)
	}
}

func TestProposeSeriesEmpty(t *testing.T) {
	if err := loadIdentity(t, nil).ProposeSeries(t.Context(), stack(0), nil, nil, nil); err != nil {
		t.Error(err)
	}
}

// slowModel takes about a minute a slice.
func slowModel(t testing.TB) *Model {
	t.Helper()
	const side, layers = maxSize, 1500
	card := testCard()
	card.Size = side
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	g := onnx.New("slow", 17)
	x := g.Input(ModelInput, onnx.Float, 1, 1, side, side)
	scale, y := g.Scalar(1./side), x
	for range layers {
		y = g.Op("Mul", []string{g.Op("MatMul", []string{y, x}), scale})
	}
	g.OpTo(ModelOutput, "Concat", []string{x, y}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Output(ModelOutput, onnx.Float, 1, 2, side, side)
	g.Metadata[CardKey] = text
	m, err := Load(g.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// Cancelling stops within the slice in work, hands nothing on after, and leaves
// the model usable.
func TestProposeSeriesCancel(t *testing.T) {
	m := slowModel(t)
	sentinel := errors.New("the person pressed cancel")
	ctx, cancel := context.WithCancelCause(t.Context())
	var asked time.Time
	time.AfterFunc(100*time.Millisecond, func() { asked = time.Now(); cancel(sentinel) })
	start := time.Now()
	err := m.ProposeSeries(ctx, stack(50), nil, func(i int, _ Proposal) {
		t.Errorf("slice %d was proposed within %v", i, time.Since(start))
	}, nil)
	if !errors.Is(err, sentinel) {
		t.Errorf("error %v", err)
	}
	took := time.Since(asked)
	t.Logf("stopped %v after the request", took)
	if took > 20*time.Second {
		t.Errorf("the slice in work was finished first")
	}
	again, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if err := m.ProposeSeries(again, stack(3), nil, nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after a cancelled run: %v", err)
	}
}

// A model that fails ends the work with its error, at once.
func TestProposeSeriesModelFails(t *testing.T) {
	m := loadIdentity(t, nil)
	m.Close()
	n := 0
	err := m.ProposeSeries(t.Context(), stack(40), nil, func(int, Proposal) { n++ }, nil)
	if err == nil || n != 0 || strings.Count(err.Error(), "closed") != 1 {
		t.Errorf("%d slices, error %v", n, err)
	}
}
