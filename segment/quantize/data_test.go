package quantize

import (
	"math"
	"os"
	"testing"

	"groundglass/assets"
	"groundglass/segment"
	"groundglass/segment/train"
)

// bundled are the bundled models, the float one and the int8 one.
func bundled(t testing.TB) (float, int8 []byte) {
	t.Helper()
	float, int8 = assets.Model(), assets.Int8Model()
	if float == nil || int8 == nil {
		t.Skip("this build carries no model, or no int8 one")
	}
	return float, int8
}

// TestDiceOnData: on every third of the held out pictures of the bundled model's
// training, whatever the processor, 8 bits change Dice by no more than 0.003.
func TestDiceOnData(t *testing.T) {
	const threshold, most = 0.3, 0.003
	float, int8 := bundled(t)
	t.Chdir("../..") // the configuration's paths are the repository's
	if _, err := os.Stat("../shared/data"); err != nil {
		t.Skip("no real data: the folder shared/data is not beside the module")
	}
	config, err := train.ReadConfig("segment/train/configs/tvunet16.json")
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := train.Pictures(config)
	if err != nil {
		t.Fatal(err)
	}
	a, b := load(t, float), load(t, int8)
	c, n := NewComparison(threshold), 0
	for _, p := range pictures {
		if !p.Validation {
			continue
		}
		if n++; n%3 != 0 {
			continue
		}
		s, mask, err := p.Read()
		if err != nil {
			t.Fatal(err)
		}
		x, err := a.Propose(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.Propose(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Add(x, y, mask.Pixels); err != nil {
			t.Fatal(err)
		}
	}
	d := c.Difference("all")
	t.Logf("%d pictures: Dice %.4f, of the float model %.4f; %d pixels differ, %.2f %%", d.Images, d.Dice, d.FloatDice, d.Pixels, 100*d.Share)
	if math.Abs(d.Dice-d.FloatDice) > most || d.FloatDice < 0.5 {
		t.Errorf("Dice is %.4f, of the float model %.4f", d.Dice, d.FloatDice)
	}
}

func load(t *testing.T, model []byte) *segment.Model {
	t.Helper()
	m, err := segment.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// BenchmarkInt8AgainstFloat runs the bundled models in turns, on one thread and
// one slice, at their size and at 256x256, and reports how many times as fast
// the int8 one is.
func BenchmarkInt8AgainstFloat(b *testing.B) {
	float, int8 := bundled(b)
	card, err := segment.ReadCard(float)
	if err != nil {
		b.Fatal(err)
	}
	larger, err := Model(b.Context(), float, 256, plan{in: 1}.inputs(1, 256))
	if err != nil {
		b.Fatal(err)
	}
	for _, model := range []struct {
		name string
		int8 []byte
	}{{"own", int8}, {"256", larger}} {
		b.Run(model.name, func(b *testing.B) {
			ratio, err := Ratio(b.Context(), float, model.int8, max(20, b.N))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(ratio, "times-as-fast")
			b.ReportMetric(0, "ns/op")
			b.Logf("%s at %d, int8 preferred here: %v", card.Name, card.Size, segment.PreferInt8())
		})
	}
}
