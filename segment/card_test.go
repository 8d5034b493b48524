package segment

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/segment/onnx"
)

// testCard is a card that can be worked with.
func testCard() Card {
	return Card{
		Schema: CardSchema, Name: "test", Version: "1", Description: "returns its input",
		Created: "2026-11-23T10:00:00Z", Architecture: "identity", Filters: 16,
		Size: 64, Window: ct.Lung, LungBox: true, Labels: []string{"background", "ground glass"},
		Threshold: 0.3, Lambda: 1e-6, Data: "none", Scores: []Score{{"none", 3, 0.3, 0.5, 0.6}},
		Licence: "Apache-2.0", Warning: CardWarning,
	}
}

func TestCardRoundTrip(t *testing.T) {
	card := testCard()
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"window": {`, `"width": 1500`, `"level": -600`, `"lung_box": true`, `"average_precision": 0.6`} {
		if !strings.Contains(text, key) {
			t.Errorf("the card lacks %s:\n%s", key, text)
		}
	}
	got, err := ReadCard(identity(64, text))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, card) {
		t.Errorf("read %+v, wrote %+v", got, card)
	}
}

func TestCardFillsIn(t *testing.T) {
	card := testCard()
	card.Schema, card.Warning = 0, ""
	text, err := card.Encode()
	if err != nil || !strings.Contains(text, CardWarning) || !strings.Contains(text, `"schema": 1`) {
		t.Errorf("%v, %s", err, text)
	}
}

func TestCardRefusals(t *testing.T) {
	for _, c := range []struct {
		reason string
		spoil  func(c *Card)
	}{
		{"no name", func(c *Card) { c.Name = " " }},
		{"input of 0 pixels", func(c *Card) { c.Size = 0 }},
		{"input of 100000 pixels", func(c *Card) { c.Size = 100000 }},
		{"window 0 wide", func(c *Card) { c.Window.Width = 0 }},
		{"threshold of 1.5", func(c *Card) { c.Threshold = 1.5 }},
		{"a label for each", func(c *Card) { c.Labels = nil }},
	} {
		card := testCard()
		c.spoil(&card)
		if _, err := card.Encode(); err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%q: %v", c.reason, err)
		}
	}
	for text, reason := range map[string]string{
		`{"name":"x"}`:             "no schema",
		`{"schema":99,"name":"x"}`: "newer version",
		`{"schema":"one"}`:         "cannot be read",
		`[`:                        "cannot be read",
	} {
		if _, err := ReadCard(identity(64, text)); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("card %s: %v, want %q", text, err, reason)
		}
	}
	if _, err := ReadCard(identity(64, "")); !errors.Is(err, ErrNoCard) {
		t.Errorf("no card: %v", err)
	}
}

// identity is a model whose foreground is its input and whose background is
// one minus it; an empty card is left out.
func identity(size int, card string) []byte {
	g := onnx.New("identity", 17)
	x := g.Input(ModelInput, onnx.Float, 1, 1, int64(size), int64(size))
	background := g.Op("Sub", []string{g.Scalar(1), x})
	g.OpTo(ModelOutput, "Concat", []string{background, x}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Output(ModelOutput, onnx.Float, 1, 2, int64(size), int64(size))
	if card != "" {
		g.Metadata[CardKey] = card
	}
	return g.Bytes()
}
