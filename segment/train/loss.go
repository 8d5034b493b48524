package train

import (
	"fmt"

	"groundglass/segment/onnx"
)

// Loss is what training makes small: how far the probabilities are from the
// targets, plus Lambda times the anisotropic total variation of each class's
// probability,
//
//	TV(p) = sum |p[i+1,j]-p[i,j]| + sum |p[i,j+1]-p[i,j]|
//
// (arXiv 2007.12303, equation 3). The paper leaves open how TV is normalised:
// Variation "mean", the default, divides it by the number of pixels; "sum" is
// the sum over each picture, and the mean over the batch. One weight means S*S
// times as much in the second reading as in the first. A Source may multiply it
// for its pictures.
type Loss struct {
	// Kind is "bce", binary cross-entropy, the default; "dice", one less the soft
	// Dice of each class over the batch (Milletari et al. 2016, V-Net, without
	// squares), the mean over the classes; or "bce+dice", their sum.
	Kind      string  `json:"kind,omitempty"`
	Lambda    float64 `json:"lambda"` // 0 is a plain U-Net
	Variation string  `json:"variation,omitempty"`
}

const (
	lossBCE, lossDice, lossBoth = "bce", "dice", "bce+dice"
	readMean, readSum           = "mean", "sum"
)

func (l Loss) check() error {
	switch {
	case l.Kind != "" && l.Kind != lossBCE && l.Kind != lossDice && l.Kind != lossBoth:
		return fmt.Errorf("loss.kind is %q, must be %q, %q or %q", l.Kind, lossBCE, lossDice, lossBoth)
	case l.Variation != "" && l.Variation != readMean && l.Variation != readSum:
		return fmt.Errorf("loss.variation is %q, must be %q or %q", l.Variation, readMean, readSum)
	case !(l.Lambda >= 0):
		return fmt.Errorf("loss.lambda is %g, must not be negative", l.Lambda)
	}
	return nil
}

func (l Loss) bce() bool  { return l.Kind != lossDice }
func (l Loss) dice() bool { return l.Kind == lossDice || l.Kind == lossBoth }

// perPixel is lambda in the reading "mean" for pictures of size x size.
func (l Loss) perPixel(size int) float64 {
	if l.Variation == readSum {
		return l.Lambda * float64(size*size)
	}
	return l.Lambda
}

// diceSmooth keeps the soft Dice of empty masks defined, in pixels.
const diceSmooth = 1

// loss adds the loss of logits [B,C,S,S] and starts the backward pass. Weights
// multiply each element's cross-entropy, whose sum is divided by 2*B*S*S: with
// two channels and weights of 1 that is the mean.
func (t *tape) loss(logits feature, l Loss) {
	p := t.op("Sigmoid", logits.name)
	total := t.Floats(0)
	if l.bce() {
		total = t.op("Add", total, t.crossEntropy(logits, p))
	}
	if l.dice() {
		total = t.op("Add", total, t.softDice(logits, p))
	}
	t.OpTo(outFit, "Identity", []string{total})
	classes := t.slice(p, 1, Foreground, logits.c)
	tv := t.variation(logits, classes)
	t.OpTo(outLoss, "Add", []string{outFit, t.op("Mul", inLambda, tv)})
	t.counts(logits, p)
	for _, name := range []string{outLoss, outFit, outTV} {
		t.Output(name, onnx.Float, 1)
	}
}

func (t *tape) pixels(f feature) float32 { return float32(t.batch * f.area()) }

// crossEntropy of each element from its logit l and target y is softplus(l) - y*l.
func (t *tape) crossEntropy(logits feature, p string) string {
	each := t.op("Sub", t.op("Softplus", logits.name), t.op("Mul", inTarget, logits.name))
	per := 1 / (2 * t.pixels(logits))
	t.onBackward(func() {
		t.accumulate(logits, t.scale(t.op("Mul", inWeight, t.op("Sub", p, inTarget)), per))
	})
	return t.scale(t.sumAll(t.op("Mul", inWeight, each)), per)
}

// softDice is the mean over the classes of 1 - n/d, n = 2 sum(w*p*y) + smooth,
// d = sum(w*(p+y)) + smooth, whose slope along p is w*(n/d - 2y)/d.
func (t *tape) softDice(logits feature, p string) string {
	classes := logits.c - Foreground
	part := func(x string) string { return t.slice(x, 1, Foreground, logits.c) }
	q, y, w := part(p), part(inTarget), part(inWeight)
	smooth := t.Scalar(diceSmooth)
	n := t.op("Add", t.scale(t.sumSpace(t.op("Mul", w, t.op("Mul", q, y))), 2), smooth)
	d := t.op("Add", t.sumSpace(t.op("Mul", w, t.op("Add", q, y))), smooth)
	ratio := t.op("Div", n, d)
	t.onBackward(func() {
		slope := t.op("Div", t.op("Mul", w, t.op("Sub", ratio, t.scale(y, 2))), t.scale(d, float32(classes)))
		t.accumulate(logits, t.beforeSigmoid(slope, q, logits))
	})
	return t.op("Sub", t.Floats(1), t.scale(t.sumAll(ratio), 1/float32(classes)))
}

// beforeSigmoid is the slope along the logits, from that along the classes'
// probabilities q.
func (t *tape) beforeSigmoid(slope, q string, logits feature) string {
	d := t.op("Mul", slope, t.op("Mul", q, t.op("Sub", t.Scalar(1), q)))
	return t.op("Pad", d, t.Ints(0, Foreground, 0, 0, 0, 0, 0, 0))
}

// variation is the total variation of the classes' probabilities q, each picture's
// multiplied by its source's weight, over the number of pixels. At equal
// neighbours, where it has no derivative, it takes 0.
func (t *tape) variation(logits feature, q string) string {
	down, right := t.difference(q, 2), t.difference(q, 3)
	each := t.op("Add", t.sumPictures(t.op("Abs", down)), t.sumPictures(t.op("Abs", right)))
	t.onBackward(func() {
		sd, sr := t.op("Sign", down), t.op("Sign", right)
		slope := t.op("Add",
			t.op("Sub", t.pad(sd, 1, 0, 0, 0), t.pad(sd, 0, 0, 1, 0)),
			t.op("Sub", t.pad(sr, 0, 1, 0, 0), t.pad(sr, 0, 0, 0, 1)))
		weight := t.scale(t.op("Mul", inLambda, inVariation), 1/t.pixels(logits))
		t.accumulate(logits, t.beforeSigmoid(t.op("Mul", slope, weight), q, logits))
	})
	return t.OpTo(outTV, "Mul", []string{t.sumAll(t.op("Mul", inVariation, each)), t.Scalar(1 / t.pixels(logits))})
}

// difference is x[i+1]-x[i] along an axis.
func (t *tape) difference(x string, axis int64) string {
	const end = 1 << 30
	return t.op("Sub", t.slice(x, axis, 1, end), t.slice(x, axis, 0, -1))
}

// counts adds the output of the pixels of the first class, where it is known:
// proposed at 0.5 and true, proposed, true.
func (t *tape) counts(logits feature, p string) {
	part := func(x string) string { return t.slice(x, 1, Foreground, Foreground+1) }
	known := t.op("Sign", part(inWeight))
	y := t.op("Mul", known, part(inTarget))
	out := t.op("Mul", known, t.Op("Cast", []string{t.op("GreaterOrEqual", part(p), t.Scalar(0.5))}, onnx.Attr{Name: "to", Value: int64(onnx.Float)}))
	sums := []string{t.sumAll(t.op("Mul", y, out)), t.sumAll(out), t.sumAll(y)}
	t.OpTo(outCounts, "Concat", sums, onnx.Attr{Name: "axis", Value: int64(0)})
	t.Output(outCounts, onnx.Float, int64(len(sums)))
}
