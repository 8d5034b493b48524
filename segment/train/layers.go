package train

import "groundglass/segment/onnx"

var (
	kernel3 = onnx.Attr{Name: "kernel_shape", Value: []int64{3, 3}}
	kernel2 = onnx.Attr{Name: "kernel_shape", Value: []int64{2, 2}}
	kernel1 = onnx.Attr{Name: "kernel_shape", Value: []int64{1, 1}}
	pads1   = onnx.Attr{Name: "pads", Value: []int64{1, 1, 1, 1}}
	stride2 = onnx.Attr{Name: "strides", Value: []int64{2, 2}}
	outPad1 = onnx.Attr{Name: "output_padding", Value: []int64{1, 1}}
)

// convBlock is a 3x3 convolution, batch normalisation over the batch, and ReLU.
// first says that x is the image, which needs no gradient.
func (t *tape) convBlock(x feature, name string, channels int64, first bool) feature {
	weight := t.param(param{name: name + "_w", dims: []int64{channels, x.c, 3, 3}, std: heNormal(9 * x.c)})
	gamma := t.param(param{name: name + "_gamma", dims: []int64{1, channels, 1, 1}, constant: 1})
	beta := t.param(param{name: name + "_beta", dims: []int64{1, channels, 1, 1}})
	scaled := t.scaledWeight(weight, x)
	y := feature{name: t.Op("Conv", []string{x.name, scaled}, kernel3, pads1), c: channels, h: x.h, w: x.w}
	t.layout.addNorm(name, channels)
	bn := t.batchNorm(y, gamma, beta)
	a := feature{name: t.op("Relu", bn.out), c: channels, h: x.h, w: x.w}
	t.onBackward(func() {
		dz := t.op("Mul", t.adjoints[a.name], t.op("Sign", a.name))
		dy := t.batchNormBackward(bn, y, dz, gamma, beta)
		t.gradients[weight] = t.scaledWeight(t.convWeightGradient(x, y, dy), x)
		if !first {
			t.accumulate(x, t.convInputGradient(scaled, dy))
		}
	})
	return a
}

// scaledWeight multiplies weights, or their gradient, by the scale of the
// feature that they are convolved with.
func (t *tape) scaledWeight(weight string, x feature) string {
	if x.scale == 0 {
		return weight
	}
	return t.scale(weight, x.scale)
}

type batchNorm struct {
	out, mean, invStd, scale string
	count                    float32 // elements a channel
}

// batchNorm normalises with the batch's own mean and biased variance.
func (t *tape) batchNorm(y feature, gamma, beta string) batchNorm {
	count := float32(t.batch * y.area())
	mean := t.scale(t.sumSpace(y.name), 1/count)
	square := t.scale(t.dot(y.name, y.name, y), 1/count)
	variance := t.op("Max", t.op("Sub", square, t.op("Mul", mean, mean)), t.Scalar(0))
	invStd := t.op("Reciprocal", t.op("Sqrt", t.op("Add", variance, t.Scalar(batchNormEpsilon))))
	scale := t.op("Mul", gamma, invStd)
	shift := t.op("Sub", beta, t.op("Mul", mean, scale))
	out := t.op("Add", t.op("Mul", y.name, scale), shift)
	t.stats = append(t.stats, t.reshape(mean, -1), t.reshape(variance, -1))
	return batchNorm{out, mean, invStd, scale, count}
}

// batchNormBackward sets the gradients of gamma and beta and returns that of y:
// dy = scale * (dz - sum(dz)/M - xhat * sum(dz*xhat)/M), xhat = (y-mean)*invStd.
func (t *tape) batchNormBackward(bn batchNorm, y feature, dz, gamma, beta string) string {
	sum := t.sumSpace(dz)
	sumY := t.dot(dz, y.name, y)
	sumHat := t.op("Mul", t.op("Sub", sumY, t.op("Mul", bn.mean, sum)), bn.invStd)
	t.gradients[beta], t.gradients[gamma] = sum, sumHat
	k := t.scale(t.op("Mul", sumHat, bn.invStd), 1/bn.count)
	slope := t.op("Mul", t.op("Neg", bn.scale), k)
	offset := t.op("Mul", bn.scale, t.op("Sub", t.op("Mul", k, bn.mean), t.scale(sum, 1/bn.count)))
	return t.op("Add", t.op("Mul", dz, bn.scale), t.op("Add", t.op("Mul", y.name, slope), offset))
}

// convInputGradient is a convolution with the weights flipped and transposed.
func (t *tape) convInputGradient(weight, dy string) string {
	swapped := t.transpose(weight, 1, 0, 2, 3)
	flipped := t.op("Slice", swapped, t.Ints(-1, -1), t.Ints(-100, -100), t.Ints(2, 3), t.Ints(-1, -1))
	return t.Op("Conv", []string{dy, flipped}, kernel3, pads1)
}

// convWeightGradient is one batched matrix product of [3co x L] by [L x 3ci]:
// three row shifts of dy against three column shifts of x, L = (h+2)*w.
func (t *tape) convWeightGradient(x, y feature, dy string) string {
	length := (x.h + 2) * x.w
	var xs, dys []string
	for k := int64(0); k < 3; k++ {
		xs = append(xs, t.pad(x.name, 1, 1-k, 1, k-1))
		dys = append(dys, t.pad(dy, k, 0, 2-k, 0))
	}
	left := t.reshape(t.concat(1, dys...), t.batch, 3*y.c, length)
	right := t.reshape(t.concat(1, xs...), t.batch, 3*x.c, length)
	sum := t.sumBatch(t.product3(left, right))
	return t.transpose(t.reshape(sum, 3, y.c, 3, x.c), 1, 3, 0, 2)
}

// dropout sets elements to 0 by a random mask, which the caller feeds; what is
// kept is divided by the share kept, through the feature's scale.
func (t *tape) dropout(x feature, name string) feature {
	if t.keep == 1 {
		return x
	}
	mask := dropoutMask{"keep_" + name, []int64{t.batch, x.c, x.h, x.w}}
	t.dropped = append(t.dropped, mask)
	t.Input(mask.name, onnx.Bool, mask.dims...)
	apply := func(v string) string { return t.op("Where", mask.name, v, t.Scalar(0)) }
	y := feature{apply(x.name), x.c, x.h, x.w, 1 / t.keep}
	t.onBackward(func() { t.accumulate(x, apply(t.adjoints[y.name])) })
	return y
}

// maxPool halves both sides.
func (t *tape) maxPool(x feature) feature {
	out := t.OpN(2, "MaxPool", []string{x.name}, kernel2, stride2)
	y := feature{name: out[0], c: x.c, h: x.h / 2, w: x.w / 2}
	t.onBackward(func() {
		t.accumulate(x, t.Op("MaxUnpool", []string{t.adjoints[y.name], out[1]}, kernel2, stride2))
	})
	return y
}

// concatChannels joins two features of one size.
func (t *tape) concatChannels(a, b feature) feature {
	y := feature{name: t.concat(1, a.name, b.name), c: a.c + b.c, h: a.h, w: a.w}
	t.onBackward(func() {
		parts := t.OpN(2, "Split", []string{t.adjoints[y.name], t.Ints(a.c, b.c)}, onnx.Attr{Name: "axis", Value: int64(1)})
		t.accumulate(a, parts[0])
		t.accumulate(b, parts[1])
	})
	return y
}

// upConv is a 3x3 transposed convolution of stride 2 with bias: both sides double.
func (t *tape) upConv(x feature, name string, channels int64) feature {
	weight := t.param(param{name: name + "_w", dims: []int64{x.c, channels, 3, 3}, std: heNormal(9 * x.c)})
	bias := t.param(param{name: name + "_b", dims: []int64{channels}})
	y := feature{c: channels, h: 2 * x.h, w: 2 * x.w}
	y.name = t.Op("ConvTranspose", []string{x.name, weight, bias}, kernel3, pads1, stride2, outPad1)
	t.onBackward(func() {
		dy := t.adjoints[y.name]
		t.gradients[bias] = t.sumSpace(dy)
		t.gradients[weight] = t.upConvWeightGradient(x, y, dy)
		t.accumulate(x, t.Op("Conv", []string{dy, weight}, kernel3, pads1, stride2))
	})
	return y
}

// upConvWeightGradient splits dy into its four phases (SpaceToDepth) and
// multiplies them with four shifts of x; each of the nine taps is one pair.
func (t *tape) upConvWeightGradient(x, y feature, dy string) string {
	phases := t.Op("SpaceToDepth", []string{dy}, onnx.Attr{Name: "blocksize", Value: int64(2)})
	var shifts []string
	for down := int64(0); down < 2; down++ {
		for right := int64(0); right < 2; right++ {
			shifts = append(shifts, t.pad(x.name, -down, -right, down, right))
		}
	}
	left := t.reshape(t.concat(1, shifts...), t.batch, 4*x.c, x.area())
	right := t.reshape(phases, t.batch, 4*y.c, x.area())
	sum := t.reshape(t.sumBatch(t.product3(left, right)), 4, x.c, 4, y.c)
	pairs := t.reshape(t.transpose(sum, 1, 3, 0, 2), x.c, y.c, 16)
	taps := t.Op("Gather", []string{pairs, t.Ints(upConvTaps()...)}, onnx.Attr{Name: "axis", Value: int64(2)})
	return t.reshape(taps, x.c, y.c, 3, 3)
}

// upConvTaps lists, for each kernel tap, its pair's index shift*4 + phase.
// Along one axis, tap 0 meets phase 1 with x shifted by one, tap 1 phase 0,
// tap 2 phase 1, unshifted.
func upConvTaps() []int64 {
	shift, phase := [3]int64{1, 0, 0}, [3]int64{1, 0, 1}
	var taps []int64
	for row := range 3 {
		for col := range 3 {
			taps = append(taps, (shift[row]*2+shift[col])*4+phase[row]*2+phase[col])
		}
	}
	return taps
}
