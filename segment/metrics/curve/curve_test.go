package curve

import (
	"bytes"
	"errors"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"groundglass/segment/metrics"
)

// sample is a report of two groups of different quality.
func sample(t *testing.T) metrics.Report {
	t.Helper()
	all, r := metrics.New(0.3), rand.New(rand.NewPCG(4, 2))
	names := []string{"one hospital", "another"}
	groups := []*metrics.Accumulator{metrics.New(0.3), metrics.New(0.3)}
	for i := range 20 {
		prob, truth := make([]uint8, 500), make([]uint8, 500)
		for k := range prob {
			truth[k] = uint8(r.IntN(5) / 4)
			level := 80 + float64(truth[k])*float64(50+40*(i%2)) + 40*r.NormFloat64()
			prob[k] = uint8(min(255, max(0, level)))
		}
		if err := errors.Join(groups[i%2].Add(prob, truth), all.Add(prob, truth)); err != nil {
			t.Fatal(err)
		}
	}
	return metrics.Report{
		Groups: map[string]metrics.Result{names[0]: groups[0].Result(), names[1]: groups[1].Result()}, All: all.Result(),
	}
}

func TestDraw(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name  string
		chart Chart
		w, h  int
	}{
		{"pr", PrecisionRecall(sample(t)), 720, 720},
		{"learning", Chart{Title: "Training", XLabel: "step", YLabel: "loss", Lines: []Line{
			{Name: "training", X: []float64{0, 100, 200, 300}, Y: []float64{0.9, 0.5, 0.35, 0.3}},
			{Name: "validation", X: []float64{0, 100, 200, 300}, Y: []float64{0.8, nan, 0.45, 0.42}, Dashed: true},
		}}, 900, 600},
		{"empty", Chart{Title: "nothing yet"}, 900, 600},
		{"one point", Chart{Lines: []Line{{Name: "a", X: []float64{1}, Y: []float64{2}}}}, 900, 600},
		{"nothing finite", Chart{Lines: []Line{{Name: "a", X: []float64{1}, Y: []float64{nan}}}, Width: 320, Height: 200}, 320, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Draw(&b, c.chart); err != nil {
				t.Fatal(err)
			}
			if dir := os.Getenv("GROUNDGLASS_PICTURES"); dir != "" {
				if err := os.WriteFile(dir+"/chart "+c.name+".png", b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			m, err := png.Decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			if m.Bounds().Dx() != c.w || m.Bounds().Dy() != c.h {
				t.Errorf("the picture is %v, want %dx%d", m.Bounds(), c.w, c.h)
			}
		})
	}
}

// TestLinesShow checks that every line leaves ink of its own colour.
func TestLinesShow(t *testing.T) {
	var b bytes.Buffer
	chart := PrecisionRecall(sample(t))
	if err := Draw(&b, chart); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range chart.Lines {
		n := 0
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				r, g, b, _ := m.At(x, y).RGBA()
				if p := palette[i]; uint8(r>>8) == p.R && uint8(g>>8) == p.G && uint8(b>>8) == p.B {
					n++
				}
			}
		}
		if n < 200 {
			t.Errorf("line %q left %d pixels", l.Name, n)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]Chart{
		"lengths": {Lines: []Line{{Name: "a", X: []float64{1, 2}, Y: []float64{1}}}},
		"size":    {Width: 1 << 20, Height: 10},
	} {
		var b bytes.Buffer
		if err := Draw(&b, c); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v, %d bytes written", name, err, b.Len())
		}
	}
}
