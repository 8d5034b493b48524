package train

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestMeaning: what a mask's value says of each class, with and without labels.
func TestMeaning(t *testing.T) {
	c := &Config{Classes: []Class{{Name: "infection"}, {Name: "ground glass"}, {Name: "lung"}}}
	fine := Source{Name: "fine", Labels: []Label{{38, []string{"infection", "ground glass"}}, {75, []string{"infection"}}}}
	coarse := Source{Name: "coarse"}
	c.Sources = []Source{fine, coarse}
	const unknown = -1
	for _, test := range []struct {
		source *Source
		value  int
		want   [3]int // a class
	}{
		{&fine, 0, [3]int{0, 0, unknown}},
		{&fine, 38, [3]int{1, 1, unknown}},
		{&fine, 75, [3]int{1, 0, unknown}},
		{&fine, 9, [3]int{0, 0, unknown}}, // a value that no label names
		{&coarse, 0, [3]int{0, 0, unknown}},
		{&coarse, 255, [3]int{1, unknown, unknown}},
	} {
		for class, want := range test.want {
			is, known := c.meaning(test.source, class)
			got := unknown
			if known[test.value] == 255 {
				got = int(is[test.value] & 1)
			}
			if got != want {
				t.Errorf("%s, value %d: %s is %d, want %d", test.source.Name, test.value, c.Classes[class].Name, got, want)
			}
		}
	}
}

// TestExampleLayers: a layer says where its class is, and where its file is
// missing nothing is known; the weights of pixels count for all classes.
func TestExampleLayers(t *testing.T) {
	const size = 16
	dir := t.TempDir()
	picture := func(name string, value func(x, y int) float32) {
		v := make([]float32, size*size)
		for i := range v {
			v[i] = value(i%size, i/size)
		}
		writePNG(t, filepath.Join(dir, name), v, size)
	}
	for _, n := range []string{"a", "b"} {
		picture(n+"_ct.png", func(x, y int) float32 { return 0.7 }) // without air: the whole slice is looked at
		picture(n+"_mask.png", func(x, y int) float32 { return float32(x / 8) })
		picture(n+"_weight.png", func(x, y int) float32 { return 0.2 + 0.4*float32(y/8) })
	}
	picture("a_lung.png", func(x, y int) float32 { return float32(y / 8) })
	c := &Config{Classes: []Class{{Name: "infection"}, {Name: "lung"}}, Sources: []Source{{
		Name: "s", Images: filepath.Join(dir, "*_ct.png"), Masks: [][2]string{{"_ct", "_mask"}}, Patient: "file", Weight: 1,
		Weights: [][2]string{{"_ct", "_weight"}}, Layers: []Layer{{Class: "lung", Masks: [][2]string{{"_ct", "_lung"}}}},
	}}}
	all, err := pairs(c.Sources)
	if err != nil {
		t.Fatal(err)
	}
	d, err := (&loader{Config: c}).load(context.Background(), all, size)
	if err != nil {
		t.Fatal(err)
	}
	e := d.train[0]
	right, low := 5*size+12, 12*size+3
	if v := e.truths[0]; v.is[right] != 255 || v.is[low] != 0 || v.known[right] != 51 || v.known[low] != 153 {
		t.Errorf("infection is %d and %d, known %d and %d", v.is[right], v.is[low], v.known[right], v.known[low])
	}
	if v := e.truths[1]; v.is[right] != 0 || v.is[low] != 255 || v.known[right] != 51 || v.known[low] != 153 {
		t.Errorf("lung is %d and %d, known %d and %d", v.is[right], v.is[low], v.known[right], v.known[low])
	}
	if v := d.train[1].truths[1]; v.is != nil || slices.Max(v.known) != 0 {
		t.Errorf("without a lung mask, lung is %v, known %v", v.is, v.known)
	}
	if err := os.Remove(filepath.Join(dir, "a_weight.png")); err != nil {
		t.Fatal(err)
	}
	if _, err := (&loader{Config: c}).load(context.Background(), all, size); err == nil {
		t.Error("a missing picture of weights is passed over")
	}
}

// TestWeigh: background is what the first class leaves, and classes' weights
// multiply what is known.
func TestWeigh(t *testing.T) {
	c := &Config{Classes: []Class{{Name: "a", Positive: 3}, {Name: "b", Weight: 0.5}}}
	y := [][]float32{{9, 9}, {1, 0}, {1, 0}}
	w := [][]float32{{9, 9}, {1, 0.5}, {0, 1}}
	c.weigh(y, w)
	for k, want := range [][2][]float32{{{0, 1}, {3, 0.5}}, {{1, 0}, {3, 0.5}}, {{1, 0}, {0, 0.5}}} {
		if !slices.Equal(y[k], want[0]) || !slices.Equal(w[k], want[1]) {
			t.Errorf("channel %d is %v, weighs %v, want %v", k, y[k], w[k], want)
		}
	}
}

// TestKeep: auxiliary classes leave the model, and the others give what they gave.
func TestKeep(t *testing.T) {
	const size = 8
	net := Network{Filters: 2, Levels: 1, Outputs: 4}
	l := layoutOf(net)
	images, _ := blobs(rand.New(rand.NewPCG(1, 2)), 1, size)
	whole := fold(net, l, l.initial(1), l.initialStats())
	kept := fold(net, l, l.initial(1), l.initialStats())
	kept.keep([]Class{{Name: "a"}, {Name: "b", Auxiliary: true}, {Name: "c"}})
	all, some := infer(t, whole, images, size), infer(t, kept, images, size)
	area := size * size
	if want := slices.Concat(all[:2*area], all[3*area:]); !slices.Equal(some, want) {
		t.Error("the kept classes changed")
	}
}
