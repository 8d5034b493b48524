package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct/phantom"
)

// volume reads a NIfTI file by the standard's offsets: its dimensions, its sform's rows and its values.
func volume(t *testing.T, file string) (dim [3]int, sform [12]float64, values []int16) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(file, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	le := binary.LittleEndian
	for i := range dim {
		dim[i] = int(le.Uint16(data[42+2*i:]))
	}
	for i := range sform {
		sform[i] = float64(math.Float32frombits(le.Uint32(data[280+4*i:])))
	}
	body := data[int(math.Float32frombits(le.Uint32(data[108:]))):]
	for i := 0; i+1 < len(body); i += 2 {
		values = append(values, int16(le.Uint16(body[i:])))
	}
	return dim, sform, values
}

func TestConvert(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	s := p.Series()
	var want []int16
	for i := range s.Len() {
		slice, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, slice.HU...)
	}
	for _, name := range []string{"a.nii.gz", "a.nii"} {
		file := filepath.Join(t.TempDir(), name)
		call(t, "convert", "-o", file, dir, "--series", s.UID).want(t, 0, fmt.Sprintf("%s: 5 slices of %d x %d pixels", file, side, side), "")
		dim, sform, got := volume(t, file)
		if dim != [3]int{side, side, 5} || !equal(got, want) {
			t.Errorf("%s: %v with %d values that are not the series'", name, dim, len(got))
		}
		ras := s.Geometry.RAS()
		for i, v := range sform {
			if math.Abs(v-ras[i/4][i%4]) > 1e-3 {
				t.Errorf("%s: sform %v, want %v", name, sform, ras)
				break
			}
		}
	}
}

func equal(a, b []int16) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestConvertOneImage(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	file := filepath.Join(t.TempDir(), "a.nii.gz")
	call(t, "convert", filepath.Join(dir, "phantom_0002.dcm"), "-o", file).want(t, 0, "", "")
	slice, err := p.Series().Slice(1)
	if err != nil {
		t.Fatal(err)
	}
	if dim, _, got := volume(t, file); dim != [3]int{side, side, 1} || !equal(got, slice.HU) {
		t.Errorf("%v, or other values", dim)
	}
}

// Where there are several series the call says which one; where it does not, it is told which there are.
func TestConvertChooses(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	q := phantom.New(phantom.Options{Size: side, Slices: 3, Seed: 4})
	if err := q.WriteDICOM(t.Context(), filepath.Join(dir, "other"), nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.nii.gz")
	c := call(t, "convert", dir, "-o", file)
	c.want(t, 1, "", p.Series().UID)
	c.want(t, 1, "", q.Series().UID)
	call(t, "convert", dir, "-o", file, "--series", "1.2.3").want(t, 1, "", "no series 1.2.3")
	call(t, "convert", dir, "-o", file, "--series", q.Series().UID).want(t, 0, "", "")
	if dim, _, _ := volume(t, file); dim[2] != 3 {
		t.Errorf("the other series: %v", dim)
	}
}

// A slice that does not read leaves no file, and the one that was there.
func TestConvertFailsWhole(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	cut := filepath.Join(dir, "phantom_0003.dcm")
	data, err := os.ReadFile(cut)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.nii.gz")
	write(t, file, []byte("before"))
	stop := stopping{t.Context()}
	if c := callUntil(stop, Program{}, "convert", dir, "-o", file, "--overwrite"); c.status != 1 {
		t.Errorf("%+v", c)
	}
	call(t, "convert", dir, "-o", file).want(t, 1, "", file+" is there already; choose another name, or replace it with --overwrite")
	write(t, cut, data[:len(data)-100])
	call(t, "convert", cut, "-o", file, "--overwrite").want(t, 1, "", cut)
	nowhere := filepath.Join(t.TempDir(), "none", "a.nii")
	if c := call(t, "convert", filepath.Join(dir, "phantom_0001.dcm"), "-o", nowhere); c.status != 1 || strings.Contains(c.errors, ".tmp") ||
		!strings.Contains(c.errors, nowhere) {
		t.Errorf("%+v", c)
	}
	if got, _ := os.ReadFile(file); string(got) != "before" || len(names(t, filepath.Dir(file))) != 1 {
		t.Errorf("a failed conversion left %q", names(t, filepath.Dir(file)))
	}
}
