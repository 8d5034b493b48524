package train

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStartFromModel: a run that starts from a finished model begins with its
// weights, and a class that the model does not have starts anew.
func TestStartFromModel(t *testing.T) {
	c := smallRun(t)
	c.Stages = c.Stages[:1]
	none := func(Progress) {}
	if err := Run(context.Background(), c, false, none); err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(c.Output, ModelFile)
	point, err := loadCheckpoint(filepath.Join(c.Output, CheckpointFile))
	if err != nil {
		t.Fatal(err)
	}
	more := c
	more.Classes = append([]Class{{Name: "new"}}, c.Classes...)
	more.Classes[0], more.Classes[1] = more.Classes[1], more.Classes[0]
	more.Network.Outputs = 3
	s, err := more.startFrom(model)
	if err != nil {
		t.Fatal(err)
	}
	from, to := layoutOf(c.Network), layoutOf(more.Network)
	for _, p := range from.params {
		want, _ := from.of(p.name, point.best.theta)
		got, _ := to.of(p.name, s.theta)
		for i := range want { // the further class's channel follows
			if d := math.Abs(float64(got[i] - want[i])); d > 1e-5*(1+math.Abs(float64(want[i]))) {
				t.Fatalf("%s[%d] is %g, was %g", p.name, i, got[i], want[i])
			}
		}
	}
	for i, want := range point.best.stats {
		if s.stats[i] != want {
			t.Fatalf("statistic %d is %g, was %g", i, s.stats[i], want)
		}
	}
	if w, _ := to.of("head_w", s.theta); w[len(w)-1] == 0 {
		t.Error("the new class has no weights to begin with")
	}
	c.Start, c.Output, c.Stages[0].Steps, c.Stages[0].Rate = model, filepath.Join(t.TempDir(), "on"), 1, 1e-9
	c.Schedule.Validate = 1
	if err := Run(context.Background(), c, false, none); err != nil {
		t.Fatal(err)
	}
	on, err := loadCheckpoint(filepath.Join(c.Output, CheckpointFile))
	if err != nil {
		t.Fatal(err)
	}
	if before, after := point.BestMean, on.Log[0].Validation.Mean; math.Abs(before-after) > 0.02 {
		t.Errorf("Dice was %.3f, and is %.3f after the start", before, after)
	}
}

// TestStartRefuses what is no model, one without statistics and one of another size.
func TestStartRefuses(t *testing.T) {
	c := smallRun(t)
	l := layoutOf(c.Network)
	tr := &trainer{config: &c, point: &checkpoint{best: newState(l, 1)}}
	good, err := tr.model(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	wider := c
	wider.Network.Filters *= 2
	for name, test := range map[string]struct {
		config Config
		model  []byte
		says   string
	}{
		"no model":      {c, []byte("hello"), "ONNX"},
		"cut short":     {c, good[:len(good)/2], "ONNX"},
		"no statistics": {c, []byte(strings.ReplaceAll(string(good), normsKey, "groundglass.other")), "no statistics"},
		"another size":  {wider, good, "another size"},
	} {
		path := filepath.Join(t.TempDir(), "m.onnx")
		if err := os.WriteFile(path, test.model, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := test.config.startFrom(path); err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
