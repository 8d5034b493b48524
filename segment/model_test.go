package segment

import (
	"context"
	"errors"
	"image"
	"strings"
	"sync"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/segment/onnx"
)

// loadIdentity loads the model whose foreground is its input.
func loadIdentity(t testing.TB, change func(c *Card)) *Model {
	t.Helper()
	card := testCard()
	if change != nil {
		change(&card)
	}
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(identity(card.Size, text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestLoadRefusals(t *testing.T) {
	good, err := testCard().Encode()
	if err != nil {
		t.Fatal(err)
	}
	build := func(input, output string, channels, side int64, more ...string) []byte {
		g := onnx.New("odd", 17)
		x := g.Input(input, onnx.Float, 1, channels, side, side)
		for _, name := range more {
			g.Input(name, onnx.Float, 1)
		}
		g.OpTo(output, "Identity", []string{x})
		g.Output(output, onnx.Float, 1, channels, side, side)
		g.Metadata[CardKey] = good
		return g.Bytes()
	}
	for _, c := range []struct {
		name, reason string
		data         []byte
	}{
		{"no bytes", "not a usable ONNX model", nil},
		{"text", "not a usable ONNX model", []byte("a text file, and a long one at that")},
		{"no card", CardKey, identity(64, "")},
		{"another size", "shape", identity(128, good)},
		{"one channel", "shape", build(ModelInput, ModelOutput, 1, 64)},
		{"three channels in", "shape", build(ModelInput, ModelOutput, 3, 64)},
		{"two inputs", "2 inputs", build(ModelInput, ModelOutput, 1, 64, "more")},
	} {
		m, err := Load(c.data)
		if err == nil {
			m.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v, want %q", c.name, err, c.reason)
		}
	}
	if _, err := Load(identity(64, "")); !errors.Is(err, ErrNoCard) {
		t.Errorf("no card: %v", err)
	}
}

// The foreground channel comes back on the slice's own grid, whatever the
// slice's size, 0 outside the box and on padding.
func TestProposeGeometry(t *testing.T) {
	m := loadIdentity(t, func(c *Card) { c.Size = 128 })
	for _, size := range [][2]int{{512, 512}, {300, 200}, {97, 131}} {
		s := drawing(size[0], size[1])
		w, h := float64(s.W), float64(s.H)
		ellipse(s, w/2, h/2, 0.4*w, 0.3*h, 150)
		ellipse(s, 0.32*w, h/2, 0.13*w, 0.2*h, -850)
		ellipse(s, 0.68*w, h/2, 0.13*w, 0.2*h, -850)
		s.Pad = make([]bool, len(s.HU))
		x, y := s.W/2, s.H/2 // in the mediastinum
		s.Pad[y*s.W+x] = true
		prob, err := m.Propose(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if len(prob) != len(s.HU) {
			t.Fatalf("%v: %d probabilities", size, len(prob))
		}
		box := m.Box(s)
		if box == image.Rect(0, 0, s.W, s.H) || prob[0] != 0 {
			t.Errorf("%v: box %v, corner %d", size, box, prob[0])
		}
		lung, heart, pad := prob[y*s.W+int(0.32*w)], prob[y*s.W+x+2], prob[y*s.W+x]
		if lung < 80 || lung > 90 || heart < 250 || pad != 0 { // (-850+1350)/1500*255 = 85
			t.Errorf("%v: lung %d, heart %d, padding %d", size, lung, heart, pad)
		}
	}
}

func TestProposeWithoutLungBox(t *testing.T) {
	m := loadIdentity(t, func(c *Card) { c.LungBox = false })
	s := drawing(100, 80)
	s.HU[0] = -975 // resampled from 100x80 to 64x64 and back: only roughly there
	prob, err := m.Propose(t.Context(), s)
	if err != nil || prob[99] < 58 || prob[99] > 61 { // (-1000+1350)/1500*255 = 59.5
		t.Errorf("%v, %d in the corner", err, prob[99])
	}
}

func TestProposeErrors(t *testing.T) {
	m := loadIdentity(t, nil)
	for _, s := range []*ct.Slice{nil, {}, {W: 5, H: 5, HU: make([]int16, 3)}} {
		if _, err := m.Propose(t.Context(), s); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Propose(ctx, drawing(64, 64)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	m.Close()
	if _, err := m.Propose(t.Context(), drawing(64, 64)); err == nil {
		t.Error("a closed model proposes")
	}
}

// Many runs at once give what one at a time gives.
func TestProposeAtOnce(t *testing.T) {
	m := loadIdentity(t, nil)
	var all []*ct.Slice
	var want []string
	for i := range 8 {
		s := chest(200+10*i, int16(-900+20*i), -850)
		prob, err := m.Propose(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		all, want = append(all, s), append(want, string(prob))
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i, s := range all {
				if prob, err := m.Propose(t.Context(), s); err != nil || string(prob) != want[i] {
					t.Errorf("slice %d: %v, or other probabilities", i, err)
				}
			}
		})
	}
	group.Wait()
}
