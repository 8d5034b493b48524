package train

import (
	"cmp"
	"fmt"
	"math"

	"groundglass/segment/onnx"
)

// Optimizer says how a step follows the gradient g. All are the paper's:
//
//	"adam"      Kingma and Ba 2015, the default; beta 0.9 and 0.999
//	"sgd"       v = momentum*v + g, theta -= rate*v (PyTorch's and Sutskever's form)
//	"adagrad"   Duchi et al. 2011: theta -= rate * g / sqrt(sum of g*g)
//	"adadelta"  Zeiler 2012, rho 0.95: rate multiplies its step, 1 in Zeiler's
type Optimizer struct {
	Kind     string   `json:"kind,omitempty"`
	Momentum *float64 `json:"momentum,omitempty"` // of SGD; 0.9 where none is given
}

const (
	adam     = "adam"
	sgd      = "sgd"
	adagrad  = "adagrad"
	adadelta = "adadelta"
)

func (o Optimizer) check() error {
	switch o.Kind {
	case "", adam, sgd, adagrad, adadelta:
	default:
		return fmt.Errorf("optimizer.kind is %q, must be %q, %q, %q or %q", o.Kind, adam, sgd, adagrad, adadelta)
	}
	if m := o.momentum(); !(m >= 0 && m < 1) {
		return fmt.Errorf("optimizer.momentum is %g, must be at least 0 and below 1", m)
	}
	return nil
}

func (o Optimizer) momentum() float64 {
	if o.Momentum == nil {
		return 0.9
	}
	return *o.Momentum
}

// The optimizers' constants; epsilon as in Keras.
const (
	adamBeta1       = 0.9
	adamBeta2       = 0.999
	adadeltaRho     = 0.95
	optimizeEpsilon = 1e-7
)

// corrected is the rate that the graph is given at a step, count steps having
// been done: Adam's with its correction of the moments' bias.
func (o Optimizer) corrected(rate float64, count int) float64 {
	if cmp.Or(o.Kind, adam) != adam {
		return rate
	}
	k := float64(count + 1)
	return rate * math.Sqrt(1-math.Pow(adamBeta2, k)) / (1 - math.Pow(adamBeta1, k))
}

// optimize adds the update of theta and of the two moments by gradient g.
func (t *tape) optimize(o Optimizer, g string) {
	for _, state := range []string{stTheta, stMoment1, stMoment2} {
		t.Input(state, onnx.Float, t.layout.size)
		t.Output(state+next, onnx.Float, t.layout.size)
	}
	square := t.op("Mul", g, g)
	root := func(x string) string { return t.op("Sqrt", t.op("Add", x, t.Scalar(optimizeEpsilon))) }
	switch cmp.Or(o.Kind, adam) {
	case adam:
		m, v := t.blend(stMoment1, adamBeta1, g), t.blend(stMoment2, adamBeta2, square)
		t.descend(t.op("Div", m, t.op("Add", t.op("Sqrt", v), t.Scalar(optimizeEpsilon))))
	case sgd:
		v := t.OpTo(stMoment1+next, "Add", []string{t.scale(stMoment1, float32(o.momentum())), g})
		t.OpTo(stMoment2+next, "Identity", []string{stMoment2})
		t.descend(v)
	case adagrad:
		sum := t.OpTo(stMoment1+next, "Add", []string{stMoment1, square})
		t.OpTo(stMoment2+next, "Identity", []string{stMoment2})
		t.descend(t.op("Div", g, root(sum)))
	case adadelta:
		v := t.blend(stMoment1, adadeltaRho, square)
		step := t.op("Mul", g, t.op("Div", root(stMoment2), root(v)))
		t.blend(stMoment2, adadeltaRho, t.op("Mul", step, step))
		t.descend(step)
	}
}

// descend takes rate times a step off theta.
func (t *tape) descend(step string) {
	t.OpTo(stTheta+next, "Sub", []string{stTheta, t.op("Mul", step, inRate)})
}

// blend gives a state its next value, keep*state + (1-keep)*x.
func (t *tape) blend(state string, keep float32, x string) string {
	return t.OpTo(state+next, "Add", []string{t.scale(state, keep), t.scale(x, 1-keep)})
}
