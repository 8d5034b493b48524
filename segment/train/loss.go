package train

import "groundglass/segment/onnx"

// loss is binary cross-entropy, the mean over all elements of [B,2,S,S], plus
// lambda times the anisotropic total variation of the foreground probability,
//
//	TV(p) = sum |p[i+1,j]-p[i,j]| + sum |p[i,j+1]-p[i,j]|,
//
// divided by the number of pixels B*S*S (arXiv 2007.12303, equation 3, whose
// sum over an image is this times S*S). It starts the backward pass.
func (t *tape) loss(logits feature) {
	bce := t.OpTo(outBCE, "Mul", []string{t.sumAll(t.crossEntropy(logits)), t.Scalar(1 / t.elements(logits))})
	p := t.op("Sigmoid", logits.name)
	fg := t.slice(p, 1, Foreground, Foreground+1)
	down, right := t.difference(fg, 2), t.difference(fg, 3)
	sum := t.op("Add", t.sumAll(t.op("Abs", down)), t.sumAll(t.op("Abs", right)))
	tv := t.OpTo(outTV, "Mul", []string{sum, t.Scalar(1 / t.pixels(logits))})
	t.OpTo(outLoss, "Add", []string{bce, t.op("Mul", inLambda, tv)})
	for _, name := range []string{outLoss, outBCE, outTV} {
		t.Output(name, onnx.Float, 1)
	}
	t.onBackward(func() {
		dl := t.scale(t.op("Sub", p, inTarget), 1/t.elements(logits))
		t.accumulate(logits, t.op("Add", dl, t.variationGradient(fg, down, right, logits)))
	})
}

func (t *tape) elements(f feature) float32 { return float32(t.batch * f.c * f.area()) }
func (t *tape) pixels(f feature) float32   { return float32(t.batch * f.area()) }

// crossEntropy of each element from its logit l and target y: softplus(l) - y*l.
func (t *tape) crossEntropy(logits feature) string {
	return t.op("Sub", t.op("Softplus", logits.name), t.op("Mul", inTarget, logits.name))
}

// difference is x[i+1]-x[i] along an axis.
func (t *tape) difference(x string, axis int64) string {
	const end = 1 << 30
	return t.op("Sub", t.slice(x, axis, 1, end), t.slice(x, axis, 0, -1))
}

// variationGradient is lambda*dTV/dlogits, zero for all but the foreground.
// At equal neighbours, where TV has no derivative, it takes 0.
func (t *tape) variationGradient(fg, down, right string, logits feature) string {
	sd, sr := t.op("Sign", down), t.op("Sign", right)
	dfg := t.op("Add",
		t.op("Sub", t.pad(sd, 1, 0, 0, 0), t.pad(sd, 0, 0, 1, 0)),
		t.op("Sub", t.pad(sr, 0, 1, 0, 0), t.pad(sr, 0, 0, 0, 1)))
	weight := t.scale(inLambda, 1/t.pixels(logits))
	slope := t.op("Mul", fg, t.op("Sub", t.Scalar(1), fg)) // of the sigmoid
	d := t.op("Mul", t.op("Mul", dfg, weight), slope)
	return t.op("Pad", d, t.Ints(0, Foreground, 0, 0, 0, Classes-1-Foreground, 0, 0))
}
