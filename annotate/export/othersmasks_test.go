package export

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/labels"
)

// another is a series that lies where s does, of the same size, and is another patient's:
// its pixels are mirrored, and its UIDs are others.
func another(s *ct.Series) *ct.Series {
	meta := *s
	meta.UID, meta.Patient, meta.Sources = "1.2.99", ct.Patient{ID: "ANOTHER", Name: "Another"}, slices.Clone(s.Sources)
	for i := range meta.Sources {
		meta.Sources[i].SOPInstanceUID += ".99"
	}
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		in, err := s.Slice(i)
		if err != nil {
			return nil, err
		}
		out := &ct.Slice{W: in.W, H: in.H, HU: slices.Clone(in.HU)}
		slices.Reverse(out.HU)
		return out, nil
	})
}

// exportedWork is an export of work on a series, and the work.
func exportedWork(t *testing.T, p Preset, s *ct.Series, d Identity) (string, *annotate.Session) {
	t.Helper()
	work := worked(t, s)
	set := One(input(work), "groundglass test", "")
	set.Cases[0] = "p1"
	dir, _ := mustWrite(t, p, set, Options{Values: true, Identity: d})
	return dir, work
}

// lines is what a report says, as one text.
func lines(l *labels.Labels) string { return strings.Join(l.Report.Lines(), "\n") }

// wantOthers checks that nothing came in, as it is of other images, and that all of it does
// where a person says so.
func wantOthers(t *testing.T, s *ct.Series, work *annotate.Session, key labels.Key, path, reason string) {
	t.Helper()
	l := readWith(t, s, labels.Options{Key: key}, path)
	if len(l.Report.Matches) != 0 || !l.Report.OfOthers || !strings.Contains(lines(l), reason) {
		t.Errorf("%s: %s\n%s\nwant %s", path, l.Report.Summary(), lines(l), reason)
	}
	wantBack(t, work, readWith(t, s, labels.Options{Key: key, OtherImages: true}, path))
}

// Masks of an export come to no other patient's images, though these lie in the same place:
// whether the call names the export, a folder of it or a file.
func TestMasksOfOthers(t *testing.T) {
	series := phantomScan(t, 3)
	byAKey, uid := byKey()
	unknown := byAKey
	unknown.UID = func(id string) string { return "2.25.8" + strings.Map(digitsOnly, id) }
	for name, d := range map[string]Identity{"kept": {}, "by a key": byAKey, "by an unknown key": unknown} {
		for _, p := range []Preset{niftiPreset, nnunetPreset, medsegPreset, pngPreset, segPreset, rtstructPreset, labelmePreset} {
			if strings.HasPrefix(name, "by an unknown") && (p.Name == "seg" || p.Name == "rtstruct") {
				continue // in a frame of reference that nobody knows
			}
			t.Run(p.Name+" "+name, func(t *testing.T) {
				dir, _ := exportedWork(t, p, series, d)
				for _, path := range append(masksIn(t, dir), dir) {
					if l := readBack(t, series, uid, path); len(l.Report.Matches) == 0 || len(l.Report.LeftOut)+len(l.Report.Remarks) > 0 {
						t.Fatalf("%s: %s\n%s", path, l.Report.Summary(), lines(l))
					}
					l := readBack(t, another(series), uid, path)
					if len(l.Report.Matches) != 0 || !strings.Contains(lines(l), "the pixels of its slices are not those of the series") {
						t.Errorf("%s: %s\n%s", path, l.Report.Summary(), lines(l))
					}
				}
			})
		}
	}
}

// masksIn are a mask of an export's single case and the folder that it is in.
func masksIn(t *testing.T, dir string) []string {
	t.Helper()
	_, c := oneCase(t, dir)
	for _, f := range c.Files {
		if f.Kind == KindMask {
			path := filepath.Join(dir, filepath.FromSlash(f.File))
			return []string{path, filepath.Dir(path)}
		}
	}
	t.Fatal("there is no mask")
	return nil
}

// Older exports have no fingerprint: the series' UID, kept or by the key, tells other images.
func TestMasksOfOtherUIDs(t *testing.T) {
	series := placedCT(t, 1)
	byAKey, uid := byKey()
	key := labels.Key{UID: uid, Made: func(id string) bool { return strings.HasPrefix(id, "2.25.7") }}
	for _, d := range []Identity{{}, byAKey} {
		dir, work := exportedWork(t, pngPreset, series, d)
		aged(t, dir)
		wantBack(t, work, readWith(t, series, labels.Options{Key: key}, dir))
		wantOthers(t, placedCT(t, 2), work, key, dir, "it is of other images")
	}
}

// A case's manifest that was changed says nothing, and one without the manifest of its
// export is still heeded.
func TestChangedManifests(t *testing.T) {
	series := pictured(t, 1)
	dir, work := exportedWork(t, pngPreset, series, Identity{})
	other := pictured(t, 2)
	rewrite(t, dir, false, func(e *CaseEntry) { e.Series.Fingerprint = other.Fingerprint() })
	wantOthers(t, other, work, labels.Key{}, dir, "its manifest was changed since the export")
	dir, work = exportedWork(t, pngPreset, series, anonymous())
	if err := os.Remove(filepath.Join(dir, ManifestFile)); err != nil {
		t.Fatal(err)
	}
	wantBack(t, work, readBack(t, series, nil, dir))
	wantOthers(t, other, work, labels.Key{}, dir, "the pixels of its slices are not those of the series")
}

// Masks that hold what others held are left out, those that were worked on come in, and
// those that are gone are missed.
func TestMasksThatChanged(t *testing.T) {
	series := phantomScan(t, 5)
	dir, work := exportedWork(t, pngPreset, series, Identity{})
	_, c := oneCase(t, dir)
	var paths []string
	for _, f := range c.Files {
		paths = append(paths, filepath.Join(dir, f.File))
	}
	first, second := read(t, paths[0]), read(t, paths[1])
	write(t, paths[0], second)
	write(t, paths[1], first)
	write(t, paths[2], append(read(t, paths[2]), 0)) // behind the picture, as some programs do
	if err := os.Remove(paths[3]); err != nil {
		t.Fatal(err)
	}
	l := readBack(t, series, nil, dir)
	for i := range series.Len() {
		want := work.Mask(i).Label
		if i < 2 || i == 3 {
			want = make([]uint8, len(want))
		}
		if !slices.Equal(l.Plane(i), want) {
			t.Errorf("slice %d has other labels", i+1)
		}
	}
	said := lines(l)
	for _, want := range []string{
		"it holds what " + filepath.Base(paths[1]) + " held", "it holds what " + filepath.Base(paths[0]) + " held",
		"1 mask changed since the export, and taken as it is now: " + filepath.Base(paths[2]),
		"1 mask that the manifest lists is not there (" + filepath.Base(paths[3]),
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	if lost := l.Report.Lost(); len(lost) != 3 || strings.Contains(said, "nothing tells whether") {
		t.Errorf("%+v\n%s", lost, said)
	}
	if l := readBack(t, series, nil, paths[4]); len(l.Report.Matches) != 1 || len(l.Report.LeftOut) != 0 {
		t.Errorf("a file by itself: %s\n%s", l.Report.Summary(), lines(l))
	}
}

// Where no mask is what it was, nothing tells what they are of, which is said.
func TestMasksThatAllChanged(t *testing.T) {
	series, other := placedCT(t, 1), placedCT(t, 2)
	dir, work := exportedWork(t, pngPreset, series, Identity{})
	of, _ := exportedWork(t, pngPreset, other, Identity{})
	for i := range series.Len() {
		name := Names(series.Sources)[i] + "_mask.png"
		write(t, filepath.Join(of, name), append(read(t, filepath.Join(dir, name)), 0))
	}
	l := readBack(t, other, nil, of)
	if wantBack(t, work, l); !strings.Contains(lines(l), "nothing tells whether they are still of these images") {
		t.Error(lines(l))
	}
}

// A segmentation or structure set that names another patient is not placed by position
// alone; one that refers to the slices is, with a word.
func TestObjectsOfOthers(t *testing.T) {
	series := phantomScan(t, 3)
	for _, p := range []Preset{segPreset, rtstructPreset} {
		dir, work := exportedWork(t, p, series, Identity{})
		alone := filepath.Join(t.TempDir(), "masks.dcm")
		write(t, alone, read(t, masksIn(t, dir)[0]))
		id := series.Patient.ID
		moved := func(patient ct.Patient, uids bool) *ct.Series {
			meta := *another(series)
			if meta.Patient = patient; uids {
				meta.Sources = series.Sources
			}
			return ct.NewSeries(meta, series.Slice)
		}
		wantOthers(t, moved(ct.Patient{ID: "ANOTHER"}, false), work, labels.Key{}, alone, "names another patient")
		for name, test := range map[string]struct {
			patient ct.Patient
			uids    bool
			key     labels.Key
			said    bool
		}{
			"by UID":      {ct.Patient{ID: "ANOTHER"}, true, labels.Key{}, true},
			"the same":    {ct.Patient{ID: id}, false, labels.Key{}, false},
			"unknown":     {ct.Patient{}, false, labels.Key{}, false},
			"a pseudonym": {ct.Patient{ID: "p1234"}, false, labels.Key{Patient: func(who string) string { return map[string]string{id: "p1234"}[who] }}, false},
			"removed":     {ct.Patient{ID: "anonymous", Removed: true}, false, labels.Key{}, false},
		} {
			l := readWith(t, moved(test.patient, test.uids), labels.Options{Key: test.key}, alone)
			if wantBack(t, work, l); strings.Contains(lines(l), "it names another patient") != test.said {
				t.Errorf("%s, %s: %s", p.Name, name, lines(l))
			}
		}
	}
}
