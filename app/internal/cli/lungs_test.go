package cli

import (
	"math"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct/phantom"
	"groundglass/segment"
)

// lungsJSON is what propose says of lungs.
type lungsJSON struct {
	LungPX      int `json:"lung_px"`
	Involvement struct {
		Right *float64 `json:"right"`
		Left  *float64 `json:"left"`
		Total *float64 `json:"total"`
	} `json:"involvement"`
}

// What propose says of the lungs is what its masks and the lungs' masks say.
func TestProposeLungs(t *testing.T) {
	p, dir := patient(t, phantom.Options{Seed: 5, Slices: 12})
	out, m := t.TempDir(), model(t)
	c := call(t, "propose", dir, "--model", m, "-o", out, "--threshold", "0.3", "--json")
	var got proposeJSON
	c.decode(t, &got)
	if c.status != 0 || len(got.Slices) != 12 || len(got.Series) != 1 {
		t.Fatalf("%+v", c)
	}
	lungs, err := segment.FindLungs(t.Context(), p.Series(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var all segment.Involvement
	for i, s := range got.Slices {
		v := segment.Involve(lungs.Mask(i), grey(t, s.Mask).Pix)
		if s.LungPX != int(v.Both().Size) || !sameShare(s.Involvement.Right, v.Right) || !sameShare(s.Involvement.Left, v.Left) || !sameShare(s.Involvement.Total, v.Both()) {
			t.Errorf("slice %d: %+v, want %+v", i+1, s.lungsJSON, v)
		}
		all.Right.Size, all.Right.Marked = all.Right.Size+v.Right.Size, all.Right.Marked+v.Right.Marked
		all.Left.Size, all.Left.Marked = all.Left.Size+v.Left.Size, all.Left.Marked+v.Left.Marked
	}
	s := got.Series[0]
	if all.Both().Marked == 0 || s.LungPX != int(all.Both().Size) || !sameShare(s.Involvement.Right, all.Right) || !sameShare(s.Involvement.Left, all.Left) || !sameShare(s.Involvement.Total, all.Both()) {
		t.Errorf("the series: %+v, want %+v", s, all)
	}
	call(t, "propose", dir, "--model", m, "-o", out, "--threshold", "0.3").want(t, 0, "\nlung involved: right ", "")
}

func sameShare(got *float64, want segment.Lung) bool {
	share, ok := want.Share()
	if !ok || got == nil {
		return !ok && got == nil
	}
	return math.Abs(*got-share) < 1e-12
}

// Where nothing looks like a lung, propose says so; two series have a line each.
func TestProposeNoLungs(t *testing.T) {
	in := t.TempDir()
	writePicture(t, filepath.Join(in, "a.png"), picture(side, side, func(x, y int) uint8 { return 200 }))
	writePicture(t, filepath.Join(in, "wide", "b.png"), picture(100, 40, func(x, y int) uint8 { return 200 }))
	c := call(t, "propose", filepath.Join(in, "a.png"), "-o", t.TempDir(), "--model", model(t))
	c.want(t, 0, "\nno lung found\n", "")
	c = call(t, "propose", in, "-o", t.TempDir(), "--model", model(t))
	c.want(t, 0, "no lung found of the series of "+filepath.Join(in, "a.png"), "")
	c.want(t, 0, "no lung found of the series of "+filepath.Join(in, "wide", "b.png"), "")
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		share *float64
		want  string
	}{
		{nil, "not found"}, {new(0.0), "0 %"}, {new(0.004), "under 1 %"}, {new(0.0149), "1 %"}, {new(0.125), "13 %"}, {new(1.0), "100 %"},
	} {
		if got := percent(c.share); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
