package export

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate"
)

func TestYOLOLayout(t *testing.T) {
	dir, _ := mustWrite(t, yoloPreset, twoPatients(t), Options{})
	var want []string
	for _, stem := range []string{"train/a_b", "val/c", "val/d"} {
		for _, n := range []string{"_0001", "_0002", "_0003"} {
			want = append(want, "images/"+stem+n+".png", "labels/"+stem+n+".txt")
		}
	}
	wantFiles(t, dir, append(want, "data.yaml", "manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
	data := string(read(t, filepath.Join(dir, "data.yaml")))
	if !strings.HasPrefix(data, "train: images/train\nval: images/val\nnames:\n  0: \"Ground glass\"\n  1: \"Consolidation\"\n") {
		t.Errorf("data.yaml is\n%s", data)
	}
	set, _ := ringed(t)
	dir, _ = mustWrite(t, yoloPreset, set, Options{})
	if data := string(read(t, filepath.Join(dir, "data.yaml"))); !strings.Contains(data, "# No patient is held out") {
		t.Errorf("with one patient, data.yaml is\n%s", data)
	}
}

// Shares are as exact as corners, whatever the size and as loaders hold them.
func TestSharesOfCorners(t *testing.T) {
	for _, size := range []int{1, 3, 7, 512, 1023, 4096, 65535} {
		for v := range size + 1 {
			text := strconv.FormatFloat(float64(v)/float64(size), 'f', -1, 32)
			share, err := strconv.ParseFloat(text, 32)
			if back := math.Round(float64(float32(share) * float32(size))); err != nil || back != float64(v) || share > 1 {
				t.Fatalf("%d of %d is written as %s, and comes back as %v", v, size, text, back)
			}
		}
	}
}

// A slice that was looked at and has nothing keeps its empty file.
func TestEmptyLabels(t *testing.T) {
	s := newTestSession()
	set := One(input(s), "groundglass test", "")
	set.Cases[0] = "e"
	c := input(s)
	mask := c.Mask
	c.Mask = func(i int) *annotate.Mask {
		if i == 1 {
			return annotate.NewMask(testW, testH)
		}
		return mask(i)
	}
	set.Open = func(int) (*Case, func(), error) { return c, nil, nil }
	for _, p := range objectPresets() {
		dir, _ := mustWrite(t, p, set, Options{})
		l := imported(t, s, dir)
		if l.Report.Empty != 1 || l.Report.Labelled != 2 {
			t.Errorf("%s: %q", p.Name, l.Report.Lines())
		}
	}
	dir, _ := mustWrite(t, yoloPreset, set, Options{})
	if data := read(t, filepath.Join(dir, "labels", "train", "e_0002.txt")); len(data) > 0 {
		t.Errorf("the file of an empty slice is %q", data)
	}
}

// scikit-image fills the same pixels.
func TestOutlinesJudged(t *testing.T) {
	for _, p := range []Preset{yoloPreset, labelmePreset} {
		set, _ := ringed(t)
		for _, set := range []Set{set, twoPatients(t)} {
			dir, _ := mustWrite(t, p, set, Options{})
			wantJudged(t, dir, judge(t, "outlines.py", dir))
		}
	}
}

// replaced changes the text of a file.
func replaced(file, old, with string) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		text := string(read(t, filepath.Join(dir, file)))
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		write(t, filepath.Join(dir, file), []byte(strings.Replace(text, old, with, 1)))
	}
}

// onLine changes the first line of a file.
func onLine(file string, change func(fields []string) []string) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		line, rest, _ := strings.Cut(string(read(t, filepath.Join(dir, file))), "\n")
		write(t, filepath.Join(dir, file), []byte(strings.Join(change(strings.Fields(line)), " ")+"\n"+rest))
	}
}

func TestYOLOCorruptions(t *testing.T) {
	const one = "labels/train/a_b_0001.txt"
	class := func(c string) func([]string) []string {
		return func(f []string) []string { return append([]string{c}, f[1:]...) }
	}
	wantFound(t, yoloPreset, twoPatients(t), Options{}, []corruption{
		{"a line is missing", func(t *testing.T, dir string, _ []*CaseEntry) {
			_, rest, _ := strings.Cut(string(read(t, filepath.Join(dir, one))), "\n")
			write(t, filepath.Join(dir, one), []byte(rest))
		}, "the mask of slice 1 has"},
		{"another class", onLine(one, class("1")), "the mask of slice 1 has"},
		{"a class out of range", onLine(one, class("77")), "has the class 77, and there are"},
		{"a class below 0", onLine(one, class("-1")), "has the class -1"},
		{"shifted by a pixel", shiftedDown(one), "of labels/train/a_b_0001.txt lies over another"},
		{"outside", onLine(one, func(f []string) []string { return append(f, "1.5", "0") }), "no share of the picture"},
		{"half a point", onLine(one, func(f []string) []string { return f[:len(f)-1] }), "fewer than three points"},
		{"labels swapped", exchanged(one, "labels/train/a_b_0002.txt"), "the mask of slice 1 is that of slice 2"},
		{"picture swapped", exchanged("images/train/a_b_0001.png", "images/train/a_b_0002.png"), "does not hold the image of slice 1"},
		{"a patient on both sides", moved("images/train/a_b_0001.png", "images/val/a_b_0001.png"), "is not where the image of slice 1 belongs"},
		{"a case on both sides", func(t *testing.T, dir string, cases []*CaseEntry) { cases[1].Held = false }, "the patient P2 is held out, and not"},
		{"a label file forgotten", forgotten(one), "slice 1 has no mask"},
		{"names swapped", replaced("data.yaml", "0: \"Ground glass\"\n  1: \"Consolidation\"", "0: \"Consolidation\"\n  1: \"Ground glass\""), "data.yaml is not what"},
		{"validation on training", replaced("data.yaml", "images/val", "images/train"), "data.yaml is not what"},
	})
}

// shiftedDown moves the outline of the last line by a row.
func shiftedDown(file string) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		lines := strings.Split(strings.TrimSpace(string(read(t, filepath.Join(dir, file)))), "\n")
		fields := strings.Fields(lines[len(lines)-1])
		for k := 2; k < len(fields); k += 2 {
			v, err := strconv.ParseFloat(fields[k], 64)
			if err != nil {
				t.Fatal(err)
			}
			fields[k] = fmt.Sprintf("%.8f", v+1.0/testH)
		}
		lines[len(lines)-1] = strings.Join(fields, " ")
		write(t, filepath.Join(dir, file), []byte(strings.Join(lines, "\n")))
	}
}

func TestLabelmeLayout(t *testing.T) {
	dir, _ := mustWrite(t, labelmePreset, twoPatients(t), Options{})
	var want []string
	for _, stem := range []string{"a_b", "c", "d"} {
		for _, n := range []string{"_0001", "_0002", "_0003"} {
			want = append(want, stem+n+".png", stem+n+".json")
		}
	}
	wantFiles(t, dir, append(want, "manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
}

func TestLabelmeCorruptions(t *testing.T) {
	const one = "a_b_0001.json"
	wantFound(t, labelmePreset, twoPatients(t), Options{}, []corruption{
		{"a shape is missing", recoded(one, func(f *labelmeFile) { f.Shapes = f.Shapes[:len(f.Shapes)-1] }), "the mask of slice 1 has"},
		{"another label", recoded(one, func(f *labelmeFile) { f.Shapes[0].Label = "Consolidation" }), "the mask of slice 1 has"},
		{"no such label", recoded(one, func(f *labelmeFile) { f.Shapes[0].Label = "x" }), `the label "x", which there is not`},
		{"shifted by a pixel", recoded(one, func(f *labelmeFile) {
			points := f.Shapes[len(f.Shapes)-1].Points
			for k := range points {
				points[k][1]++
			}
		}), "of a_b_0001.json lies over another"},
		{"no polygon", recoded(one, func(f *labelmeFile) { f.Shapes[0].Type = "circle" }), "is no polygon"},
		{"groups joined", recoded(one, func(f *labelmeFile) { f.Shapes[1].Group = f.Shapes[0].Group }), "another group_id"},
		{"of another picture", recoded(one, func(f *labelmeFile) { f.Image = "a_b_0002.png" }), "is not of the picture a_b_0001.png"},
		{"of another size", recoded(one, func(f *labelmeFile) { f.Height++ }), "is not of the picture"},
		{"files swapped", exchanged(one, "a_b_0002.json"), "the mask of slice 1 is that of slice 2"},
		{"damaged", func(t *testing.T, dir string, _ []*CaseEntry) {
			if err := os.Truncate(filepath.Join(dir, one), 40); err != nil {
				t.Fatal(err)
			}
		}, "is damaged"},
	})
}
