package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/killtest"
)

// killDir and killShard tell a child of TestKilled where to export to, and what.
const (
	killDir   = "GROUNDGLASS_TEST_EXPORT_DIR"
	killShard = "GROUNDGLASS_TEST_EXPORT_SHARD"
	killCases = 6
)

// TestKilledChild is the program that TestKilled kills.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		t.Skip("TestKilled runs this in a process of its own")
	}
	var s Shard
	if _, err := fmt.Sscanf(os.Getenv(killShard), "%d/%d", &s.Index, &s.Count); err != nil {
		t.Fatal(err)
	}
	_, err := Write(context.Background(), dir, pngPreset, several(killCases, make([]int, killCases)), Options{Resume: true, Shard: s}, nil)
	if err != nil && !errors.Is(err, ErrExists) { // where the one before was killed after its last step
		t.Fatal(err)
	}
}

// TestKilled kills programs that export, one alone and two together, at random moments
// until they are through: the bytes are those of an export that nobody stopped.
// GROUNDGLASS_KILLS says how often, 500 for `make killtest`.
func TestKilled(t *testing.T) {
	killtest.Parts(t, killtest.Often(8), "TestKilledChild", func(dir string, part, of int) []string {
		return []string{killDir + "=" + dir, fmt.Sprintf("%s=%d/%d", killShard, part, of)}
	})
}

// Programs that are done at the same moment all end well, and whoever comes later finds
// the export there.
func TestShardsAtOnce(t *testing.T) {
	const n = 4
	whole := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), whole, pngPreset, several(n, make([]int, n)), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		parent := t.TempDir()
		dir := filepath.Join(parent, "out")
		var all sync.WaitGroup
		start := make(chan struct{})
		reports, errs := make([]Report, 2*n), make([]error, 2*n) // each part twice, as by a job that was queued again
		for i := range 2 * n {
			all.Go(func() {
				<-start
				reports[i], errs[i] = Write(context.Background(), dir, pngPreset, several(n, make([]int, n)), Options{Shard: Shard{i % n, n}}, nil)
			})
		}
		close(start)
		all.Wait()
		for i, err := range errs {
			if err != nil || !reports[i].OK() {
				t.Errorf("part %d: %+v, %v", i%n, reports[i], err)
			}
		}
		killtest.SameFiles(t, whole, dir)
		opened := make([]int, n)
		r, err := Write(context.Background(), dir, pngPreset, several(n, opened), Options{Shard: Shard{1, n}}, nil)
		if err != nil || r.Cases != n || r.Earlier != n || r.Unfinished || opened[1] != 0 {
			t.Errorf("after the end: %+v, %v", r, err)
		}
		if left := listing(t, parent); len(left) != len(listing(t, dir)) {
			t.Errorf("it leaves %q", left)
		}
		if t.Failed() {
			return
		}
	}
	other := several(n, make([]int, n))
	if _, err := Write(context.Background(), whole, pngPreset, other, Options{Shard: Shard{0, 2}, Values: true}, nil); err == nil {
		t.Error("an export with other options is taken for the same")
	}
}

// scanned is a set of three cases of DICOM files, each with proposals and strokes.
func scanned(t *testing.T) Set {
	t.Helper()
	s := Set{Labels: annotate.DefaultLabels(), Program: "groundglass test", Threshold: 0.3}
	var cases []*Case
	for k := range 3 {
		dir := t.TempDir()
		p := phantom.New(phantom.Options{Size: 32, Slices: 3, Seed: uint64(k + 1)})
		if err := p.WriteDICOM(context.Background(), dir, nil); err != nil {
			t.Fatal(err)
		}
		found, err := ct.Open(context.Background(), []string{dir}, nil)
		if err != nil {
			t.Fatal(err)
		}
		e := annotate.NewSession(found.Series[0])
		g := e.BeginProposal()
		for i := range 3 {
			e.Propose(i, g, annotate.Guess{Prob: p.Truth(i)})
			e.SetCurrent(i)
			stroke(e, annotate.Brush{Radius: 2, Label: 1}, 8+float64(k), 9)
		}
		cases = append(cases, input(e))
		s.Cases = append(s.Cases, fmt.Sprint("case_", k))
	}
	s.Open = func(k int) (*Case, func(), error) { return cases[k], nil, nil }
	return s
}

// Every preset gives the same in parts as in one piece, and knows what is done.
func TestPresetsInParts(t *testing.T) {
	set := scanned(t)
	for _, p := range Presets() {
		t.Run(p.Name, func(t *testing.T) {
			whole, dir := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "out")
			if _, err := Write(context.Background(), whole, p, set, Options{Images: true}, nil); err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				if _, err := Write(context.Background(), dir, p, set, Options{Images: true, Shard: Shard{i, 2}}, nil); err != nil {
					t.Fatal(err)
				}
			}
			killtest.SameFiles(t, whole, dir)
			r, err := Write(context.Background(), dir, p, set, Options{Images: true, Shard: Shard{0, 2}}, nil)
			if err != nil || r.Earlier != 3 {
				t.Errorf("after the end: %+v, %v", r, err)
			}
		})
	}
}
