package export

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/labels"
)

// TestExportValues changes what files have for labels, and reads the files back
// with and without their manifest.
func TestExportValues(t *testing.T) {
	s := newTestSession()
	change := func(v uint8, do func(l *annotate.Label)) {
		t.Helper()
		l, _ := s.LabelOf(v)
		do(&l)
		if err := s.SetLabel(l); err != nil {
			t.Fatal(err)
		}
	}
	change(1, func(l *annotate.Label) { l.Export = 7 })
	change(2, func(l *annotate.Label) { l.Export = 1 })
	nodule, err := s.AddLabel(annotate.Label{Name: "Nodule", Code: annotate.Code{Scheme: "SCT", Value: "786838002", Meaning: "Nodule of lung"}, Export: 200})
	if err != nil {
		t.Fatal(err)
	}
	s.SetCurrent(1)
	stroke(s, annotate.Brush{Radius: 1, Label: nodule}, 2, 7)
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := writePNG(context.Background(), dir, input(s), Options{Values: true}, nil); err != nil {
		t.Fatal(err)
	}
	of := map[uint8]uint8{0: 0, 1: 7, 2: 1, nodule: 200}
	data, err := os.ReadFile(filepath.Join(dir, "IM2_mask.png"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := decodeGray(data, testW, testH)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range s.Mask(1).Label {
		if g.Pix[i] != of[l] {
			t.Fatalf("pixel %d of label %d is %d, want %d", i, l, g.Pix[i], of[l])
		}
	}
	if r, err := Verify(context.Background(), dir); err != nil || !r.OK() {
		t.Errorf("%v, %v", r.Problems, err)
	}
	m, c := oneCase(t, dir)
	if l := m.Labels[3]; l.Value != 200 || l.Program != nodule || l.Code == nil || l.Code.Value != "786838002" {
		t.Errorf("the manifest says %+v", l)
	}
	if px := c.Slices[1].LabelPx; px["200"] == 0 || px["7"] == 0 || px["2"] != 0 {
		t.Errorf("pixels by value: %v", px)
	}

	bare := t.TempDir()
	if err := os.WriteFile(filepath.Join(bare, "IM2_mask.png"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dir   string
		table []annotate.Label
	}{
		"with the manifest, to the table it was made with":  {dir, s.Labels()},
		"with the manifest, to the default table":           {dir, annotate.DefaultLabels()},
		"without a manifest, to the table it was made with": {bare, s.Labels()},
	} {
		read, err := labels.Read(context.Background(), s.Series(), []string{c.dir}, labels.Options{Table: c.table}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(read.Plane(1), s.Mask(1).Label) {
			t.Errorf("%s: slice 2 has other labels", name)
		}
		if l := read.Table[len(read.Table)-1]; l.Value != nodule || l.ExportValue() != 200 || l.Code.Value != "786838002" {
			t.Errorf("%s: the label is %+v", name, l)
		}
	}
}

// A foreign value stays what it is in the next export, also where the value that
// it would have here is taken.
func TestForeignValuesAreExportedAsTheyWere(t *testing.T) {
	s := newTestSession()
	if v, err := s.AddLabel(annotate.Label{Value: 9, Name: "Nodule", Export: 90}); v != 9 || err != nil {
		t.Fatal(v, err)
	}
	g := image.NewGray(image.Rect(0, 0, testW, testH))
	g.Pix[0], g.Pix[1], g.Pix[2], g.Pix[3] = 9, 11, 90, 255
	var b bytes.Buffer
	if err := png.Encode(&b, g); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "IM1.png"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	read, err := labels.Read(context.Background(), s.Series(), []string{dir}, labels.Options{Table: s.Labels()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var exported [256]uint8
	for _, l := range read.Table {
		exported[l.Value] = l.ExportValue()
	}
	for i, l := range read.Plane(0)[:4] {
		if exported[l] != g.Pix[i] {
			t.Errorf("value %d would be exported as %d", g.Pix[i], exported[l])
		}
	}
	if said := strings.Join(read.Report.Lines(), "\n"); strings.Contains(said, "will be exported") {
		t.Error(said)
	}
}

func TestPixelsOfNoLabelAreNotExported(t *testing.T) {
	in := input(newTestSession())
	in.Labels = in.Labels[:1]
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := writePNG(context.Background(), dir, in, Options{}, nil); err == nil || !strings.Contains(err.Error(), "which is no label") {
		t.Error(err)
	}
	in.Labels = append(in.Labels, annotate.Label{Value: 2, Name: "Other", Export: 1})
	if _, err := writePNG(context.Background(), dir, in, Options{}, nil); err == nil || !strings.Contains(err.Error(), "both be exported as 1") {
		t.Error(err)
	}
}
