package export

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom"
)

// What is wrong in a DICOM file is found though its sum fits.
func TestDICOMCorruptions(t *testing.T) {
	c := labelled(phantomScan(t, 3))
	replaced := func(old, new string) func(b []byte) []byte {
		return func(b []byte) []byte {
			if len(old) != len(new) || !bytes.Contains(b, []byte(old)) {
				t.Fatalf("%q is not in the file", old)
			}
			return bytes.Replace(b, []byte(old), []byte(new), 1)
		}
	}
	uid := c.Series.Sources[0].SOPInstanceUID
	first := bytes.Index // of an element's tag
	for _, k := range []struct {
		name   string
		preset Preset
		spoil  func(b []byte) []byte
		want   string
	}{
		{"a pixel", segPreset, func(b []byte) []byte { b[len(b)-900] ^= 8; return b }, "the mask of slice"},
		{"a probability", segFractionalPreset, func(b []byte) []byte { b[len(b)-900] ^= 8; return b }, "has other probabilities for slice 1"},
		{"a segment's number", segPreset, func(b []byte) []byte {
			b[first(b, []byte{0x62, 0, 0x0b, 0, 'U', 'S', 2, 0})+8] = 3
			return b
		}, "the mask of slice 1"},
		{"kind", segPreset, replaced("BINARY", "FRACTI"), "it is FRACTI, not BINARY"},
		{"turned", segPreset, replaced(`1\0\0\0\1\0`, `0\1\0\1\0\0`), "does not lie on slice 1"},
		{"place", segPreset, replaced(place(t, c.Series, 2), place(t, c.Series, 1)), "does not lie on slice 3"},
		{"another image", rtstructPreset, func(b []byte) []byte {
			at := bytes.LastIndex(b, []byte(uid))
			b[at+len(uid)-1] ^= 1
			return b
		}, "refers to an image that is no slice"},
		{"a corner", rtstructPreset, func(b []byte) []byte {
			at := first(b, []byte{0x06, 0x30, 0x50, 0}) // Contour Data
			n := int(binary.LittleEndian.Uint32(b[at+4:]))
			copy(b[at+8:at+8+n], bytes.ReplaceAll(b[at+8:at+8+n], []byte("1"), []byte("2")))
			return b
		}, ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			dir := exported(t, k.preset, c, Options{})
			_, e := oneCase(t, dir)
			path := filepath.Join(dir, e.Files[0].File)
			data := k.spoil(read(t, path))
			write(t, path, data)
			resum(func(m *Manifest, c *CaseEntry) { c.Files[0].SHA256 = digest(data) })(t, dir)
			r, err := Verify(context.Background(), dir)
			if err != nil || r.OK() || !strings.Contains(strings.Join(r.Problems, "\n"), k.want) {
				t.Errorf("the problems are %q (%v), want %q", r.Problems, err, k.want)
			}
		})
	}
}

// place is where a slice lies, as files say it.
func place(t *testing.T, s *ct.Series, i int) string {
	var text string
	err := s.Header(i, func(o *dicom.Object) error {
		v, err := o.Decimals(0x00200032)
		for k, x := range v {
			text += strings.Repeat(`\`, min(k, 1)) + strconv.FormatFloat(x, 'f', -1, 64)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What highdicom and dcmqi read is what was labelled.
func TestSegmentationJudges(t *testing.T) {
	all, even := t.TempDir(), t.TempDir()
	series, want := map[string]*ct.Series{}, map[string][]string{}
	dicomScans(t, func(t *testing.T, s *ct.Series) {
		c, name := labelled(s), strings.ReplaceAll(filepath.Base(t.Name()), ".", "")
		seg := read(t, filepath.Join(exported(t, segPreset, c, Options{}), "p1_seg.dcm"))
		write(t, filepath.Join(all, name+".dcm"), seg)
		if s.Rows > 1 && s.Geometry.Row[0] == 1 && s.Geometry.Column[1] == 1 { // dcmqi makes no volume of others
			write(t, filepath.Join(even, name+".dcm"), seg)
		}
		write(t, filepath.Join(all, name+" fractional.dcm"), read(t, filepath.Join(exported(t, segFractionalPreset, c, Options{}), "p1_probability.dcm")))
		series[name], series[name+" fractional"] = s, s
		last := 0
		for i := range s.Len() {
			p := c.Probability(i)
			if p == nil {
				p = make([]uint8, s.Rows*s.Columns)
			}
			if !isZero(p) {
				last = i
			}
			want[name] = append(want[name], digest(c.Mask(i).Label))
			want[name+" fractional"] = append(want[name+" fractional"], digest(p))
		}
		if s.Sources[0].Frame > 0 {
			want[name+" fractional"] = want[name+" fractional"][:last+1]
		}
	})
	for _, j := range []judgement{judge(t, "highdicom_seg.py", all), judge(t, "dcmqi_seg.py", even)} {
		if len(j.Problems) > 0 || len(j.Masks) == 0 {
			t.Errorf("%d files, problems: %q", len(j.Masks), j.Problems)
		}
		for name, got := range j.Masks {
			if !slices.Equal(got, want[name]) {
				t.Errorf("%s: the judge reads %q, want %q", name, got, want[name])
			}
			wantFirst(t, series[name], j.Affine[name])
		}
	}
}

// wantFirst checks where a judge finds the corner of the first slice.
func wantFirst(t *testing.T, s *ct.Series, affine [][]float64) {
	t.Helper()
	at := s.At(0, 0, 0)
	for k := range at {
		if len(affine) != 4 || math.Abs(affine[k][3]-at[k]) > 1e-3 {
			t.Errorf("the judge finds the first slice by %v, not at %v", affine, at)
			return
		}
	}
}
