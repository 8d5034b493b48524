package export

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What can be read is checked, whatever became of the manifests: beside what is wrong
// with them, a spoilt mask of another case is found.
func TestVerifyGoesOnWhereManifestsAreDamaged(t *testing.T) {
	replace := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
	}
	half := func(b []byte) []byte { return b[:len(b)/2] }
	none := func([]byte) []byte { return nil }
	for _, c := range []struct {
		name, file string
		change     func([]byte) []byte // nil: it is removed
		want       string
		cases      int
	}{
		{"the manifest missing", ManifestFile, nil, "manifest.json is missing: of the cases, only", 3},
		{"cut off", ManifestFile, half, "manifest.json: the manifest is damaged", 3},
		{"empty", ManifestFile, none, "manifest.json: the manifest is damaged", 3},
		{"of another program", ManifestFile, replace(manifestFormat, "app"), "manifest.json: this is not the manifest", 3},
		{"of an unknown preset", ManifestFile, replace(`"preset": "png"`, `"preset": "new"`), "manifest.json: the manifest was changed", 3},
		{"changed", ManifestFile, replace("Ground glass", "Consolidation"), "manifest.json: the manifest was changed", 3},
		{"with a field more", ManifestFile, replace(`"program"`, `"note": 1, "program"`), "manifest.json: the manifest is damaged", 3},
		{"a case's missing", "groundglass/case_1.json", nil, "groundglass/case_1.json is missing", 3},
		{"a case's cut off", "groundglass/case_1.json", half, "groundglass/case_1.json was changed", 3},
		{"a case's changed", "groundglass/case_1.json", replace(`"foreground_px"`, `"foreground_px" `), "groundglass/case_1.json was changed", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, _ := mustWrite(t, pngPreset, several(3, []int{0, 0, 0}), Options{})
			path := filepath.Join(dir, filepath.FromSlash(c.file))
			if c.change == nil {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			} else {
				was := read(t, path)
				now := c.change(was)
				if bytes.Equal(was, now) {
					t.Fatal("nothing was changed")
				}
				write(t, path, now)
			}
			spoilt := firstMask(t, dir, "case_2")
			if err := os.Remove(filepath.Join(dir, spoilt)); err != nil {
				t.Fatal(err)
			}
			r, err := Verify(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(r.Problems, "\n")
			if !strings.Contains(said, c.want) || !slices.Contains(r.Problems, filepath.ToSlash(spoilt)+" is missing.") || r.Cases != c.cases {
				t.Errorf("of %d cases it says\n%s", r.Cases, said)
			}
		})
	}
}

// firstMask is a mask of a case by its path in the export.
func firstMask(t *testing.T, dir, name string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, name))
	if err != nil || len(entries) == 0 {
		t.Fatalf("%s has no files: %v", name, err)
	}
	return filepath.Join(name, entries[0].Name())
}

// Without a manifest, what no case names is said, and a shard looks at its own cases.
func TestVerifyWithoutAManifest(t *testing.T) {
	dir, _ := mustWrite(t, pngPreset, several(3, []int{0, 0, 0}), Options{})
	if err := os.Remove(filepath.Join(dir, ManifestFile)); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "case_1/stray.png")
	r, err := Verify(context.Background(), dir)
	if err != nil || !slices.Contains(r.Problems, "case_1/stray.png is in no manifest that can be read.") {
		t.Errorf("it says %q, %v", r.Problems, err)
	}
	if r, err = VerifyShard(context.Background(), dir, Shard{1, 3}, nil); err != nil || r.Cases != 1 || len(r.Problems) != 0 {
		t.Errorf("the second part: %+v, %v", r, err)
	}
	if err := os.RemoveAll(filepath.Join(dir, DetailFolder)); err != nil {
		t.Fatal(err)
	}
	if _, err = Verify(context.Background(), dir); err == nil || !strings.Contains(err.Error(), "is no export: it has no manifest.json") {
		t.Errorf("without any manifest the error is %v", err)
	}
}
