package train

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// childConfig names the configuration that a child process is to train.
const childConfig = "GROUNDGLASS_TEST_TRAIN"

func TestMain(m *testing.M) {
	path := os.Getenv(childConfig)
	if path == "" {
		os.Exit(m.Run())
	}
	c, err := ReadConfig(path)
	if err == nil {
		err = Run(context.Background(), c, true, func(p Progress) { fmt.Println("step", p.Step) })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestKilledRunGivesTheSameBytes: a process that is killed without warning, twice,
// and started again leaves the model that one left alone leaves.
func TestKilledRunGivesTheSameBytes(t *testing.T) {
	c := smallRun(t)
	c.Stages[0].Steps, c.Stages[1].Steps = 60, 60
	alone := trainInChild(t, c, filepath.Join(t.TempDir(), "alone"))
	killed := trainInChild(t, c, filepath.Join(t.TempDir(), "killed"), "step 57", "step 104")
	if !bytes.Equal(alone, killed) {
		t.Error("the killed run's model differs")
	}
}

// trainInChild trains in processes that are killed when they say the given
// lines, and returns the model.
func trainInChild(t *testing.T, c Config, output string, kills ...string) []byte {
	t.Helper()
	c.Output = output
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, line := range append(kills, "") {
		if killed := runChild(t, path, line); killed != (line != "") {
			t.Fatalf("killed at %q is %v", line, killed)
		}
	}
	model, err := os.ReadFile(filepath.Join(output, ModelFile))
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// runChild starts a process and kills it when it says the line; it tells whether
// it did.
func runChild(t *testing.T, config, line string) (killed bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childConfig+"="+config)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if line != "" && lines.Text() == line && !killed {
			killed = true
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil && !killed {
		t.Fatalf("%v: %s", err, errors.String())
	}
	return killed
}
