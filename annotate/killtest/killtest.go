// Package killtest kills programs that tests start, and compares what they leave with
// what others made that nobody stopped. Tests alone import it.
package killtest

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Often is how often to kill: n, unless GROUNDGLASS_KILLS says otherwise.
func Often(n int) int {
	if k, err := strconv.Atoi(os.Getenv("GROUNDGLASS_KILLS")); err == nil {
		return k
	}
	return n
}

// UntilDone runs one test of the running binary in a process of its own, with variables
// (NAME=value) in its environment, kills it after a random part of span, and begins again
// until one comes to its end by itself; span grows so that one does. It returns the
// number of kills.
func UntilDone(test string, span time.Duration, variables ...string) (kills int, err error) {
	for {
		cmd := exec.Command(os.Args[0], "-test.run=^"+test+"$")
		cmd.Env = append(os.Environ(), variables...)
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			return kills, err
		}
		killer := time.AfterFunc(time.Duration(rand.Int64N(int64(span))), func() { _ = cmd.Process.Kill() })
		span += span / 4
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

// Parts holds what programs write that are killed, one alone and two that share the
// work, against what one writes that nobody kills: the same files, and nothing beside
// their folder. Variables are those of the test, UntilDone's, that writes a part of a
// whole, from 0 on, to dir. It goes on until so many were killed.
func Parts(t *testing.T, kills int, test string, variables func(dir string, part, of int) []string) {
	t.Helper()
	whole, begun, killed := filepath.Join(t.TempDir(), "out"), time.Now(), 0
	if _, err := UntilDone(test, time.Hour, variables(whole, 0, 1)...); err != nil {
		t.Fatal(err)
	}
	span := time.Since(begun)
	for trial := 0; killed < kills && !t.Failed(); trial++ {
		of, parent := 1+trial%2, t.TempDir()
		dir := filepath.Join(parent, "out")
		var all sync.WaitGroup
		var mu sync.Mutex
		for part := range of {
			all.Go(func() {
				k, err := UntilDone(test, span, variables(dir, part, of)...)
				mu.Lock()
				defer mu.Unlock()
				killed += k
				if err != nil {
					t.Errorf("part %d of %d: %v", part+1, of, err)
				}
			})
		}
		all.Wait()
		SameFiles(t, whole, dir)
		if left, err := os.ReadDir(parent); len(left) != 1 || err != nil {
			t.Errorf("trial %d leaves %v, %v", trial, left, err)
		}
	}
	t.Logf("%d kills", killed)
}

// Files are the files below dir: their bytes by their paths in it, with slashes.
func Files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// SameFiles fails the test unless two folders hold the same files, and some.
func SameFiles(t testing.TB, a, b string) {
	t.Helper()
	x, y := Files(t, a), Files(t, b)
	for name := range x {
		if x[name] != y[name] {
			t.Errorf("%s differs, or is not there", name)
		}
	}
	if len(x) != len(y) || len(x) == 0 {
		t.Errorf("there are %d files and %d", len(x), len(y))
	}
}
