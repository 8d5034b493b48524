package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
)

// What a flag cannot be, or what the preset has no use for, is said before anything is opened.
func TestExportFlags(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--square 0", "a whole number from 16 to 4096 is needed"},
		{"--square 15", "from 16 to 4096"},
		{"--square 4097", "from 16 to 4096"},
		{"--square 16.5", "from 16 to 4096"},
		{"--preset nifti --square 64", "the preset nifti has no use for --square"},
		{"--window 1500,-600", "--window is of pictures, which the preset png writes with --images only"},
		{"--preset png-palette --window 1500,-600", "the preset png-palette writes with --images only"},
		{"--preset medseg --window 1500,-600", "the preset medseg has no use for --window"},
		{"--images --window 0,-600", "a width of 1 to 65536 and a level"},
		{"--images --window 1500", "a width of 1 to 65536 and a level"},
		{"--folds 0", "from 1 to 1000"},
		{"--folds 5", "the preset png has no use for --folds"},
		{"--preset seg --values=false", "the preset seg has no use for --values"},
		{"--preset coco --name x", "the preset coco has no use for --name"},
		{"--preset semiseg --largest-doubt 0.1", "the preset semiseg has no use for --largest-doubt"},
		{"--preset coco --preset yolo", "coco and yolo are two exports"},
		{"--preset probability --labels 1", "the preset probability has no use for --labels"},
		{"--labels 1,", "names or values of labels are needed"},
		{"--workers 0", "a whole number from 1"},
		{"--shard 1/2 --shard0 1/2", "the part is named twice"},
		{"--shard 1/2 --restart", "--restart is not for parts"},
		{"--shard 1/2 --overwrite", "--overwrite is not for parts"},
		{"--keep-identity --key k", "--keep-identity makes no pseudonyms"},
	} {
		args := append([]string{"export", "scans", "-o", "out"}, strings.Fields(c.args)...)
		call(t, args...).want(t, 2, "", c.want)
	}
}

// PNG masks hold label values where there are several labels, and 0 and 255 otherwise, or as the call says.
func TestExportMaskValues(t *testing.T) {
	in := t.TempDir()
	writePicture(t, filepath.Join(in, "a.png"), picture(side, side, func(x, y int) uint8 { return uint8(4 * x) }))
	for _, c := range []struct {
		model  string
		flags  []string
		preset string
		values bool
	}{
		{model(t), nil, "png", false},
		{model(t), []string{"--values"}, "png", true},
		{kindsModel(t), nil, "png", true},
		{kindsModel(t), []string{"--values=false"}, "png", false},
		{kindsModel(t), nil, "semisupervised", true},
	} {
		out := filepath.Join(t.TempDir(), "out")
		said := call(t, append([]string{"export", in, "-o", out, "--model", c.model, "--preset", c.preset}, c.flags...)...)
		said.want(t, 0, "all as they should be", "")
		m, err := export.ReadManifest(out)
		if err != nil || (m.Masks == "labels") != c.values {
			t.Errorf("%+v: masks of %q, %v", c, m.Masks, err)
		}
		if told := strings.Contains(said.errors, "masks hold label values"); told != (c.values && c.flags == nil) {
			t.Errorf("%+v: it says %s", c, said.errors)
		}
	}
}

// A call that is stopped says what it keeps: of one case nothing, of several those that are done.
func TestStoppedCallsSayWhatTheyKeep(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	m, parent := model(t), t.TempDir()
	for _, args := range [][]string{
		{"export", dir, "--model", m}, {"import", dir, "--labels", m}, {"deidentify", dir}, {"propose", dir, "--model", m},
	} {
		kept := map[string]string{"export": "nothing was kept", "propose": "what was written stays"}[args[0]]
		if kept == "" {
			kept = "nothing was written"
		}
		c := callUntil(stopping{t.Context()}, keyed(parent), append(args, "-o", filepath.Join(parent, "out", "x"))...)
		c.want(t, 1, "", "stopped before the end; "+kept+"\n")
	}
	scans, lines := t.TempDir(), []string{}
	for k := range 12 {
		name := fmt.Sprintf("%02d.png", k)
		writePicture(t, filepath.Join(scans, name), picture(side, side, func(x, y int) uint8 { return uint8(x * k) }))
		lines = append(lines, name)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	done := filepath.Join(parent, ".groundglass-unfinished-many", "files", export.DetailFolder)
	go func() {
		for len(names(t, done)) == 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		stop(errors.New("a signal came")) // as signal.NotifyContext says it
	}()
	many := []string{"export", "--list", listOf(t, scans, lines...), "--model", m, "-o", filepath.Join(parent, "many")}
	c := callUntil(ctx, keyed(parent), many...)
	stop(nil)
	c.want(t, 1, "", " of 12 cases are done and kept in "+filepath.Join(parent, ".groundglass-unfinished-many")+"; the same call goes on from there, and with --restart begins anew")
	c.want(t, 1, "", "stopped before the end; ")
	callUntil(t.Context(), keyed(parent), many...).want(t, 0, "had been done before", "")
}

// keyed is a program whose key is in a folder.
func keyed(dir string) Program {
	return Program{KeyFile: func() (string, error) { return filepath.Join(dir, "identity.key"), nil }}
}

// Where no case can be exported nothing is kept, and the call says why.
func TestExportOfNothing(t *testing.T) {
	dir := t.TempDir()
	list := listOf(t, dir, "paths,case", "gone,a")
	c := call(t, "export", "--list", list, "-o", filepath.Join(dir, "out"), "--model", model(t))
	c.want(t, 1, "", "no case can be exported; ")
	c.want(t, 1, "", "paths,case: no such file or folder\n")
	if left := names(t, dir); len(left) != 1 {
		t.Errorf("it leaves %q", left)
	}
	call(t, "export", "--list", dir, "-o", filepath.Join(dir, "out")).want(t, 1, "", "a folder is no list")
	call(t, "export", "--list", filepath.Join(dir, "none"), "-o", filepath.Join(dir, "out")).want(t, 1, "", "none: no such file or folder")
}

// Names of folders and cases may have spaces and letters of any language; those that cannot be files' say so.
func TestExportOddNames(t *testing.T) {
	dir := t.TempDir()
	p := phantom.New(phantom.Options{Size: side, Slices: 3, Seed: 1})
	if err := p.WriteDICOM(t.Context(), filepath.Join(dir, "Müller süd"), nil); err != nil {
		t.Fatal(err)
	}
	m, out := model(t), filepath.Join(dir, "für Köln", "set 1")
	call(t, "export", "--list", listOf(t, dir, "path;case", "Müller süd;Fall ä 1"), "-o", out, "--model", m, "--preset", "nnunet", "--name", "Dataset007_Süd 1", "--keep-identity").want(t, 0, "3 files of 3 slices", "")
	if entries := names(t, out); len(entries) != 3 || !strings.HasPrefix(entries[0], "Dataset007_S_d_1_") {
		t.Errorf("the folder holds %q", entries)
	}
	call(t, "verify", out).want(t, 0, "all as they should be", "")
	for _, name := range []string{"a/b", `a\b`, ".."} {
		call(t, "export", "--list", listOf(t, dir, "path,case", "Müller süd,"+name), "-o", filepath.Join(dir, "x"), "--model", m, "--keep-identity").want(t, 1, "", "cannot be called so")
	}
	call(t, "export", "--list", listOf(t, dir, "path,case", "Müller süd,A", "Müller süd/phantom_0000.dcm,a"), "-o", filepath.Join(dir, "x"), "--model", m, "--keep-identity").want(t, 1, "", `two cases are called "a"`)
}

// Proposals and imported masks do not go among the images that they are of.
func TestOutputAmongImages(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	before := len(names(t, dir))
	call(t, "propose", dir, "-o", dir, "--model", model(t)).want(t, 1, "", "holds the images that are read")
	call(t, "import", dir, "--labels", model(t), "-o", dir).want(t, 1, "", "choose another folder to write to")
	if n := len(names(t, dir)); n != before {
		t.Errorf("%d files came", n-before)
	}
}

// The first export without the identity says where its key is.
func TestKeyIsTold(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	parent, m := t.TempDir(), model(t)
	key := filepath.Join(parent, "identity.key")
	first := callUntil(t.Context(), keyed(parent), "export", dir, "-o", filepath.Join(parent, "a"), "--model", m)
	first.want(t, 0, "", "the key "+key+" was made")
	if again := callUntil(t.Context(), keyed(parent), "export", dir, "-o", filepath.Join(parent, "b"), "--model", m); strings.Contains(again.errors, "the key") {
		t.Errorf("again: %s", again.errors)
	}
	if _, err := os.Stat(key); err != nil {
		t.Error(err)
	}
}

// A place that cannot be written to is named, with the reason.
func TestUnwritableTarget(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	file, m := filepath.Join(t.TempDir(), "file"), model(t)
	write(t, file, nil)
	out := filepath.Join(file, "out")
	for _, args := range [][]string{{"export", dir, "--model", m}, {"deidentify", dir}, {"propose", dir, "--model", m}} {
		call(t, append(args, "-o", out)...).want(t, 1, "", "cannot write "+out+": a part of the path is a file")
	}
}

// A series that lacks images since they cannot be read is exported without them, and no success; what is no image is none
// of its own.
func TestDamagedImagesAmongOthers(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	write(t, filepath.Join(dir, "notes.txt"), []byte("no image"))
	m, out := model(t), t.TempDir()
	list := listOf(t, t.TempDir(), dir)
	for k, cut := range []bool{false, true} {
		status, said, file := 0, "", filepath.Join(dir, "phantom_0002.dcm")
		if cut {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			write(t, file, data[:len(data)-100])
			status, said = 1, "1 image that cannot be read left out"
		}
		for name, args := range map[string][]string{"export": {dir}, "export list": {"--list", list}, "propose": {dir}, "propose list": {"--list", list}} {
			command, _, _ := strings.Cut(name, " ")
			c := call(t, append([]string{command, "--model", m, "-o", filepath.Join(out, fmt.Sprint(name, k))}, args...)...)
			c.want(t, status, "", said)
			if cut {
				c.want(t, 1, "4 slices", file+" is left out: the pixel data is cut short")
			}
		}
	}
}

// A part of which there is no case says so.
func TestPartWithoutCases(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	out, m := filepath.Join(t.TempDir(), "out"), model(t)
	call(t, "export", dir, "-o", out, "--model", m, "--shard", "2/2").want(t, 0, "no case is in this part; 1 case still to come", "")
	call(t, "export", dir, "-o", out, "--model", m, "--shard", "1/2").want(t, 0, "5 files of 5 slices", "")
	call(t, "verify", out, "--shard", "2/2").want(t, 0, out+": no case is in this part.", "")
}

// What deidentify leaves out by itself says which flag takes it in.
func TestDeidentifyNamesAll(t *testing.T) {
	dir := t.TempDir()
	d := dicomtest.CT(8, 8, 0, make([]uint16, 64))
	d.Set(0x00080008, "CS", `DERIVED\SECONDARY\SCREEN SAVE`)
	write(t, filepath.Join(dir, "screen.dcm"), dicomtest.Write(dicomtest.ExplicitLittle, d))
	out := filepath.Join(t.TempDir(), "out")
	call(t, "deidentify", dir, "-o", out).want(t, 1, "(--all takes it in)", "")
	call(t, "deidentify", dir, "-o", out, "--all").want(t, 0, "1 file without the identity", "")
}
