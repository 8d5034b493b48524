package cli

import (
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/export"
)

// besideImages is a folder with pictures, and masks of the same names beside them.
func besideImages(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, folder := range []string{"images", "masks"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range []string{"1.png", "2.png", "3.png"} {
		pix, mask := make([]uint8, side*side), make([]uint8, side*side)
		r := rand.New(rand.NewPCG(1, uint64(i)))
		for k := range pix {
			pix[k], mask[k] = uint8(r.Uint32()), uint8(k/side%2*255)
		}
		for folder, values := range map[string][]uint8{"images": pix, "masks": mask} {
			if err := writeGrey(filepath.Join(dir, folder, name), values, image.Pt(side, side)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// Masks that lie beside pictures are no case of their own, and come in as labels.
func TestMasksBesidePictures(t *testing.T) {
	dir, m, out := besideImages(t), model(t), t.TempDir()
	images, masks := filepath.Join(dir, "images"), filepath.Join(dir, "masks")
	said := masks + " is left out: it seems to hold masks of the images in " + images
	call(t, "export", dir, "-o", filepath.Join(out, "1"), "--model", m, "--keep-identity").want(t, 0, "3 slices", said)
	if c := caseNames(t, filepath.Join(out, "1")); len(c) != 1 || c[0] != "images" {
		t.Errorf("the cases are %q", c)
	}
	list := filepath.Join(out, "list.txt")
	write(t, list, []byte(dir+"\n"))
	call(t, "export", "--list", list, "-o", filepath.Join(out, "2"), "--model", m).want(t, 0, "3 slices", said)
	call(t, "propose", dir, "-o", filepath.Join(out, "3"), "--model", m).want(t, 0, "", said)
	call(t, "import", dir, "--labels", masks, "-o", filepath.Join(out, "4")).want(t, 0, "3 of 3 slices got labels, matched by name.", said)
	if c := call(t, "export", masks, "-o", filepath.Join(out, "5"), "--model", m, "--keep-identity"); c.status != 0 || strings.Contains(c.errors, "left out") {
		t.Errorf("alone: %+v", c)
	}
	if m, err := export.ReadManifest(filepath.Join(out, "5")); err != nil || m.Cases[0].Case != "masks" {
		t.Errorf("%+v, %v", m, err)
	}
	call(t, "info", dir).want(t, 0, "it may be masks of them", "")
}
