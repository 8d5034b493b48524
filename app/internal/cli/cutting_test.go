package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct/phantom"
	"groundglass/segment/connect"
)

// propose and export write the same masks, which are those of the window's session, in mm² of the series' own pixels.
func TestConnectivityIsTheSameEverywhere(t *testing.T) {
	p, dir := patient(t, phantom.Options{Seed: 3})
	m := model(t)
	proposed, exported := t.TempDir(), filepath.Join(t.TempDir(), "masks")
	flags := []string{"--model", m, "--threshold", "0.5", "--tv", "0.2", "--min-area", "400", "--fill-holes"}
	call(t, append([]string{"propose", dir, "-o", proposed}, flags...)...).want(t, 0, "proposed 5 slices", "")
	call(t, append([]string{"export", dir, "-o", exported, "--keep-identity"}, flags...)...).want(t, 0, "", "")
	plain := t.TempDir()
	call(t, "propose", dir, "-o", plain, "--model", m, "--threshold", "0.5", "--tv", "0").want(t, 0, "", "")

	s := annotate.NewSession(p.Series())
	s.SetConnector(Connector(p.Series()))
	s.SetThreshold(0.5)
	s.SetConnectivity(annotate.Connectivity{TV: 0.2, LeastArea: 400, FillHoles: true})
	generation, area := s.BeginProposal(), p.Series().Geometry.Spacing[0]*p.Series().Geometry.Spacing[1]
	changed := false
	for i, source := range p.Series().Sources {
		name := strings.TrimSuffix(filepath.Base(source.File), ".dcm")
		s.Propose(i, generation, annotate.Guess{Prob: grey(t, filepath.Join(proposed, name+"_probability.png")).Pix})
		mask := grey(t, filepath.Join(proposed, name+"_mask.png")).Pix
		if !slices.Equal(mask, grey(t, filepath.Join(exported, name+"_mask.png")).Pix) {
			t.Errorf("%s: propose and export differ", name)
		}
		for k, l := range s.Mask(i).Label {
			if mask[k] != map[uint8]uint8{1: 255}[l] {
				t.Fatalf("%s: pixel %d is %d, and %d in the window", name, k, mask[k], l)
			}
		}
		parts, _ := connect.Components(mask, side, side, connect.Eight)
		for _, part := range parts {
			if float64(part.Size)*area < 400 {
				t.Errorf("%s: a part of %d pixels, %g mm², is left", name, part.Size, float64(part.Size)*area)
			}
		}
		changed = changed || !slices.Equal(mask, grey(t, filepath.Join(plain, name+"_mask.png")).Pix)
	}
	if !changed {
		t.Error("connectivity changes nothing")
	}
}

// In pictures, whose pixels have no known size, areas are in pixels.
func TestLeastAreaOfPictures(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	writePicture(t, filepath.Join(in, "a.png"), picture(side, side, func(x, y int) uint8 {
		inBar, inSpeck := y == 30 && x < 25, y == 50 && x < 24
		return map[bool]uint8{true: 200}[inBar || inSpeck]
	}))
	call(t, "propose", in, "-o", out, "--model", model(t), "--tv", "0", "--min-area", "25").want(t, 0, "", "")
	mask := grey(t, filepath.Join(out, "a_mask.png"))
	if mask.GrayAt(0, 30).Y == 0 || mask.GrayAt(0, 50).Y != 0 {
		t.Error("of 25 and 24 pixels, the wrong part was dropped")
	}
}

// evaluate measures the model alone, unless connectivity is asked for.
func TestEvaluateConnectivity(t *testing.T) {
	dir := t.TempDir()
	speckled := func(x, y int) uint8 { return map[bool]uint8{true: 255}[x < side/2 || x == 50 && y%9 == 0] }
	writePicture(t, filepath.Join(dir, "i.png"), picture(side, side, speckled))
	writePicture(t, filepath.Join(dir, "m.png"), picture(side, side, leftHalf))
	list, m := filepath.Join(dir, "pairs.csv"), model(t)
	write(t, list, []byte("image,mask\ni.png,m.png\n"))
	dice := func(flags ...string) float64 {
		var got evaluateJSON
		call(t, append([]string{"evaluate", "--pairs", list, "--model", m, "--json"}, flags...)...).decode(t, &got)
		return *got.All.Dice
	}
	alone, tv, area := dice(), dice("--tv", "0.3"), dice("--min-area", "2")
	if alone >= 1 || tv != 1 || area != 1 {
		t.Errorf("Dice is %g, with total variation %g, without small parts %g", alone, tv, area)
	}
}

func TestConnectivityRefusals(t *testing.T) {
	for _, command := range []string{"propose", "export", "evaluate"} {
		for _, c := range []struct{ flag, value, says string }{
			{"--tv", "-1", "flag -tv: a number from 0 to 2"}, {"--tv", "2.5", "from 0 to 2"}, {"--tv", "NaN", "from 0 to 2"}, {"--tv", "much", "from 0 to 2"},
			{"--min-area", "1001", "from 0 to 1000"}, {"--min-area", "", "from 0 to 1000"}, {"--fill-holes=perhaps", "x", "fill-holes"},
		} {
			call(t, command, c.flag, c.value).want(t, 2, "", c.says)
		}
	}
}
