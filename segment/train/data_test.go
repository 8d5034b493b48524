package train

import (
	"context"
	"image"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSourcePaths(t *testing.T) {
	s := Source{Masks: [][2]string{{"/Imgs/", "/GT/"}, {".jpg", ".png"}}, Patient: "file"}
	file := filepath.FromSlash("a/Imgs/b/Imgs/7.jpg")
	if got, want := filepath.ToSlash(replaceLast(file, s.Masks)), "a/Imgs/b/GT/7.png"; got != want {
		t.Errorf("mask %s, want %s", got, want)
	}
	if got := s.patient(file); got != "7" {
		t.Errorf("patient %q", got)
	}
	s.Patient = "folder"
	if got := s.patient(file); got != "Imgs" {
		t.Errorf("patient by folder %q", got)
	}
}

// TestLoadKeepsPatientsApart: validation pictures are not trained on, nor are
// copies of them under another name, stored transposed.
func TestLoadKeepsPatientsApart(t *testing.T) {
	dir, copies := t.TempDir(), t.TempDir()
	writeBlobs(t, dir, 6)
	c := smallRun(t)
	base := c.Sources[0]
	base.Images, base.Validation = filepath.Join(dir, "*_ct.png"), []string{"02_ct", "04_ct"}
	other := base
	other.Name, other.Images, other.Validation, other.Transpose = "copies", filepath.Join(copies, "*_ct.png"), nil, true
	for _, name := range []string{"02", "03"} {
		s, m, err := pair{source: &base, image: filepath.Join(dir, name+"_ct.png"), mask: filepath.Join(dir, name+"_mask.png")}.read()
		if err != nil {
			t.Fatal(err)
		}
		x, y := make([]float32, len(s.HU)), make([]float32, len(s.HU))
		for i := range x {
			x[i], y[i] = float32(s.HU[i]+1350)/1500, float32(m.Pixels[i])/255
		}
		writePNG(t, filepath.Join(copies, name+"_ct.png"), transpose(x, s.W, s.H), s.W)
		writePNG(t, filepath.Join(copies, name+"_mask.png"), transpose(y, s.W, s.H), s.W)
	}
	all, err := pairs([]Source{base, other})
	if err != nil {
		t.Fatal(err)
	}
	d, err := (&loader{Config: &c}).load(context.Background(), all, 40)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.validation) != 2 || len(d.train) != 5 {
		t.Errorf("%d validation and %d training pictures, want 2 and 5", len(d.validation), len(d.train))
	}
	if len(d.dropped) != 1 || filepath.Base(d.dropped[0]) != "02_ct.png" {
		t.Errorf("left out %v, want the copy of 02", d.dropped)
	}
}

func TestMaskCrop(t *testing.T) {
	m := &Mask{Pixels: make([]uint8, 16), W: 4, H: 4}
	m.Pixels[5], m.Pixels[6], m.Pixels[9], m.Pixels[10] = 255, 255, 255, 255
	if got := m.crop(m.Pixels, image.Rect(1, 1, 3, 3), 2); string(got) != "\xff\xff\xff\xff" {
		t.Errorf("a crop of foreground alone gives %v", got)
	}
	if got := m.crop(m.Pixels, image.Rect(2, 0, 4, 4), 4); got[0] != 0 || got[7] != 0 || got[4] < 128 {
		t.Errorf("a crop across the border gives %v", got)
	}
}

// TestPlaceKeeps: the centred warp changes nothing at one size, and a flip
// mirrors the image, the class and what is known of it alike.
func TestPlaceKeeps(t *testing.T) {
	const size = 8
	e := &example{image: make([]uint8, size*size), truths: []truth{{make([]uint8, size*size), make([]uint8, size*size)}, {}}}
	first := e.truths[0]
	for i := range e.image {
		e.image[i], first.known[i] = uint8(3*i), uint8(2*i)
		if i%size > 4 {
			first.is[i] = 255
		}
	}
	x, is, known := make([]float32, size*size), planes(make([]float32, 2*size*size), 0, 2, size*size), planes(make([]float32, 2*size*size), 0, 2, size*size)
	agree := func(what string, from func(i int) int) {
		t.Helper()
		for i := range x {
			j := from(i)
			if x[i] != float32(e.image[j])/255 || is[0][i] != float32(first.is[j])/255 || known[0][i] != float32(first.known[j])/255 {
				t.Fatalf("%s pixel %d is %g, %g and %g", what, i, x[i], is[0][i], known[0][i])
			}
			if is[1][i] != 0 || known[1][i] != 1 {
				t.Fatalf("%s pixel %d of an absent class is %g, known %g", what, i, is[1][i], known[1][i])
			}
		}
	}
	centred(size, size).place(e, size, x, is, known, size)
	agree("unmoved", func(i int) int { return i })
	warp{ax: -1, cx: size, by: 1}.place(e, size, x, is, known, size)
	agree("mirrored", func(i int) int { return i/size*size + size - 1 - i%size })
}

func TestConfigRefusals(t *testing.T) {
	good := `{"output":"o","network":{"filters":4,"levels":2},"stages":[{"size":16,"batch":1,"steps":1,"rate":0.1}],
		"schedule":{"kind":"cosine","validate":1},"sources":[{"name":"n","images":"*","masks":[["a","b"]],"patient":"file"}]}`
	if _, err := parseConfig(strings.NewReader(good)); err != nil {
		t.Fatalf("a good configuration is refused: %v", err)
	}
	for name, edit := range map[string][2]string{
		"unknown field":   {`"output":"o"`, `"output":"o","lamda":1`},
		"odd size":        {`"size":16`, `"size":18`},
		"no batch":        {`"batch":1`, `"batch":0`},
		"unknown kind":    {`"cosine"`, `"linear"`},
		"plateau alone":   {`"cosine"`, `"plateau"`},
		"unknown patient": {`"patient":"file"`, `"patient":"name"`},
		"no stages":       {`[{"size":16,"batch":1,"steps":1,"rate":0.1}]`, `[]`},
		"too deep":        {`"levels":2`, `"levels":9`},
		"unknown loss":    {`"output":"o"`, `"output":"o","loss":{"kind":"hinge"}`},
		"unknown reading": {`"output":"o"`, `"output":"o","loss":{"variation":"median"}`},
		"unknown way":     {`"output":"o"`, `"output":"o","optimizer":{"kind":"lion"}`},
		"hidden class":    {`"output":"o"`, `"output":"o","classes":[{"name":"a","auxiliary":true}]`},
		"classes alike":   {`"output":"o"`, `"output":"o","classes":[{"name":"a"},{"name":"a"}]`},
		"unknown class":   {`"patient":"file"`, `"patient":"file","labels":[{"value":1,"is":["lung"]}]`},
		"background":      {`"patient":"file"`, `"patient":"file","labels":[{"value":0,"is":[]}]`},
		"negative TV":     {`"patient":"file"`, `"patient":"file","variation":-1`},
		"layer of none":   {`"patient":"file"`, `"patient":"file","layers":[{"class":"lung","masks":[["a","b"]]}]`},
	} {
		if _, err := parseConfig(strings.NewReader(strings.Replace(good, edit[0], edit[1], 1))); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
}

// TestPlateau: the rate falls after the patience, and the stage ends at the stop.
func TestPlateau(t *testing.T) {
	s := Schedule{Kind: plateau, Validate: 1, Factor: 0.1, Patience: 2, Stop: 4, MinRate: 1e-4}
	stage, p := Stage{Rate: 1e-2, Steps: 100}, newProgress()
	var stop bool
	for i, loss := range []float64{1, 0.5, 0.6, 0.7, 0.5, 0.5} {
		if p, stop = s.after(p, loss); stop != (i == 5) {
			t.Fatalf("stop after %d validations is %v", i+1, stop)
		}
		want := map[int]float64{3: 1e-3, 4: 1e-3, 5: 1e-4}[i]
		if want == 0 {
			want = 1e-2
		}
		if got := s.rate(stage, p, 10, 0); got < want*0.999 || got > want*1.001 {
			t.Errorf("rate after %d validations is %g, want %g", i+1, got, want)
		}
	}
}

// TestSoften: blurring keeps flat parts and the mean of a step's sides, and
// lessens noise; sharpening adds to it.
func TestSoften(t *testing.T) {
	const size = 16
	r := random(1, 2, 3)
	noise := make([]float32, size*size)
	for i := range noise {
		noise[i] = 0.5 + 0.1*float32(r.NormFloat64())
	}
	spread := func(x []float32) (v float64) {
		for _, p := range x {
			v += (float64(p) - 0.5) * (float64(p) - 0.5)
		}
		return v
	}
	smooth, sharp := slices.Clone(noise), slices.Clone(noise)
	soften(smooth, size, 1)
	soften(sharp, size, -0.5)
	if !(spread(smooth) < 0.4*spread(noise) && spread(sharp) > 1.3*spread(noise)) {
		t.Errorf("noise of %g becomes %g smoothed and %g sharpened", spread(noise), spread(smooth), spread(sharp))
	}
	flat := slices.Repeat([]float32{0.25}, size*size)
	soften(flat, size, 1)
	if slices.ContainsFunc(flat, func(v float32) bool { return v != 0.25 }) {
		t.Error("a flat picture changed")
	}
}
