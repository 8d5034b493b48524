package export

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/labels"
)

// greys is slice i of a patient, as a picture of noise.
func greys(patient, i int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, testW, testH))
	r := rand.New(rand.NewPCG(uint64(patient), uint64(i)))
	for k := range m.Pix {
		m.Pix[k] = uint8(r.Uint32())
	}
	return m
}

// pictured is a series of a patient's pictures, which lie in a folder of their own.
func pictured(t *testing.T, patient int) *ct.Series {
	t.Helper()
	dir := t.TempDir()
	for i := range 3 {
		err := WriteAtomic(filepath.Join(dir, fmt.Sprintf("IM%d.png", i+1)), func(w io.Writer) error { return png.Encode(w, greys(patient, i)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	return scanOf(t, dir)
}

// placedCT is a CT of a patient that lies where all others do.
func placedCT(_ *testing.T, patient int) *ct.Series {
	uid := fmt.Sprintf("1.2.%d", patient)
	meta := ct.Series{UID: uid, Modality: "CT", Rows: testH, Columns: testW, Patient: ct.Patient{ID: fmt.Sprint("P", patient)}}
	for i := range 3 {
		meta.Sources = append(meta.Sources, ct.Source{
			File: fmt.Sprintf("/scans/%d/IM%d.dcm", patient, i+1), SOPInstanceUID: fmt.Sprintf("%s.%d", uid, i), PositionMM: 5 * float64(i), HasPosition: true,
		})
	}
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		s := &ct.Slice{W: testW, H: testH}
		for _, v := range greys(patient, i).Pix {
			s.HU = append(s.HU, int16(v))
		}
		return s, nil
	})
}

// worked is work on a series whose slices differ.
func worked(t *testing.T, series *ct.Series) *annotate.Session {
	t.Helper()
	s := annotate.NewSession(series)
	in := annotate.Imported{Name: "work", Labels: s.Labels(), Plane: func(i int) []uint8 {
		plane := make([]uint8, series.Rows*series.Columns)
		plane[i], plane[20+i] = 1, 2
		return plane
	}}
	for i := range series.Len() {
		in.Slices = append(in.Slices, i)
	}
	if _, err := s.Import(in); err != nil {
		t.Fatal(err)
	}
	return s
}

// byKey is an identity that a key made, and what a reader who has the key is told.
func byKey() (Identity, func(uid string) string) {
	d := anonymous()
	d.UID = func(uid string) string { return "2.25.7" + strings.Map(digitsOnly, uid) }
	return d, d.UID
}

func digitsOnly(r rune) rune { return '0' + r%10 }

// aged makes an export one of version 5, whose cases had no fingerprint.
func aged(t *testing.T, dir string) {
	t.Helper()
	rewrite(t, dir, true, func(e *CaseEntry) { e.Version, e.Series.Fingerprint = 5, "" })
}

// rewrite changes the manifests of an export's cases, and, where it is honest, says so in
// that of the export.
func rewrite(t *testing.T, dir string, honest bool, change func(*CaseEntry)) {
	t.Helper()
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, ref := range m.Cases {
		e, err := ReadCase(dir, ref)
		if err != nil {
			t.Fatal(err)
		}
		change(e)
		data, err := indented(e)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, ref.Manifest.File), data)
		m.Cases[i], m.Version = newCaseRef(e, data), e.Version
	}
	data, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	if honest {
		write(t, filepath.Join(dir, ManifestFile), data)
	}
}

func readBack(t *testing.T, s *ct.Series, key func(string) string, paths ...string) *labels.Labels {
	t.Helper()
	return readWith(t, s, labels.Options{Key: labels.Key{UID: key}}, paths...)
}

func readWith(t *testing.T, s *ct.Series, o labels.Options, paths ...string) *labels.Labels {
	t.Helper()
	l, err := labels.Read(context.Background(), s, paths, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// wantMatched holds what came in, and how, against the work; by is "" where nothing is to come in.
func wantMatched(t *testing.T, l *labels.Labels, work *annotate.Session, by labels.By, reason string) {
	t.Helper()
	said := strings.Join(l.Report.Lines(), "\n")
	if by == "" {
		if len(l.Report.Matches) != 0 || !strings.Contains(said, reason) {
			t.Errorf("%s\n%s\nwant that it is left out: %s", l.Report.Summary(), said, reason)
		}
		return
	}
	wantBack(t, work, l)
	if m := l.Report.Matches; len(m) != work.Series().Len() || slices.ContainsFunc(m, func(m labels.Match) bool { return m.By != by }) {
		t.Errorf("%s\n%s\nwant all by %s", l.Report.Summary(), said, by)
	}
}

// An export without the identity comes back to the images that it was made of, with the
// key and without, and to no other patient's, whose slices may be as many, of the same
// size, and lie where these do.
func TestMatchedWithoutIdentity(t *testing.T) {
	identity, key := byKey()
	for _, test := range []struct {
		name   string
		of     func(*testing.T, int) *ct.Series
		other  bool // another patient's
		key    bool
		old    bool // by a program whose manifests had no fingerprint
		by     labels.By
		reason string
	}{
		{"pictures", pictured, false, false, false, labels.ByImages, ""},
		{"pictures with the key", pictured, false, true, false, labels.ByImages, ""},
		{"other pictures", pictured, true, false, false, "", "the pixels of its slices are not those of the series"},
		{"other pictures with the key", pictured, true, true, false, "", "the pixels of its slices are not those of the series"},
		{"pictures, old", pictured, false, false, true, "", "with the key that it was made with"},
		{"pictures, old, with the key", pictured, false, true, true, labels.ByUID, ""},
		{"other pictures, old", pictured, true, false, true, "", "with the key that it was made with"},
		{"other pictures, old, with the key", pictured, true, true, true, "", "the key in use finds none of its slices"},
		{"CT", placedCT, false, false, false, labels.ByImages, ""},
		{"CT with the key", placedCT, false, true, false, labels.ByUID, ""},
		{"another CT", placedCT, true, false, false, "", "the pixels of its slices are not those of the series"},
		{"another CT with the key", placedCT, true, true, false, "", "the pixels of its slices are not those of the series"},
		{"CT, old", placedCT, false, false, true, labels.ByPosition, ""},
		{"CT, old, with the key", placedCT, false, true, true, labels.ByUID, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			series := test.of(t, 1)
			work := worked(t, series)
			set := One(input(work), "groundglass test", "")
			set.Cases[0] = "p1"
			dir, _ := mustWrite(t, pngPreset, set, Options{Values: true, Identity: identity})
			if test.old {
				aged(t, dir)
			}
			if test.other {
				series = test.of(t, 2)
			}
			known := key
			if !test.key {
				known = nil
			}
			wantMatched(t, readBack(t, series, known, dir), work, test.by, test.reason)
		})
	}
}

// Pictures that another window card gives other values are told from others' pictures, to
// who has the key.
func TestMatchedToChangedPictures(t *testing.T) {
	identity, key := byKey()
	series := pictured(t, 1)
	work := worked(t, series)
	set := One(input(work), "groundglass test", "")
	set.Cases[0] = "p1"
	dir, _ := mustWrite(t, pngPreset, set, Options{Identity: identity})
	folder := filepath.Dir(series.Sources[0].File)
	write(t, filepath.Join(folder, ct.CardName), []byte(`{"width": 2000, "level": 0}`))
	wantMatched(t, readBack(t, scanOf(t, folder), key, dir), work, "", "were changed since")
	wantMatched(t, readBack(t, scanOf(t, folder), nil, dir), work, "", "the pixels of its slices are not those of the series")
}

// Of several cases, the right one comes in, by any preset that keeps masks.
func TestMatchedAmongSeveral(t *testing.T) {
	identity, _ := byKey()
	all := []*annotate.Session{worked(t, pictured(t, 1)), worked(t, pictured(t, 2)), worked(t, pictured(t, 3))}
	for _, p := range []Preset{pngPreset, nnunetPreset, cocoPreset, yoloPreset, labelmePreset, pngPalettePreset} {
		t.Run(p.Name, func(t *testing.T) {
			set := One(input(all[0]), "groundglass test", "")
			set.Cases = []string{"p1", "p2", "p3"}
			set.Open = func(k int) (*Case, func(), error) { return input(all[k]), nil, nil }
			dir, _ := mustWrite(t, p, set, Options{Values: true, Identity: identity})
			l := readBack(t, all[1].Series(), nil, dir)
			wantBack(t, all[1], l)
			if left := l.Report.LeftOut; len(left) != 1 || left[0].Part != "p1" || left[0].More != 1 || !strings.Contains(left[0].Reason, "other images") {
				t.Errorf("what is left out is %+v", left)
			}
			l = readBack(t, pictured(t, 4), nil, dir)
			if len(l.Report.Matches) != 0 || l.Report.LeftOut[0].More != 2 {
				t.Errorf("a fourth one gets %+v; %+v", l.Report.Matches, l.Report.LeftOut)
			}
		})
	}
}

// Of a series some of whose slices are gone, those that are left are found by the key;
// without it, numbers prove nothing.
func TestMatchedInPart(t *testing.T) {
	identity, key := byKey()
	whole := placedCT(t, 1)
	work := worked(t, whole)
	set := One(input(work), "groundglass test", "")
	set.Cases[0] = "p1"
	dir, _ := mustWrite(t, pngPreset, set, Options{Values: true, Identity: identity})
	meta := *whole
	meta.Sources = slices.Delete(slices.Clone(whole.Sources), 1, 2)
	part := ct.NewSeries(meta, func(i int) (*ct.Slice, error) { return whole.Slice(2 * i) })
	l := readBack(t, part, key, dir)
	for i := range part.Len() {
		if !slices.Equal(l.Plane(i), work.Mask(2*i).Label) {
			t.Errorf("slice %d has other labels: %q", i, l.Report.Lines())
		}
	}
	if len(l.Report.Matches) != 2 || len(l.Report.LeftOut) != 1 {
		t.Errorf("%+v", l.Report)
	}
	wantMatched(t, readBack(t, part, nil, dir), work, "", "more or fewer of them")
	another := func(uid string) string { return "2.25.8" + uid[4:] }
	wantMatched(t, readBack(t, part, another, dir), work, "", "the key in use finds none of its slices here")
}

// Where a slice cannot be read there is no fingerprint, and the case is matched as an
// older one.
func TestUnreadableSlices(t *testing.T) {
	identity, key := byKey()
	for name, of := range map[string]func(*testing.T, int) *ct.Series{"pictures": pictured, "CT": placedCT} {
		series := of(t, 1)
		broken := ct.NewSeries(*series, func(int) (*ct.Slice, error) { return nil, errors.New("it is damaged") })
		work := worked(t, broken)
		set := One(input(work), "groundglass test", "")
		set.Cases[0] = "p1"
		dir, _ := mustWrite(t, pngPreset, set, Options{Values: true, Identity: identity})
		if _, c := oneCase(t, dir); c.Series.Fingerprint != "" {
			t.Errorf("%s: %q", name, c.Series.Fingerprint)
		}
		wantMatched(t, readBack(t, series, key, dir), work, labels.ByUID, "")
		if name == "CT" {
			wantMatched(t, readBack(t, series, nil, dir), work, labels.ByPosition, "")
		} else {
			wantMatched(t, readBack(t, series, nil, dir), work, "", "does not tell whether it is of these images")
		}
	}
}

// Who gets an export with its pictures can go on with both, wherever the folder is.
func TestMatchedToItsOwnPictures(t *testing.T) {
	identity, _ := byKey()
	for name, series := range map[string]*ct.Series{"no place": placedCT(t, 1), "DICOM": phantomScan(t, 3)} {
		for _, p := range []Preset{pngPreset, medsegPreset, nnunetPreset} {
			work := worked(t, series)
			set := One(input(work), "groundglass test", "")
			set.Cases[0] = "p1"
			dir, _ := mustWrite(t, p, set, Options{Images: true, Values: true, Identity: identity})
			moved := filepath.Join(t.TempDir(), "moved")
			if err := os.CopyFS(moved, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			found, err := ct.Open(context.Background(), []string{moved}, nil)
			if err != nil || len(found.Series) == 0 {
				t.Fatal(err)
			}
			l := readBack(t, found.Series[0], nil, dir)
			if wantBack(t, work, l); len(l.Report.Matches) != 3 {
				t.Errorf("%s of %s: %s %q", p.Name, name, l.Report.Summary(), l.Report.Lines())
			}
		}
	}
}

// Of the export's pictures, some are enough.
func TestMatchedToSomePictures(t *testing.T) {
	identity, _ := byKey()
	work := worked(t, placedCT(t, 1))
	set := One(input(work), "groundglass test", "")
	set.Cases[0] = "p1"
	dir, _ := mustWrite(t, pngPreset, set, Options{Images: true, Values: true, Identity: identity})
	some := t.TempDir()
	for _, name := range []string{"slice_0001_image.png", "slice_0003_image.png"} {
		write(t, filepath.Join(some, name), read(t, filepath.Join(dir, name)))
	}
	l := readBack(t, scanOf(t, some), nil, dir)
	if len(l.Report.Matches) != 2 || !slices.Equal(l.Plane(0), work.Mask(0).Label) || !slices.Equal(l.Plane(1), work.Mask(2).Label) {
		t.Errorf("%s %q", l.Report.Summary(), l.Report.Lines())
	}
}

// Names that are kept tell slices only of images with the same pixels, unless a person says
// that others are to have them.
func TestPicturesOfOneName(t *testing.T) {
	work := worked(t, pictured(t, 1))
	dir := filepath.Join(t.TempDir(), "out")
	mustExport(t, dir, input(work), Options{Values: true})
	l := readBack(t, work.Series(), nil, dir)
	wantMatched(t, l, work, labels.ByName, "")
	if len(l.Report.Remarks) != 0 {
		t.Errorf("%q", l.Report.Remarks)
	}
	l = readBack(t, pictured(t, 2), nil, dir)
	if wantMatched(t, l, work, "", "the pixels of its slices are not those of the series"); !l.Report.OfOthers {
		t.Error("it does not say that it could be taken")
	}
	l = readWith(t, pictured(t, 2), labels.Options{OtherImages: true}, dir)
	wantMatched(t, l, work, labels.ByName, "")
	if said := l.Report.Remarks; len(said) != 1 || !strings.Contains(said[0], "made of images with other pixels, and is taken all the same") {
		t.Errorf("%q", said)
	}
}

// Manifests of the version before are still verified.
func TestVerifyOlder(t *testing.T) {
	dir := export(t, Options{})
	aged(t, dir)
	if r, err := Verify(context.Background(), dir); err != nil || !r.OK() {
		t.Errorf("%+v, %v", r, err)
	}
}

// Exports that hold no masks say so, and why nothing comes in.
func TestNoMasksComeIn(t *testing.T) {
	c := labelled(phantomScan(t, 3))
	set := One(c, "groundglass test", "")
	set.Cases[0] = "p1"
	for p, why := range map[string]string{
		"probability": "probability maps hold no masks", "csv": "measurements hold no masks", "seg-fractional": "not what a person drew",
	} {
		preset, err := PresetNamed(p)
		if err != nil {
			t.Fatal(err)
		}
		dir, _ := mustWrite(t, preset, set, Options{})
		l := readBack(t, c.Series, nil, dir)
		if lines := l.Report.Lines(); len(l.Report.Matches) != 0 || len(lines) != 1 || !strings.Contains(lines[0], "p1: its") || !strings.Contains(lines[0], why) {
			t.Errorf("%s: %q", p, lines)
		}
	}
}
