package train

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// smallRun is a configuration that trains in seconds on pictures of blobs.
func smallRun(t *testing.T) Config {
	t.Helper()
	dir := t.TempDir()
	writeBlobs(t, dir, 12)
	c := Config{
		Name: "small", Output: filepath.Join(dir, "run"), Seed: 7, Threads: 2, Threshold: 0.3, Loss: Loss{Lambda: 0.1}, Average: 0.9,
		Network: Network{Filters: 4, Levels: 2, Dropout: 0.1, Outputs: 2}, Classes: []Class{{Name: defaultClass}},
		Stages: []Stage{{Size: 16, Batch: 4, Steps: 60, Rate: 3e-3}, {Size: 32, Batch: 2, Steps: 30, Rate: 1e-3}},
		Schedule: Schedule{
			Kind: cosine, Validate: 15, Warmup: 5,
		},
		Augment: Augment{Flip: true, Rotation: 5, Scale: 0.1, Shift: 0.05, Intensity: 0.05, Noise: 0.02},
		Sources: []Source{{
			Name: "blobs", Images: filepath.Join(dir, "*_ct.png"), Masks: [][2]string{{"_ct.png", "_mask.png"}},
			Patient: "file", Validation: []string{"00_ct", "01_ct", "02_ct"}, Weight: 1, EmptyWeight: 1,
		}},
	}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	return c
}

func writeBlobs(t *testing.T, dir string, count int) {
	t.Helper()
	const size = 48
	images, targets := blobs(rand.New(rand.NewPCG(1, 9)), count, size)
	for n := range count {
		name := filepath.Join(dir, "0"[:max(0, 2-len(strconv.Itoa(n)))]+strconv.Itoa(n))
		writePNG(t, name+"_ct.png", images[n*size*size:][:size*size], size)
		writePNG(t, name+"_mask.png", targets[(2*n+Foreground)*size*size:][:size*size], size)
	}
}

func writePNG(t *testing.T, path string, v []float32, size int) {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, size, size))
	for i, x := range v {
		m.Pix[i] = uint8(min(max(x, 0), 1)*255 + 0.5)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRunRepeatsAndResumes: the same configuration gives the same model twice,
// and a run that was stopped three times, in both stages, gives it too.
func TestRunRepeatsAndResumes(t *testing.T) {
	c := smallRun(t)
	run := func(name string, stops ...int) (model []byte, last Entry) {
		c.Output = filepath.Join(t.TempDir(), name)
		for {
			ctx, cancel := context.WithCancel(context.Background())
			err := Run(ctx, c, true, func(p Progress) {
				if len(stops) > 0 && p.Step == stops[0] {
					stops = stops[1:]
					cancel()
				}
			})
			cancel()
			if errors.Is(err, context.Canceled) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		model, err := os.ReadFile(filepath.Join(c.Output, ModelFile))
		if err != nil {
			t.Fatal(err)
		}
		point, err := loadCheckpoint(filepath.Join(c.Output, CheckpointFile))
		if err != nil {
			t.Fatal(err)
		}
		return model, point.Log[len(point.Log)-1]
	}
	first, entry := run("run")
	second, _ := run("run")
	stopped, resumed := run("run", 7, 30, 75)
	if !bytes.Equal(first, second) {
		t.Error("two runs of one configuration differ")
	}
	if !bytes.Equal(first, stopped) {
		t.Error("a resumed run differs from an unbroken one")
	}
	if entry.Loss != resumed.Loss || entry.Validation.Loss != resumed.Validation.Loss {
		t.Errorf("logs differ: %+v and %+v", entry, resumed)
	}
	if entry.Validation.Mean < 0.6 {
		t.Errorf("Dice of %.2f on blobs: the network learns nothing", entry.Validation.Mean)
	}
}

// TestVariationOfSources: where no source's total variation counts, a run is the
// same as one without.
func TestVariationOfSources(t *testing.T) {
	run := func(lambda float64, of *float64) Entry {
		c := smallRun(t)
		c.Stages, c.Schedule.Validate = c.Stages[:1], 3
		c.Stages[0].Steps = 3
		c.Loss.Lambda, c.Sources[0].Variation = lambda, of
		if err := Run(t.Context(), c, false, func(Progress) {}); err != nil {
			t.Fatal(err)
		}
		point, err := loadCheckpoint(filepath.Join(c.Output, CheckpointFile))
		if err != nil {
			t.Fatal(err)
		}
		return point.Log[len(point.Log)-1]
	}
	none := 0.0
	plain, spared, counted := run(0, nil), run(0.5, &none), run(0.5, nil)
	if plain.Loss != spared.Loss || plain.Validation.Loss != spared.Validation.Loss {
		t.Errorf("losses are %g and %g without TV, %g and %g with TV of weight 0", plain.Loss, plain.Validation.Loss, spared.Loss, spared.Validation.Loss)
	}
	if plain.Loss == counted.Loss || plain.Validation.Loss == counted.Validation.Loss {
		t.Error("TV counts for nothing")
	}
}

// TestRunRefuses another configuration's checkpoint, and a checkpoint where
// resuming was not asked for.
func TestRunRefuses(t *testing.T) {
	c := smallRun(t)
	c.Stages, c.Schedule.Validate = c.Stages[:1], 2
	c.Stages[0].Steps = 2
	none := func(Progress) {}
	if err := Run(context.Background(), c, false, none); err != nil {
		t.Fatal(err)
	}
	if err := Run(context.Background(), c, false, none); err == nil || !strings.Contains(err.Error(), "checkpoint already") {
		t.Errorf("a second run over the first: %v", err)
	}
	c.Loss.Lambda = 0.5
	if err := Run(context.Background(), c, true, none); err == nil || !strings.Contains(err.Error(), "another configuration") {
		t.Errorf("another configuration: %v", err)
	}
	path := filepath.Join(c.Output, CheckpointFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Run(context.Background(), c, true, none); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged checkpoint: %v", err)
	}
}
