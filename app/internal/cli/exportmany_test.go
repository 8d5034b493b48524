package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
	"groundglass/annotate/killtest"
	"groundglass/annotate/project"
)

// patients writes n phantoms of three slices as DICOM, each to a folder of its own.
func patients(t *testing.T, n int) (dir string, phantoms []*phantom.Phantom) {
	t.Helper()
	dir = t.TempDir()
	for k := range n {
		p := phantom.New(phantom.Options{Size: side, Slices: 3, Seed: uint64(k + 1)})
		if err := p.WriteDICOM(t.Context(), filepath.Join(dir, fmt.Sprintf("case%d", k)), nil); err != nil {
			t.Fatal(err)
		}
		phantoms = append(phantoms, p)
	}
	return dir, phantoms
}

// listOf writes a list and returns its file.
func listOf(t *testing.T, dir string, lines ...string) string {
	t.Helper()
	file := filepath.Join(dir, "list.txt")
	write(t, file, []byte(strings.Join(lines, "\n")+"\n"))
	return file
}

func TestParseList(t *testing.T) {
	for _, c := range []struct {
		text, want string
	}{
		{"a/b\n\n# no\n c d \n", "[{a/b a/b    1} {c d c d    4}]"},
		{"\ufeff# made by hand\nCase, Path,other,patient\np1,x/y,7,P\n,z,,\n", "[{x/y x/y  p1 P 3} {z z    4}]"},
		{"path,series\na,1.2\na,1.3\n", "[{a a 1.2   2} {a a 1.3   3}]"},
		{"a,b\n", "[{a,b a,b    1}]"},
		{"path;case\nx, y;\"p;1\"\n", "[{x, y x, y  p;1  2}]"},
		{"case\tpath\n\tx\n", "[{x x    2}]"},
		{"a\n./a\n", "line 2 names the same as line 1: ./a"},
		{"path\n\"\"\n", "line 2 names no path"},
		{"# nothing\n", "there are no paths in it"},
		{"path,case\na\n", "line 2 has 1 column, and the first line 2"},
	} {
		got, err := parseList(strings.NewReader(c.text))
		if said := fmt.Sprint(got); err == nil && said != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q gives %s, %v", c.text, said, err)
		}
	}
}

func TestParseShard(t *testing.T) {
	for text, want := range map[string]export.Shard{"1/4": {Index: 0, Count: 4}, "4/4": {Index: 3, Count: 4}, "1/1": {Index: 0, Count: 1}} {
		if got, err := parseShard(text, 1); err != nil || got != want {
			t.Errorf("%s from 1 is %+v, %v", text, got, err)
		}
	}
	if got, err := parseShard("0/4", 0); err != nil || got != (export.Shard{Index: 0, Count: 4}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, text := range []string{"", "1", "0/4", "5/4", "-1/4", "1/0", "1/4x", "a/b", "1/4/2", "/4"} {
		if _, err := parseShard(text, 1); err == nil || !strings.Contains(err.Error(), "--shard0 counts from 0") {
			t.Errorf("%q from 1: %v", text, err)
		}
	}
	for _, text := range []string{"4/4", "-1/2"} {
		if _, err := parseShard(text, 0); err == nil || !strings.Contains(err.Error(), "--shard counts from 1") {
			t.Errorf("%q from 0: %v", text, err)
		}
	}
	if got := part([]int{0, 1, 2, 3, 4}, export.Shard{Index: 1, Count: 2}); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("%v", got)
	}
}

// A list, the folder around it, and parts by two calls give the same masks.
func TestExportList(t *testing.T) {
	dir, _ := patients(t, 3)
	m, out := model(t), t.TempDir()
	list := listOf(t, dir, "path,patient,case", "case0,P0,", "case1,P1,second", "case2,P1,", "gone,P2,")
	call := func(t *testing.T, args ...string) called {
		t.Helper()
		if args[0] == "export" {
			args = append(args, "--keep-identity")
		}
		return call(t, args...)
	}
	c := call(t, "export", "--list", list, "-o", filepath.Join(out, "whole"), "--model", m, "--json")
	var got exportSummary
	c.decode(t, &got)
	if c.status != 1 || !got.Finished || got.Cases != 3 || got.Slices != 9 || len(got.LeftOut) != 1 || got.LeftOut[0].Case != "gone" || got.Rate <= 0 {
		t.Errorf("%+v", c)
	}
	c.want(t, 1, "", "1 case could not be exported")
	manifest, err := export.ReadManifest(filepath.Join(out, "whole"))
	if err != nil || len(manifest.Cases) != 3 || manifest.Cases[1].Case != "second" || manifest.Cases[2].Patient != "P1" {
		t.Errorf("%+v, %v", manifest, err)
	}
	call(t, "export", "--list", list, "-o", filepath.Join(out, "parts"), "--model", m, "--shard", "1/2").want(t, 0, "2 cases with 6 slices written", "")
	call(t, "export", "--list", list, "-o", filepath.Join(out, "parts"), "--model", m, "--shard0", "1/2").want(t, 1, "9 files of 3 cases", "gone is left out")
	killtest.SameFiles(t, filepath.Join(out, "whole"), filepath.Join(out, "parts"))
	call(t, "export", "--list", list, "-o", filepath.Join(out, "parts"), "--model", m, "--shard", "1/2").want(t, 0, "3 cases had been done before", "")
	call(t, "export", "--list", list, "-o", filepath.Join(out, "parts"), "--model", m, "--shard", "1/2", "--restart").want(t, 2, "", "--restart")
	c = call(t, "verify", filepath.Join(out, "parts"), filepath.Join(out, "whole"), "--shard", "2/2", "--json")
	var verified verifyReport
	if c.decode(t, &verified); c.status != 0 || !verified.OK || verified.Cases != 2 || verified.Slices != 6 {
		t.Errorf("%+v", c)
	}
	write(t, filepath.Join(out, "parts", "second", "phantom_0000_mask.png"), nil)
	call(t, "verify", filepath.Join(out, "whole"), filepath.Join(out, "parts")).want(t, 1, filepath.Join(out, "parts")+": second/phantom_0000_mask.png is not in the manifest", "problem")

	call(t, "export", dir, "-o", filepath.Join(out, "folder"), "--model", m, "--workers", "2").want(t, 0, "9 files of 3 cases", "")
	for name, data := range killtest.Files(t, filepath.Join(out, "folder")) {
		if other := strings.Replace(name, "case1/", "second/", 1); strings.HasSuffix(name, ".png") && data != killtest.Files(t, filepath.Join(out, "whole"))[other] {
			t.Errorf("%s is another mask than by the list", name)
		}
	}
	both := listOf(t, dir, "path,series", ".,")
	call(t, "export", "--list", both, "-o", filepath.Join(out, "both"), "--model", m).want(t, 1, "", "a CSV with a column series says which is meant")
	call(t, "export", "--list", listOf(t, dir, "case0", "case1"), "-o", filepath.Join(out, "held"), "--model", m, "--preset", "semisupervised").want(t, 0, "of 2 cases", "")
}

// An export that is stopped says where it stands, goes on, or begins anew.
func TestExportStopped(t *testing.T) {
	dir, _ := patients(t, 3)
	m, out := model(t), filepath.Join(t.TempDir(), "out")
	args := []string{"export", dir, "-o", out, "--model", m, "--key", filepath.Join(t.TempDir(), "key")}
	ctx, cancel := context.WithCancel(t.Context())
	watch := make(chan struct{})
	go func() { // stops when the first case is there
		defer close(watch)
		for ctx.Err() == nil {
			if found, _ := filepath.Glob(filepath.Join(filepath.Dir(out), ".groundglass-unfinished-out", "files", "groundglass", "*.json")); len(found) > 0 {
				cancel()
			}
			time.Sleep(100 * time.Microsecond)
		}
	}()
	c := callUntil(ctx, Program{}, args...)
	cancel()
	<-watch
	if c.status == 0 {
		t.Skip("the export was faster than the stop")
	}
	c.want(t, 1, "", "of 3 cases are done and kept in")
	c.want(t, 1, "", "the same call goes on from there, and with --restart begins anew")
	call(t, append(args, "--values")...).want(t, 1, "", "another export to "+out+" was begun")
	call(t, args...).want(t, 0, "had been done before", "")
	whole := filepath.Join(t.TempDir(), "out")
	call(t, "export", dir, "-o", whole, "--model", m, "--key", args[len(args)-1]).want(t, 0, "9 files", "")
	killtest.SameFiles(t, whole, out)
}

// A case whose images changed since it was done is done anew, and no other.
func TestChangedImagesAreDoneAnew(t *testing.T) {
	dir, _ := patients(t, 3)
	m, key, parent := model(t), filepath.Join(t.TempDir(), "key"), t.TempDir()
	file := filepath.Join(dir, "case0", "phantom_0001.dcm")
	list := listOf(t, t.TempDir(), filepath.Join(dir, "case0"), filepath.Join(dir, "case1"), filepath.Join(dir, "case2"))
	for _, of := range [][]string{{"--list", list}, {dir}} {
		out := filepath.Join(parent, fmt.Sprint(len(of)))
		args := append([]string{"export", "-o", out, "--model", m, "--key", key}, of...)
		first := append(args, "--shard", "1/2")
		call(t, first...).want(t, 0, "2 cases with 6 slices written", "")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(data) - 2*side*side; i < len(data); i += 2 {
			data[i] ^= 0xff // half of each pixel
		}
		write(t, file, data)
		call(t, first...).want(t, 0, "1 case had been done before", "the images of 1 case changed since it was begun: those were done anew")
		call(t, first...).want(t, 0, "2 cases had been done before", "")
		call(t, append(args, "--shard", "2/2")...).want(t, 0, "9 files of 3 cases", "")
		call(t, append([]string{"export", "-o", out + " whole", "--model", m, "--key", key}, of...)...).want(t, 0, "9 files of 3 cases", "")
		killtest.SameFiles(t, out+" whole", out)
	}
}

// A project is exported as it is, without a model, and beside images.
func TestExportProject(t *testing.T) {
	dir, _ := patients(t, 2)
	found, err := ct.Open(t.Context(), []string{filepath.Join(dir, "case0")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := annotate.NewSession(found.Series[0])
	work := filepath.Join(t.TempDir(), "work")
	p, err := project.Open(work, project.Options{Program: "test", User: "reader"})
	if err != nil {
		t.Fatal(err)
	}
	store, _, err := p.Keep(s, project.Events{})
	if err != nil {
		t.Fatal(err)
	}
	s.SetCurrent(1)
	s.SetTool(annotate.Brush{Radius: 3, Label: 2})
	s.Press(annotate.Point{X: 20, Y: 30})
	s.Release()
	s.Accept(1)
	if err := store.Flush(); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	alone := filepath.Join(out, "alone")
	call(t, "export", work, "-o", alone, "--model", "none.onnx", "--tv", "0").want(t, 2, "", "--tv --model: nothing is proposed here")
	call(t, "export", work, "-o", alone, "--values", "--keep-identity", "--keep-people").want(t, 0, "4 files of 3 slices", "")
	masks, err := filepath.Glob(filepath.Join(alone, "*_mask.png"))
	if err != nil || len(masks) != 3 || !slices.Equal(grey(t, masks[1]).Pix, s.Mask(1).Label) {
		t.Errorf("the masks %q are not those of the project, %v", masks, err)
	}
	manifest, err := export.ReadManifest(alone)
	if err != nil {
		t.Fatal(err)
	}
	e, err := export.ReadCase(alone, manifest.Cases[0])
	if err != nil || e.Slices[1].Status != annotate.Accepted.String() || !slices.Equal(e.Slices[1].By, []string{"reader"}) || manifest.Model != "" {
		t.Errorf("%+v, %v", e.Slices[1], err)
	}
	if _, ok := killtest.Files(t, alone)["groundglass/case0.audit.jsonl"]; !ok {
		t.Error("the log of the work is not there")
	}
	call(t, "export", work, "-o", filepath.Join(out, "none"), "--series", "1.2.3").want(t, 1, "", "there is no work on a series 1.2.3")
	both := filepath.Join(out, "both")
	call(t, "export", work, filepath.Join(dir, "case1"), "-o", both, "--model", model(t)).want(t, 0, "7 files of 2 cases", "")
	call(t, "verify", both, "--project", work).want(t, 0, "all as they should be", "")
	s.Press(annotate.Point{X: 40, Y: 30})
	s.Release()
	if err := store.Close(nil); err != nil {
		t.Fatal(err)
	}
	p.Close()
	call(t, "verify", both, "--project", work).want(t, 1, "slice 2 differs from the project's", "")
}

const killArgs = "GROUNDGLASS_TEST_EXPORT_ARGS"

// TestKilledExportChild is the program that TestKilledExport kills.
func TestKilledExportChild(t *testing.T) {
	args := os.Getenv(killArgs)
	if args == "" {
		t.Skip("TestKilledExport runs this in a process of its own")
	}
	c := callUntil(t.Context(), Program{}, strings.Split(args, "\n")...)
	if c.status != 0 && !strings.Contains(c.errors, export.ErrExists.Error()) { // where the one before was killed after its last step
		t.Fatal(c.errors)
	}
}

// TestKilledExport kills the command, one alone and two that share the work, until they are through: the bytes are those
// of one that nobody stopped. GROUNDGLASS_KILLS says how often, 100 for `make killtest`.
func TestKilledExport(t *testing.T) {
	dir, _ := patients(t, 4)
	m, key := model(t), filepath.Join(t.TempDir(), "key")
	killtest.Parts(t, killtest.Often(3), "TestKilledExportChild", func(out string, part, of int) []string {
		args := []string{"export", dir, "-o", out, "--model", m, "--images", "--key", key, "--shard0", fmt.Sprintf("%d/%d", part, of)}
		return []string{killArgs + "=" + strings.Join(args, "\n")}
	})
}
