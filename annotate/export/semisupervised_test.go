package export

import (
	"bytes"
	"encoding/csv"
	"image"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// table reads a set's slices.csv: a row is a map by column.
func table(t *testing.T, dir string) (rows []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(read(t, filepath.Join(dir, "slices.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all[1:] {
		row := map[string]string{}
		for k, name := range all[0] {
			row[name] = r[k]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestSemisupervisedLayout(t *testing.T) {
	dir, r := mustWrite(t, semisupervisedPreset, twoPatients(t), Options{Window: ct.Window{Width: 1200, Level: -600}})
	var want []string
	for _, stem := range []string{"a_b", "c", "d"} {
		for _, part := range []string{"images", "masks", "weights"} {
			want = append(want, "labelled/"+part+"/"+stem+"_0001.png", "labelled/"+part+"/"+stem+"_0002.png", "pseudo/"+part+"/"+stem+"_0003.png")
		}
		want = append(want, "unlabelled/images/"+stem+"_0005.png")
	}
	wantFiles(t, dir, append(want, "slices.csv", "manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json",
		"labelled/images/window.json", "pseudo/images/window.json", "unlabelled/images/window.json")...)
	rows := table(t, dir)
	if len(rows) != 12 {
		t.Fatalf("there are %d rows", len(rows))
	}
	for k, want := range map[int]map[string]string{
		0: {"case": "a.b", "patient": "P1", "slice": "1", "set": "labelled", "split": "train", "image": "labelled/images/a_b_0001.png",
			"mask": "labelled/masks/a_b_0001.png", "weight": "labelled/weights/a_b_0001.png", "status": "accepted", "doubt": "0", "rows": "9",
			"columns": "12", "row_spacing_mm": "0.7", "column_spacing_mm": "0.8", "slice_spacing_mm": "5", "position_mm": "0"},
		3: {"slice": "5", "set": "unlabelled", "status": "new", "mask": "", "weight": "", "doubt": "", "confidence": "", "position_mm": "20"},
		6: {"case": "c", "patient": "P2", "slice": "3", "set": "pseudo", "split": "validation", "status": "proposed", "doubt": "0.2"},
	} {
		for name, v := range want {
			if got := rows[k][name]; got != v && !(name == "patient" && got == "P4") {
				t.Errorf("row %d: %s is %q, want %q", k, name, got, v)
			}
		}
	}
	s := newStatesSession()
	for k, name := range []string{"0001", "0002"} {
		g := decode(t, filepath.Join(dir, "labelled", "masks", "a_b_"+name+".png"))
		for i, l := range s.Mask(k).Label {
			if (l != 0) != (g.Pix[i] == 255) || g.Pix[i]%255 != 0 {
				t.Fatalf("slice %s: pixel %d of label %d is %d", name, i, l, g.Pix[i])
			}
		}
	}
	if p, err := ct.ReadPicture(filepath.Join(dir, "labelled", "images", "a_b_0001.png")); err != nil || p.HU[60] < -592 || p.HU[60] > -588 {
		t.Errorf("the picture's values are not those of its window: %v, %v", p.HU[60], err)
	}
	if !strings.Contains(strings.Join(r.Remarks, "\n"), "a.b: 1 slice left out: rejected.") {
		t.Errorf("it remarks %q", r.Remarks)
	}
}

// Where no lung was found, an empty proposal teaches nothing, and every export says so; what
// a person did there counts.
func TestSlicesWithoutLungThatIsFound(t *testing.T) {
	s := newTestSession()
	g := s.BeginProposal()
	for i := range 3 {
		s.Propose(i, g, annotate.Guess{Prob: make([]uint8, testW*testH), Doubt: 1})
	}
	none := annotate.NewSession(s.Series())
	g = none.BeginProposal()
	for i, doubt := range []float64{1, 0, 1} {
		none.Propose(i, g, annotate.Guess{Prob: make([]uint8, testW*testH), Doubt: doubt})
	}
	for _, p := range Presets() {
		if slices.Contains([]string{"seg", "seg-fractional", "rtstruct"}, p.Name) || strings.HasPrefix(p.Name, "semiseg-multi") {
			continue // DICOM, and what takes no proposals
		}
		_, r := mustWrite(t, p, One(input(none), "groundglass test", ""), Options{})
		if got := strings.Join(r.Remarks, "\n"); !strings.Contains(got, "no lung was found on 2 slices of case: nothing is proposed there.") {
			t.Errorf("%s remarks %q", p.Name, got)
		}
		if _, r := mustWrite(t, p, One(input(s), "groundglass test", ""), Options{}); strings.Contains(strings.Join(r.Remarks, ""), "no lung") {
			t.Errorf("%s remarks %q of a person's work", p.Name, r.Remarks)
		}
	}
	dir, _ := mustWrite(t, semisupervisedPreset, One(input(none), "groundglass test", ""), Options{LargestDoubt: 1})
	for k, want := range []string{"unlabelled", "pseudo", "unlabelled"} {
		r := table(t, dir)[k]
		if r["set"] != want || (want == "unlabelled") != (r["weight"] == "" && r["doubt"] == "1" && r["confidence"] == "") {
			t.Errorf("slice %d: %v", k+1, r)
		}
	}
}

// Weights follow the formula that FORMATS.md tells.
func TestWeights(t *testing.T) {
	s := newStatesSession()
	dir, _ := mustWrite(t, semisupervisedPreset, One(input(s), "groundglass test", ""), Options{Values: true})
	snapshot := s.Snapshot()
	for i, name := range []string{"labelled/weights/a_b_0001.png", "labelled/weights/a_b_0002.png", "pseudo/weights/a_b_0003.png"} {
		g, m, prob := decode(t, filepath.Join(dir, name)), s.Mask(i), snapshot.Probability(i)
		doubt, _ := snapshot.Doubt(i)
		for k, got := range g.Pix {
			q := float64(prob[k]) / 255
			if m.Label[k] == 0 {
				q = 1 - q
			}
			h := 0.0
			if q > 0 && q < 1 {
				h = -q*math.Log2(q) - (1-q)*math.Log2(1-q)
			}
			want := 255 * (1 - h) * (1 - doubt)
			if q <= 0.5 {
				want = 0
			}
			if i == 0 || m.Origin[k].Human() {
				want = 255
			}
			if math.Abs(float64(got)-want) > 0.501 {
				t.Fatalf("%s: the weight of pixel %d is %d, want %g", name, k, got, want)
			}
		}
	}
}

func TestLimitsOfProposals(t *testing.T) {
	doubt, sure := 0.2, 0.7
	known, unknown := SliceEntry{Status: "proposed", Doubt: &doubt, Confidence: &sure}, SliceEntry{Status: "proposed"}
	for _, c := range []struct {
		o    Options
		s    SliceEntry
		want string
	}{
		{Options{}, known, "pseudo"}, {Options{LargestDoubt: 0.2}, known, "pseudo"}, {Options{LargestDoubt: 0.19}, known, "unlabelled"},
		{Options{LeastConfidence: 0.7}, known, "pseudo"}, {Options{LeastConfidence: 0.71}, known, "unlabelled"},
		{Options{LargestDoubt: 0.3, LeastConfidence: 0.9}, known, "unlabelled"},
		{Options{}, unknown, "pseudo"}, {Options{LargestDoubt: 1}, unknown, "unlabelled"}, {Options{LeastConfidence: 0.01}, unknown, "unlabelled"},
		{Options{LargestDoubt: 0.01}, SliceEntry{Status: "accepted"}, "labelled"},
	} {
		if got := (semisupervisedFormat{o: &c.o}).part(c.s); got != c.want {
			t.Errorf("%+v: a slice that is %s is %s", c.o, c.s.Status, got)
		}
	}
	o := Options{LeastConfidence: 0.9, LargestDoubt: 0.5} // the proposal misses one of them
	dir, _ := mustWrite(t, semisupervisedPreset, One(input(newStatesSession()), "groundglass test", ""), o)
	if r := table(t, dir)[2]; r["slice"] != "3" || r["set"] != "unlabelled" || r["mask"] != "" {
		t.Errorf("the table says %v", r)
	}
}

func TestConfidence(t *testing.T) {
	m := annotate.NewMask(4, 1)
	prob := []uint8{255, 51, 204, 0}
	if c := confidence(m, prob); c != 0 {
		t.Errorf("of nothing where the model is sure of something, it is %g", c)
	}
	m.Origin = []annotate.Origin{annotate.HumanAdded, annotate.Model, annotate.Model, annotate.Untouched}
	if c := confidence(m, prob); c != 0.5 {
		t.Errorf("it is %g", c)
	}
}

func TestSemisupervisedRoundTrip(t *testing.T) {
	s := newStatesSession()
	hidden := Identity{Method: "tested", UID: func(uid string) string { return "2.25." + digest([]byte(uid))[:8] }}
	for _, identity := range []Identity{{}, hidden} {
		dir, _ := mustWrite(t, semisupervisedPreset, One(input(s), "groundglass test", ""), Options{Values: true, Identity: identity})
		l := imported(t, s, dir)
		if !slices.Equal(l.Slices(), []int{0, 1, 2}) || len(l.Report.LeftOut) > 0 {
			t.Fatalf("labels came in on %v; left out %v", l.Slices(), l.Report.LeftOut)
		}
		for i := range 3 {
			if !slices.Equal(l.Plane(i), s.Mask(i).Label) {
				t.Errorf("slice %d has other labels", i+1)
			}
		}
	}
}

func TestSemisupervisedCorruptions(t *testing.T) {
	const labelled, pseudo = "labelled/", "pseudo/"
	const one, two, three = "a_b_0001.png", "a_b_0002.png", "a_b_0003.png"
	tabled := func(change func(lines []string) []string) func(*testing.T, string, []*CaseEntry) {
		return func(t *testing.T, dir string, _ []*CaseEntry) {
			lines := strings.SplitAfter(string(read(t, filepath.Join(dir, "slices.csv"))), "\n")
			write(t, filepath.Join(dir, "slices.csv"), []byte(strings.Join(change(lines), "")))
		}
	}
	const row = "does not have slice"
	wantFound(t, semisupervisedPreset, twoPatients(t), Options{LargestDoubt: 0.25}, []corruption{
		{"masks swapped", exchanged(labelled+"masks/"+one, labelled+"masks/"+two), "the mask of slice 1 is that of slice 2"},
		{"pictures swapped", exchanged(labelled+"images/"+one, labelled+"images/"+two), "does not hold the image of slice 1"},
		{"weights swapped", exchanged(labelled+"weights/"+one, labelled+"weights/"+two), "does not hold the weight of slice 1"},
		{"mask shifted", painted(pseudo+"masks/"+three, shifted), "the mask of slice 3"},
		{"wrong value", painted(labelled+"masks/"+one, func(g *image.Gray) { g.Pix[3] = 37 }), "1 pixels of the value 37"},
		{"weight beyond the model's doubt", painted(pseudo+"weights/"+three, func(g *image.Gray) { g.Pix[0] = 240 }), "has a weight of 240, and the model's doubt of slice 3 allows 204"},
		{"weight of an accepted slice", painted(labelled+"weights/"+one, func(g *image.Gray) { g.Pix[0] = 254 }), "a person answers for all of slice 1"},
		{"weights of a person's pixels", painted(labelled+"weights/"+two, func(g *image.Gray) { clear(g.Pix) }), "has 0 weights of 255"},
		{"weight missing", forgotten(labelled + "weights/" + two), "slice 2 has no weight"},
		{"in the wrong part", moved(pseudo+"masks/"+three, labelled+"masks/"+three), "labelled/masks/a_b_0003.png is not where the mask of slice 3 belongs"},
		{"doubt understated", func(_ *testing.T, _ string, cases []*CaseEntry) { *cases[0].Slices[2].Doubt = 0.3 }, "pseudo/images/a_b_0003.png is not where"},
		{"row missing", tabled(func(l []string) []string { return slices.Delete(l, 2, 3) }), row + " 2 of a.b"},
		{"row doubled", tabled(func(l []string) []string { return slices.Insert(l, 2, l[2]) }), row + " 3 of a.b"},
		{"last row missing", tabled(func(l []string) []string { return slices.Delete(l, 12, 13) }), row + " 5 of d"},
		{"last row doubled", tabled(func(l []string) []string { return slices.Insert(l, 12, l[12]) }), "more rows than there are slices"},
		{"rows exchanged", tabled(func(l []string) []string { l[1], l[2] = l[2], l[1]; return l }), row + " 1 of a.b"},
		{"cell changed", tabled(func(l []string) []string { l[1] = strings.Replace(l[1], ",train,", ",validation,", 1); return l }), row + " 1 of a.b"},
		{"column renamed", tabled(func(l []string) []string { l[0] = strings.Replace(l[0], "weight", "wait", 1); return l }), "does not begin with the names"},
		{"another window", func(t *testing.T, dir string, _ []*CaseEntry) {
			write(t, filepath.Join(dir, "pseudo", "images", "window.json"), []byte(`{"width":400,"level":40}`))
		}, "pseudo/images/window.json does not tell the window"},
	})
}

func TestSemisupervisedSquare(t *testing.T) {
	dir, _ := mustWrite(t, semisupervisedPreset, twoPatients(t), Options{Square: 18})
	if g := decode(t, filepath.Join(dir, "labelled", "weights", "a_b_0002.png")); g.Rect != image.Rect(0, 0, 18, 18) {
		t.Errorf("the weights are of %v", g.Rect)
	}
	if r := table(t, dir)[0]; r["rows"] != "18" || r["row_spacing_mm"] != "0.35" || !strings.HasPrefix(r["column_spacing_mm"], "0.53333") {
		t.Errorf("the table says %v", r)
	}
}
