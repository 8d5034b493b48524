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

// channel is the map of a proposal that is measured.
type channel func(segment.Proposal) []uint8

// channelOf is that of a label of the model's card, in any case: what it marks, also for "", or one of the kinds
// that it tells apart.
func channelOf(card segment.Card, label string) (channel, error) {
	same := func(l string) bool { return strings.EqualFold(l, label) }
	if label == "" || same(card.Marks()) {
		return func(p segment.Proposal) []uint8 { return p.Foreground }, nil
	}
	kinds := card.KindLabels()
	i := slices.IndexFunc(kinds, same)
	if i < 0 {
		return nil, fmt.Errorf("the model proposes no %q, only %s", label, strings.Join(append([]string{card.Marks()}, kinds...), ", "))
	}
	return func(p segment.Proposal) []uint8 { return p.Kinds[i] }, nil
}

// measurement is how pairs are measured.
type measurement struct {
	model *segment.Model
	of    channel
	cut   cutting
}

// measured is what became of a pair.
type measured struct {
	i     int
	image metrics.Image
	err   error
}

// measureWorkers is how many stacks are in work at once.
const measureWorkers = 2

// measure proposes every pair's image, and hands the pairs to each in the same order every time, so that sums come out the
// same. Those that follow each other through a patient are proposed as a series and come together. Worker k takes the
// stacks k, k+2, k+4 and so on.
func (m measurement) measure(ctx context.Context, pairs []pair, each func(i int, m metrics.Image) error) error {
	var group sync.WaitGroup
	defer group.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	all := stacks(pairs)
	var results [measureWorkers]chan measured
	for k := range results {
		results[k] = make(chan measured)
		send := func(r measured) error {
			select {
			case results[k] <- r:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		group.Go(func() {
			for n := k; n < len(all); n += measureWorkers {
				if m.stack(ctx, pairs, all[n], send) != nil {
					return
				}
			}
		})
	}
	for n, stack := range all {
		for range stack {
			select {
			case r := <-results[n%measureWorkers]:
				if r.err == nil {
					r.err = each(r.i, r.image)
				}
				if r.err != nil {
					return pairs[r.i].blame(r.err)
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// stacks are the numbers of the pairs that lie in one patient at known places, in their order, and of each other one alone.
func stacks(pairs []pair) [][]int {
	var all [][]int
	known := map[[2]string]int{}
	for i, p := range pairs {
		whose := [2]string{p.group, p.patient}
		n, ok := known[whose]
		switch {
		case p.place == nil:
			all = append(all, []int{i})
		case ok:
			all[n] = append(all[n], i)
		default:
			known[whose] = len(all)
			all = append(all, []int{i})
		}
	}
	return all
}

// stack measures the pairs of a stack. A pair's own error is sent; what is returned ends the work.
func (m measurement) stack(ctx context.Context, pairs []pair, stack []int, send func(measured) error) error {
	var places []segment.Place
	if len(stack) > 1 {
		for _, i := range stack {
			places = append(places, segment.Place{File: pairs[i].image, MM: *pairs[i].place})
		}
	}
	load := func(n int) (*ct.Slice, metrics.Image, error) { return pairs[stack[n]].read(ctx) }
	err := segment.ProposePlaced(ctx, m.model, places, load, func(n int, image metrics.Image, p segment.Proposal) error {
		image.Probability = m.cut.connected(m.of(p), image.W, image.H, areaOf(image.Spacing))
		return send(measured{i: stack[n], image: image})
	})
	if err == nil || ctx.Err() != nil {
		return err
	}
	failed, unread := stack[0], (*segment.SliceError)(nil)
	if errors.As(err, &unread) {
		failed, err = stack[unread.Slice()], unread.Unwrap()
	} else {
		err = fmt.Errorf("%s: %w", pairs[failed].image, err)
	}
	return send(measured{i: failed, err: err})
}

func (p pair) blame(err error) error {
	if p.line == 0 || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("line %d: %w", p.line, err)
}

// read reads a pair's files: the slice, and all of what is measured but the probabilities.
func (p pair) read(ctx context.Context) (*ct.Slice, metrics.Image, error) {
	slice, spacing, err := readSlice(ctx, p.image)
	if err != nil {
		return nil, metrics.Image{}, err
	}
	if p.spacing != [2]float64{} {
		spacing = p.spacing
	}
	truth, w, h, err := readMask(p.mask, p.foreground)
	if err != nil {
		return nil, metrics.Image{}, err
	}
	if w != slice.W || h != slice.H {
		return nil, metrics.Image{}, fmt.Errorf("%s has %dx%d pixels, its mask %s has %dx%d", p.image, slice.W, slice.H, p.mask, w, h)
	}
	if p.transpose {
		truth = transposed(truth, w, h)
		slice = transposedSlice(slice)
		spacing = [2]float64{spacing[1], spacing[0]}
	}
	return slice, metrics.Image{Group: p.group, Patient: p.patient, Truth: truth, W: slice.W, H: slice.H, Spacing: spacing}, nil
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
