package export

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
)

// Labels that are left out are background in every preset, which says so, and a comparison with the work heeds it.
func TestLabelsLeftOut(t *testing.T) {
	s := newStatesSession()
	whole := input(s)
	left := whole.Labels[1]
	pixels := func() (n int) {
		for i := range whole.Series.Len() {
			n += bytes.Count(whole.Mask(i).Label, []byte{left.Value})
		}
		return n
	}
	before := pixels()
	for _, p := range []Preset{pngPreset, pngPalettePreset, nnunetPreset, decathlonPreset, cocoPreset, yoloPreset, vocPreset, labelmePreset, semisupervisedPreset, measurementsPreset} {
		set := One(whole, "groundglass test", "")
		set.Labels = slices.Delete(slices.Clone(set.Labels), 1, 2)
		set.Without = []annotate.Label{left}
		dir := filepath.Join(t.TempDir(), "out")
		r, err := Write(context.Background(), dir, p, set, Options{Values: true, Folds: 1}, nil)
		if err != nil || !strings.Contains(strings.Join(r.Remarks, "\n"), " of "+left.Name+" left out, as was asked for.") {
			t.Errorf("%s: %+v, %v", p.Name, r, err)
			continue
		}
		m, e := oneCase(t, dir)
		if len(m.Without) != 1 || m.Without[0].Name != left.Name || slices.ContainsFunc(m.Labels, func(l LabelEntry) bool { return l.Name == left.Name }) {
			t.Errorf("%s: the manifest has the labels %+v without %+v", p.Name, m.Labels, m.Without)
		}
		for _, slice := range e.Slices {
			if slice.LabelPx["2"] > 0 {
				t.Errorf("%s: %+v", p.Name, slice)
			}
		}
		if v, err := Verify(context.Background(), dir); err != nil || !v.OK() {
			t.Errorf("%s: %+v, %v", p.Name, v, err)
		}
		if problems, err := Compare(context.Background(), dir, []*Case{whole}, Identity{}, Shard{}); err != nil || len(problems) > 0 {
			t.Errorf("%s: %q, %v", p.Name, problems, err)
		}
		if p.Name != "measurements" && p.Name != "semisupervised" {
			in := imported(t, s, dir)
			for i := range s.Series().Len() {
				if slices.Contains(in.Plane(i), left.Value) {
					t.Errorf("%s: slice %d has the label that is left out", p.Name, i+1)
				}
			}
		}
	}
	if now := pixels(); before == 0 || now != before {
		t.Errorf("the work has %d pixels of the label, and had %d", now, before)
	}
}
