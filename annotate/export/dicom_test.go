package export

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/killtest"
	"groundglass/annotate/labels"
)

func TestSegmentations(t *testing.T) {
	dicomScans(t, func(t *testing.T, s *ct.Series) {
		c := labelled(s)
		dir := exported(t, segPreset, c, Options{})
		wantFiles(t, dir, "groundglass/p1.json", "manifest.json", "p1_seg.dcm")
		wantImported(t, c, dir)
		path := filepath.Join(dir, "p1_seg.dcm")
		wantImported(t, c, path)
		if s.Len() < 10 {
			killtest.SameFiles(t, dir, exported(t, segPreset, c, Options{}))
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
			killtest.SameFiles(t, dir, exported(t, rtstructPreset, c, Options{}))
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
				if f := shown[what]; f.Here == "" || f.kept() != kept {
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
