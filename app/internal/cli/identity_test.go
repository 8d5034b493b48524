package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/annotate/killtest"
)

// Unless it is asked for, nothing that leaves tells whose images they are, and who has the key gets the same pseudonyms
// again, by whatever path.
func TestExportPseudonyms(t *testing.T) {
	dir, phantoms := patients(t, 2)
	m, out := model(t), t.TempDir()
	key, first, again, other := filepath.Join(out, "key"), filepath.Join(out, "first"), filepath.Join(out, "again"), filepath.Join(out, "other")
	call(t, "export", dir, "-o", first, "--model", m, "--key", key).want(t, 0, "6 files of 2 cases", "")
	series := phantoms[0].Series()
	for name, data := range killtest.Files(t, first) {
		for _, secret := range []string{series.UID, "phantom", "chest", "case0"} {
			if strings.Contains(strings.ToLower(name+data), strings.ToLower(secret)) {
				t.Errorf("%s tells %q", name, secret)
			}
		}
	}
	call(t, "export", filepath.Join(dir, "case1"), filepath.Join(dir, "case0"), "-o", again, "--model", m, "--key", key).want(t, 0, "6 files", "")
	call(t, "export", dir, "-o", other, "--model", m, "--key", filepath.Join(out, "another key")).want(t, 0, "6 files", "")
	if x, y, z := caseNames(t, first), caseNames(t, again), caseNames(t, other); !slices.Equal(x, y) || slices.Equal(x, z) {
		t.Errorf("the cases are %q, again %q, and by another key %q", x, y, z)
	}
	kept, err := os.ReadFile(key)
	if err != nil || !strings.Contains(string(kept), series.UID) {
		t.Errorf("the key does not lead back: %v", err)
	}
}

// caseNames are those of an export's cases, sorted.
func caseNames(t *testing.T, dir string) []string {
	t.Helper()
	m, err := export.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range m.Cases {
		out = append(out, c.Case)
	}
	slices.Sort(out)
	return out
}

// A dry run tells what would leave, and leaves nothing behind.
func TestDryRun(t *testing.T) {
	dir, phantoms := patients(t, 2)
	out := t.TempDir()
	key := filepath.Join(out, "key")
	uid := phantoms[0].Series().UID
	c := call(t, "export", dir, "-o", filepath.Join(out, "x"), "--dry-run", "--model", "none.onnx", "--key", key)
	c.want(t, 0, "Series UID: "+uid+" -> 2.25.", "")
	c.want(t, 0, "Names of the images' files: ", "")
	c = call(t, "export", dir, "-o", filepath.Join(out, "PHANTOM"), "--dry-run", "--keep-identity", "--json", "--shard", "1/2")
	var all leaving
	c.decode(t, &all)
	got := all.Cases
	if len(got) != 1 || got[0].Case != "case0" || len(got[0].Warnings) == 0 || !slices.Contains(got[0].Fields, leavingField{"Series UID", uid, uid}) {
		t.Errorf("%+v", got)
	}
	if left := names(t, out); len(left) != 0 {
		t.Errorf("a dry run leaves %q", left)
	}
}

// A label that somebody named as the patient is warned of, in any spelling: its name leaves.
func TestLabelNamesAreLookedAt(t *testing.T) {
	c := &export.Case{Patient: "1", Series: &ct.Series{Patient: ct.Patient{Name: "Müller^Hua", ID: "1"}}, Labels: []annotate.Label{{Name: "Ground glass"}, {Name: "nodule of Mueller"}}}
	got := NameWarnings("/exports/lungs", "", c)
	if len(got) != 1 || !strings.Contains(got[0], "label 2") {
		t.Errorf("%q", got)
	}
}
