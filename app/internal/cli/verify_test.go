package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/export"
)

// What is wrong with one folder does not keep others from being verified, and all of it is listed.
func TestVerifyListsAll(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	m, good, bad, none := model(t), filepath.Join(t.TempDir(), "good"), filepath.Join(t.TempDir(), "bad"), t.TempDir()
	for _, out := range []string{good, bad} {
		call(t, "export", dir, "-o", out, "--model", m, "--keep-identity").want(t, 0, "5 files of 5 slices", "")
	}
	manifest, err := os.ReadFile(filepath.Join(bad, export.ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(bad, export.ManifestFile), []byte(strings.Replace(string(manifest), "identity 7", "identity 8", 1)))
	write(t, filepath.Join(bad, "notes.txt"), nil)
	write(t, filepath.Join(bad, ".DS_Store"), nil)
	if err := os.Remove(filepath.Join(bad, "phantom_0002_mask.png")); err != nil {
		t.Fatal(err)
	}
	c := call(t, "verify", none, bad, good)
	for _, want := range []string{none + " is no export", "the manifest was changed", "phantom_0002_mask.png is missing", "notes.txt is not in the manifest", good + ": 5 files of 5 slices, all as they should be"} {
		c.want(t, 1, want, "4 problems")
	}
	c.want(t, 1, "", bad+": .DS_Store is not of the export, and harmless.")
	var got verifyReport
	if c = call(t, "verify", none, bad, good, "--json"); c.status != 1 {
		t.Errorf("%+v", c)
	}
	if c.decode(t, &got); got.OK || len(got.Problems) != 4 || len(got.Remarks) != 1 || got.Slices != 10 {
		t.Errorf("%+v", got)
	}
}
