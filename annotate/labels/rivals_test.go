package labels

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// niftiOf writes a mask of a series such as straight makes: the first plane is given, and
// the second is empty.
func niftiOf(t *testing.T, path string, plane ...int16) string {
	t.Helper()
	s := ct.NewSeries(*straight(3, 2, 2), func(i int) (*ct.Slice, error) {
		hu := make([]int16, 6)
		if i == 0 {
			copy(hu, plane)
		}
		return &ct.Slice{W: 3, H: 2, HU: hu}, nil
	})
	var b bytes.Buffer
	if err := s.WriteNIfTI(context.Background(), &b, false, nil); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, path, b.Bytes())
}

// Volumes of one folder that have the same label on the same slices are left out, and
// those of different labels come in together, each by its name.
func TestVolumesThatCoverTheSameSlices(t *testing.T) {
	s := straight(3, 2, 2)
	for _, test := range []struct {
		name  string
		files map[string][]int16
		want  []string
		says  string
	}{
		{"cases of a set", map[string][]int16{"labelsTr/p1.nii": {1, 1}, "labelsTr/p2.nii": {0, 0, 2}}, nil, "p1.nii and 1 more file: it is one of several volumes"},
		{"masks of one label", map[string][]int16{"a.nii": {1, 2}, "b.nii": {0, 0, 2}, "c.nii": {3}}, []string{"3..", "..."}, "a.nii and 1 more file: it is one of several volumes"},
		{"the same mask twice", map[string][]int16{"a.nii": {1, 2}, "b.nii": {1, 2}}, []string{"12.", "..."}, "Several volumes are laid on slices 1–2"},
		{"a mask a label", map[string][]int16{"x_ggo.nii": {1}, "x_consolidation.nii": {0, 1}}, []string{"12.", "..."}, "x_ggo.nii is laid on slices 1–2"},
		{"one", map[string][]int16{"labelsTr/p1.nii": {1, 1}}, []string{"11.", "..."}, "p1.nii is laid on slices 1–2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, plane := range test.files {
				niftiOf(t, filepath.Join(dir, name), plane...)
			}
			l := read(t, s, Options{}, dir)
			wantLine(t, l, test.says)
			if test.want == nil {
				test.want = []string{"...", "..."}
			}
			wantPlane(t, l, 0, test.want...)
			if len(l.Table) != 3 {
				t.Errorf("the labels are %+v", l.Table)
			}
		})
	}
}

// What is named later is laid over what is named before, whatever it is called; the files
// of a folder are in natural order.
func TestOrderOfPaths(t *testing.T) {
	s, dir := straight(3, 2, 2), t.TempDir()
	a := niftiOf(t, filepath.Join(dir, "a.nii"), 1, 1)
	b := niftiOf(t, filepath.Join(dir, "b.nii"), 2, 2)
	two := writePNG(t, filepath.Join(dir, "more", "IM0001_2.png"), grey([]uint8{0, 2, 2}, []uint8{0, 0, 0}))
	ten := writePNG(t, filepath.Join(dir, "more", "IM0001_10.png"), grey([]uint8{0, 0, 3}, []uint8{0, 0, 0}))
	for _, test := range []struct {
		paths []string
		want  string
	}{
		{[]string{a, b}, "22."}, {[]string{b, a}, "11."}, {[]string{b, a, b}, "22."},
		{[]string{dir, a}, "11."}, {[]string{a, dir}, "22."},
	} {
		wantPlane(t, read(t, s, Options{}, test.paths...), 0, test.want, "...")
	}
	files, _, _, err := list(context.Background(), []string{b, filepath.Join(dir, "more"), a})
	if want := []string{b, two, ten, a}; err != nil || !slices.Equal(files, want) {
		t.Errorf("%v, %v", files, err)
	}
}

// Pictures of one name in several folders are laid over each other, as masks of one label
// each are, and this is told, since they may be of several patients.
func TestPicturesOfSeveralFolders(t *testing.T) {
	dir := t.TempDir()
	for k, name := range []string{"p1/IM0001.png", "p2/IM0001.png", "p2/IM0002.png"} {
		writePNG(t, filepath.Join(dir, name), grey([]uint8{0, 0, 0}, []uint8{uint8(k + 1), 0, 0}))
	}
	l := read(t, straight(3, 2, 2), Options{}, dir)
	wantLine(t, l, "laid over each other on slice 1: "+filepath.Join(dir, "p1")+", "+filepath.Join(dir, "p2")+".")
	l = read(t, straight(3, 2, 2), Options{}, filepath.Join(dir, "p2"))
	if said := strings.Join(l.Report.Lines(), " "); strings.Contains(said, "several") {
		t.Errorf("of one folder it says %s", said)
	}
}
