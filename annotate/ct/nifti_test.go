package ct

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/nifti"
)

func openAll(t testing.TB, paths ...string) *Found {
	t.Helper()
	found, err := Open(context.Background(), paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// volume writes a NIfTI file whose voxel number n has value(n).
func volume(t testing.TB, h nifti.Header, gzipped bool, value func(n int) int16) []byte {
	t.Helper()
	var b bytes.Buffer
	write := nifti.Write
	if gzipped {
		write = nifti.WriteGzip
	}
	err := write(&b, h, func(k int) ([]int16, error) {
		s := make([]int16, h.Dim[0]*h.Dim[1])
		for i := range s {
			s[i] = value(k*len(s) + i)
		}
		return s, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var usual = nifti.Header{
	Dim:    [3]int{5, 4, 3},
	Affine: [4][4]float64{{-0.7, 0, 0, 100}, {0, -0.8, 0, 120}, {0, 0, 2.5, -300}, {0, 0, 0, 1}},
	Placed: true,
}

// field changes bytes of a little-endian NIfTI-1 file.
func field(data []byte, at int, value any) []byte {
	data = bytes.Clone(data)
	switch v := value.(type) {
	case int:
		binary.LittleEndian.PutUint16(data[at:], uint16(v))
	case float64:
		binary.LittleEndian.PutUint32(data[at:], math.Float32bits(float32(v)))
	case string:
		copy(data[at:], v)
	}
	return data
}

func TestNIfTIRefusals(t *testing.T) {
	good := volume(t, usual, false, func(n int) int16 { return int16(-n) })
	compressed := volume(t, usual, true, func(n int) int16 { return int16(-n) })
	huge := field(field(good, 42, 32767), 44, 32767)
	cases := []struct {
		name string
		data []byte
		want string
	}{
		{"dim0.nii", field(good, 40, 9), "9 dimensions"},
		{"negative.nii", field(good, 44, -4), "-4 voxels along axis 2"},
		{"zero.nii", field(good, 46, 0), "0 voxels along axis 3"},
		{"huge.nii", huge, "too large"},
		{"more_than_a_file.nii", field(huge, 46, 32767), "more voxels than any file has"},
		{"short.nii", good[:len(good)-1], "cut short"},
		{"long_slices.nii", field(good, 46, 4), "cut short: 472 bytes cannot hold the 1 volume of 5x4x4 voxels"},
		{"short.nii.gz", field(compressed, len(compressed)-20, "\xff\xff\xff\xff\xff"), "damaged"},
		{"half.nii.gz", compressed[:len(compressed)-40], "cut short"},
		{"offset.nii", field(good, 108, 1e9), "cut short"},
		{"offset_negative.nii", field(good, 108, -352.0), "puts the voxels at byte -352"},
		{"offset_nan.nii", field(good, 108, math.NaN()), "puts the voxels at byte NaN"},
		{"affine_nan.nii", field(good, 280, math.NaN()), "affine"},
		{"affine_inf.nii", field(good, 292, math.Inf(1)), "affine"},
		{"affine_flat.nii", field(good, 280, 0.0), "affine"},
		{"quaternion_nan.nii", field(field(good, 254, 0), 256, math.NaN()), "affine"},
		{"pixdim_zero.nii", field(field(good, 254, 0), 80, 0.0), "affine"},
		{"intercept.nii", field(good, 116, math.Inf(-1)), "intercept is not a number"},
		{"bits.nii", field(good, 70, 1), "single bits"},
		{"complex.nii", field(good, 70, 32), "complex"},
		{"rgb.nii", field(good, 70, 128), "RGB colours"},
		{"unknown.nii", field(good, 70, 3), "unknown data type 3"},
		{"vectors.nii", field(field(good, 40, 5), 50, 3), "vectors"},
		{"time.nii", field(field(good, 40, 4), 48, 100), "it holds 100 volumes"},
		{"many_slices.nii.gz", zipped(t, append(field(field(field(field(field(good, 40, 4), 42, 1), 44, 1), 46, 32767), 48, 60)[:352], make([]byte, 2*32767*60)...)), "1966020 slices"},
		{"alone.hdr", field(good, 344, "ni1"), "the .img file with the voxels is not beside it"},
		{"analyze.hdr", field(good, 344, "\x00\x00\x00\x00"), "ANALYZE"},
		{"nonsense.nii.gz", []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3}, "not an image that can be read"},
	}
	for _, c := range cases {
		path := filepath.Join(t.TempDir(), c.name)
		writeFile(t, path, c.data)
		found := openAll(t, path)
		if len(found.Series) > 0 || len(found.LeftOut) != 1 || !strings.Contains(found.LeftOut[0].Reason, c.want) {
			t.Errorf("%s: %d series, left out %v, want %q", c.name, len(found.Series), found.LeftOut, c.want)
		}
	}
}

// What a NIfTI file's values can be other than Hounsfield units opens, with a
// word about it.
func TestNIfTIWarnings(t *testing.T) {
	air := func(n int) int16 { return int16(n%1000 - 1000) }
	mask := func(n int) int16 { return int16(n % 3) }
	good, flags := volume(t, usual, false, air), volume(t, usual, false, mask)
	floats := field(field(good, 70, 16), 72, 32)[:352]
	for n := range 60 {
		floats = binary.LittleEndian.AppendUint32(floats, math.Float32bits(float32(n)/59))
	}
	cases := []struct {
		name    string
		data    []byte
		warning string // "" for none
		window  Window
		values  []int16 // of the first pixels of the first slice
	}{
		{"ct.nii", good, "", Lung, []int16{-1000, -999, -998}},
		{"mask.nii", flags, "may be a mask", Window{2, 1}, []int16{0, 1, 2}},
		{"empty_mask.nii.gz", volume(t, usual, true, func(int) int16 { return 0 }), "may be a mask", Window{1, 0.5}, []int16{0, 0}},
		{"unit.nii", floats, "between 0 and 1", Lung, []int16{-1350, -1325, -1299}},
		{"cut_off.nii", field(good, 112, -100.0), "cut off", Window{32767 - 94100 + 100000 - 5906, 0}, nil},
		{"missing.nii", field(floats, 352, math.NaN()), "some values are not numbers", Lung, []int16{Air, -1325}},
		{"unplaced.nii", field(field(good, 252, 0), 254, 0), "does not say how it lies", Lung, []int16{-985, -984}},
		{"metres.nii", field(good, 123, "\x01"), "", Lung, []int16{-1000, -999}},
		{"tilt.nii", field(field(good, 252, 0), 304, 0.9), "slant of 19.8 degrees", Lung, nil},
		{"skew.nii", field(field(good, 252, 0), 284, 0.1), "the pixels are slanted by 7.1 degrees", Lung, nil},
	}
	for _, c := range cases {
		path := filepath.Join(t.TempDir(), c.name)
		writeFile(t, path, c.data)
		s := openOne(t, path)
		if all := strings.Join(s.Warnings, "; "); !strings.Contains(all, c.warning) || c.warning == "" && all != "" {
			t.Errorf("%s: warnings %q, want %q", c.name, all, c.warning)
		}
		v, err := s.Slice(0)
		if err != nil {
			t.Fatal(err)
		}
		if c.name == "cut_off.nii" {
			if v.HU[0] != math.MaxInt16 {
				t.Errorf("%s: %d", c.name, v.HU[0])
			}
			continue
		}
		if s.Window != c.window || !slices.Equal(v.HU[:len(c.values)], c.values) {
			t.Errorf("%s: window %v, values %v", c.name, s.Window, v.HU[:3])
		}
		if c.name == "missing.nii" && (v.Pad == nil || !v.Pad[0] || v.Pad[1]) {
			t.Errorf("%s: padding %v", c.name, v.Pad)
		}
		if c.name == "metres.nii" && math.Abs(s.Geometry.Spacing[0]-800) > 1e-3 {
			t.Errorf("%s: spacing %v", c.name, s.Geometry.Spacing)
		}
	}
}

// The names and places of slices are those of the file, whichever way it lies.
func TestNIfTISources(t *testing.T) {
	h := usual
	h.Affine[2] = [4]float64{0, 0, -2.5, 7}
	path := filepath.Join(t.TempDir(), "patient.nii.gz")
	writeFile(t, path, volume(t, h, true, func(n int) int16 { return int16(-n) }))
	s := openOne(t, path)
	for i, want := range []string{"patient_0003", "patient_0002", "patient_0001"} {
		if got := SliceName(s.Sources[i]); got != want {
			t.Errorf("slice %d is named %s, want %s", i, got, want)
		}
		if got, want := s.Sources[i].PositionMM, 2.5*float64(i)+2; math.Abs(got-want) > 1e-6 || !s.Sources[i].HasPosition {
			t.Errorf("slice %d lies at %v, want %v", i, got, want)
		}
	}
	if s.Description != "patient" || !slices.Equal(s.TransferSyntaxes, []string{"NIfTI-1"}) || !strings.HasPrefix(s.UID, "nifti:") {
		t.Errorf("series %q of %v, UID %s", s.Description, s.TransferSyntaxes, s.UID)
	}
	if again := openOne(t, path); again.UID != s.UID {
		t.Errorf("UID %s, then %s", s.UID, again.UID)
	}
}

// A pair of files is one series, whichever of the two is named.
func TestNIfTIPair(t *testing.T) {
	good := volume(t, usual, false, func(n int) int16 { return int16(-n) })
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "a.hdr"), field(field(good[:352], 344, "ni1"), 108, 0.0))
	writeFile(t, filepath.Join(dir, "a.img"), good[352:])
	for _, path := range []string{"", "a.hdr", "a.img"} {
		found := openAll(t, filepath.Join(dir, path))
		if len(found.Series) != 1 || len(found.LeftOut) > 0 {
			t.Fatalf("%q: %d series, left out %v", path, len(found.Series), found.LeftOut)
		}
		if v, err := found.Series[0].Slice(2); err != nil || v.HU[0] != -40 || SliceName(found.Series[0].Sources[2]) != "a_0003" {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// Series that are written and read again are the same, where the place is not
// known too.
func TestNIfTIRoundTrip(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		writeFile(t, filepath.Join(dir, fmt.Sprintf("%d.png", i)), pngBytes(t, ramp(16, 16, uint8(50*i))))
	}
	placed := filepath.Join(t.TempDir(), "placed.nii")
	writeFile(t, placed, volume(t, usual, false, func(n int) int16 { return int16(-7 * n) }))
	for _, path := range []string{dir, placed} {
		s := openOne(t, path)
		var b bytes.Buffer
		if err := s.WriteNIfTI(context.Background(), &b, true, nil); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "again.nii.gz")
		writeFile(t, file, b.Bytes())
		again := openOne(t, file)
		if again.Len() != s.Len() || again.Geometry.Known != s.Geometry.Known {
			t.Fatalf("%s: %d slices, want %d", path, again.Len(), s.Len())
		}
		for i := range s.Len() {
			want, err := s.Slice(i)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := again.Slice(i); err != nil || !slices.Equal(got.HU, want.HU) {
				t.Errorf("%s: slice %d differs (%v)", path, i, err)
			}
		}
	}
}

const maskJudge = `
import json, sys
import nibabel, numpy
for path in sys.argv[1:]:
    n = nibabel.load(path)
    print(json.dumps({"name": path, "affine": n.affine.tolist(), "shape": list(n.shape), "placed": True,
        "set": [i for i in numpy.flatnonzero(numpy.asanyarray(n.dataobj).flatten(order="F")).tolist()]}))
`

// TestMosMedEqualsNibabel opens a real mask and compares every 101st voxel, by
// its place, and how many are marked.
func TestMosMedEqualsNibabel(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData(t), "..", "nifti", "mosmed", "*.nii.gz"))
	if err != nil || len(files) == 0 {
		t.Skip("the real masks (../shared/data/nifti/mosmed) are not here")
	}
	needPython(t, "nibabel")
	files = files[:1]
	out, err := exec.Command(python, append([]string{"-c", maskJudge}, files...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var c struct {
			niftiCase
			Set []int
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		d := c.dim()
		values := make([]float64, d[0]*d[1]*d[2])
		for _, n := range c.Set {
			values[n] = 1
		}
		s := openOne(t, files[i])
		c.compare(t, s, values, 101)
		marked := 0
		for k := range s.Len() {
			v, err := s.Slice(k)
			if err != nil {
				t.Fatal(err)
			}
			for _, hu := range v.HU {
				marked += int(hu)
			}
		}
		if marked != len(c.Set) {
			t.Errorf("%s: %d voxels are marked, want %d", files[i], marked, len(c.Set))
		}
		if len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "may be a mask") {
			t.Errorf("%s: warnings %q", files[i], s.Warnings)
		}
	}
}

// Slices that lie across the order of the file are the same whichever way they
// are read together.
func TestNIfTIReadsSlicesTogether(t *testing.T) {
	h := nifti.Header{Dim: [3]int{11, 6, 5}, Placed: true}
	for _, axes := range [][3]int{{2, 1, 0}, {0, 2, 1}, {1, 2, 0}} {
		h.Affine = [4][4]float64{3: {3: 1}}
		for w, a := range axes {
			h.Affine[w][a] = 1 - 2*float64(a%2)
		}
		data := volume(t, h, false, func(n int) int16 { return int16(n) })
		m, err := nifti.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		open := func() (io.ReaderAt, func() error, error) {
			return bytes.NewReader(data), func() error { return nil }, nil
		}
		place := orient(m)
		whole, err := (&niftiVolume{image: m, placing: place, open: open}).read(0, place.size[2])
		if err != nil {
			t.Fatal(err)
		}
		for n := 2; n <= 12; n++ {
			v := &niftiVolume{image: m, placing: place, open: open, atOnce: n}
			for _, i := range []int{0, place.size[2] - 1, 2, 3, 1, 4} {
				if s, err := v.slice(i); err != nil || !slices.Equal(s.HU, whole[i].HU) {
					t.Errorf("axes %v, %d together: slice %d differs (%v)", axes, n, i, err)
				}
			}
		}
	}
}

// What seems to be a mask comes after what seems to be a CT.
func TestNIfTIMasksComeLast(t *testing.T) {
	dir := t.TempDir()
	for name, value := range map[string]int16{"a_mask": 1, "b_ct": -900, "c_mask": 0, "d_ct": -1000} {
		writeFile(t, filepath.Join(dir, name+".nii"), volume(t, usual, false, func(int) int16 { return value }))
	}
	var names []string
	for _, s := range openAll(t, dir).Series {
		names = append(names, s.Description)
		if s.Unlikely != strings.HasSuffix(s.Description, "mask") {
			t.Errorf("%s: taken for a mask: %v", s.Description, s.Unlikely)
		}
	}
	if want := []string{"b_ct", "d_ct", "a_mask", "c_mask"}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func BenchmarkSliceNIfTI(b *testing.B) {
	h := nifti.Header{Dim: [3]int{512, 512, 8}, Affine: usual.Affine, Placed: true}
	path := filepath.Join(b.TempDir(), "a.nii")
	writeFile(b, path, volume(b, h, false, func(n int) int16 { return int16(n%4000 - 1000) }))
	s := openOne(b, path)
	i := 0
	for b.Loop() {
		if _, err := s.cache.load(i % s.Len()); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// A series of a file that goes away, or shrinks, gives errors and no panic.
func TestNIfTIGone(t *testing.T) {
	for _, gz := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "a.nii")
		writeFile(t, path, volume(t, usual, gz, func(n int) int16 { return int16(-n) }))
		s := openOne(t, path)
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Slice(1); err == nil {
			t.Error("a file that is gone was read")
		}
		if err := os.Rename(path+".away", path); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Slice(1); err != nil {
			t.Errorf("a file that came back is not read: %v", err)
		}
		if err := os.Truncate(path, 360); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Slice(2); err == nil && !gz {
			t.Error("a file cut short was read")
		}
	}
}

// A gzipped volume that is cut short is refused at once, however much of it is
// there; one of several members, or with something behind the voxels, is whole.
func TestShortGzippedNIfTI(t *testing.T) {
	h := usual
	h.Dim = [3]int{256, 256, 80} // more than is looked at
	value := func(n int) int16 { return int16(n * 40503 >> 3) }
	whole := volume(t, h, true, value)
	plain := volume(t, h, false, value)
	var members bytes.Buffer
	for _, part := range [][]byte{plain[:100_000], plain[100_000:], []byte("more")} {
		z := gzip.NewWriter(&members)
		z.Write(part)
		z.Close()
	}
	for name, c := range map[string]struct {
		data  []byte
		short bool
	}{
		"whole": {whole, false}, "half": {whole[:len(whole)/2], true}, "all but the end": {whole[:len(whole)-400], true},
		"members": {members.Bytes(), false}, "first member": {members.Bytes()[:90_000], true},
	} {
		path := filepath.Join(t.TempDir(), "a.nii.gz")
		writeFile(t, path, c.data)
		found := openAll(t, path)
		switch {
		case c.short && (len(found.LeftOut) != 1 || !strings.Contains(found.LeftOut[0].Reason, "cut short")):
			t.Errorf("%s: %d series, left out %v", name, len(found.Series), found.LeftOut)
		case !c.short && (len(found.Series) != 1 || len(found.LeftOut) > 0):
			t.Errorf("%s: left out %v", name, found.LeftOut)
		}
	}
}
