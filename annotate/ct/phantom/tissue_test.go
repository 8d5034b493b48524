package phantom

import (
	"math"
	"testing"
)

// spread is the mean and the standard deviation of numbers.
func spread(v []float64) (mean, deviation float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		deviation += (x - mean) * (x - mean) / float64(len(v))
	}
	return mean, math.Sqrt(deviation)
}

// TestDensities checks that tissues measure what a radiologist expects.
func TestDensities(t *testing.T) {
	for seed := range uint64(3) {
		p := New(Options{Size: 192, Slices: 16, Seed: seed})
		var healthy, glass, solid []float64
		lesions := 0
		for i := range p.slices {
			pixels, truth, lungs := hu(t, p, i), p.Truth(i), p.Lungs(i)
			for k, v := range pixels {
				switch {
				case truth[k] != Background && !lungs[k]:
					t.Fatalf("seed %d, slice %d: a lesion outside the lungs", seed, i)
				case truth[k] == GroundGlass:
					glass = append(glass, float64(v))
				case truth[k] == Consolidation:
					solid = append(solid, float64(v))
				case lungs[k]:
					healthy = append(healthy, float64(v))
				}
				if truth[k] != Background {
					lesions++
				}
			}
		}
		share := float64(lesions) / float64(lesions+len(healthy))
		if share < 0.02 || share > 0.35 {
			t.Errorf("seed %d: %.1f %% of the lungs are ill", seed, 100*share)
		}
		h, _ := spread(healthy)
		g, gs := spread(glass)
		c, _ := spread(solid)
		if h < -880 || h > -780 || g < -650 || g > -430 || gs > 220 || len(solid) > 0 && (c < -150 || c > 60) {
			t.Errorf("seed %d: lung %.0f, ground glass %.0f±%.0f, consolidation %.0f HU", seed, h, g, gs, c)
		}
		t.Logf("seed %d: %.1f %% ill, lung %.0f, ground glass %.0f±%.0f, consolidation %.0f HU", seed, 100*share, h, g, gs, c)
	}
}

// TestLungsGrowAndEnd checks the course of the lungs from the recesses below to
// the tops, and their volume.
func TestLungsGrowAndEnd(t *testing.T) {
	p := New(Options{Size: 128, Slices: 60})
	area := make([]float64, p.slices) // cm2
	var litres float64
	for i := range area {
		for _, in := range p.Lungs(i) {
			if in {
				area[i] += math.Pow(p.field/128/10, 2)
			}
		}
		litres += area[i] * height / 60 / 10 / 1000
	}
	if litres < 3 || litres > 6.5 {
		t.Errorf("the lungs hold %.1f litres", litres)
	}
	if area[0] > 5 || area[59] > 0 || area[30] < 200 || area[30] > 400 || area[54] > area[40] {
		t.Errorf("areas from below in cm2: %.0f", area)
	}
}

// TestLesionsHideNothing compares a sick patient with the same one in health:
// lesions add density, so that vessels stay visible, and touch nothing elsewhere.
func TestLesionsHideNothing(t *testing.T) {
	sick := New(Options{Size: 256, Slices: 20, Seed: 2, Noise: -1})
	well := New(Options{Size: 256, Slices: 20, Seed: 2, Noise: -1, Healthy: true})
	changed := 0
	for i := range sick.slices {
		a, b, truth := hu(t, sick, i), hu(t, well, i), sick.Truth(i)
		for k := range a {
			d := int(a[k]) - int(b[k])
			if d < -90 {
				t.Fatalf("slice %d: a lesion took %d HU away", i, -d)
			}
			if truth[k] != Background && d > 100 {
				changed++
			}
		}
		for _, v := range well.Truth(i) {
			if v != Background {
				t.Fatal("a healthy phantom has lesions")
			}
		}
	}
	if changed == 0 {
		t.Error("lesions do not show")
	}
}

// TestNoise measures the noise where nothing else is.
func TestNoise(t *testing.T) {
	quiet, noisy := New(Options{Size: 256, Noise: -1}), New(Options{Size: 256, Noise: 30})
	a, b := hu(t, quiet, 20), hu(t, noisy, 20)
	var d []float64
	for y := 100; y < 150; y++ {
		for x := 100; x < 150; x++ {
			d = append(d, float64(b[y*256+x])-float64(a[y*256+x]))
		}
	}
	if mean, deviation := spread(d); math.Abs(mean) > 2 || deviation < 24 || deviation > 42 {
		t.Errorf("noise of 30 HU measures %.1f±%.1f", mean, deviation)
	}
}
