package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"groundglass/annotate/ct"
	"groundglass/segment"
	"groundglass/segment/metrics"
)

// propose gives a slice's pixels their probability of one label, as segment.Model.Propose does.
type propose func(context.Context, *ct.Slice) ([]uint8, error)

// proposer returns what proposes a label of the model's card, in any case: what it marks, also for "", or one of the kinds
// that it tells apart.
func proposer(m *segment.Model, label string) (propose, error) {
	card := m.Card()
	same := func(l string) bool { return strings.EqualFold(l, label) }
	if label == "" || same(card.Marks()) {
		return m.Propose, nil
	}
	kinds := card.KindLabels()
	i := slices.IndexFunc(kinds, same)
	if i < 0 {
		return nil, fmt.Errorf("the model proposes no %q, only %s", label, strings.Join(append([]string{card.Marks()}, kinds...), ", "))
	}
	return func(ctx context.Context, s *ct.Slice) ([]uint8, error) {
		p, err := m.Examine(ctx, s)
		if err != nil {
			return nil, err
		}
		return p.Kinds[i], nil
	}, nil
}

// measured is what became of a pair.
type measured struct {
	image metrics.Image
	err   error
}

// measureWorkers is how many pairs are in work at once.
const measureWorkers = 2

// measure proposes every pair's image, and hands the pairs to each in their order, so that sums come out the same every
// time. Worker k takes the pairs k, k+2, k+4 and so on: no more than two wait.
func measure(ctx context.Context, f propose, cut cutting, pairs []pair, each func(i int, m metrics.Image) error) error {
	var group sync.WaitGroup
	defer group.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var results [measureWorkers]chan measured
	for k := range results {
		results[k] = make(chan measured)
		group.Go(func() {
			for i := k; i < len(pairs); i += measureWorkers {
				image, err := pairs[i].measure(ctx, f, cut)
				select {
				case results[k] <- measured{image, err}:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	for i := range pairs {
		select {
		case r := <-results[i%measureWorkers]:
			if r.err == nil {
				r.err = each(i, r.image)
			}
			if r.err != nil {
				return pairs[i].blame(r.err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// blame says where an error's pair is listed, if it is in a CSV.
func (p pair) blame(err error) error {
	if p.line == 0 || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("line %d: %w", p.line, err)
}

// measure reads a pair's files and proposes its image, connected as it is cut.
func (p pair) measure(ctx context.Context, f propose, cut cutting) (metrics.Image, error) {
	slice, spacing, err := readSlice(ctx, p.image)
	if err != nil {
		return metrics.Image{}, err
	}
	if p.spacing != [2]float64{} {
		spacing = p.spacing
	}
	truth, w, h, err := readMask(p.mask, p.foreground)
	if err != nil {
		return metrics.Image{}, err
	}
	if w != slice.W || h != slice.H {
		return metrics.Image{}, fmt.Errorf("%s has %dx%d pixels, its mask %s has %dx%d", p.image, slice.W, slice.H, p.mask, w, h)
	}
	if p.transpose {
		truth = transposed(truth, w, h)
		slice = transposedSlice(slice)
		spacing = [2]float64{spacing[1], spacing[0]}
	}
	prob, err := f(ctx, slice)
	if err != nil {
		return metrics.Image{}, fmt.Errorf("%s: %w", p.image, err)
	}
	prob = cut.connected(prob, slice.W, slice.H, areaOf(spacing))
	return metrics.Image{
		Group: p.group, Patient: p.patient, Probability: prob, Truth: truth, W: slice.W, H: slice.H, Spacing: spacing,
	}, nil
}

// transposed exchanges rows and columns of w by h values; none stay none.
func transposed[T any](values []T, w, h int) []T {
	if values == nil {
		return nil
	}
	out := make([]T, 0, len(values))
	for x := range w {
		for y := range h {
			out = append(out, values[y*w+x])
		}
	}
	return out
}

func transposedSlice(s *ct.Slice) *ct.Slice {
	return &ct.Slice{HU: transposed(s.HU, s.W, s.H), W: s.H, H: s.W, Pad: transposed(s.Pad, s.W, s.H)}
}
