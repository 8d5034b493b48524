package export

import (
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// lying is a case whose rows and columns run so in the patient.
func lying(name string, row, column [3]float64) *Case {
	s := newTestSession("/scans/" + name + ".dcm")
	s.Series().Geometry = ct.Geometry{Row: row, Column: column, Step: [3]float64{0, 0, 5}, Spacing: [3]float64{1, 1, 5}, Known: true}
	return input(s)
}

// Pictures have the stored order of pixels, which the manifest tells; who exports some that
// lie differently, or otherwise than usual, is told.
func TestOrientationOfPictures(t *testing.T) {
	left, back, head := [3]float64{1, 0, 0}, [3]float64{0, 1, 0}, [3]float64{0, 0, -1}
	right, front := [3]float64{-1, 0, 0}, [3]float64{0, -1, 0}
	usual, prone, mirrored, coronal := lying("usual", left, back), lying("prone", right, front), lying("mirrored", right, back), lying("coronal", left, head)
	unknown := input(newTestSession("/scans/unknown.dcm"))
	for name, c := range map[string]struct {
		preset Preset
		cases  []*Case
		want   string
	}{
		"usual":          {pngPreset, []*Case{usual}, ""},
		"usual, unknown": {cocoPreset, []*Case{usual, unknown}, ""},
		"unknown":        {pngPreset, []*Case{unknown}, ""},
		"prone": {pngPreset, []*Case{prone},
			"pictures lie otherwise than with R on the left and A at the top, since they have the stored order of pixels: they have L on the left and P at the top in prone."},
		"several": {semisupervisedPreset, []*Case{usual, prone, mirrored, coronal, unknown},
			"pictures of the cases lie differently, since they have the stored order of pixels: they have R on the left and A at the top in usual; L on the left and P at the top in prone; " +
				"L on the left and A at the top in mirrored; R on the left and S at the top in coronal."},
		"volumes": {niftiPreset, []*Case{usual, prone}, ""},
	} {
		set := One(c.cases[0], "groundglass test", "")
		set.Cases = nil
		for _, of := range c.cases {
			set.Cases = append(set.Cases, of.name())
		}
		set.Open = func(k int) (*Case, func(), error) { return c.cases[k], nil, nil }
		dir, r := mustWrite(t, c.preset, set, Options{Folds: 1})
		told := ""
		for _, remark := range r.Remarks {
			if strings.Contains(remark, "stored order") {
				told += remark
			}
		}
		if told != c.want {
			t.Errorf("%s: it says %q, want %q", name, told, c.want)
		}
		if name == "prone" {
			_, e := oneCase(t, dir)
			if o := e.Series.Orientation; o == nil || *o != (OrientationEntry{right, front, "L", "R", "P", "A"}) {
				t.Errorf("the manifest has %+v", o)
			}
		}
	}
}
