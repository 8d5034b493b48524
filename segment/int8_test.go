package segment

import (
	"math"
	"slices"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/assets"
)

// int8Of is a stand-in for what was quantized from a model.
func int8Of(t *testing.T, float []byte, change func(c *Card)) []byte {
	t.Helper()
	card := testCard()
	card.Quantized = &Quantized{From: Fingerprint(float), Pictures: 1, Differences: []Difference{{"none", 3, 0.5, 0.4, 7, 0.1}}}
	change(&card)
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return identity(card.Size, text)
}

// TestLoadInt8: the int8 model is loaded on processors that gain from it, if
// it belongs to the float model and works; else the float one is.
func TestLoadInt8(t *testing.T) {
	text, err := testCard().Encode()
	if err != nil {
		t.Fatal(err)
	}
	float := identity(64, text)
	good := int8Of(t, float, func(*Card) {})
	for _, c := range []struct {
		name string
		int8 []byte
		want bool
	}{
		{"its own", good, PreferInt8()},
		{"none", nil, false},
		{"damaged", good[:len(good)-9], false},
		{"not quantized", float, false},
		{"of another model", int8Of(t, good, func(*Card) {}), false},
		{"of another shape than its card", int8Of(t, float, func(c *Card) { c.Labels = append(c.Labels, "more") }), false},
	} {
		m, err := LoadWith(float, LoadOptions{Int8: c.int8})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := m.Card().Quantized != nil; got != c.want {
			t.Errorf("%s: an int8 model is loaded: %v, want %v", c.name, got, c.want)
		}
		m.Close()
	}
	if _, err := LoadWith(nil, LoadOptions{Int8: good}); err == nil {
		t.Error("an int8 model loads without its float model")
	}
}

// TestInt8Bundled: the bundled int8 model is the bundled model's own, and its
// card says that its Dice is within 0.003 on every source.
func TestInt8Bundled(t *testing.T) {
	if !MadeFrom(assets.Int8Model(), assets.Model()) {
		t.Fatal("assets/model/model.int8.onnx was not made from model.onnx: groundglass quantize makes it anew")
	}
	card, err := ReadCard(assets.Int8Model())
	if err != nil {
		t.Fatal(err)
	}
	if len(card.Quantized.Differences) == 0 {
		t.Error("the card says nothing of differences")
	}
	for _, d := range card.Quantized.Differences {
		if math.Abs(d.Dice-d.FloatDice) > 0.003 {
			t.Errorf("%s: Dice is %.4f, of the float model %.4f", d.Data, d.Dice, d.FloatDice)
		}
	}
}

// TestModelInput: what a network is given is what it was trained on, under its
// card's window and in its card's box.
func TestModelInput(t *testing.T) {
	s := &ct.Slice{HU: make([]int16, 64*64), W: 64, H: 64}
	for i := range s.HU {
		s.HU[i] = int16(i - 2048)
	}
	m := loadIdentity(t, func(c *Card) { c.LungBox = false })
	if got := m.Input(s); !slices.Equal(got, Input(s, m.Box(s), 64)) {
		t.Error("under the lung window the input differs from Input's")
	}
	narrow := loadIdentity(t, func(c *Card) { c.LungBox, c.Window = false, ct.Window{Level: 0, Width: 100} })
	got := narrow.Input(s)
	if at := got[2048+25]; math.Abs(float64(at)-0.75) > 1e-5 || got[0] != 0 || got[4095] != 1 {
		t.Errorf("25 HU in a window of -50..50 is %g, -2048 is %g, 2047 is %g", at, got[0], got[4095])
	}
}

func TestInt8NeedsItsProcessor(t *testing.T) {
	for _, test := range []struct {
		quantized *Quantized
		int8, ok  bool
	}{{nil, false, true}, {nil, true, true}, {&Quantized{}, true, true}, {&Quantized{}, false, false}} {
		if err := (Card{Quantized: test.quantized}).runsHere(test.int8); (err == nil) != test.ok {
			t.Errorf("%+v: %v", test, err)
		}
	}
}
