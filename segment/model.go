package segment

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"groundglass/annotate/ct"
)

// Names of a model's input and output.
const (
	ModelInput  = "image" // float [N,1,S,S], the window as 0..1
	ModelOutput = "prob"  // float [N,C,S,S], after a sigmoid; channel 1 is the foreground, later ones are kinds within it
)

const floatType = 1 // onnx.TensorProto.FLOAT

// Model is a network that proposes ground glass. Its methods may be called from
// several goroutines: each run has tensors of its own and keeps to one thread.
type Model struct {
	card    Card
	session *Session
	batch   int        // pictures in a run: 2 where the mirrored one goes along
	idle    chan *slot // tensors to use again
}

// slot is the input and the output of one run.
type slot struct {
	in, out []*Tensor
}

// Load reads a model from the bytes of an ONNX file with a card in its metadata.
// A model without a card, or one whose names and shapes do not fit its card, is
// refused; errors are sentences for people.
func Load(data []byte) (*Model, error) {
	info, err := ReadModelInfo(data)
	if err != nil {
		return nil, err
	}
	card, err := cardIn(info)
	if err != nil {
		return nil, err
	}
	if err := fits(info, card); err != nil {
		return nil, err
	}
	session, err := OpenSession(data, []string{ModelInput}, []string{ModelOutput}, Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	return &Model{card: card, session: session, batch: batchOf(info, card), idle: make(chan *slot, maxWorkers)}, nil
}

// batchOf is how many pictures go into one run: the mirrored one goes along
// where the model leaves the batch open.
func batchOf(info ModelInfo, c Card) int {
	if shape := info.Inputs[0].Shape; c.Mirror && len(shape) > 0 && shape[0] < 0 {
		return 2
	}
	return 1
}

// fits checks a model's input and output against its card.
func fits(info ModelInfo, c Card) error {
	side := int64(c.Size)
	if len(info.Inputs) != 1 {
		return fmt.Errorf("the model has %d inputs, not one named %q", len(info.Inputs), ModelInput)
	}
	if err := match(info.Inputs[:1], "input", ModelInput, []int64{1, 1, side, side}); err != nil {
		return err
	}
	return match(info.Outputs, "output", ModelOutput, []int64{1, int64(c.Classes()), side, side})
}

// match looks for a tensor of floats with a name and a shape among values; a
// dimension that the model leaves open fits.
func match(values []ModelValue, kind, name string, shape []int64) error {
	for _, v := range values {
		if v.Name != name {
			continue
		}
		if v.Type != floatType {
			return fmt.Errorf("the model's %s %q does not hold 32-bit floats", kind, name)
		}
		if v.Shape == nil { // the model says nothing; running it will tell
			return nil
		}
		ok := len(v.Shape) == len(shape)
		for i := 0; ok && i < len(shape); i++ {
			ok = v.Shape[i] < 0 || v.Shape[i] == shape[i]
		}
		if !ok {
			return fmt.Errorf("the model's %s %q has the shape %v where its card needs %v", kind, name, v.Shape, shape)
		}
		return nil
	}
	return fmt.Errorf("the model has no %s named %q", kind, name)
}

// Card is the model's card.
func (m *Model) Card() Card { return m.card }

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

// Examine runs the model on a slice. When ctx ends, it stops within a fraction
// of a slice and returns ctx's cause.
func (m *Model) Examine(ctx context.Context, s *ct.Slice) (Proposal, error) {
	if s == nil || s.W < 1 || s.H < 1 || len(s.HU) != s.W*s.H {
		return Proposal{}, errors.New("there is no slice to look at")
	}
	t, err := m.take()
	if err != nil {
		return Proposal{}, err
	}
	defer m.put(t)
	box := m.Box(s)
	channels, err := m.look(ctx, t, windowed(s, box, m.card.Size, m.card.Window))
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{Foreground: m.restore(channels[1], box, s)}
	for _, kind := range channels[2:] {
		p.Kinds = append(p.Kinds, m.restore(kind, box, s))
	}
	p.Uncertainty = uncertainty(p.Foreground)
	p.Doubt = doubt(p.Foreground, levelOf(m.card.Threshold))
	return p, nil
}

// restore brings a channel back to the slice's grid.
func (m *Model) restore(channel []float32, box image.Rectangle, s *ct.Slice) []uint8 {
	prob := Restore(channel, m.card.Size, box, s.W, s.H)
	for i, pad := range s.Pad {
		if pad {
			prob[i] = 0
		}
	}
	return prob
}

// look runs the network on a picture, and on the mirrored one where the card
// asks for it, and returns the channels. They are t's memory.
func (m *Model) look(ctx context.Context, t *slot, picture []float32) ([][]float32, error) {
	side, in, out := m.card.Size, t.in[0].Floats(), t.out[0].Floats()
	copy(in, picture)
	switch {
	case !m.card.Mirror:
		return planes(out, side), m.session.Run(ctx, t.in, t.out)
	case m.batch == 2:
		mirror(in[len(picture):], picture, side)
		err := m.session.Run(ctx, t.in, t.out)
		half := len(out) / 2
		average(out[:half], out[half:], side)
		return planes(out[:half], side), err
	}
	if err := m.session.Run(ctx, t.in, t.out); err != nil {
		return nil, err
	}
	first := slices.Clone(out)
	mirror(in, picture, side)
	err := m.session.Run(ctx, t.in, t.out)
	average(first, out, side)
	return planes(first, side), err
}

// take hands out tensors that no other run uses.
func (m *Model) take() (*slot, error) {
	select {
	case t := <-m.idle:
		return t, nil
	default:
	}
	n, size := int64(m.batch), int64(m.card.Size)
	in, err := NewFloat([]int64{n, 1, size, size}, nil)
	if err != nil {
		return nil, err
	}
	out, err := NewFloat([]int64{n, int64(m.card.Classes()), size, size}, nil)
	if err != nil {
		in.Close()
		return nil, err
	}
	return &slot{[]*Tensor{in}, []*Tensor{out}}, nil
}

// put takes tensors back.
func (m *Model) put(t *slot) {
	select {
	case m.idle <- t:
	default:
		t.close()
	}
}

func (t *slot) close() {
	t.in[0].Close()
	t.out[0].Close()
}

// Close frees the model once its runs have ended. Runs that start later fail.
func (m *Model) Close() {
	m.session.Close()
	for {
		select {
		case t := <-m.idle:
			t.close()
		default:
			return
		}
	}
}
