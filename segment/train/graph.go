package train

import (
	"fmt"

	"groundglass/segment/onnx"
)

// Names of the training graph's inputs and outputs. A state tensor comes in
// under its name and goes out under its name with "_next".
const (
	inImage, inTarget, inWeight       = "image", "target", "weight"
	inLambda, inVariation, inRate     = "lambda", "variation", "rate"
	stTheta, stMoment1, stMoment2     = "theta", "moment1", "moment2"
	stStats                           = "stats"
	outLoss, outFit, outTV, outCounts = "loss", "fit", "tv", "counts"
	next                              = "_next"
	outGradient                       = "gradient"
)

// stepGraph is one training step as an ONNX graph on the stock runtime:
// forward pass with batch statistics and dropout, loss, backward pass, and the
// optimizer's update.
//
// Inputs: image [B,1,S,S] in 0..1; target [B,C,S,S] of 0 and 1, and weight, its
// elements' weights in the loss; lambda [1], the weight of the total variation,
// and variation [B,1,1,1], what multiplies it for each picture; rate [1], see
// Optimizer.corrected; the dropout masks; and the state theta, moment1, moment2
// [P], stats [Q]. Outputs: loss, fit (the loss without total variation) and tv
// [1], counts [3] (see tape.counts), and the next state.
type stepGraph struct {
	*onnx.Graph
	channels int
	layout   layout
	dropout  []dropoutMask
}

// method is how a network is trained.
type method struct {
	loss      Loss
	optimizer Optimizer
}

// newStepGraph builds the graph for a batch of size x size images. With
// gradient, the flat gradient [P] is an output too, for tests.
func newStepGraph(n Network, m method, batch, size int, gradient bool) *stepGraph {
	t := &tape{
		Graph: onnx.New("tvunet_step", 17), batch: int64(batch), keep: float32(1 - n.Dropout),
		gradients: map[string]string{}, adjoints: map[string]string{},
	}
	b, s := int64(batch), int64(size)
	image := feature{name: t.Input(inImage, onnx.Float, b, 1, s, s), c: 1, h: s, w: s}
	t.Input(inTarget, onnx.Float, b, n.channels(), s, s)
	t.Input(inWeight, onnx.Float, b, n.channels(), s, s)
	t.Input(inLambda, onnx.Float, 1)
	t.Input(inVariation, onnx.Float, b, 1, 1, 1)
	t.Input(inRate, onnx.Float, 1)

	t.loss(t.head(t.unet(image, n), n.channels()), m.loss)
	t.backward()
	flat := t.flatGradient()
	if gradient {
		t.Output(outGradient, onnx.Float, t.layout.size)
	}
	t.optimize(m.optimizer, flat)
	t.runningStats()
	t.unpack()
	return &stepGraph{t.Graph, int(n.channels()), t.layout, t.dropped}
}

// unet is the body: contracting blocks, a middle block, expanding blocks.
func (t *tape) unet(x feature, n Network) feature {
	var skips []feature
	for level := range n.Levels {
		channels := int64(n.Filters) << level
		x = t.convBlock(x, fmt.Sprintf("enc%d_1", level), channels, level == 0)
		x = t.convBlock(x, fmt.Sprintf("enc%d_2", level), channels, false)
		skips = append(skips, x)
		x = t.dropout(t.maxPool(x), fmt.Sprintf("pool%d", level))
	}
	middle := int64(n.Filters) << n.Levels
	x = t.convBlock(x, "mid_1", middle, false)
	x = t.convBlock(x, "mid_2", middle, false)
	for level := n.Levels - 1; level >= 0; level-- {
		channels := int64(n.Filters) << level
		up := t.upConv(x, fmt.Sprintf("up%d", level), channels)
		x = t.dropout(t.concatChannels(up, skips[level]), fmt.Sprintf("cat%d", level))
		x = t.convBlock(x, fmt.Sprintf("dec%d_1", level), channels, false)
		x = t.convBlock(x, fmt.Sprintf("dec%d_2", level), channels, false)
	}
	return x
}

// head is the 1x1 convolution to the classes' logits.
func (t *tape) head(x feature, classes int64) feature {
	weight := t.param(param{name: "head_w", dims: []int64{classes, x.c, 1, 1}, std: heNormal(x.c)})
	bias := t.param(param{name: "head_b", dims: []int64{classes}})
	y := feature{name: t.Op("Conv", []string{x.name, weight, bias}, kernel1), c: classes, h: x.h, w: x.w}
	t.onBackward(func() {
		dy := t.adjoints[y.name]
		t.gradients[bias] = t.sumSpace(dy)
		left, right := t.reshape(dy, t.batch, classes, y.area()), t.reshape(x.name, t.batch, x.c, x.area())
		t.gradients[weight] = t.sumBatch(t.product3(left, right))
		t.accumulate(x, t.Op("Conv", []string{dy, t.transpose(weight, 1, 0, 2, 3)}, kernel1))
	})
	return y
}

// flatGradient joins the gradients in the order of the layout.
func (t *tape) flatGradient() string {
	var parts []string
	for _, p := range t.layout.params {
		parts = append(parts, t.reshape(t.gradients[p.name], p.len))
	}
	return t.OpTo(outGradient, "Concat", parts, onnx.Attr{Name: "axis", Value: int64(0)})
}

// statsMomentum keeps this share of the running statistics a step.
const statsMomentum = 0.97

func (t *tape) runningStats() {
	t.Input(stStats, onnx.Float, t.layout.stats)
	t.Output(stStats+next, onnx.Float, t.layout.stats)
	t.blend(stStats, statsMomentum, t.concat(0, t.stats...))
}

// unpack splits theta into the parameters, before every other node.
func (t *tape) unpack() {
	split := onnx.Node{Op: "Split", Name: "unpack", Attrs: []onnx.Attr{{Name: "axis", Value: int64(0)}}}
	var sizes []int64
	var shapes []onnx.Node
	for _, p := range t.layout.params {
		flat := p.name + "_flat"
		sizes = append(sizes, p.len)
		split.Outputs = append(split.Outputs, flat)
		shapes = append(shapes, onnx.Node{Op: "Reshape", Name: p.name, Inputs: []string{flat, t.Ints(p.dims...)}, Outputs: []string{p.name}})
	}
	split.Inputs = []string{stTheta, t.Ints(sizes...)}
	t.Prepend(append([]onnx.Node{split}, shapes...)...)
}
