package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/internal/testkit"
	"groundglass/annotate/labels"
)

// scanOf opens the one series in a folder.
func scanOf(t testing.TB, dir string) *ct.Series {
	t.Helper()
	found, err := ct.Open(context.Background(), []string{dir}, nil)
	if err != nil || len(found.Series) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	return found.Series[0]
}

// labelled is a case of a series with all labels, holes, single pixels and others that
// touch by a corner, and a second slice without any. The model proposed label 1 and
// people corrected it; the model alone set 2, people alone 3.
func labelled(s *ct.Series) *Case {
	w, h := s.Columns, s.Rows
	at := func(p int) float64 { return math.Hypot(float64(p%w)/float64(w)-0.5, float64(p/w)/float64(h)-0.4) }
	return &Case{
		Series: s, Patient: s.Patient.ID, Labels: annotate.DefaultLabels(), Threshold: 0.5,
		Mask: func(i int) *annotate.Mask {
			m := annotate.NewMask(w, h)
			for p := range m.Label {
				switch r := at(p); {
				case i == 1:
				case r < 0.1 || r > 0.2 && r < 0.27:
					m.Label[p], m.Origin[p] = 1, annotate.Model
				case r >= 0.1 && r < 0.11:
					m.Label[p], m.Origin[p] = 1, annotate.HumanAdded
				case r < 0.4 && (p%w*32/w+p/w*32/h*2+i)%4 == 0 || p == 20*w+20:
					m.Label[p], m.Origin[p] = 2, annotate.Model
				case p%w < 4 || p/w == h-1:
					m.Label[p], m.Origin[p] = 3, annotate.HumanAdded
				}
			}
			return m
		},
		Probability: func(i int) []uint8 {
			if i == 2 {
				return nil
			}
			out := make([]uint8, w*h)
			for p := range out {
				if i != 1 {
					out[p] = uint8(max(0, 255-400*at(p)) + float64(i))
				}
			}
			return out
		},
	}
}

// dicomScans are series of DICOM files: of a phantom whose slices have an odd number
// of pixels, odd ones, and the real chest.
func dicomScans(t *testing.T, each func(t *testing.T, s *ct.Series)) {
	t.Run("phantom", func(t *testing.T) { each(t, phantomScan(t, 4)) })
	t.Run("frames of one file", func(t *testing.T) {
		each(t, scanIn(t, map[string][]byte{"enhanced": dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.Enhanced(3))}))
	})
	t.Run("tilted, distances not quite even", func(t *testing.T) { each(t, tilted(t, 0, 2.52, 5.04, 7.56, 10.06, 12.56)) })
	t.Run("tilted, a slice is missing, in an archive", func(t *testing.T) {
		s := tilted(t, 0, 2.5, 7.5, 10)
		if !s.Geometry.Uneven {
			t.Fatal("the distances are even")
		}
		each(t, s)
	})
	t.Run("chest", func(t *testing.T) { each(t, scanOf(t, filepath.Join(testkit.Data(t, "dicom"), "chest"))) })
}

// scanIn opens the one series of some files, which are in an archive if there are many.
func scanIn(t testing.TB, files map[string][]byte) *ct.Series {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	dir := t.TempDir()
	for name, data := range files {
		if len(files) == 1 {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
				t.Fatal(err)
			}
			return scanOf(t, dir)
		}
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(data)
	}
	z.Close()
	if err := os.WriteFile(filepath.Join(dir, "study.zip"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return scanOf(t, filepath.Join(dir, "study.zip"))
}

// tilted is a series with slices at some heights, tilted by 15 degrees as by a gantry.
func tilted(t testing.TB, heights ...float64) *ct.Series {
	files := map[string][]byte{}
	for i, z := range heights {
		d := dicomtest.CT(33, 21, z, make([]uint16, 33*21))
		d.Set(0x00200037, "DS", `1\0\0\0\0.9659258\-0.258819`)
		files[fmt.Sprint("IM", i)] = dicomtest.Write(dicomtest.ExplicitLittle, d)
	}
	return scanIn(t, files)
}

func phantomScan(t testing.TB, n int) *ct.Series {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "scan")
	if err := phantom.New(phantom.Options{Size: 65, Slices: n, Seed: 4}).WriteDICOM(context.Background(), dir, nil); err != nil {
		t.Fatal(err)
	}
	return scanOf(t, dir)
}

// exported writes a case by a preset, and returns the folder.
func exported(t *testing.T, p Preset, c *Case, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	s := One(c, "Groundglass 1.0", "TV-UNet 2")
	s.Cases = []string{"p1"}
	r, err := Write(context.Background(), dir, p, s, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(context.Background(), dir); err != nil || !v.OK() || v.Slices != c.Series.Len() || r.Files != 1 && c.Audit == nil {
		t.Fatalf("%+v, %v", v, err)
	}
	return dir
}

// wantImported reads an export as labels of its own series and compares them.
func wantImported(t *testing.T, c *Case, path string) {
	t.Helper()
	got, err := labels.Read(context.Background(), c.Series, []string{path}, labels.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Series.Len() {
		if !slices.Equal(got.Plane(i), c.Mask(i).Label) {
			t.Fatalf("slice %d comes back with other labels:\n%s", i, strings.Join(got.Report.Lines(), "\n"))
		}
	}
}

// wantValid has dciodvfy (dicom3tools) look for errors in a DICOM file.
func wantValid(t *testing.T, path, kind string) {
	t.Helper()
	out, err := exec.Command("dciodvfy", path).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("dciodvfy, a judge of this test, is not installed")
	}
	if said := string(out); !strings.Contains(said, kind+"\n") || strings.Contains(said, "Error") {
		t.Errorf("dciodvfy says %s", said)
	}
}

func TestSegmentations(t *testing.T) {
	dicomScans(t, func(t *testing.T, s *ct.Series) {
		c := labelled(s)
		dir := exported(t, segPreset, c, Options{})
		wantFiles(t, dir, "groundglass/p1.json", "manifest.json", "p1_seg.dcm")
		wantImported(t, c, dir)
		path := filepath.Join(dir, "p1_seg.dcm")
		wantImported(t, c, path)
		if s.Len() < 10 {
			wantSame(t, dir, exported(t, segPreset, c, Options{}))
		}
		object(t, path, func(o *dicom.Object) {
			var by []string
			for _, item := range o.Items(0x00620002) {
				by = append(by, item.Text(0x00620008)+" "+item.Text(0x00620009))
			}
			if want := []string{"SEMIAUTOMATIC TV-UNet 2", "AUTOMATIC TV-UNet 2", "MANUAL "}; !slices.Equal(by, want) && s.Rows > 2 {
				t.Errorf("the segments are %q, want %q", by, want)
			}
		})
		wantValid(t, path, "Segmentation")
	})
}

func TestStructureSets(t *testing.T) {
	dicomScans(t, func(t *testing.T, s *ct.Series) {
		c := labelled(s)
		dir := exported(t, rtstructPreset, c, Options{})
		wantFiles(t, dir, "groundglass/p1.json", "manifest.json", "p1_rtstruct.dcm")
		wantImported(t, c, dir)
		if s.Len() < 10 {
			wantSame(t, dir, exported(t, rtstructPreset, c, Options{}))
		}
		wantValid(t, filepath.Join(dir, "p1_rtstruct.dcm"), "RTStructureSet")
	})
}

func TestFractionalSegmentations(t *testing.T) {
	dicomScans(t, func(t *testing.T, s *ct.Series) {
		c := labelled(s)
		dir := exported(t, segFractionalPreset, c, Options{})
		path := filepath.Join(dir, "p1_probability.dcm")
		got, err := labels.Read(context.Background(), s, []string{path}, labels.Options{Threshold: 100.0 / 255}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Len() {
			want := make([]uint8, s.Rows*s.Columns)
			for p, v := range c.Probability(i) {
				if v >= 100 {
					want[p] = annotate.ProposalLabel
				}
			}
			if !slices.Equal(got.Plane(i), want) {
				t.Fatalf("slice %d has other pixels of at least 100", i)
			}
		}
		wantValid(t, path, "Segmentation")
	})
}

// Of all that says who is shown and when, what leaves is what may.
func TestDICOMWithoutIdentity(t *testing.T) {
	c := labelled(phantomScan(t, 3))
	c.Audit = []byte(`{"time":"2021-05-06T07:08:09Z","user":"Miller"}` + "\n")
	c.Work = func(int) Work { return Work{By: []string{"Miller"}} }
	o := Options{Identity: Identity{
		Method: "a test", UID: func(uid string) string { return "2.25.77" + uid[len(uid)-4:] }, Patient: func(string) string { return "Nobody 1" },
		Days: func(string) int { return -400 }, Person: func(string) string { return "Reader 1" }, Words: func(string) string { return "" },
		Audit: func([]byte) []byte { return nil },
	}}
	for _, p := range []Preset{segPreset, segFractionalPreset, rtstructPreset} {
		for _, kept := range []bool{true, false} {
			shown := map[string]Field{}
			for _, f := range Leaving("case", c, p, map[bool]Options{false: o}[kept]) {
				shown[f.What] = f
			}
			for _, what := range []string{"Patient's name", "Patient's ID", "Date of the study", "Study UID", "Frame of reference UID"} {
				if f := shown[what]; f.Here == "" || f.Kept() != kept {
					t.Errorf("%s, identity kept %t: what leaves is %+v of %s", p.Name, kept, f, what)
				}
			}
		}
		dir := exported(t, p, c, o)
		file := listing(t, dir)[slices.IndexFunc(listing(t, dir), func(n string) bool { return strings.HasSuffix(n, ".dcm") })]
		data := read(t, filepath.Join(dir, file))
		for _, secret := range []string{c.Patient, c.Series.Patient.Name, c.Series.UID, c.Series.StudyUID, c.Series.FrameOfReferenceUID, c.Series.Sources[1].SOPInstanceUID, "Miller", "20200101", "20210506"} {
			if secret == "" || bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds %q", file, secret)
			}
		}
		object(t, filepath.Join(dir, file), func(o *dicom.Object) {
			for tag, want := range map[uint32]string{
				0x00100010: "Nobody 1", 0x00100020: "Nobody 1", 0x00080020: "20181127", 0x00080021: "20200401", 0x0020000d: "2.25.77" + c.Series.StudyUID[len(c.Series.StudyUID)-4:],
			} {
				if got := o.Text(tag); got != want {
					t.Errorf("%s: element %08x is %q, want %q", file, tag, got, want)
				}
			}
		})
	}
}

// object reads a DICOM file.
func object(t *testing.T, path string, use func(o *dicom.Object)) {
	t.Helper()
	data := read(t, path)
	o, err := dicom.ReadObject(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	use(o)
}

func TestNothingToRefer(t *testing.T) {
	scan := phantomScan(t, 3)
	none := labelled(scan)
	none.Probability = nil
	gone := labelled(phantomScan(t, 3))
	if err := os.Remove(gone.Series.Sources[1].File); err != nil {
		t.Fatal(err)
	}
	other := labelled(phantomScan(t, 3))
	write(t, other.Series.Sources[0].File, read(t, other.Series.Sources[1].File))
	homeless := *scan
	homeless.Geometry.Known = false
	for _, c := range []struct {
		name, want string
		preset     Preset
		of         *Case
	}{
		{"pictures", "is no DICOM image", segPreset, input(newTestSession())},
		{"no probabilities", "no model has looked at it", segFractionalPreset, none},
		{"a file that is gone", "no such file", rtstructPreset, gone},
		{"a file with another image", "it holds another image", segPreset, other},
		{"no place", "does not say where it lies", rtstructPreset, labelled(&homeless)},
	} {
		_, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), c.preset, One(c.of, "p", ""), Options{}, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// A structure set that could not be read again is not written.
func TestTooManyContours(t *testing.T) {
	c := labelled(phantomScan(t, 24))
	c.Mask = func(int) *annotate.Mask {
		m := annotate.NewMask(65, 65)
		for p := range m.Label {
			m.Label[p] = uint8(p % 2)
		}
		return m
	}
	_, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), rtstructPreset, One(c, "p", ""), Options{}, nil)
	if err == nil || !strings.Contains(err.Error(), "more than 24000 separate parts") {
		t.Error(err)
	}
}

func TestNothingLabelled(t *testing.T) {
	c := labelled(phantomScan(t, 3))
	c.Mask = func(int) *annotate.Mask { return annotate.NewMask(65, 65) }
	dir := exported(t, segPreset, c, Options{})
	wantImported(t, c, dir)
	wantValid(t, filepath.Join(dir, "p1_seg.dcm"), "Segmentation")
	if _, e := oneCase(t, dir); len(e.Remarks) != 1 {
		t.Errorf("the remarks are %q", e.Remarks)
	}
	dir = exported(t, rtstructPreset, c, Options{})
	wantValid(t, filepath.Join(dir, "p1_rtstruct.dcm"), "RTStructureSet")
}

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
