package segment

import (
	"math"
	"slices"
	"testing"

	"groundglass/segment/onnx"
)

func TestUncertainty(t *testing.T) {
	u := uncertainty([]uint8{0, 255, 127, 128, 51, 204})
	if u[0] != 0 || u[1] != 0 || u[2] != 255 || u[3] != 255 {
		t.Errorf("sure pixels or even ones: %v", u)
	}
	// H(0.2) = 0.7219281 bits
	if want := uint8(math.Round(0.7219281 * 255)); u[4] != want || u[5] != want {
		t.Errorf("H(0.2) and H(0.8) are %d and %d, want %d", u[4], u[5], want)
	}
}

func TestDoubt(t *testing.T) {
	level := levelOf(0.3)
	for _, c := range []struct {
		name string
		prob []uint8
		want float64
	}{
		{"nothing", []uint8{0, 0, 0}, 0},
		{"sure", []uint8{255, 0, 255}, 0},
		{"below the threshold only", []uint8{10, 51, 0}, 0.2},
		// both = 0.6, sum = 0.6 + 0.2, marked = 1, greatest 0.6
		{"one pixel", []uint8{153, 51, 0}, (1-2*0.6/(0.8+1))/31 + 0.4*30/31},
		// both = 2 * 0.4, sum = 0.8 + 10,000 * 0.04, marked = 2: soft Dice alone gives 0.996
		{"two pixels and a faint background", append(slices.Repeat([]uint8{10}, 10_200), 102, 102), (1-2*0.8/(400.8+2))*2/32 + 0.4*30/32},
		// both = sum = 60 * 0.8, marked = 60: 2/3 by the soft Dice of 2*48/(48+60)
		{"sixty pixels", slices.Repeat([]uint8{204}, 60), (1-96.0/108)*2/3 + 0.2/3},
	} {
		if got := doubt(c.prob, level); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if levelOf(0.3) != 77 || levelOf(1) != 255 || levelOf(1e-9) != 1 {
		t.Error("levels are not those of metrics.Level")
	}
}

// kinds is a model with two kinds: the foreground is the input, the kinds are
// half of it and one minus it. Its batch is open where batch is a name.
func kinds(t testing.TB, batch any, change func(c *Card)) *Model {
	t.Helper()
	card := testCard()
	card.Labels = []string{"background", "both", "half", "rest"}
	change(&card)
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	side := int64(card.Size)
	g := onnx.New("kinds", 17)
	g.Inputs = []onnx.Value{{Name: ModelInput, Type: onnx.Float, Dims: []any{batch, int64(1), side, side}}}
	g.Outputs = []onnx.Value{{Name: ModelOutput, Type: onnx.Float, Dims: []any{batch, int64(4), side, side}}}
	rest := g.Op("Sub", []string{g.Scalar(1), ModelInput})
	half := g.Op("Mul", []string{g.Scalar(0.5), ModelInput})
	g.OpTo(ModelOutput, "Concat", []string{rest, ModelInput, half, rest}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Metadata[CardKey] = text
	m, err := Load(g.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestMostProbableKind(t *testing.T) {
	p := Proposal{Kinds: [][]uint8{{0, 9, 9, 1}, {0, 9, 200, 2}, {0, 3, 200, 255}}}
	if got := p.Kind(); !slices.Equal(got, []uint8{0, 0, 1, 2}) {
		t.Errorf("kinds %v", got)
	}
	if got := (Proposal{Foreground: []uint8{1}}).Kind(); got != nil {
		t.Errorf("of a model of one kind %v", got)
	}
}

func TestExamineKinds(t *testing.T) {
	m := kinds(t, int64(1), func(c *Card) { c.LungBox, c.Size = false, 80 })
	s := drawing(80, 80)
	ellipse(s, 40, 40, 20, 20, -600)
	s.Pad = make([]bool, len(s.HU))
	s.Pad[0] = true
	p, err := m.Examine(t.Context(), s)
	if err != nil || len(p.Kinds) != 2 || len(m.Card().KindLabels()) != 2 {
		t.Fatalf("%v, %d kinds", err, len(p.Kinds))
	}
	at := 40*80 + 40 // -600 HU is 0.5
	if p.Foreground[at] != 128 || p.Kinds[0][at] != 64 || p.Kinds[1][at] != 128 || p.Uncertainty[at] != 255 {
		t.Errorf("in the middle %d, %d, %d, uncertainty %d", p.Foreground[at], p.Kinds[0][at], p.Kinds[1][at], p.Uncertainty[at])
	}
	if p.Foreground[0] != 0 || p.Kinds[0][0] != 0 || p.Kinds[1][0] != 0 || p.Uncertainty[0] != 0 {
		t.Error("padding is not 0")
	}
	if !(p.Doubt > 0.3 && p.Doubt < 1) { // the model is sure of nothing
		t.Errorf("doubt %v", p.Doubt)
	}
	only, err := m.Propose(t.Context(), s)
	if err != nil || string(only) != string(p.Foreground) {
		t.Errorf("Propose: %v, or another map", err)
	}
}

// slanted is a model that sees only the left half of what it is given.
func slanted(t testing.TB, batch any, mirror bool) *Model {
	t.Helper()
	card := testCard()
	card.Size, card.LungBox, card.Mirror = 64, false, mirror
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	g := onnx.New("slanted", 17)
	g.Inputs = []onnx.Value{{Name: ModelInput, Type: onnx.Float, Dims: []any{batch, int64(1), int64(64), int64(64)}}}
	g.Outputs = []onnx.Value{{Name: ModelOutput, Type: onnx.Float, Dims: []any{batch, int64(2), int64(64), int64(64)}}}
	left := make([]float32, 64)
	for i := range 32 {
		left[i] = 1
	}
	x := g.Op("Mul", []string{ModelInput, g.Weights("left", []int64{1, 1, 1, 64}, left)})
	g.OpTo(ModelOutput, "Concat", []string{x, x}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Metadata[CardKey] = text
	m, err := Load(g.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// What one pass sees on the left and the mirrored one on the right comes out
// half as probable on both sides, whether the two go in one run or in two.
func TestExamineMirror(t *testing.T) {
	s := drawing(64, 64)
	for i := range s.HU { // brighter towards the right
		s.HU[i] = int16(-1350 + 20*(i%64))
	}
	alone, err := slanted(t, int64(1), false).Examine(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for name, batch := range map[string]any{"one run": "N", "two runs": int64(1)} {
		m := slanted(t, batch, true)
		if want := map[string]int{"one run": 2, "two runs": 1}[name]; m.batch != want {
			t.Errorf("%s: a batch of %d", name, m.batch)
		}
		for range 2 { // the second time in used tensors
			p, err := m.Examine(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range p.Foreground {
				x := i % 64
				if want := 255 * float64(20*x) / 1500 / 2; math.Abs(float64(v)-want) > 1 {
					t.Fatalf("%s: column %d is %d, want %.1f", name, x, v, want)
				}
			}
			if alone.Foreground[63] != 0 || p.Foreground[63] == 0 || alone.Foreground[31] < p.Foreground[31] {
				t.Errorf("%s: alone %d and %d, together %d and %d", name, alone.Foreground[31], alone.Foreground[63], p.Foreground[31], p.Foreground[63])
			}
		}
	}
}
