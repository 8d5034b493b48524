package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// judgement is what a program that is not ours, one that training code uses,
// reads in an export: see testdata/judges/judgement.py.
type judgement struct {
	Masks    map[string][]string    `json:"masks"`   // by case or file's stem, a slice's SHA-256 of rows x columns values each
	Spacing  map[string][]float64   `json:"spacing"` // mm, in the order that the script's docstring states
	Affine   map[string][][]float64 `json:"affine"`  // 4x4, voxel indices (column, row, slice) to mm
	Problems []string               `json:"problems"`
}

// judge runs a script of testdata/judges on a folder. What is wrong with the
// export is in Problems; the test fails where the script itself does.
func judge(t testing.TB, script, dir string) judgement {
	t.Helper()
	python := judgePython(t)
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), python, "-B", "-W", "ignore", filepath.Join("testdata", "judges", script), dir)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var j judgement
	err := errors.Join(cmd.Run(), json.Unmarshal(stdout.Bytes(), &j))
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, stderr.Bytes())
	}
	return j
}

// judgePython is the judges' Python. Without one the test is skipped, except in CI
// (the variable CI is set), where that is a failure.
func judgePython(t testing.TB) string {
	t.Helper()
	python := os.Getenv("GROUNDGLASS_JUDGES")
	if python == "" {
		python = filepath.Join("..", "..", "build", "judges", "bin", "python")
	}
	if _, err := os.Stat(python); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no judges of exports: %v", err)
		}
		t.Skip("the judges of exports are not installed: `make judges` installs them, or GROUNDGLASS_JUDGES names their python")
	}
	return python
}
