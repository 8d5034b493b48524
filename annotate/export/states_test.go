package export

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/labels"
)

// newStatesSession has five slices: accepted, in work, proposed, rejected and new. The
// first two have two labels each.
func newStatesSession() *annotate.Session {
	meta := ct.Series{
		UID: "1.2.9", Modality: "CT", Rows: testH, Columns: testW, Patient: ct.Patient{ID: "P1"},
		Geometry: ct.Geometry{
			Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0}, Step: [3]float64{0, 0, 5}, Spacing: [3]float64{0.7, 0.8, 5}, Known: true,
		},
	}
	for i := range 5 {
		meta.Sources = append(meta.Sources, ct.Source{
			File: fmt.Sprintf("/scans/a.b/IM%d.dcm", i+1), SOPInstanceUID: fmt.Sprintf("1.2.9.%d", i), PositionMM: float64(i) * 5, HasPosition: true,
		})
	}
	s := annotate.NewSession(ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		hu := make([]int16, testW*testH)
		for k := range hu {
			hu[k] = int16(-1250 + 11*k + 3*i)
		}
		return &ct.Slice{W: testW, H: testH, HU: hu}, nil
	}))
	g := s.BeginProposal()
	for i := range 4 {
		prob := make([]uint8, testW*testH)
		for k := range prob {
			prob[k] = uint8(k * (i + 3) * 7)
		}
		s.Propose(i, g, annotate.Guess{Prob: prob, Doubt: 0.1 * float64(i)})
	}
	for i := range 2 {
		s.SetCurrent(i)
		stroke(s, annotate.Brush{Radius: 1.5, Label: 2}, 3+float64(i), 4)
		stroke(s, annotate.Eraser{Radius: 1}, 8, 4+float64(i))
	}
	s.Accept(0)
	s.Reject(3)
	return s
}

// twoPatients is a set of a case of one patient and two of another, who is held out of
// those presets that hold out any.
func twoPatients(t *testing.T) Set {
	t.Helper()
	set := Set{
		Cases: []string{"a.b", "c", "d"}, Patients: []string{"P1", "P2", "P2"}, Labels: annotate.DefaultLabels(),
		Threshold: annotate.DefaultThreshold, Model: "tv-unet 1", Program: "groundglass test",
	}
	if !slices.Equal(heldOut(set.Patients, set.Cases, 5), []bool{false, true, true}) {
		set.Patients = []string{"P4", "P2", "P2"}
	}
	if !slices.Equal(heldOut(set.Patients, set.Cases, 5), []bool{false, true, true}) {
		t.Fatal("other patients are held out")
	}
	set.Open = func(k int) (*Case, func(), error) {
		c := input(newStatesSession())
		c.Patient = set.Patients[k]
		return c, nil, nil
	}
	return set
}

func mustWrite(t *testing.T, p Preset, s Set, o Options) (dir string, r Report) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	r, err := Write(context.Background(), dir, p, s, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(context.Background(), dir); err != nil || !v.OK() {
		t.Fatalf("%q, %v", v.Problems, err)
	}
	return dir, r
}

// imported reads an export's masks as labels for the session that it was made of.
func imported(t *testing.T, s *annotate.Session, dir string) *labels.Labels {
	t.Helper()
	l, err := labels.Read(context.Background(), s.Series(), []string{dir}, labels.Options{Table: s.Labels()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
