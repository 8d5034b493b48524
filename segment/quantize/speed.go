package quantize

import (
	"context"
	"math"

	"groundglass/segment"
)

// Ratio is how many times as fast the int8 model runs as the float one it was
// made from, on one thread and one input: the ratio of each one's fastest of n
// runs, which take turns, so that what else the machine does hits both alike.
// Nothing else of this process should run meanwhile.
func Ratio(ctx context.Context, float, int8 []byte, n int) (float64, error) {
	var runs [2]func() error
	for i, model := range [][]byte{float, int8} {
		run, done, err := alone(ctx, model, int8)
		if err != nil {
			return 0, err
		}
		defer done()
		runs[i] = run
	}
	best := [2]float64{math.Inf(1), math.Inf(1)}
	for range n + 1 { // the first one warms up
		for i, run := range runs {
			start := clock()
			if err := run(); err != nil {
				return 0, err
			}
			best[i] = min(best[i], clock()-start)
		}
	}
	return best[0] / best[1], nil
}

// alone returns what runs a model's network on one thread, on zeros of the
// shapes that the model sized names.
func alone(ctx context.Context, model, sized []byte) (run func() error, done func(), err error) {
	info, err := segment.ReadModelInfo(sized)
	if err != nil {
		return nil, nil, err
	}
	var tensors [2]*segment.Tensor
	for i, v := range []segment.ModelValue{info.Inputs[0], info.Outputs[0]} {
		if tensors[i], err = segment.NewFloat(append([]int64{1}, v.Shape[1:]...), nil); err != nil {
			return nil, nil, err
		}
	}
	s, err := segment.OpenSession(model, []string{info.Inputs[0].Name}, []string{info.Outputs[0].Name}, segment.Options{Threads: 1})
	if err != nil {
		return nil, nil, err
	}
	run = func() error { return s.Run(ctx, tensors[:1], tensors[1:]) }
	done = func() {
		s.Close()
		tensors[0].Close()
		tensors[1].Close()
	}
	return run, done, nil
}
