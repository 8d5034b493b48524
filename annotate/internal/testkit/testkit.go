// Package testkit is what tests of several packages below annotate share: the
// real data beside the repository, and child processes of bounded memory for
// files that are made to exhaust a reader. Tests alone import it.
package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Data finds a folder of the real data beside the repository, and skips the test
// where the data is not there.
func Data(t testing.TB, folder string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("there is no go.mod above the test")
		}
	}
	data := filepath.Join(dir, "..", "shared", "data", folder)
	if _, err := os.Stat(data); err != nil {
		t.Skip("the real data (../shared/data) is not here")
	}
	return data
}

// addressSpaceKB limits a child: to 512 MB beyond the 1.2 GB of address space,
// most of it never used, that the Go runtime reserves at its start.
const addressSpaceKB = 1_750_000

// Bounded runs one test of the running binary in a process of bounded memory, with
// a variable (NAME=value) in its environment, and returns what it prints. One
// that fails, or takes longer than limit, fails t; a limit of 0 is none.
func Bounded(t testing.TB, test, variable string, limit time.Duration) []byte {
	t.Helper()
	ctx := context.Background()
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", fmt.Sprintf(`ulimit -v %d && exec "$0" -test.run='^%s$'`, addressSpaceKB, test), os.Args[0])
	cmd.Env = append(os.Environ(), variable)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, out)
	}
	return out
}

var mark = []byte("\nREPORT ")

// Tell prints a child's report.
func Tell(t testing.TB, report any) {
	t.Helper()
	b, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s%s\n", mark, b)
}

// Told finds a child's report in what it printed.
func Told(t testing.TB, out []byte, report any) {
	t.Helper()
	_, line, ok := bytes.Cut(out, mark)
	if !ok {
		t.Fatalf("no report: %.2000s", out)
	}
	line, _, _ = bytes.Cut(line, []byte("\n"))
	if err := json.Unmarshal(line, report); err != nil {
		t.Fatal(err)
	}
}
