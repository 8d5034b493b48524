package segment

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"sync/atomic"
	"time"

	"groundglass/annotate/ct"
)

// Names of the input and output of this project's own models.
const (
	ModelInput  = "image" // float [N,1,S,S], the window as 0..1
	ModelOutput = "prob"  // float [N,C,S,S], after a sigmoid; channel 1 is the foreground, later ones are kinds within it
)

// Limits that keep a model from holding up the program.
const (
	loadLimit  = time.Minute
	sliceLimit = 2 * time.Minute // for one run of the network
)

// Model is a network that proposes ground glass. Its methods may be called from
// several goroutines: on the CPU each run has tensors of its own and keeps to
// one thread.
type Model struct {
	card   Card
	runner runner
	device string // title of what runs it
	batch  int    // pictures in a run: 2 where the mirrored one goes along
	limit  time.Duration
	grace  time.Duration
	idle   chan *slot   // tensors to use again
	left   atomic.Int32 // runs that were left behind and are not back yet
	stuck  atomic.Bool  // one of them has had all its time
}

// Card is the model's card.
func (m *Model) Card() Card { return m.card }

// Device names what the model runs on, for people: "CPU", "CUDA".
func (m *Model) Device() string { return m.device }

// Box is the part of a slice that the model looks at.
func (m *Model) Box(s *ct.Slice) image.Rectangle {
	if m.card.LungBox {
		return LungBox(s)
	}
	return image.Rect(0, 0, s.W, s.H)
}

// Propose gives each pixel of a slice its probability of being foreground, as
// [Model.Examine] does, and nothing else.
func (m *Model) Propose(ctx context.Context, s *ct.Slice) ([]uint8, error) {
	p, err := m.Examine(ctx, s)
	return p.Foreground, err
}

// Examine runs the model on a slice. A model that looks at the lungs' box
// proposes nothing on a slice without lungs. When ctx ends, it stops within a fraction
// of a slice and returns ctx's cause. A network that takes minutes is stopped
// too, with an error that says so.
func (m *Model) Examine(ctx context.Context, s *ct.Slice) (Proposal, error) {
	if s == nil || s.W < 1 || s.H < 1 || len(s.HU) != s.W*s.H {
		return Proposal{}, errors.New("there is no slice to look at")
	}
	box := m.Box(s)
	side := m.card.side(box)
	maps, err := m.look(ctx, windowed(s, box, side, m.card.window()), side)
	if err != nil {
		return Proposal{}, err
	}
	foreground := total(maps, m.card.foreground())
	var none, cut bool
	if m.card.LungBox {
		none, cut = lungless(s)
	}
	if none && slices.Max(foreground) >= float32(m.card.Threshold) {
		for _, k := range append(maps, foreground) {
			clear(k)
		}
	}
	p := Proposal{Foreground: restored(foreground, side, box, s), NoLung: none}
	for _, k := range m.card.indices(m.card.KindLabels()) {
		p.Kinds = append(p.Kinds, restored(maps[k], side, box, s))
	}
	p.Uncertainty = uncertainty(p.Foreground)
	if p.Doubt = doubt(p.Foreground, levelOf(m.card.Threshold)); cut {
		p.Doubt = 1
	}
	return p, nil
}

// restored brings a map back to the slice's grid.
func restored(prob []float32, side int, box image.Rectangle, s *ct.Slice) []uint8 {
	out := Restore(prob, side, box, s.W, s.H)
	for i, pad := range s.Pad {
		if pad {
			out[i] = 0
		}
	}
	return out
}

// look runs the network on a picture of the window as 0..1, and on the mirrored
// one where the card asks for it, and returns the probabilities by channel.
func (m *Model) look(ctx context.Context, picture []float32, side int) ([][]float32, error) {
	if !m.card.Mirror {
		maps, err := m.run(ctx, side, picture)
		if err != nil {
			return nil, err
		}
		return maps[0], nil
	}
	turned := mirrored(picture, side)
	var both [][][]float32
	var err error
	if m.batch == 2 {
		both, err = m.run(ctx, side, picture, turned)
	} else if both, err = m.run(ctx, side, picture); err == nil {
		var second [][][]float32
		second, err = m.run(ctx, side, turned)
		both = append(both, second...)
	}
	if err != nil {
		return nil, err
	}
	average(both[0], both[1], side)
	return both[0], nil
}

// run runs the network once, on as many pictures as it takes, and returns the
// probabilities by picture and channel.
func (m *Model) run(ctx context.Context, side int, pictures ...[]float32) ([][][]float32, error) {
	if m.stuck.Load() {
		return nil, fmt.Errorf("the model is given up: %w", errStuck)
	}
	t, err := m.take(side)
	if err != nil {
		return nil, err
	}
	m.feed(t, pictures)
	err = m.runBounded(ctx, t)
	if errors.Is(err, errStuck) {
		return nil, m.failed(ctx, err, side) // t belongs to the run
	}
	defer m.put(t)
	if err != nil {
		return nil, m.failed(ctx, err, side)
	}
	var all [][][]float32
	for _, out := range planes(t.out[0].Floats(), m.batch) {
		maps, err := m.card.decode(out)
		if err != nil {
			return nil, err
		}
		all = append(all, maps)
	}
	return all, nil
}

// feed puts pictures into a slot.
func (m *Model) feed(t *slot, pictures [][]float32) {
	for i, in := range planes(t.in[0].Floats(), m.batch) {
		m.card.feed(in, pictures[i])
	}
}

// runBounded runs the network within the time for a slice. A run that does not
// stop in time is left behind with t; until it is back, further ones are refused
// unless it only had too little time to stop.
func (m *Model) runBounded(ctx context.Context, t *slot) error {
	type nothing = struct{}
	run := func(ctx context.Context) (nothing, error) { return nothing{}, m.runner.Run(ctx, t.in, t.out) }
	back := make(chan nothing)
	_, err := bounded(ctx, m.limit, m.grace, run, func(nothing, error) {
		<-back
		t.close()
		m.stuck.Store(false)
		m.left.Add(-1)
	})
	if errors.Is(err, errStuck) {
		m.left.Add(1)
		m.stuck.CompareAndSwap(false, errors.Is(err, errLate))
	}
	close(back)
	return err
}

// failed says why a run failed.
func (m *Model) failed(ctx context.Context, err error, side int) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errLate):
		return fmt.Errorf("the model was stopped: it took more than %v for one slice", m.limit)
	case errors.Is(err, errClosed):
		return err
	case outOfMemory(err):
		return fmt.Errorf("the model wants more memory than there is, or than the %d GiB that all models together may take", memoryLimit>>30)
	}
	return fmt.Errorf("the model does not take %s and give %s as its card says: %w", shapeName(m.card.inputShape(m.batch, side)), shapeName(m.card.outputShape(m.batch, side)), err)
}

// Close frees the model once its runs have ended. Runs that start later fail.
func (m *Model) Close() {
	if m.left.Load() > 0 { // a run holds it, perhaps for good
		go m.runner.Close()
	} else {
		m.runner.Close()
	}
	for {
		select {
		case t := <-m.idle:
			t.close()
		default:
			return
		}
	}
}
