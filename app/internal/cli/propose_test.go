package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/phantom"
)

// stopping is a context that has ended.
type stopping struct{ context.Context }

func (s stopping) Err() error { return context.Canceled }

func (s stopping) Done() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// proposeJSON is the shape that other programs rely on.
type proposeJSON struct {
	Model  string   `json:"model"`
	Device string   `json:"device"`
	Kinds  []string `json:"kinds"`
	Slices []struct {
		Source         string  `json:"source"`
		Mask           string  `json:"mask"`
		Probability    string  `json:"probability"`
		Classes        string  `json:"classes"`
		UncertaintyMap string  `json:"uncertainty_map"`
		ForegroundPX   int     `json:"foreground_px"`
		Uncertainty    float64 `json:"uncertainty"`
		lungsJSON
	} `json:"slices"`
	Series []struct {
		UID    string `json:"uid"`
		Source string `json:"source"`
		lungsJSON
	} `json:"series"`
}

func TestPropose(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	out, m := filepath.Join(t.TempDir(), "deep", "out"), model(t)
	c := call(t, "propose", dir, "--model", m, "-o", out, "--threshold", "0.5", "--tv", "0", "--json")
	var got proposeJSON
	c.decode(t, &got)
	if c.status != 0 || len(got.Slices) != 5 || len(names(t, out)) != 10 {
		t.Fatalf("%+v\n%q", c, names(t, out))
	}
	for i, s := range got.Slices {
		source := filepath.Base(s.Source)
		name := strings.TrimSuffix(source, ".dcm")
		if filepath.Dir(s.Source) != dir || s.Mask != filepath.Join(out, name+"_mask.png") || s.Probability != filepath.Join(out, name+"_probability.png") {
			t.Errorf("names: %+v", s)
		}
		slice, err := p.Series().Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		want, n := seen(slice.HU), 0
		mask := grey(t, s.Mask)
		if !near(grey(t, s.Probability).Pix, want) {
			t.Errorf("%s is not what the model says", s.Probability)
		}
		for k, v := range want {
			if v >= 128 {
				n++
			}
			if mask.Pix[k] != map[bool]uint8{true: 255}[v >= 128] {
				t.Fatalf("%s: pixel %d is %d where the probability is %d", s.Mask, k, mask.Pix[k], v)
			}
		}
		if s.ForegroundPX != n {
			t.Errorf("%s: %d foreground pixels, want %d", s.Mask, s.ForegroundPX, n)
		}
	}
	before := contents(t, out)
	call(t, "propose", dir, "--model", m, "-o", out, "--threshold", "0.5", "--tv", "0").want(t, 0, "proposed 5 slices", "")
	if after := contents(t, out); !slices.Equal(before, after) {
		t.Error("a second call wrote other files")
	}
}

// near allows for halves that 32-bit and 64-bit floats round to either side.
func near(a, b []uint8) bool {
	return slices.EqualFunc(a, b, func(a, b uint8) bool { return max(a, b)-min(a, b) <= 1 })
}

// contents are the bytes of a folder's files, by name.
func contents(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	for _, name := range names(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, name+"\n"+string(data))
	}
	return out
}

// Pictures of any size keep their own grid, and names that clash are told apart.
func TestProposePictures(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	square := picture(side, side, func(x, y int) uint8 { return uint8(2*x + y) })
	for _, name := range []string{"a/one.png", "b/one.png", "b/two.png"} {
		writePicture(t, filepath.Join(in, name), square)
	}
	writePicture(t, filepath.Join(in, "c/wide.png"), picture(100, 40, func(x, y int) uint8 { return uint8(x) }))
	c := call(t, "propose", filepath.Join(in, "a"), filepath.Join(in, "b"), filepath.Join(in, "c"), "-o", out, "--model", model(t), "--json")
	var got proposeJSON
	c.decode(t, &got)
	if c.status != 0 || len(got.Slices) != 4 || len(names(t, out)) != 8 {
		t.Fatalf("%+v\n%q", c, names(t, out))
	}
	for _, s := range got.Slices {
		p := grey(t, s.Probability)
		if strings.HasSuffix(s.Source, "wide.png") {
			if p.Rect.Dx() != 100 || p.Rect.Dy() != 40 {
				t.Errorf("the probabilities of a picture of 100x40 have %v", p.Rect)
			}
		} else if !slices.Equal(p.Pix, square.Pix) {
			t.Errorf("%s: an 8-bit picture is not read as a lung window", s.Source)
		}
	}
}

// What is read is never written over, nor are masks that a person may have corrected.
func TestProposeSpares(t *testing.T) {
	in, m := t.TempDir(), model(t)
	drawing := picture(side, side, func(x, y int) uint8 { return uint8(x + y) })
	writePicture(t, filepath.Join(in, "a.png"), drawing)
	writePicture(t, filepath.Join(in, "a_mask.png"), drawing)
	before := contents(t, in)
	call(t, "propose", in, "-o", in, "--model", m).want(t, 1, "", "a_mask.png")

	exported := filepath.Join(t.TempDir(), "masks")
	call(t, "export", filepath.Join(in, "a.png"), "-o", exported, "--model", m, "--keep-identity").want(t, 0, "", "")
	masks := contents(t, exported)
	call(t, "propose", filepath.Join(in, "a.png"), "-o", exported, "--model", m).want(t, 1, "", "another folder")
	if !slices.Equal(before, contents(t, in)) || !slices.Equal(masks, contents(t, exported)) {
		t.Error("files changed")
	}
}

// Proposals in a folder within the one that is read are no input of the next call.
func TestProposeIntoInput(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	out, m := filepath.Join(dir, "out"), model(t)
	for range 2 {
		call(t, "propose", dir, "-o", out, "--model", m).want(t, 0, "proposed 5 slices", "")
	}
	call(t, "propose", dir, "-o", out, "--model", m).want(t, 0, "", out+" is left out")
}

// What cannot be read does not keep the rest from being proposed, but the call says so and fails.
func TestProposeLeavesOut(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	bad := filepath.Join(dir, "phantom_0003.dcm")
	data, err := os.ReadFile(bad)
	if err != nil {
		t.Fatal(err)
	}
	write(t, bad, data[:len(data)/2])
	m := model(t)
	var got proposeJSON
	c := call(t, "propose", dir, "-o", t.TempDir(), "--model", m, "--json")
	if c.decode(t, &got); c.status != 1 || len(got.Slices) != 4 || !strings.Contains(c.errors, bad) {
		t.Errorf("in a folder: %d slices, %+v", len(got.Slices), c)
	}
	c = call(t, "propose", bad, filepath.Join(dir, "phantom_0001.dcm"), "-o", t.TempDir(), "--model", m, "--json")
	if c.decode(t, &got); c.status != 1 || len(got.Slices) != 1 || !strings.Contains(c.errors, bad) {
		t.Errorf("by name: %d slices, %+v", len(got.Slices), c)
	}
}

// Stopped work prints nothing, leaves whole files only, and fails.
func TestProposeStops(t *testing.T) {
	_, dir := patient(t, phantom.Options{Seed: 3, Slices: 30})
	out, m := t.TempDir(), model(t)
	ctx, stop := context.WithCancelCause(t.Context())
	go func() {
		for len(names(t, out)) == 0 && ctx.Err() == nil {
		}
		stop(errors.New("a signal came")) // as signal.NotifyContext says it
	}()
	c := callUntil(ctx, Program{}, "propose", dir, "-o", out, "--model", m, "--json")
	stop(nil)
	c.want(t, 1, "", "stopped before the end")
	if c.out != "" {
		t.Errorf("it printed %s", c.out)
	}
	for _, name := range names(t, out) {
		if strings.HasSuffix(name, ".tmp") {
			t.Errorf("it left %s", name)
		}
		grey(t, filepath.Join(out, name))
	}
}
