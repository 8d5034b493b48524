package train

import "groundglass/segment/onnx"

// feature is a value of shape [batch, c, h, w] in the graph. After dropout it
// stands for scale times the named value: the next convolution scales its
// weights, which are far fewer. Elsewhere scale is 0, for 1.
type feature struct {
	name    string
	c, h, w int64
	scale   float32
}

func (f feature) area() int64 { return f.h * f.w }

// tape builds a graph forwards and remembers, for each operator, how to build
// its backward part; backward then runs them in reverse order.
type tape struct {
	*onnx.Graph
	batch     int64
	layout    layout
	dropped   []dropoutMask
	keep      float32
	stats     []string          // batch statistics, flattened, in the order of layout
	gradients map[string]string // gradient of each parameter
	adjoints  map[string]string // gradient of each feature
	steps     []func()
}

// dropoutMask is a graph input of booleans: true keeps the element.
type dropoutMask struct {
	name string
	dims []int64
}

func (t *tape) onBackward(step func()) { t.steps = append(t.steps, step) }

func (t *tape) backward() {
	for i := len(t.steps) - 1; i >= 0; i-- {
		t.steps[i]()
	}
}

// accumulate adds g to the gradient of a feature.
func (t *tape) accumulate(f feature, g string) {
	if old, ok := t.adjoints[f.name]; ok {
		g = t.op("Add", old, g)
	}
	t.adjoints[f.name] = g
}

func (t *tape) param(p param) string {
	t.layout.add(p)
	return p.name
}

// op is Graph.Op without attributes.
func (t *tape) op(op string, inputs ...string) string { return t.Op(op, inputs) }

func (t *tape) scale(x string, by float32) string { return t.op("Mul", x, t.Scalar(by)) }

func (t *tape) reshape(x string, dims ...int64) string { return t.op("Reshape", x, t.Ints(dims...)) }

func (t *tape) transpose(x string, perm ...int64) string {
	return t.Op("Transpose", []string{x}, onnx.Attr{Name: "perm", Value: perm})
}

// slice takes [from, to) of one axis.
func (t *tape) slice(x string, axis, from, to int64) string {
	return t.op("Slice", x, t.Ints(from), t.Ints(to), t.Ints(axis))
}

// pad widens (or, where negative, crops) the two spatial axes.
func (t *tape) pad(x string, top, left, bottom, right int64) string {
	return t.op("Pad", x, t.Ints(0, 0, top, left, 0, 0, bottom, right))
}

func (t *tape) concat(axis int64, xs ...string) string {
	return t.Op("Concat", xs, onnx.Attr{Name: "axis", Value: axis})
}

// sumSpace reduces [N,C,H,W] to [1,C,1,1].
func (t *tape) sumSpace(x string) string {
	return t.Op("ReduceSum", []string{x, t.Ints(0, 2, 3)}, onnx.Attr{Name: "keepdims", Value: int64(1)})
}

// sumPictures sums over channels and pixels, to shape [B,1,1,1].
func (t *tape) sumPictures(x string) string {
	return t.Op("ReduceSum", []string{x, t.Ints(1, 2, 3)}, onnx.Attr{Name: "keepdims", Value: int64(1)})
}

// sumBatch drops the first axis.
func (t *tape) sumBatch(x string) string {
	return t.Op("ReduceSum", []string{x, t.Ints(0)}, onnx.Attr{Name: "keepdims", Value: int64(0)})
}

// sumAll gives one element, shape [1].
func (t *tape) sumAll(x string) string {
	s := t.Op("ReduceSum", []string{x}, onnx.Attr{Name: "keepdims", Value: int64(0)})
	return t.reshape(s, 1)
}

// dot gives the sum over n, h and w of x*y as [1,C,1,1], without storing x*y.
func (t *tape) dot(x, y string, f feature) string {
	rows := t.reshape(x, t.batch*f.c, 1, f.area())
	cols := t.reshape(y, t.batch*f.c, f.area(), 1)
	d := t.reshape(t.op("MatMul", rows, cols), t.batch, f.c, 1, 1)
	return t.Op("ReduceSum", []string{d, t.Ints(0)}, onnx.Attr{Name: "keepdims", Value: int64(1)})
}

// product3 gives x times y transposed, batched, for 3-dimensional x and y.
func (t *tape) product3(x, y string) string {
	return t.OpMicrosoft("FusedMatMul", []string{x, y}, onnx.Attr{Name: "transB", Value: int64(1)})
}
