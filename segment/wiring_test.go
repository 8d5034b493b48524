package segment

import (
	"encoding/json"
	"image"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/segment/onnx"
)

// elsewhere is a card that leaves out what cards from elsewhere leave out.
func elsewhere(change func(c *Card)) *Card {
	c := Card{Schema: 1, Name: "elsewhere", Size: 64, Window: ct.Lung, Labels: []string{"background", "ground glass"}, Threshold: 0.5}
	change(&c)
	return &c
}

// build makes a model with one input and one output of the given shapes.
func build(input, output string, in, out []int64, body func(g *onnx.Graph, x string) string) []byte {
	g := onnx.New("elsewhere", 17)
	x := g.Input(input, onnx.Float, in...)
	g.OpTo(output, "Identity", []string{body(g, x)})
	g.Output(output, onnx.Float, out...)
	return g.Bytes()
}

func loadWith(t *testing.T, data []byte, c *Card) *Model {
	t.Helper()
	m, err := LoadWith(data, LoadOptions{Card: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// noise is a slice of random Hounsfield units, of which the window cuts some.
func noise(side int) *ct.Slice {
	s := drawing(side, side)
	random := rand.New(rand.NewPCG(3, 4))
	for i := range s.HU {
		s.HU[i] = int16(random.IntN(2200) - 1500)
	}
	return s
}

// unit is the lung window of each pixel as 0..1.
func unit(s *ct.Slice) []float64 {
	out := make([]float64, len(s.HU))
	for i, hu := range s.HU {
		out[i] = ct.Lung.Unit(float64(hu))
	}
	return out
}

func expect(t *testing.T, what string, got []uint8, want func(i int) float64) {
	t.Helper()
	for i, v := range got {
		if w := 255 * want(i); math.Abs(float64(v)-w) > 0.51 {
			t.Fatalf("%s: pixel %d is %d, want %.2f", what, i, v, w)
		}
	}
}

// Three channels, last in the layout, with means and deviations of their own,
// under names of their own; the output is in that layout too.
func TestChannelsLast(t *testing.T) {
	nhwc := []int64{1, 64, 64, 3}
	data := build("pixels", "scores", nhwc, nhwc, func(g *onnx.Graph, x string) string {
		back := g.Op("Add", []string{g.Op("Mul", []string{x, g.Floats(0.2, 0.3, 0.4)}), g.Floats(0.5, 0.4, 0.3)})
		return g.Op("Mul", []string{back, g.Floats(1, 0.5, 0.25)})
	})
	m := loadWith(t, data, elsewhere(func(c *Card) {
		c.Channels, c.Layout, c.Mean, c.Std = 3, "NHWC", []float64{0.5, 0.4, 0.3}, []float64{0.2, 0.3, 0.4}
		c.Labels, c.Foreground, c.Kinds = []string{"one", "half", "quarter"}, []string{"half"}, []string{"quarter", "one"}
	}))
	s := noise(64)
	p, err := m.Examine(t.Context(), s)
	if err != nil || len(p.Kinds) != 2 {
		t.Fatal(err, len(p.Kinds))
	}
	u := unit(s)
	expect(t, "half", p.Foreground, func(i int) float64 { return u[i] / 2 })
	expect(t, "quarter", p.Kinds[0], func(i int) float64 { return u[i] / 4 })
	expect(t, "one", p.Kinds[1], func(i int) float64 { return u[i] })
}

// A softmax over three classes, two of which together are the foreground.
func TestSoftmaxOfKinds(t *testing.T) {
	data := build("x", "y", []int64{1, 1, 64, 64}, []int64{1, 3, 64, 64}, func(g *onnx.Graph, x string) string {
		logits := []string{x, g.Op("Mul", []string{x, g.Scalar(2)}), g.Op("Mul", []string{x, g.Scalar(-300)})}
		return g.Op("Concat", logits, onnx.Attr{Name: "axis", Value: int64(1)})
	})
	m := loadWith(t, data, elsewhere(func(c *Card) {
		c.Activation, c.Labels, c.Foreground = "softmax", []string{"background", "a", "b"}, []string{"a", "b"}
	}))
	s := noise(64)
	p, err := m.Examine(t.Context(), s)
	if err != nil || len(p.Kinds) != 2 || m.Card().Marks() != "a and b" {
		t.Fatal(err, len(p.Kinds), m.Card().Marks())
	}
	u := unit(s)
	e := func(i int, k float64) float64 { return math.Exp(k * u[i]) }
	sum := func(i int) float64 { return e(i, 1) + e(i, 2) + e(i, -300) }
	expect(t, "both", p.Foreground, func(i int) float64 { return (e(i, 2) + e(i, -300)) / sum(i) })
	expect(t, "a", p.Kinds[0], func(i int) float64 { return e(i, 2) / sum(i) })
	expect(t, "b", p.Kinds[1], func(i int) float64 { return e(i, -300) / sum(i) })
}

// One channel of logits, from values in several scales.
func TestScalesAndSigmoid(t *testing.T) {
	for name, c := range map[string]struct {
		change      func(c *Card)
		times, plus float64 // what the model does to its input
		wantFrom    func(hu float64) float64
	}{
		"grey":          {func(c *Card) { c.Values = "grey" }, 1. / 255, 0, func(hu float64) float64 { return ct.Lung.Unit(hu) }},
		"HU":            {func(c *Card) { c.Values = "hu" }, 1. / 1500, 0.9, func(hu float64) float64 { return (min(150, max(-1350, hu)))/1500 + 0.9 }},
		"HU, no window": {func(c *Card) { c.Values, c.Window = "hu", ct.Window{} }, 1. / 1000, 1, func(hu float64) float64 { return hu/1000 + 1 }},
		"HU, normalised": {func(c *Card) { c.Values, c.Mean, c.Std = "hu", []float64{-600}, []float64{300} }, 1, 0,
			func(hu float64) float64 { return (min(150, max(-1350, hu)) + 600) / 300 }},
	} {
		data := build("x", "y", []int64{1, 1, 64, 64}, []int64{1, 1, 64, 64}, func(g *onnx.Graph, x string) string {
			return g.Op("Add", []string{g.Op("Mul", []string{x, g.Scalar(float32(c.times))}), g.Scalar(float32(c.plus))})
		})
		m := loadWith(t, data, elsewhere(func(card *Card) {
			card.Labels, card.Activation = []string{"ground glass"}, "sigmoid"
			c.change(card)
		}))
		s := noise(64)
		p, err := m.Examine(t.Context(), s)
		if err != nil || len(p.Kinds) != 0 {
			t.Fatal(name, err)
		}
		expect(t, name, p.Foreground, func(i int) float64 { return 1 / (1 + math.Exp(-c.wantFrom(float64(s.HU[i])))) })
	}
}

// A network of any size sees a part of a slice at its own resolution.
func TestSizes(t *testing.T) {
	c := elsewhere(func(c *Card) { c.Size, c.Sizes = 0, &Sizes{32, 256, 32} })
	for box, want := range map[image.Rectangle]int{image.Rect(0, 0, 5, 5): 32, image.Rect(0, 0, 64, 64): 64, image.Rect(9, 0, 50, 65): 96, image.Rect(0, 0, 512, 300): 256} {
		if got := c.side(box); got != want {
			t.Errorf("%v: side %d, want %d", box, got, want)
		}
	}
	g := onnx.New("any", 17)
	g.Inputs = []onnx.Value{{Name: "x", Type: onnx.Float, Dims: []any{"N", int64(1), "H", "W"}}}
	g.Outputs = []onnx.Value{{Name: "y", Type: onnx.Float, Dims: []any{"N", int64(2), "H", "W"}}}
	g.OpTo("y", "Concat", []string{"x", "x"}, onnx.Attr{Name: "axis", Value: int64(1)})
	m := loadWith(t, g.Bytes(), c)
	for _, side := range []int{64, 160, 64} {
		s := noise(side)
		p, err := m.Propose(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		u := unit(s)
		expect(t, "own resolution", p, func(i int) float64 { return u[i] })
	}
	if _, err := LoadWith(build("x", "y", []int64{1, 1, 64, 64}, []int64{1, 2, 64, 64}, func(g *onnx.Graph, x string) string { return x }), LoadOptions{Card: c}); err == nil || !strings.Contains(err.Error(), "1x1x64x64") {
		t.Errorf("a card of sizes for a model of one: %v", err)
	}
}

// What a card says and the model does not do is refused, naming both.
func TestCardAgainstModel(t *testing.T) {
	square := []int64{1, 1, 64, 64}
	double := func(g *onnx.Graph, x string) string {
		return g.Op("Concat", []string{x, x}, onnx.Attr{Name: "axis", Value: int64(1)})
	}
	plain := build("x", "y", square, []int64{1, 2, 64, 64}, double)
	two := onnx.New("two", 17)
	two.Input("x", onnx.Float, square...)
	two.OpTo("a", double(two, "x"), []string{"x"})
	two.Output("a", onnx.Float, 1, 2, 64, 64)
	two.Output("b", onnx.Float, 1, 2, 64, 64)
	whole := onnx.New("whole", 17)
	whole.Input("x", onnx.Int64, square...)
	whole.OpTo("y", "Identity", []string{"x"})
	whole.Output("y", onnx.Int64, square...)
	for name, c := range map[string]struct {
		data   []byte
		change func(c *Card)
		says   []string
	}{
		"channels":   {plain, func(c *Card) { c.Channels = 3 }, []string{`input "x"`, "[1x1x64x64]", "[1x3x64x64]"}},
		"layout":     {plain, func(c *Card) { c.Layout = "NHWC" }, []string{`input "x"`, "[1x1x64x64]", "[1x64x64x1]"}},
		"labels":     {plain, func(c *Card) { c.Labels = append(c.Labels, "more") }, []string{`output "y"`, "[1x2x64x64]", "[1x3x64x64]"}},
		"size":       {plain, func(c *Card) { c.Size = 128 }, []string{"[1x1x64x64]", "[1x1x128x128]"}},
		"name":       {plain, func(c *Card) { c.Input = "image" }, []string{`no input named "image"`, `"x"`}},
		"two":        {two.Bytes(), func(c *Card) {}, []string{`no output named "prob"`, `"a", "b"`}},
		"types":      {whole.Bytes(), func(c *Card) {}, []string{`input "x" holds 64-bit integers`, "32-bit floats"}},
		"activation": {plain, func(c *Card) { c.Activation = "relu" }, []string{"relu", "sigmoid"}},
		"values":     {plain, func(c *Card) { c.Values = "rgb" }, []string{"rgb", "grey"}},
		"foreground": {plain, func(c *Card) { c.Foreground = []string{"lung"} }, []string{`"lung"`, "ground glass"}},
		"means":      {plain, func(c *Card) { c.Mean = []float64{1, 2} }, []string{"2 numbers for mean"}},
		"deviation":  {plain, func(c *Card) { c.Std = []float64{0} }, []string{"above 0"}},
		"softmax":    {plain, func(c *Card) { c.Activation, c.Labels = "softmax", []string{"one"} }, []string{"over one channel"}},
		"both sizes": {plain, func(c *Card) { c.Sizes = &Sizes{32, 64, 32} }, []string{"both size and sizes"}},
		"multiples":  {plain, func(c *Card) { c.Size, c.Sizes = 0, &Sizes{40, 64, 32} }, []string{"multiples of 32"}},
		"no window":  {plain, func(c *Card) { c.Window = ct.Window{} }, []string{"window 0 wide"}},
	} {
		m, err := LoadWith(c.data, LoadOptions{Card: elsewhere(c.change)})
		if err == nil {
			m.Close()
			t.Errorf("%s: no error", name)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v, want %q", name, err, part)
			}
		}
	}
}

// Where a model says nothing of its shapes, running it tells.
func TestRunAgainstCard(t *testing.T) {
	open := func(body func(g *onnx.Graph) string) []byte {
		g := onnx.New("open", 17)
		g.Inputs = []onnx.Value{{Name: "x", Type: onnx.Float, Dims: []any{"a", "b", "c", "d"}}}
		g.OpTo("y", "Identity", []string{body(g)})
		g.Outputs = []onnx.Value{{Name: "y", Type: onnx.Float, Dims: []any{"e", "f", "g", "h"}}}
		return g.Bytes()
	}
	axis := onnx.Attr{Name: "axis", Value: int64(1)}
	for says, data := range map[string][]byte{
		"[1x2x64x64]": open(func(g *onnx.Graph) string { return g.Op("Concat", []string{"x", "x", "x"}, axis) }),
		"from -12 to ": open(func(g *onnx.Graph) string {
			y := g.Op("Mul", []string{"x", g.Scalar(-12)})
			return g.Op("Concat", []string{y, y}, axis)
		}),
		"no numbers": open(func(g *onnx.Graph) string {
			y := g.Op("Log", []string{g.Op("Sub", []string{"x", g.Scalar(2)})})
			return g.Op("Concat", []string{y, y}, axis)
		}),
	} {
		m := loadWith(t, data, elsewhere(func(c *Card) {}))
		if _, err := m.Propose(t.Context(), noise(64)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// The wiring of this project's own models is left out of their cards.
func TestOwnCardHasNoWiring(t *testing.T) {
	text, err := testCard().Encode()
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"input", "layout", "values", "mean", "sizes", "activation", "foreground", "Wiring", "mirror"} {
		if _, ok := fields[key]; ok {
			t.Errorf("the card has %s", key)
		}
	}
}
