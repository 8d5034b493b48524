package export

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/labels"
)

// gapScan is a scan of 7 slices, 5 mm apart, of which one is missing.
func gapScan(t *testing.T) *ct.Series {
	t.Helper()
	files := phantomScan(t, 7).Sources
	if err := os.Remove(files[3].File); err != nil {
		t.Fatal(err)
	}
	s := scanOf(t, filepath.Dir(files[0].File))
	if s.Len() != 6 || !s.Geometry.Uneven {
		t.Fatalf("%d slices, uneven %t", s.Len(), s.Geometry.Uneven)
	}
	return s
}

// A volume's affine knows no gap, but its manifest tells its slices: each mask comes back
// to its own, in a series that has lost more of them, too. The volume alone is left out.
func TestVolumesOfSeriesWithGapsComeBack(t *testing.T) {
	series := gapScan(t)
	work := worked(t, series)
	identity, key := byKey()
	for _, test := range []struct {
		name     string
		identity Identity
		key      func(string) string
		by       labels.By
	}{{"kept", Identity{}, nil, labels.ByUID}, {"by a key", identity, key, labels.ByUID}, {"without the key", identity, nil, labels.ByImages}} {
		for _, p := range []Preset{niftiPreset, medsegPreset, nnunetPreset, decathlonPreset} {
			t.Run(p.Name+" "+test.name, func(t *testing.T) {
				set := One(input(work), "groundglass test", "")
				set.Cases[0] = "p1"
				dir, _ := mustWrite(t, p, set, Options{Identity: test.identity})
				wantMatched(t, readBack(t, series, test.key, dir), work, test.by, "")
				if test.by == labels.ByUID {
					wantLastThree(t, work.Mask(4).Label, series, readBack(t, lastThree(series), test.key, dir))
				}
				wantMatched(t, readBack(t, renamed(phantomScan(t, 7)), test.key, dir), work, "", "")
				alone := filepath.Join(t.TempDir(), "mask.nii.gz")
				_, c := oneCase(t, dir)
				for _, f := range c.Files {
					if f.Kind == KindMask {
						write(t, alone, read(t, filepath.Join(dir, f.File)))
					}
				}
				wantMatched(t, readBack(t, series, test.key, alone), work, "", "its planes are in even steps")
			})
		}
	}
}

// renamed is a series with other UIDs.
func renamed(s *ct.Series) *ct.Series {
	meta := *s
	meta.UID, meta.Sources = s.UID+".9", slices.Clone(s.Sources)
	for i := range meta.Sources {
		meta.Sources[i].SOPInstanceUID += ".9"
	}
	return ct.NewSeries(meta, s.Slice)
}

// lastThree is a series' slices after the first three, which are evenly spaced.
func lastThree(s *ct.Series) *ct.Series {
	meta := *s
	meta.Sources, meta.Geometry.Origin, meta.Geometry.Uneven = s.Sources[3:], s.At(0, 0, 3), false
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) { return s.Slice(i + 3) })
}

func wantLastThree(t *testing.T, second []uint8, s *ct.Series, l *labels.Labels) {
	t.Helper()
	if len(l.Report.Matches) != 3 || !slices.Equal(l.Plane(1), second) {
		t.Errorf("of slices 4 to 6: %s %q", l.Report.Summary(), l.Report.Lines())
	}
	if said := strings.Join(l.Report.Lines(), " "); !strings.Contains(said, "3 of its 6 planes lie where the series has no slice: 1–3") {
		t.Errorf("it says %s", said)
	}
}
