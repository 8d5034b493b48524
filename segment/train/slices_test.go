package train

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const tableHead = "case,patient,slice,set,split,image,mask,weight\n"

// writeSet writes a semi-supervised set of 12 pictures of 6 patients: of each, one that
// is labelled, and one that is pseudo-labelled with the given mask and weights. The
// first two patients validate, and there is an unlabelled picture.
func writeSet(t *testing.T, pseudo func(target []float32), weight float32) (table string) {
	t.Helper()
	const count, size = 12, 48
	dir := t.TempDir()
	images, targets := blobs(rand.New(rand.NewPCG(1, 9)), count+1, size)
	for _, part := range []string{"images", "masks", "weights"} {
		if err := os.MkdirAll(filepath.Join(dir, part), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	rows := tableHead
	for n := range count + 1 {
		target := targets[(2*n+Foreground)*size*size:][:size*size]
		set, split, w := "labelled", "train", slices.Repeat([]float32{1}, size*size)
		if n%2 == 1 {
			set, w = "pseudo", slices.Repeat([]float32{weight}, size*size)
			pseudo(target)
		}
		if n < 4 {
			split = "validation"
		}
		name := fmt.Sprintf("s%02d.png", n)
		writePNG(t, filepath.Join(dir, "images", name), images[n*size*size:][:size*size], size)
		if n == count {
			rows += fmt.Sprintf("c%d,P%d,1,unlabelled,train,images/%s,,\n", n, n/2, name)
			continue
		}
		writePNG(t, filepath.Join(dir, "masks", name), target, size)
		writePNG(t, filepath.Join(dir, "weights", name), w, size)
		rows += fmt.Sprintf("c%d,P%d,1,%s,%s,images/%s,masks/%s,weights/%s\n", n, n/2, set, split, name, name, name)
	}
	table = filepath.Join(dir, "slices.csv")
	if err := os.WriteFile(table, []byte(rows), 0o644); err != nil {
		t.Fatal(err)
	}
	return table
}

func setRun(t *testing.T, table string) Config {
	t.Helper()
	c := smallRun(t)
	c.Stages = c.Stages[:1]
	c.Stages[0].Steps, c.Schedule.Validate, c.Schedule.Warmup = 6, 3, 1
	c.Sources = []Source{{Name: "set", Slices: table, Weight: 1, EmptyWeight: 1}}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSetIsSplitByPatient(t *testing.T) {
	c := setRun(t, writeSet(t, func([]float32) {}, 0.5))
	all, err := pairs(c.Sources)
	if err != nil {
		t.Fatal(err)
	}
	count := func(all []pair) (held, labelled, pseudo, unlabelled int) {
		for _, p := range all {
			if (p.patient == "P0" || p.patient == "P1") != p.validation {
				t.Errorf("%s of %s: validation is %v", p.image, p.patient, p.validation)
			}
			switch {
			case p.validation:
				held++
			case p.source.Teacher != nil:
				unlabelled++
			case p.image[len(p.image)-5]%2 == 0:
				labelled++
			default:
				pseudo++
			}
		}
		return
	}
	if held, l, p, u := count(all); held != 2 || l != 4 || p != 4 || u != 0 {
		t.Errorf("%d, %d, %d and %d pictures", held, l, p, u)
	}
	c.Sources[0].Teacher = &Teacher{Model: "teacher.onnx"}
	if all, err = pairs(c.Sources); err != nil {
		t.Fatal(err)
	}
	if held, l, p, u := count(all); held != 2 || l != 4 || p != 4 || u != 1 {
		t.Errorf("with a teacher, %d, %d, %d and %d pictures", held, l, p, u)
	}
	c.Sources[0].Validation = []string{"P5"}
	if all, err = pairs(c.Sources); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.validation != (p.patient == "P5") {
			t.Errorf("of patients that are named, %s: validation is %v", p.patient, p.validation)
		}
	}
	held, _, err := c.ValidationPairs("")
	if err != nil || len(held) != 1 || held[0].Patient != "P5" {
		t.Errorf("the validation pairs are %+v, %v", held, err)
	}
}

// Masks do not matter where their weights are 0, and do where these are not.
func TestWeightsOfASetReachTheLoss(t *testing.T) {
	train := func(weight float32, pseudo func(target []float32)) []byte {
		c := setRun(t, writeSet(t, pseudo, weight))
		if err := Run(context.Background(), c, false, func(Progress) {}); err != nil {
			t.Fatal(err)
		}
		model, err := os.ReadFile(filepath.Join(c.Output, ModelFile))
		if err != nil {
			t.Fatal(err)
		}
		return model
	}
	kept := func([]float32) {}
	inverted := func(target []float32) {
		for i, v := range target {
			target[i] = 1 - v
		}
	}
	if !bytes.Equal(train(0, kept), train(0, inverted)) {
		t.Error("masks of no weight change the model")
	}
	half := train(0.5, inverted)
	if bytes.Equal(train(0.5, kept), half) {
		t.Error("masks of some weight do not change the model")
	}
	if bytes.Equal(train(1, inverted), half) {
		t.Error("all weights above 0 train alike")
	}
}

func TestSetRefusals(t *testing.T) {
	good := setRun(t, writeSet(t, func([]float32) {}, 1)).Sources[0]
	for name, spoil := range map[string]func(s *Source){
		"images":   func(s *Source) { s.Images = "*" },
		"masks":    func(s *Source) { s.Masks = [][2]string{{"a", "b"}} },
		"patient":  func(s *Source) { s.Patient = "file" },
		"share":    func(s *Source) { s.ValidationShare = 0.5 },
		"no name":  func(s *Source) { s.Name = "" },
		"negative": func(s *Source) { s.Weight = -1 },
	} {
		s := good
		if spoil(&s); s.check() == nil {
			t.Errorf("%s is not refused", name)
		}
	}
	const row = "a,P,1,labelled,train,images/s00.png,masks/s00.png,weights/s00.png\n"
	for text, want := range map[string]string{
		"":                        "cannot be read",
		"case,patient\n":          `no column "set"`,
		tableHead:                 "no slice in it can be used",
		tableHead + "a,b\n":       "on line 2",
		tableHead + "\"a\n" + row: "line 2",
		tableHead + row + strings.Replace(row, "images/", "../", 1):       `"../s00.png" is no file of the set`,
		tableHead + row + strings.Replace(row, "masks/s00.png", "", 1):    `line 3: "" is no file of the set`,
		tableHead + strings.Replace(row, "labelled", "rejected", 1):       `the set is "rejected"`,
		tableHead + strings.Replace(row, "train", "test", 1):              `the split is "test"`,
		tableHead + strings.Replace(row, ",images/s00.png", ",/etc/x", 1): `"/etc/x" is no file of the set`,
	} {
		s := good
		s.Slices = filepath.Join(t.TempDir(), "slices.csv")
		if err := os.WriteFile(s.Slices, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := pairs([]Source{s}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), s.Slices) {
			t.Errorf("of %q it says %v, not %q", text, err, want)
		}
	}
	good.Slices = filepath.Join(t.TempDir(), "none.csv")
	if _, err := pairs([]Source{good}); err == nil {
		t.Error("a missing table is passed over")
	}
}

// Without labelled pictures to validate by, nothing is trained, unless the last weights are to be kept.
func TestSetWithoutValidation(t *testing.T) {
	c := setRun(t, writeSet(t, func([]float32) {}, 1))
	c.Sources[0].Validation = []string{"nobody"}
	if err := Run(context.Background(), c, false, func(Progress) {}); err == nil || !strings.Contains(err.Error(), "no picture validates") {
		t.Fatal(err)
	}
	c.Last = true
	if err := Run(context.Background(), c, false, func(Progress) {}); err != nil {
		t.Error(err)
	}
}

// The configurations to start from can be read.
func TestConfigsToStartFrom(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("configs", "*.json"))
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if _, err := ReadConfig(f); err != nil {
			t.Error(err)
		}
	}
}
