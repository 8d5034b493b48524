package train

import (
	"context"
	"fmt"
	"slices"

	"groundglass/segment"
)

// state is everything that a step changes.
type state struct {
	theta, moment1, moment2, stats []float32
}

func newState(l layout, seed uint64) *state {
	return &state{l.initial(seed), make([]float32, l.size), make([]float32, l.size), l.initialStats()}
}

func (s *state) parts() map[string][]float32 {
	return map[string][]float32{stTheta: s.theta, stMoment1: s.moment1, stMoment2: s.moment2, stStats: s.stats}
}

// stepper runs training steps of one stage. Two copies of the state take turns
// as input and output, so that a step allocates nothing.
type stepper struct {
	graph   *stepGraph
	session *segment.Session
	tensors []*segment.Tensor // all, to close
	fixed   map[string]*segment.Tensor
	sides   [2]map[string]*segment.Tensor
	in, out [2][]*segment.Tensor
	side    int // holds the current state
	batch   *batch
	method  method
}

// losses are a batch's before the step's update, or sums over Steps steps.
type losses struct {
	Loss, Fit, TV float64
	Counts        counts
	Steps         int
}

// counts are pixels of the first class at a cut-off of 0.5, where it is known:
// agreed, proposed and true.
type counts struct{ Both, Proposed, True float64 }

func (l *losses) add(o losses) {
	l.Loss, l.Fit, l.TV, l.Steps = l.Loss+o.Loss, l.Fit+o.Fit, l.TV+o.TV, l.Steps+o.Steps
	l.Counts.add(o.Counts)
}

func (c *counts) add(o counts) {
	c.Both, c.Proposed, c.True = c.Both+o.Both, c.Proposed+o.Proposed, c.True+o.True
}

// precision is 1 where nothing is proposed, and recall where nothing is true.
func (c counts) precision() float64 { return share(c.Both, c.Proposed) }
func (c counts) recall() float64    { return share(c.Both, c.True) }
func (c counts) dice() float64      { return share(2*c.Both, c.Proposed+c.True) }

func share(part, whole float64) float64 {
	if whole == 0 {
		return 1
	}
	return part / whole
}

func newStepper(n Network, m method, stage Stage, threads int, st *state) (*stepper, error) {
	g := newStepGraph(n, m, stage.Batch, stage.Size, false)
	s := &stepper{graph: g, batch: newBatch(g, stage.Size, stage.Batch), fixed: map[string]*segment.Tensor{}, method: m}
	if err := s.open(threads, st); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *stepper) open(threads int, st *state) (err error) {
	var inputs, outputs []string
	dims := map[string][]int64{}
	for _, v := range s.graph.Inputs {
		inputs = append(inputs, v.Name)
		dims[v.Name] = shape(v.Dims)
	}
	for _, v := range s.graph.Outputs {
		outputs = append(outputs, v.Name)
		dims[v.Name] = shape(v.Dims)
	}
	if s.session, err = segment.OpenSession(s.graph.Bytes(), inputs, outputs, segment.Options{Threads: threads}); err != nil {
		return fmt.Errorf("training graph: %w", err)
	}
	if err := s.allocate(dims, st); err != nil {
		return err
	}
	for side := range 2 {
		for _, name := range inputs {
			s.in[side] = append(s.in[side], s.find(name, side))
		}
		for _, name := range outputs {
			s.out[side] = append(s.out[side], s.find(name, 1-side))
		}
	}
	return nil
}

// allocate makes the tensors: fixed ones over the batch's own memory, and
// state ones for each side, under the names of inputs and of outputs.
func (s *stepper) allocate(dims map[string][]int64, st *state) error {
	fixed := map[string][]float32{inImage: s.batch.images, inTarget: s.batch.targets, inWeight: s.batch.weights, inVariation: s.batch.variation}
	for _, name := range []string{inLambda, inRate, outLoss, outFit, outTV, outCounts} {
		fixed[name] = make([]float32, product(dims[name]))
	}
	for name, data := range fixed {
		t, err := segment.NewFloat(dims[name], data)
		if err != nil {
			return err
		}
		s.fixed[name] = s.keepOpen(t)
	}
	for i, d := range s.graph.dropout {
		t, err := segment.NewBool(d.dims, s.batch.keep[i])
		if err != nil {
			return err
		}
		s.fixed[d.name] = s.keepOpen(t)
	}
	for side := range 2 {
		s.sides[side] = map[string]*segment.Tensor{}
		for name, data := range st.parts() {
			t, err := segment.NewFloat(dims[name], slices.Clone(data))
			if err != nil {
				return err
			}
			s.sides[side][name] = s.keepOpen(t)
			s.sides[side][name+next] = t
		}
	}
	return nil
}

func (s *stepper) keepOpen(t *segment.Tensor) *segment.Tensor {
	s.tensors = append(s.tensors, t)
	return t
}

func (s *stepper) find(name string, side int) *segment.Tensor {
	if t, ok := s.fixed[name]; ok {
		return t
	}
	return s.sides[side][name]
}

func shape(dims []any) []int64 {
	out := make([]int64, len(dims))
	for i, d := range dims {
		out[i] = d.(int64)
	}
	return out
}

// run does one step on the batch as it is filled. lambda is the weight of the
// total variation over the number of pixels, count the number of steps done
// before, over all stages.
func (s *stepper) run(ctx context.Context, lambda, rate float64, count int) (losses, error) {
	s.fixed[inLambda].Floats()[0] = float32(lambda)
	s.fixed[inRate].Floats()[0] = float32(s.method.optimizer.corrected(rate, count))
	if err := s.session.Run(ctx, s.in[s.side], s.out[s.side]); err != nil {
		return losses{}, err
	}
	s.side = 1 - s.side
	at := func(name string, i int) float64 { return float64(s.fixed[name].Floats()[i]) }
	pixels := counts{at(outCounts, 0), at(outCounts, 1), at(outCounts, 2)}
	return losses{at(outLoss, 0), at(outFit, 0), at(outTV, 0), pixels, 1}, nil
}

// state returns the current state; the next step overwrites it.
func (s *stepper) state() *state {
	at := func(name string) []float32 { return s.sides[s.side][name].Floats() }
	return &state{at(stTheta), at(stMoment1), at(stMoment2), at(stStats)}
}

func (s *stepper) close() {
	for _, t := range s.tensors {
		t.Close()
	}
	if s.session != nil {
		s.session.Close()
	}
}
