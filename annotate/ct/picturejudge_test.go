package ct

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// pictureMaker writes pictures with Pillow and libtiff's tiffcp, a folder each,
// and tells what Pillow reads from them: the grey values of all pages.
const pictureMaker = `
import json, os, subprocess, sys
import numpy
from PIL import Image, ImageSequence

out, rng = [], numpy.random.default_rng(3)
size = (37, 45)  # rows and columns
eight, sixteen = rng.integers(0, 256, size).astype("u1"), rng.integers(0, 65536, size).astype("<u2")
smooth = (numpy.add.outer(numpy.arange(size[0]), numpy.arange(size[1])) * 700 % 65536).astype("<u2")

def values(path):
    pages = []
    for page in ImageSequence.Iterator(Image.open(path)):
        if page.mode in ("P", "RGB", "RGBA", "LA", "1"):
            page = page.convert("L")
        pages.append(numpy.asarray(page).astype(int).flatten().tolist())
    return pages

def path(name):
    folder = os.path.join(sys.argv[1], name)
    os.mkdir(folder)
    return os.path.join(folder, name)

def tell(p, exact=True):
    out.append({"path": p, "exact": exact, "pages": values(p)})

def make(name, picture, exact=True, **options):
    p = path(name)
    picture.save(p, **options)
    tell(p, exact)
    return p

def palette():
    m = Image.fromarray(eight, "P")
    m.putpalette([v for i in range(256) for v in [(i * 77 + 5) % 256] * 3])
    return m

grey, deep, stepped = Image.fromarray(eight), Image.fromarray(sixteen), Image.fromarray(smooth)
modes = {"grey": grey, "deep": deep, "stepped": stepped, "palette": palette(), "rgb": grey.convert("RGB"), "rgba": grey.convert("RGBA")}
for name, m in modes.items():
    make(name + ".png", m)
    for compression in [None, "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits"]:
        make("%s_%s.tif" % (name, compression), m, compression=compression)
make("grey_alpha.png", grey.convert("LA"))
make("bits.png", grey.convert("1"))
make("grey.jpg", Image.fromarray((smooth >> 8).astype("u1")), exact=False, quality=95)
make("pages.tif", grey, save_all=True, append_images=[grey.transpose(Image.Transpose.ROTATE_180), Image.fromarray(255 - eight)], compression="tiff_lzw")
make("deep_pages.tif", deep, save_all=True, append_images=[stepped, deep])
for name in ["grey", "deep", "stepped", "palette", "rgb"]:
    source = os.path.join(sys.argv[1], name + "_None.tif", name + "_None.tif")
    predictor = [] if name == "palette" else ["lzw:2", "zip:2"]
    for i, compression in enumerate(["none", "lzw", "zip", "packbits"] + predictor):
        for j, shape in enumerate([["-s", "-r", "5"], ["-t", "-w", "32", "-l", "16"], ["-B", "-t", "-w", "16", "-l", "48"], ["-B", "-s", "-r", "1"]]):
            p = path("%s_cp%d%d.tif" % (name, i, j))
            subprocess.run(["tiffcp", "-c", compression] + shape + [source, p], check=True)
            tell(p)
json.dump(out, sys.stdout)
`

// TestPicturesEqualPillow compares the stored values of every kind of picture,
// by a window card that makes them Hounsfield units less 32768.
func TestPicturesEqualPillow(t *testing.T) {
	needPython(t, "PIL")
	if _, err := exec.LookPath("tiffcp"); err != nil {
		t.Skip("tiffcp (libtiff-tools), which writes files for this test, is not installed")
	}
	dir := t.TempDir()
	out, err := exec.Command(python, "-c", pictureMaker, dir).Output()
	if err != nil {
		t.Fatalf("Pillow: %v", err)
	}
	var cases []struct {
		Path  string
		Exact bool
		Pages [][]int
	}
	if err := json.Unmarshal(out, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 140 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		writeFile(t, filepath.Join(filepath.Dir(c.Path), CardName), []byte(`{"slope": 1, "intercept": -32768}`))
		found := openAll(t, filepath.Dir(c.Path))
		if len(found.Series) != 1 || len(found.LeftOut) > 0 || found.Series[0].Len() != len(c.Pages) {
			t.Errorf("%s: %d series, left out: %v", filepath.Base(c.Path), len(found.Series), found.LeftOut)
			continue
		}
		for i, want := range c.Pages {
			v, err := found.Series[0].Slice(i)
			if err != nil {
				t.Errorf("page %d: %v", i+1, err)
				continue
			}
			got := make([]int, len(v.HU))
			for i, hu := range v.HU {
				got[i] = int(hu) + 32768
			}
			near := func(a, b int) bool { return a == b || !c.Exact && a-b <= 1 && b-a <= 1 }
			if !slices.EqualFunc(got, want, near) {
				t.Errorf("%s, page %d: other values than Pillow's", filepath.Base(c.Path), i+1)
			}
		}
	}
}
