package labels

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/internal/testkit"
)

// makeVolumes writes the same mask by nibabel in all 48 ways to store its axes, in
// several types, and prints what it holds on each slice of the series that
// straight makes.
const makeVolumes = `
import itertools, os, numpy as np, nibabel as nib
w, h, n = 7, 5, 4
k, j, i = np.mgrid[:n, :h, :w]
mask = ((i * 7 + j * 3 + k * 5 + i * j) % 4 * (k != 1)).transpose(2, 1, 0)
lps = np.array([[1, 0, 0, -100], [0, 2, 0, -120], [0, 0, 5, 40], [0, 0, 0, 1.]])
ras = np.diag([-1, -1, 1, 1]) @ lps
types = itertools.cycle([np.uint8, np.int16, np.float32, np.uint16, np.float64])
for number, (order, flips) in enumerate(itertools.product(itertools.permutations(range(3)), itertools.product([1, -1], repeat=3))):
    o = np.array(list(zip(order, flips)))
    data = nib.orientations.apply_orientation(mask, o)
    affine = ras @ nib.orientations.inv_ornt_aff(o, mask.shape)
    image = nib.Nifti1Image(data.astype(next(types)), affine)
    if number % 3 == 0: image.set_qform(affine, 1); image.set_sform(None, 0)
    nib.save(image, os.path.join(sys.argv[1], "mask%d.nii%s" % (number, ".gz" if number % 2 else "")))
def save(name, data, affine, cls=nib.Nifti1Image): nib.save(cls(data, affine), os.path.join(sys.argv[1], name))
moved = ras.copy(); moved[2, 3] += 10
save("moved.nii", mask.astype(np.uint8), moved)
off = ras.copy(); off[0, 3] += .5
save("half.nii", mask.astype(np.uint8), off)
save("fractions.nii", (mask / 4.).astype(np.float32), ras)
save("small.nii", mask[:5].astype(np.uint8), ras)
save("second.nii", mask.astype(np.uint8), ras, nib.Nifti2Image)
save("many.nii", np.stack([mask, mask], 3).astype(np.uint8), ras)
turned = ras.copy(); turned[:3, :3] = turned[:3, :3] @ np.array([[.8, -.6, 0], [.6, .8, 0], [0, 0, 1]])
save("turned.nii", mask.astype(np.uint8), turned)
for z in range(n): print("mask", z, " ".join(str(int(v)) for v in mask[:, :, z].T.ravel()))
`

func TestVolumesOfNibabel(t *testing.T) {
	dir := t.TempDir()
	said := judge(t, "nibabel numpy", makeVolumes, dir)
	s := straight(7, 5, 4)
	for number := range 48 {
		path := filepath.Join(dir, fmt.Sprintf("mask%d.nii%s", number, []string{"", ".gz"}[number%2]))
		l := read(t, s, Options{}, path)
		wantPlanes(t, l, said, "mask", 7, map[int]uint8{1: 1, 2: 2, 3: 3})
		if t.Failed() {
			t.Fatal(path)
		}
	}
	l := read(t, s, Options{}, filepath.Join(dir, "second.nii"))
	wantPlanes(t, l, said, "mask", 7, map[int]uint8{1: 1, 2: 2, 3: 3})
	wantLine(t, l, "matched by position")
	wantLine(t, l, "NIfTI mask, value 3: Pleural effusion in")
	moved := read(t, s, Options{}, filepath.Join(dir, "moved.nii"))
	wantLine(t, moved, "moved.nii: 2 of its 4 planes lie where the series has no slice")
	if got, want := picture(moved.Plane(2), 7), picture(l.Plane(0), 7); got != want {
		t.Errorf("moved by two slices, it has\n%swant\n%s", got, want)
	}
	for file, want := range map[string]string{
		"half.nii": otherPixels, "turned.nii": otherPixels, "small.nii": otherArea, "fractions.nii": "whole numbers", "many.nii": "2 volumes",
	} {
		l := read(t, s, Options{}, filepath.Join(dir, file))
		wantLine(t, l, file+": ", want)
		if len(l.Slices()) > 0 {
			t.Errorf("%s came in", file)
		}
	}
}

// A volume written of a series without a place, and drawn on, comes back.
func TestVolumeOfPictures(t *testing.T) {
	s := straight(3, 2, 2)
	meta := *s
	meta.Geometry = ct.Geometry{Row: vector{1, 0, 0}, Column: vector{0, 1, 0}, Step: vector{0, 0, 1}, Spacing: [3]float64{1, 1, 1}}
	meta.Sources = append([]ct.Source(nil), meta.Sources...)
	for i := range meta.Sources {
		meta.Sources[i].HasPosition = false
	}
	s = ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		return &ct.Slice{W: 3, H: 2, HU: []int16{1, 2, 0, 0, 0, int16(3 * i)}}, nil
	})
	var b bytes.Buffer
	if err := s.WriteNIfTI(context.Background(), &b, true, nil); err != nil {
		t.Fatal(err)
	}
	l := read(t, s, Options{}, writeFile(t, filepath.Join(t.TempDir(), "m.nii.gz"), b.Bytes()))
	wantPlane(t, l, 0, "12.", "...")
	wantPlane(t, l, 1, "12.", "..3")
	wantLine(t, l, "matched by order")
	l = read(t, straight(3, 2, 2), Options{}, writeFile(t, filepath.Join(t.TempDir(), "m.nii.gz"), b.Bytes()))
	wantLine(t, l, "does not say how it lies")
}

// A tilted series gets its mask by the sheared affine.
func TestVolumeOfATiltedSeries(t *testing.T) {
	meta := *straight(3, 2, 3)
	meta.Geometry.Step = vector{0, 1.2, 5}
	s := ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		return &ct.Slice{W: 3, H: 2, HU: []int16{1, 2, 0, 0, 0, int16(i)}}, nil
	})
	var b bytes.Buffer
	if err := s.WriteNIfTI(context.Background(), &b, false, nil); err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, filepath.Join(t.TempDir(), "m.nii"), b.Bytes())
	l := read(t, s, Options{}, path)
	wantPlane(t, l, 2, "12.", "..2")
	wantLine(t, read(t, straight(3, 2, 3), Options{}, path), "2 of its 3 planes lie where the series has no slice")
}

// gapped is straight without slice 4 of 7.
func gapped() *ct.Series {
	meta := *straight(3, 2, 7)
	meta.Sources, meta.Geometry.Uneven = append(meta.Sources[:3:3], meta.Sources[4:]...), true
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) { return &ct.Slice{W: 3, H: 2, HU: make([]int16, 6)}, nil })
}

// volumeOf writes a mask of n planes, each of which has its number, of a series such as
// straight makes, from its slice first on, and downwards if so wished.
func volumeOf(t *testing.T, first, n int, down bool) string {
	t.Helper()
	meta := *straight(3, 2, n)
	meta.Geometry.Origin[2] += 5 * float64(first)
	if down {
		meta.Geometry.Step = vector{0, 0, -5}
	}
	s := ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		return &ct.Slice{W: 3, H: 2, HU: []int16{int16(i + 1), 0, 0, 0, 0, 0}}, nil
	})
	var b bytes.Buffer
	if err := s.WriteNIfTI(context.Background(), &b, false, nil); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, filepath.Join(t.TempDir(), "m.nii"), b.Bytes())
}

// Onto a series with a gap comes a volume that has a plane in the gap, and one that does
// not reach over it; one that may have been written as if there were none is left out.
func TestVolumeOfASeriesWithAGap(t *testing.T) {
	for _, test := range []struct {
		name     string
		first, n int
		down     bool
		want     [6]uint8 // what the slices get
		says     string
	}{
		{"a plane for each slice and the gap", 0, 7, false, [6]uint8{1, 2, 3, 5, 6, 7}, "1 of its 7 planes lie where the series has no slice: 4"},
		{"the same, downwards", 6, 7, true, [6]uint8{7, 6, 5, 3, 2, 1}, "1 of its 7 planes lie where the series has no slice: 4"},
		{"before the gap", 0, 3, false, [6]uint8{1, 2, 3}, "matched by position"},
		{"after the gap", 4, 3, false, [6]uint8{0, 0, 0, 1, 2, 3}, "matched by position"},
		{"as many planes as slices", 0, 6, false, [6]uint8{}, "m.nii: its planes are in even steps"},
		{"from the last slice down", 6, 6, true, [6]uint8{}, "m.nii: its planes are in even steps"},
		{"over the gap", 1, 4, false, [6]uint8{}, "m.nii: its planes are in even steps"},
		{"turned to go up", 1, 6, false, [6]uint8{}, "m.nii: its planes are in even steps"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := read(t, gapped(), Options{Values: map[int]string{5: "five", 6: "six", 7: "seven"}}, volumeOf(t, test.first, test.n, test.down))
			for i, v := range test.want {
				if got := l.Plane(i)[0]; (got == 0) != (v == 0) || v > 0 && l.Report.Matches[matchOf(l, i)].Part != fmt.Sprintf("plane %d", v) {
					t.Errorf("slice %d has %d, want what is in plane %d: %+v", i+1, got, v, l.Report.Matches)
				}
			}
			wantLine(t, l, test.says)
		})
	}
}

// matchOf is which match is of slice i.
func matchOf(l *Labels, i int) int {
	return slices.IndexFunc(l.Report.Matches, func(m Match) bool { return m.Slice == i })
}

// Expert masks of MosMedData, on a series that lies as they do, are what nibabel
// reads.
func TestMosMed(t *testing.T) {
	root := filepath.Join(testkit.Data(t, "nifti"), "mosmed")
	files, _ := filepath.Glob(filepath.Join(root, "*.nii.gz"))
	if len(files) < 3 {
		t.Skip("there are no masks")
	}
	files = files[:3]
	said := judge(t, "nibabel numpy", `
import hashlib, numpy as np, nibabel as nib
for path in sys.argv[1:]:
    m = nib.as_closest_canonical(nib.load(path))
    a = np.asarray(m.dataobj)[::-1, ::-1]
    for z in range(a.shape[2]):
        if a[:, :, z].any(): print(path, z, hashlib.sha256(np.ascontiguousarray(a[:, :, z].T).astype(np.uint8).tobytes()).hexdigest())
`, files...)
	for _, path := range files {
		found, err := ct.Open(context.Background(), []string{path}, nil)
		if err != nil || len(found.Series) != 1 {
			t.Fatal(found, err)
		}
		copied := filepath.Join(t.TempDir(), filepath.Base(path))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		l := read(t, found.Series[0], Options{}, writeFile(t, copied, data))
		for _, i := range l.Slices() {
			if want := fmt.Sprintf("%s %d %x\n", path, i, sha256.Sum256(l.Plane(i))); !strings.Contains(said, want) {
				t.Errorf("slice %d of %s differs", i, path)
			}
		}
		if n := strings.Count(said, path+" "); n != len(l.Slices()) || n == 0 {
			t.Errorf("%d slices of %s have labels, want %d", len(l.Slices()), path, n)
		}
	}
}
