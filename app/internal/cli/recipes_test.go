package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"groundglass/annotate/killtest"
)

// The recipes of LARGE.md do what they say, run by a shell with the variables that Slurm and Kubernetes set.
func TestRecipes(t *testing.T) {
	text, err := os.ReadFile("../../../annotate/export/LARGE.md")
	if err != nil {
		t.Fatal(err)
	}
	recipe := func(language string) string {
		_, after, found := strings.Cut(string(text), "\n```"+language+"\n")
		block, _, ended := strings.Cut(after, "\n```\n")
		if !found || !ended {
			t.Fatalf("LARGE.md has no block of %s", language)
		}
		return block
	}
	dir, _ := patients(t, 5)
	listing := exec.Command("sh", "-c", "find . -mindepth 1 -maxdepth 1 -type d | sort > series.txt")
	listing.Dir = dir
	if err := listing.Run(); err != nil {
		t.Fatal(err)
	}
	bin, m := t.TempDir(), model(t)
	write(t, filepath.Join(bin, "groundglass"), []byte(fmt.Sprintf("#!/bin/sh\n%s=$(printf '%%s\\n' \"$@\" --model %s) exec %s -test.run='^TestKilledExportChild$'\n", killArgs, m, os.Args[0])))
	if err := os.Chmod(filepath.Join(bin, "groundglass"), 0o777); err != nil {
		t.Fatal(err)
	}
	shell := func(t *testing.T, script string, env ...string) {
		cmd := exec.Command("sh", "-c", script)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), append(env, "PATH="+bin+":"+os.Getenv("PATH"))...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%q: %v\n%s", env, err, out)
		}
	}
	command := regexp.MustCompile(`command: \["sh", "-c", "(.*)"\]`).FindStringSubmatch(recipe("yaml"))
	if command == nil {
		t.Fatal("the job has no command")
	}
	whole := filepath.Join(t.TempDir(), "whole")
	call(t, "export", "--list", filepath.Join(dir, "series.txt"), "-o", whole, "--model", m, "--key", filepath.Join(dir, "identity.key")).want(t, 0, "5 cases", "")
	for name, run := range map[string]func(t *testing.T, i int){
		"Slurm": func(t *testing.T, i int) {
			shell(t, recipe("slurm"), fmt.Sprint("SLURM_ARRAY_TASK_ID=", i+1), "SLURM_ARRAY_TASK_COUNT=4")
		},
		"Kubernetes": func(t *testing.T, i int) {
			shell(t, command[1], fmt.Sprint("JOB_COMPLETION_INDEX=", i))
		},
		"GNU Parallel": func(t *testing.T, i int) {
			if _, err := exec.LookPath("parallel"); err != nil {
				t.Skip("GNU Parallel is not installed: `make setup-test` installs it")
			}
			if i == 0 { // which starts all four
				shell(t, recipe("sh"))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var all sync.WaitGroup
			for i := range 4 {
				if name == "GNU Parallel" {
					run(t, i)
					continue
				}
				all.Go(func() { run(t, i) })
			}
			all.Wait()
			killtest.SameFiles(t, whole, filepath.Join(dir, "out"))
			if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
				t.Fatal(err)
			}
		})
	}
}
