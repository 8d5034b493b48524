package export

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
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

// untilDone runs a shard in a process, kills it after a random part of the time, and
// begins again until one comes to its end by itself. It returns the number of kills.
func untilDone(dir string, s Shard, span time.Duration) (kills int, err error) {
	for {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$")
		cmd.Env = append(os.Environ(), killDir+"="+dir, fmt.Sprintf("%s=%d/%d", killShard, s.Index, s.Count))
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			return kills, err
		}
		killer := time.AfterFunc(time.Duration(rand.Int64N(int64(span))), func() { _ = cmd.Process.Kill() })
		span += span / 4 // so that one comes through
		err := cmd.Wait()
		killed := !killer.Stop() && cmd.ProcessState.ExitCode() < 0
		switch {
		case err == nil:
			return kills, nil
		case !killed:
			return kills, fmt.Errorf("%w: %s", err, said.String())
		}
		kills++
	}
}

// TestKilled kills programs that export, one alone and two together, at random moments
// until they are through: the bytes are those of an export that nobody stopped.
// GROUNDGLASS_KILLS says how often, 500 for `make killtest`.
func TestKilled(t *testing.T) {
	want := 8
	if n, err := strconv.Atoi(os.Getenv("GROUNDGLASS_KILLS")); err == nil {
		want = n
	}
	whole := filepath.Join(t.TempDir(), "out")
	begun := time.Now()
	if _, err := untilDone(whole, Shard{0, 1}, time.Hour); err != nil {
		t.Fatal(err)
	}
	span := time.Since(begun)
	kills := 0
	defer func() { t.Logf("%d kills", kills) }()
	for trial := 0; kills < want; trial++ {
		n := 1 + trial%2
		parent := t.TempDir()
		dir := filepath.Join(parent, "out")
		var all sync.WaitGroup
		var mu sync.Mutex
		for i := range n {
			all.Go(func() {
				k, err := untilDone(dir, Shard{i, n}, span)
				mu.Lock()
				defer mu.Unlock()
				kills += k
				if err != nil {
					t.Errorf("part %d of %d: %v", i+1, n, err)
				}
			})
		}
		all.Wait()
		wantSame(t, whole, dir)
		if left := listing(t, parent); len(left) != len(listing(t, dir)) {
			t.Errorf("trial %d leaves %q", trial, left)
		}
		if t.Failed() {
			return
		}
	}
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
		wantSame(t, whole, dir)
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
			wantSame(t, whole, dir)
			r, err := Write(context.Background(), dir, p, set, Options{Images: true, Shard: Shard{0, 2}}, nil)
			if err != nil || r.Earlier != 3 {
				t.Errorf("after the end: %+v, %v", r, err)
			}
		})
	}
}
