package export

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/labels"
)

func TestSemisegLayout(t *testing.T) {
	dir, r := mustWrite(t, semisegPreset, twoPatients(t), Options{})
	var want []string
	add := func(stem, folder string, parts ...string) {
		for _, p := range parts {
			want = append(want, folder+"/"+p+"/"+stem+".png")
		}
	}
	add("a_b_0001", "TrainingSet/LungInfection-Train/Doctor-label", "Imgs", "GT", "Edge")
	add("a_b_0002", "TrainingSet/LungInfection-Train/Doctor-label", "Imgs", "GT", "Edge")
	add("a_b_0003", "TrainingSet/LungInfection-Train/Pseudo-label", "Imgs", "GT", "Edge")
	for _, stem := range []string{"c_0001", "c_0002", "d_0001", "d_0002"} {
		add(stem, "TestingSet/LungInfection-Test", "Imgs", "GT")
	}
	wantFiles(t, dir, append(want, "manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
	if m, err := ReadManifest(dir); err != nil || m.Masks != binaryMasks || m.Folds != 5 {
		t.Errorf("the manifest says %+v, %v", m, err)
	}
	s := newStatesSession()
	gt := decode(t, filepath.Join(dir, "TrainingSet/LungInfection-Train/Doctor-label/GT/a_b_0002.png"))
	for i, l := range s.Mask(1).Label {
		if want := map[bool]uint8{true: 255}[l != 0]; gt.Pix[i] != want {
			t.Fatalf("pixel %d of label %d is %d", i, l, gt.Pix[i])
		}
	}
	if said := strings.Join(r.Remarks, "\n"); !strings.Contains(said, "c: 1 slice left out: proposed, and the patient is held out, of whom labels count that a person made or accepted.") || !strings.Contains(said, "a.b: 1 slice left out: rejected.") {
		t.Errorf("it remarks %q", r.Remarks)
	}
}

func TestSemisegMultiLayout(t *testing.T) {
	set := twoPatients(t)
	dir, _ := mustWrite(t, semisegMultiPreset, set, Options{})
	var want []string
	for folder, parts := range map[string][]string{
		"TrainingSet/MultiClassInfection-Train": {"Imgs", "GT", "Prior"}, "TestingSet/MultiClassInfection-Test": {"Imgs", "GT", "GT-1", "GT-2"},
	} {
		stems := []string{"a_b_0001", "a_b_0002"}
		if strings.HasPrefix(folder, "Testing") {
			stems = []string{"c_0001", "c_0002", "d_0001", "d_0002"}
		}
		for _, p := range parts {
			for _, s := range stems {
				want = append(want, folder+"/"+p+"/"+s+".png")
			}
		}
	}
	wantFiles(t, dir, append(want, "manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
	of := func(name string) []uint8 { return decode(t, filepath.Join(dir, filepath.FromSlash(name))).Pix }
	gt, prior := of("TrainingSet/MultiClassInfection-Train/GT/a_b_0001.png"), of("TrainingSet/MultiClassInfection-Train/Prior/a_b_0001.png")
	one, two := of("TestingSet/MultiClassInfection-Test/GT-1/c_0001.png"), of("TestingSet/MultiClassInfection-Test/GT-2/c_0001.png")
	for i, l := range newStatesSession().Mask(0).Label {
		want := [...][4]uint8{{0, 0, 0, 0}, {38, 255, 255, 0}, {75, 255, 0, 255}}[l]
		if got := [4]uint8{gt[i], prior[i], one[i], two[i]}; got != want {
			t.Fatalf("pixel %d of label %d is %v, want %v", i, l, got, want)
		}
	}
}

func TestSemisegForTVUNet(t *testing.T) {
	dir, _ := mustWrite(t, semisegTVPreset, twoPatients(t), Options{})
	var want []string
	for _, part := range []string{"Imgs", "GT"} {
		for _, name := range []string{"train/Doctor-label/%/a_b_0001", "train/Doctor-label/%/a_b_0002", "train/Pseudo-label/%/a_b_0003", "test/%/c_0001", "test/%/c_0002", "test/%/d_0001", "test/%/d_0002"} {
			want = append(want, "LungInfection-"+strings.Replace(name, "%", part, 1)+".png")
		}
	}
	wantFiles(t, dir, append(want, "manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
}

// What is neither ground glass nor consolidation has no value of two.
func TestSemisegLeavesOtherLabelsOut(t *testing.T) {
	all := append(annotate.DefaultLabels(), annotate.Label{Value: 4, Name: "Left lung"}, annotate.Label{Value: 5, Name: "Crazy paving"},
		annotate.Label{Value: 6, Name: "GGO", Code: annotate.DefaultLabels()[0].Code}, annotate.Label{Value: 7, Name: "Nodule of lung"})
	for multi, want := range map[bool][]uint8{false: {255, 255, 0, 0, 255, 255, 255}, true: {38, 75, 0, 0, 0, 38, 0}} {
		f := semisegFormat{layout: semisegLayout{multi: multi}}
		values, err := f.values(all)
		if err != nil || !slices.Equal(values[1:8], want) {
			t.Errorf("multi %v: %v, %v", multi, values[1:8], err)
		}
		if _, err := f.values(all[2:4]); err == nil {
			t.Errorf("multi %v: a set without any of its labels was written", multi)
		}
	}
	s := newStatesSession()
	s.SetCurrent(1)
	stroke(s, annotate.Brush{Radius: 1, Label: 3}, 2, 7)
	_, r := mustWrite(t, semisegPreset, One(input(s), "groundglass test", ""), Options{})
	if said := strings.Join(r.Remarks, "\n"); !strings.Contains(said, "of Pleural effusion left out") {
		t.Errorf("it remarks %q", said)
	}
}

func TestSemisegWithNothingToLearnFrom(t *testing.T) {
	c := input(newStatesSession())
	c.Status = func(int) annotate.Status { return annotate.Proposed }
	dir := filepath.Join(t.TempDir(), "out")
	_, err := Write(context.Background(), dir, semisegMultiPreset, One(c, "groundglass test", ""), Options{}, nil)
	if err == nil || !strings.Contains(err.Error(), "a person made or accepted") {
		t.Error(err)
	}
	wantFiles(t, filepath.Dir(dir))
}

func TestCaseOfAnotherPatientThanWasSaid(t *testing.T) {
	set := twoPatients(t)
	set.Patients = slices.Clone(set.Patients)
	set.Patients[2] = "somebody else"
	if _, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), semisegPreset, set, Options{}, nil); err == nil || !strings.Contains(err.Error(), "another patient") {
		t.Error(err)
	}
}

// Two kinds come back as they were, with and without identities.
func TestSemisegRoundTrip(t *testing.T) {
	hidden := func(string) string { return "x" }
	for name, identity := range map[string]Identity{
		"as it is": {}, "without identity": {Method: "tested", UID: func(uid string) string { return "2.25." + digest([]byte(uid))[:8] }, Patient: hidden, Words: hidden},
	} {
		s := newStatesSession()
		set := One(input(s), "groundglass test", "")
		dir, _ := mustWrite(t, semisegMultiPreset, set, Options{Identity: identity})
		l := imported(t, s, dir)
		if !slices.Equal(l.Slices(), []int{0, 1}) {
			t.Fatalf("%s: labels came in on %v\n%s", name, l.Slices(), strings.Join(l.Report.Lines(), "\n"))
		}
		for i := range 2 {
			if !slices.Equal(l.Plane(i), s.Mask(i).Label) {
				t.Errorf("%s: slice %d has other labels\n%s", name, i+1, strings.Join(l.Report.Lines(), "\n"))
			}
		}
		if len(l.Report.LeftOut) > 0 {
			t.Errorf("%s: left out %v", name, l.Report.LeftOut)
		}
		dir, _ = mustWrite(t, semisegPreset, set, Options{Identity: identity})
		if l = imported(t, s, dir); !slices.Equal(l.Slices(), []int{0, 1, 2}) || !slices.Equal(l.Plane(2), s.Mask(2).Label) {
			t.Errorf("%s: infection came in on %v", name, l.Slices())
		}
	}
}

func TestSemisegCorruptions(t *testing.T) {
	const train, pseudo = "TrainingSet/LungInfection-Train/Doctor-label/", "TrainingSet/LungInfection-Train/Pseudo-label/"
	const one, two, three = "a_b_0001.png", "a_b_0002.png", "a_b_0003.png"
	wantFound(t, semisegPreset, twoPatients(t), Options{}, []corruption{
		{"masks swapped", exchanged(train+"GT/"+one, train+"GT/"+two), "the mask of slice 1 is that of slice 2"},
		{"pictures swapped", exchanged(train+"Imgs/"+one, train+"Imgs/"+two), "Imgs/a_b_0001.png does not hold the image of slice 1"},
		{"edges swapped", exchanged(train+"Edge/"+one, train+"Edge/"+two), "Edge/a_b_0001.png does not follow from the mask of slice 1"},
		{"mask shifted", painted(train+"GT/"+two, shifted), "the mask of slice 2"},
		{"picture shifted", painted(train+"Imgs/"+two, shifted), "does not hold the image of slice 2"},
		{"wrong value", painted(train+"GT/"+one, func(g *image.Gray) { g.Pix[0] = 37 }), "has the value 37"},
		{"edge missing", forgotten(train + "Edge/" + one), "slice 1 has no edge"},
		{"mask missing", forgotten(train + "GT/" + one), "slice 1 has no mask"},
		{"picture missing", forgotten(train + "Imgs/" + one), "slice 1 has no image"},
		{"in the wrong part", moved(train+"GT/"+one, pseudo+"GT/"+one), "Pseudo-label/GT/a_b_0001.png is not where the mask of slice 1 belongs"},
		{"another name", moved(train+"Imgs/"+one, train+"Imgs/a_b_0009.png"), "a_b_0009.png is not where the image of slice 1 belongs"},
		{"a proposal passed off as accepted", func(_ *testing.T, _ string, cases []*CaseEntry) { cases[0].Slices[2].Status = "accepted" },
			"Pseudo-label/Imgs/" + three + " is not where the image of slice 3 belongs"},
		{"a rejected slice in the set", moved(pseudo+"GT/"+three, pseudo+"GT/a_b_0004.png"), "a_b_0004.png is not where"},
		{"a patient in both parts", func(_ *testing.T, _ string, cases []*CaseEntry) { cases[1].Held = false }, "P2 is held out, and not"},
		{"stranger", func(t *testing.T, dir string, _ []*CaseEntry) {
			write(t, filepath.Join(dir, train, "GT", "x.png"), nil)
		},
			"Doctor-label/GT/x.png is not in the manifest"},
	})
	const multi = "TrainingSet/MultiClassInfection-Train/"
	wantFound(t, semisegMultiPreset, twoPatients(t), Options{}, []corruption{
		{"wrong value", painted(multi+"GT/"+one, func(g *image.Gray) { g.Pix[0] = 37 }), "has the value 37"},
		{"kinds exchanged", painted(multi+"GT/"+one, func(g *image.Gray) {
			for i, v := range g.Pix {
				g.Pix[i] = map[uint8]uint8{38: 75, 75: 38}[v]
			}
		}), "the mask of slice 1 has"},
		{"prior of another slice", exchanged(multi+"Prior/"+one, multi+"Prior/"+two), "does not follow from the mask"},
	})
}

func TestSemisegSquare(t *testing.T) {
	dir, _ := mustWrite(t, semisegPreset, twoPatients(t), Options{Square: 16})
	if g := decode(t, filepath.Join(dir, "TrainingSet/LungInfection-Train/Doctor-label/Edge/a_b_0001.png")); g.Rect != image.Rect(0, 0, 16, 16) {
		t.Errorf("the edges are of %v", g.Rect)
	}
}

// TestSemisegLoaders: the loaders of Inf-Net and TV-UNet take the folders by their own
// rules, and Pillow and scikit-image read the masks as they were written.
func TestSemisegLoaders(t *testing.T) {
	session := newStatesSession()
	for _, p := range []Preset{semisegPreset, semisegMultiPreset, semisegTVPreset} {
		dir, _ := mustWrite(t, p, twoPatients(t), Options{})
		j := judge(t, "semiseg.py", dir)
		if len(j.Problems) > 0 {
			t.Errorf("%s: %q", p.Name, j.Problems)
		}
		values, err := p.format(&Options{}).values(session.Labels())
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"a_b_0001": 0, "a_b_0002": 1, "a_b_0003": 2, "c_0001": 0, "c_0002": 1, "d_0001": 0, "d_0002": 1}
		if p.Name == semisegMultiPreset.Name {
			delete(want, "a_b_0003")
		}
		if len(j.Masks) != len(want) {
			t.Errorf("%s: it reads the masks %v", p.Name, j.Masks)
		}
		for stem, i := range want {
			if got := j.Masks[stem]; len(got) != 1 || got[0] != digest(mapped(session.Mask(i).Label, &values)) {
				t.Errorf("%s: it reads %s as %v", p.Name, stem, got)
			}
		}
	}
	broken, _ := mustWrite(t, semisegPreset, twoPatients(t), Options{})
	const gt = "TrainingSet/LungInfection-Train/Doctor-label/GT/"
	painted(gt+"a_b_0001.png", func(g *image.Gray) { g.Pix[0] = 37 })(t, broken, nil)
	moved(gt+"a_b_0002.png", gt+"z.png")(t, broken, []*CaseEntry{{}})
	if said := strings.Join(judge(t, "semiseg.py", broken).Problems, "\n"); !strings.Contains(said, "37") || !strings.Contains(said, "a_b_0002") {
		t.Errorf("of a broken set it says %q", said)
	}
}

// TestSemisegOfCOVIDSemiSeg exports slices of the data set itself: masks and priors are
// those of the data set, the right way up.
func TestSemisegOfCOVIDSemiSeg(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "data", "semiseg", "TrainingSet", "MultiClassInfection-Train")
	for _, stem := range []string{"1", "10", "16"} {
		picture, err := ct.ReadPicture(filepath.Join(folder, "Imgs", stem+".jpg"))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("COVID-SemiSeg (../shared/data/semiseg) is not here")
		}
		if err != nil {
			t.Fatal(err)
		}
		meta := ct.Series{Rows: picture.W, Columns: picture.H, Sources: []ct.Source{{File: "/semiseg/" + stem + ".jpg"}}}
		s := annotate.NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) {
			return &ct.Slice{W: picture.H, H: picture.W, HU: make([]int16, len(picture.HU))}, nil
		}))
		l, err := labels.Read(context.Background(), s.Series(), []string{filepath.Join(folder, "GT", stem+".png")}, labels.Options{Table: s.Labels(), Transposed: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := s.Import(l.Import("Import")); err != nil || n.Slices != 1 {
			t.Fatalf("%+v, %v", n, err)
		}
		dir, _ := mustWrite(t, semisegMultiPreset, One(input(s), "groundglass test", ""), Options{})
		for _, part := range []string{"GT", "Prior"} {
			got := decode(t, filepath.Join(dir, "TrainingSet", "MultiClassInfection-Train", part, stem+"_0001.png"))
			original, err := os.Open(filepath.Join(folder, part, stem+".png"))
			if err != nil {
				t.Fatal(err)
			}
			defer original.Close()
			want, err := png.Decode(original)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range got.Pix {
				grey := color.GrayModel.Convert(want.At(i/picture.H, i%picture.H)).(color.Gray).Y
				if v != grey {
					t.Fatalf("%s/%s: pixel %d is %d, want %d", part, stem, i, v, grey)
				}
			}
		}
	}
}
