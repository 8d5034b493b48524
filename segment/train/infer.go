package train

import (
	"fmt"
	"math"
	"slices"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// folded is a network for inference: batch normalisation with its running
// statistics is folded into the convolutions before it.
type folded struct {
	net     Network
	layout  layout
	weights map[string][]float32 // by layer
	biases  map[string][]float32
}

// fold computes w' = w*gamma/sqrt(var+eps) and b' = beta - mean*gamma/sqrt(var+eps)
// for each convolution block.
func fold(n Network, l layout, theta, stats []float32) *folded {
	f := &folded{net: n, layout: l, weights: map[string][]float32{}, biases: map[string][]float32{}}
	for _, bn := range l.norms {
		w, _ := l.of(bn.layer+"_w", theta)
		gamma, _ := l.of(bn.layer+"_gamma", theta)
		beta, _ := l.of(bn.layer+"_beta", theta)
		mean, variance := stats[bn.off:bn.off+bn.channels], stats[bn.off+bn.channels:bn.off+2*bn.channels]
		w, b := slices.Clone(w), make([]float32, bn.channels)
		per := int64(len(w)) / bn.channels
		for c := range bn.channels {
			scale := gamma[c] / float32(math.Sqrt(float64(variance[c])+batchNormEpsilon))
			for i := c * per; i < (c+1)*per; i++ {
				w[i] *= scale
			}
			b[c] = beta[c] - mean[c]*scale
		}
		f.weights[bn.layer], f.biases[bn.layer] = w, b
	}
	for _, p := range l.params {
		layer := p.name[:max(0, len(p.name)-2)]
		if b, ok := l.of(layer+"_b", theta); ok {
			w, _ := l.of(layer+"_w", theta)
			f.weights[layer], f.biases[layer] = slices.Clone(w), slices.Clone(b)
		}
	}
	return f
}

// shift adds to the logits of the foreground, and takes from the background's.
func (f *folded) shift(by float64) {
	f.biases["head"][Foreground] += float32(by)
	f.biases["head"][1-Foreground] -= float32(by)
}

// keep leaves out the head's channels of classes that are not kept.
func (f *folded) keep(classes []Class) {
	w, b := f.weights["head"], f.biases["head"]
	per := len(w) / len(b)
	keptW, keptB := slices.Clone(w[:per]), slices.Clone(b[:1])
	for k, class := range classes {
		if c := k + Foreground; !class.Auxiliary {
			keptW, keptB = append(keptW, w[c*per:][:per]...), append(keptB, b[c])
		}
	}
	f.weights["head"], f.biases["head"] = keptW, keptB
}

// graph builds the inference model for any batch and any size that is a
// multiple of Network.Multiple.
func (f *folded) graph() *onnx.Graph {
	g := onnx.New("tvunet", 17)
	g.Inputs = []onnx.Value{{Name: segment.ModelInput, Type: onnx.Float, Dims: []any{"N", int64(1), "H", "W"}}}
	g.Outputs = []onnx.Value{{Name: segment.ModelOutput, Type: onnx.Float, Dims: []any{"N", int64(len(f.biases["head"])), "H", "W"}}}
	x, skips := segment.ModelInput, make([]string, f.net.Levels)
	for level := range f.net.Levels {
		x = f.block(g, x, fmt.Sprintf("enc%d", level))
		skips[level] = x
		x = g.Op("MaxPool", []string{x}, kernel2, stride2)
	}
	x = f.block(g, x, "mid")
	for level := f.net.Levels - 1; level >= 0; level-- {
		up := f.layer(g, "ConvTranspose", x, fmt.Sprintf("up%d", level), kernel3, pads1, stride2, outPad1)
		x = g.Op("Concat", []string{up, skips[level]}, onnx.Attr{Name: "axis", Value: int64(1)})
		x = f.block(g, x, fmt.Sprintf("dec%d", level))
	}
	logits := f.layer(g, "Conv", x, "head", kernel1)
	g.OpTo(segment.ModelOutput, "Sigmoid", []string{logits})
	return g
}

func (f *folded) block(g *onnx.Graph, x, name string) string {
	for _, part := range []string{"_1", "_2"} {
		x = g.Op("Relu", []string{f.layer(g, "Conv", x, name+part, kernel3, pads1)})
	}
	return x
}

func (f *folded) layer(g *onnx.Graph, op, x, name string, attrs ...onnx.Attr) string {
	dims := slices.Clone(f.layout.params[f.layout.byName[name+"_w"]].dims)
	if op == "Conv" {
		dims[0] = int64(len(f.biases[name]))
	}
	w := g.Weights(name+"_w", dims, f.weights[name])
	b := g.Weights(name+"_b", []int64{int64(len(f.biases[name]))}, f.biases[name])
	return g.Op(op, []string{x, w, b}, attrs...)
}
