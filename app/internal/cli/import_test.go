package cli

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
	"groundglass/annotate/labels"
)

// Masks with the names of slices come in and are exported with their values.
func TestImport(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	masks, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
	pix := make([]uint8, side*side)
	copy(pix[70:], []uint8{1, 2, 7})
	if err := writeGrey(filepath.Join(masks, "phantom_0002_mask.png"), pix, image.Pt(side, side)); err != nil {
		t.Fatal(err)
	}
	if err := writeGrey(filepath.Join(masks, "other.png"), pix, image.Pt(side, side)); err != nil {
		t.Fatal(err)
	}
	c := call(t, "import", dir, "--labels", masks, "--keep-identity", "-o", out, "--value", "7=vessel")
	c.want(t, 0, "1 of 5 slices got labels, matched by name.", "")
	c.want(t, 0, "PNG mask, value 7: vessel in 1 pixel.", "")
	c.want(t, 0, "other.png: no slice of the series has such a name", "")
	c.want(t, 0, "5 files of 5 slices", "")
	want := pix
	if got := grey(t, filepath.Join(out, "phantom_0002_mask.png")).Pix; !slices.Equal(got, want) {
		t.Errorf("the mask holds %v", got[64:80])
	}
	m, err := export.ReadManifest(out)
	if err != nil || len(m.Labels) != 4 || m.Labels[3].Name != "vessel" || m.Model != "" {
		t.Fatalf("%+v, %v", m, err)
	}
	if e, err := export.ReadCase(out, m.Cases[0]); err != nil || e.Slices[1].Provenance.AddedPx != 3 {
		t.Errorf("%+v, %v", e, err)
	}
	call(t, "verify", out).want(t, 0, "", "")

	c = call(t, "import", dir, "--labels", masks, "-o", filepath.Join(out, "1"), "--value", "7=vessel", "--value", "300=x", "--value", "0=background")
	c.want(t, 0, "No picture or volume that came in has the value 300, named x", "")
	if strings.Contains(c.out, "named vessel") || strings.Contains(c.out, "named background") {
		t.Errorf("%s", c.out)
	}

	c = call(t, "import", dir, "--labels", masks, "-o", filepath.Join(out, "2"), "--json", "--binary")
	var got importReport
	if c.decode(t, &got); c.status != 0 || got.Labelled != 1 || got.Labels["7"] != "Value 7" || len(got.LeftOut) != 1 || len(got.Overlaps) != 0 ||
		len(got.Matches) != 1 || got.Matches[0].Slice != 2 || got.Matches[0].By != labels.ByName {
		t.Errorf("%+v", c)
	}
	none := filepath.Join(masks, "other.png")
	c = call(t, "import", dir, "--labels", none, "-o", filepath.Join(out, "3"))
	c.want(t, 1, "No labels came in", "nothing was written")
	call(t, "import", dir, "--labels", none, "--labels", filepath.Join(masks, "phantom_0002_mask.png"), "-o", filepath.Join(out, "4")).want(t, 1, "5 files of 5", none)
	call(t, "import", dir, "--labels", filepath.Join(masks, "gone"), "-o", out).want(t, 1, "", "gone: no such file")
}

// What the program exported comes in again as it was, whatever the pictures are
// called now.
func TestImportOfAnExport(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	base := t.TempDir()
	first, second, third, fourth := filepath.Join(base, "1"), filepath.Join(base, "2"), filepath.Join(base, "3"), filepath.Join(base, "4")
	masks := t.TempDir()
	pix := make([]uint8, side*side)
	copy(pix[70:], []uint8{1, 2, 7, 99})
	if err := writeGrey(filepath.Join(masks, "phantom_0002_mask.png"), pix, image.Pt(side, side)); err != nil {
		t.Fatal(err)
	}
	call(t, "import", dir, "--labels", masks, "--keep-identity", "-o", first, "--value", "7=vessel", "--value", "99=node", "--images").want(t, 0, "10 files", "")
	renamed := filepath.Join(t.TempDir(), "renamed")
	if err := os.Rename(dir, renamed); err != nil {
		t.Fatal(err)
	}
	c := call(t, "import", renamed, "--labels", first, "--keep-identity", "-o", second)
	c.want(t, 0, "1 of 5 slices got labels, matched by UID.", "")
	c.want(t, 0, "value 99: node in 1 pixel", "")
	name := "phantom_0002_mask.png"
	if !slices.Equal(grey(t, filepath.Join(first, name)).Pix, grey(t, filepath.Join(second, name)).Pix) {
		t.Error("the mask changed on its way out and in")
	}
	copy(pix[70:], []uint8{7, 7, 7, 0})
	if err := writeGrey(filepath.Join(masks, name), pix, image.Pt(side, side)); err != nil {
		t.Fatal(err)
	}
	call(t, "import", renamed, "--labels", masks, "--keep-identity", "-o", third, "--value", "7=vessel", "--binary").want(t, 0, "", "")
	call(t, "import", renamed, "--labels", third, "--keep-identity", "-o", fourth).want(t, 0, "value 255: vessel in 3 pixels", "")
	anonymous := filepath.Join(base, "6")
	call(t, "import", renamed, "--labels", first, "-o", anonymous).want(t, 0, "", "")
	call(t, "import", renamed, "--labels", anonymous, "-o", filepath.Join(base, "7")).want(t, 0, "1 of 5 slices got labels, matched by UID.", "")
	if !slices.Equal(grey(t, filepath.Join(anonymous, "slice_0002_mask.png")).Pix, grey(t, filepath.Join(first, name)).Pix) {
		t.Error("without the identity, the mask is another one")
	}
	_, other := patient(t, phantom.Options{Size: side, Slices: 5, Seed: 99})
	call(t, "import", other, "--labels", first, "-o", filepath.Join(base, "5")).want(t, 1, "the pixels of its slices are not those of the series", "")
}

// Masks of other images come in where the call says so, and masks that an export lost are an
// error.
func TestImportOfOtherImages(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	_, other := patient(t, phantom.Options{Size: side, Slices: 5, Seed: 99})
	masks, base := t.TempDir(), t.TempDir()
	pix := make([]uint8, side*side)
	copy(pix[70:], []uint8{1, 2, 1})
	for _, name := range []string{"phantom_0002_mask.png", "phantom_0003_mask.png"} {
		if err := writeGrey(filepath.Join(masks, name), pix, image.Pt(side, side)); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(base, "out")
	call(t, "import", dir, "--labels", masks, "-o", out).want(t, 0, "", "")
	c := call(t, "import", other, "--labels", out, "-o", filepath.Join(base, "1"))
	c.want(t, 1, "comes in with --other-images", "nothing was written")
	c = call(t, "import", other, "--labels", out, "-o", filepath.Join(base, "1"), "--other-images")
	c.want(t, 0, "made of images with other pixels, and is taken all the same", "")
	if err := os.Remove(filepath.Join(out, "slice_0003_mask.png")); err != nil {
		t.Fatal(err)
	}
	c = call(t, "import", dir, "--labels", out, "-o", filepath.Join(base, "2"))
	c.want(t, 1, "1 of 5 slices got labels", "1 mask that the manifest lists is not there")
	c = call(t, "import", dir, "--labels", out, "-o", filepath.Join(base, "3"), "--json")
	var got importReport
	if c.decode(t, &got); c.status != 1 || len(got.LeftOut) != 1 || !got.LeftOut[0].Lost || got.OfOthers {
		t.Errorf("%+v", c)
	}
}

// A label that is named as the patient does not leave, and the call says how to name it anew;
// a folder named so is warned of.
func TestImportOfLabelsNamedAsThePatient(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	id := "phantom" // as the phantom's patient is called
	outline := `{"shapes": [{"label": "Phantom 1", "points": [[2, 2], [9, 2], [9, 9]], "shape_type": "polygon"}], "imagePath": "phantom_0002.dcm", "imageWidth": 64, "imageHeight": 64}`
	masks, base := filepath.Join(t.TempDir(), "m.json"), t.TempDir()
	if err := os.WriteFile(masks, []byte(outline), 0o666); err != nil {
		t.Fatal(err)
	}
	c := call(t, "import", dir, "--labels", masks, "-o", filepath.Join(base, "1"))
	c.want(t, 1, "", `the name of the label "Phantom 1" tells the patient's name or ID`)
	c.want(t, 1, "", `--value "Phantom 1=NAME" names it anew`)
	if left := names(t, base); len(left) != 0 {
		t.Errorf("%q was written", left)
	}
	call(t, "import", dir, "--labels", masks, "-o", filepath.Join(base, "2"), "--value", "Phantom 1=nodule").want(t, 0, "nodule", "")
	call(t, "import", dir, "--labels", masks, "-o", filepath.Join(base, "3"), "--keep-identity").want(t, 0, "Phantom 1", "")
	call(t, "import", dir, "--labels", masks, "-o", filepath.Join(base, id+"_out"), "--value", "Phantom 1=nodule").want(t, 0, "", "The folder's name has")
}
