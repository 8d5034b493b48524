package cli

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct/phantom"
)

var phantomOptions = phantom.Options{Seed: 3}

// infoJSON is the shape that other programs rely on.
type infoJSON struct {
	Series []struct {
		UID              string    `json:"uid"`
		Description      string    `json:"description"`
		Slices           int       `json:"slices"`
		Rows             int       `json:"rows"`
		Columns          int       `json:"columns"`
		SpacingMM        []float64 `json:"spacing_mm"`
		TransferSyntaxes []string  `json:"transfer_syntaxes"`
		Values           string    `json:"values"`
		Warnings         []string  `json:"warnings"`
		Source           string    `json:"source"`
	} `json:"series"`
	LeftOut []struct {
		File   string `json:"file"`
		Reason string `json:"reason"`
	} `json:"left_out"`
}

func TestInfo(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	notes := filepath.Join(dir, "notes.txt")
	write(t, notes, []byte("not an image"))
	writePicture(t, filepath.Join(dir, "pictures", "a.png"), picture(7, 5, func(x, y int) uint8 { return uint8(x * y) }))
	for _, args := range [][]string{{"info", dir, "--json"}, {"info", "--json", dir}, {"info", "-json", "--", dir}} {
		c := call(t, args...)
		var got infoJSON
		c.decode(t, &got)
		if c.status != 0 || c.errors != "" || len(got.Series) != 2 || len(got.LeftOut) != 1 {
			t.Fatalf("%q: %+v", args, c)
		}
		s, want := got.Series[0], p.Series()
		if s.UID != want.UID || s.Description != want.Description || s.Slices != 5 || s.Rows != side || s.Columns != side || len(s.SpacingMM) != 3 {
			t.Errorf("the series is %+v", s)
		}
		for i, mm := range s.SpacingMM {
			if math.Abs(mm-want.Geometry.Spacing[i]) > 1e-5 {
				t.Errorf("spacing %v, want %v", s.SpacingMM, want.Geometry.Spacing)
			}
		}
		if len(s.TransferSyntaxes) != 1 || s.TransferSyntaxes[0] != "1.2.840.10008.1.2.1" || s.Warnings == nil || filepath.Dir(s.Source) != dir {
			t.Errorf("the series is %+v", s)
		}
		if got.LeftOut[0].File != notes || got.LeftOut[0].Reason == "" {
			t.Errorf("left out: %+v", got.LeftOut)
		}
		if q := got.Series[1]; q.Slices != 1 || q.Rows != 5 || q.Columns != 7 || q.TransferSyntaxes[0] != "PNG" || q.SpacingMM[0] != 0 || !strings.Contains(q.Values, "black is -1350 HU") {
			t.Errorf("the picture is %+v", q)
		}
	}
	c := call(t, "info", dir)
	c.want(t, 0, "Chest phantom", "")
	c.want(t, 0, "  "+dir+"\n", "")
	c.want(t, 0, "left out: "+notes, "")
}

// A NIfTI volume is told of like any series.
func TestInfoOtherFormats(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	out := filepath.Join(t.TempDir(), "volume.nii.gz")
	call(t, "convert", dir, "-o", out).want(t, 0, "", "")
	c := call(t, "info", out, "--json")
	var got infoJSON
	c.decode(t, &got)
	if len(got.Series) != 1 || len(got.LeftOut) > 0 {
		t.Fatalf("%+v", got)
	}
	s, want := got.Series[0], p.Series()
	if s.Description != "volume" || s.Slices != want.Len() || s.TransferSyntaxes[0] != "NIfTI-1" || len(s.Warnings) > 0 || s.Values != "int16 voxels, taken as HU" {
		t.Errorf("the volume is %+v", s)
	}
	for i, mm := range s.SpacingMM {
		if math.Abs(mm-want.Geometry.Spacing[i]) > 1e-5 {
			t.Errorf("spacing %v, want %v", s.SpacingMM, want.Geometry.Spacing)
		}
	}
	call(t, "info", out).want(t, 0, "values: "+s.UID+": int16 voxels, taken as HU", "")
}

// What info cannot use it still reports; finding nothing at all is a failure.
func TestInfoNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cut.dcm")
	write(t, file, append(make([]byte, 128), "DICM\x02\x00"...))
	c := call(t, "info", file, "--json")
	var got infoJSON
	c.decode(t, &got)
	c.want(t, 1, `"series": []`, file)
	if len(got.LeftOut) != 1 || got.LeftOut[0].File != file {
		t.Errorf("left out: %+v", got.LeftOut)
	}
}

// Damaged and malicious files are refused one by one, with a reason.
func TestHostileFiles(t *testing.T) {
	m, out := model(t), t.TempDir()
	files, err := filepath.Glob(filepath.Join(shared(t, "dicom/hostile"), "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		var got infoJSON
		c := call(t, "info", file, "--json")
		c.decode(t, &got)
		if len(got.Series) > 0 {
			continue // a good file, or one that is hostile in a part that nothing reads
		}
		c.want(t, 1, file, filepath.Base(file))
		call(t, "convert", file, "-o", filepath.Join(out, "a.nii.gz")).want(t, 1, "", file)
		call(t, "propose", file, "-o", filepath.Join(out, "p"), "--model", m, "--json").want(t, 1, "", file)
	}
	if left := names(t, out); len(left) > 0 {
		t.Errorf("files were made of hostile ones: %s", strings.Join(left, " "))
	}
}
