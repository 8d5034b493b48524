package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// edit changes the pixels of a mask file.
func edit(change func(g *image.Gray) image.Image) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		path := filepath.Join(dir, "IM2_mask.png")
		var b bytes.Buffer
		if err := png.Encode(&b, change(decode(t, path))); err != nil {
			t.Fatal(err)
		}
		write(t, path, b.Bytes())
	}
}

// bytesOf changes the bytes of a file.
func bytesOf(name string, change func(b []byte) []byte) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		path := filepath.Join(dir, name)
		write(t, path, change(read(t, path)))
	}
}

func flipX(g *image.Gray) image.Image {
	out := image.NewGray(g.Rect)
	for y := range testH {
		for x := range testW {
			out.SetGray(testW-1-x, y, g.GrayAt(x, y))
		}
	}
	return out
}

// resum changes the manifests as one who fits all sums too would.
func resum(change func(m *Manifest, c *CaseEntry)) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		m, c := oneCase(t, dir)
		change(m, c)
		data, err := indented(c)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, filepath.FromSlash(m.Cases[0].Manifest.File)), data)
		m.Cases[0].Manifest.SHA256, m.Cases[0].Files = digest(data), len(c.Files)
		if data, err = m.encode(); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, ManifestFile), data)
	}
}

// refit makes the manifest's hash fit a changed mask, so that only the pixels
// can give it away.
func refit(spoil func(t *testing.T, dir string)) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		spoil(t, dir)
		data := read(t, filepath.Join(dir, "IM2_mask.png"))
		resum(func(m *Manifest, c *CaseEntry) {
			for i, f := range c.Files {
				if f.File == "IM2_mask.png" {
					c.Files[i].SHA256, c.Files[i].Bytes = digest(data), int64(len(data))
				}
			}
		})(t, dir)
	}
}

func TestVerifyFindsEachCorruption(t *testing.T) {
	remove := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	truncate := func(b []byte) []byte { return b[:len(b)/2] }
	flipBit := func(b []byte) []byte { b[len(b)/2] ^= 4; return b }
	swap := func(a, b string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			x, y := read(t, filepath.Join(dir, a)), read(t, filepath.Join(dir, b))
			write(t, filepath.Join(dir, a), y)
			write(t, filepath.Join(dir, b), x)
		}
	}
	setPixel := func(v uint8) func(*image.Gray) image.Image {
		return func(g *image.Gray) image.Image { g.Pix[7] = v; return g }
	}
	manifest := func(from, to string) func(*testing.T, string) {
		return bytesOf(ManifestFile, func(b []byte) []byte {
			out := bytes.Replace(b, []byte(from), []byte(to), 1)
			if bytes.Equal(out, b) {
				panic("nothing to replace: " + from)
			}
			return out
		})
	}
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, dir string)
		want  []string
	}{
		{"mask missing", remove("IM2_mask.png"), []string{"IM2_mask.png is missing"}},
		{"image missing", remove("IM3_image.png"), []string{"IM3_image.png is missing"}},
		{"manifest missing", remove(ManifestFile), []string{"manifest.json is missing"}},
		{"mask flipped", edit(flipX), []string{"IM2_mask.png was changed"}},
		{"one pixel", edit(setPixel(77)), []string{"IM2_mask.png was changed"}},
		{"smaller", edit(func(g *image.Gray) image.Image {
			return g.SubImage(image.Rect(0, 0, testW-1, testH))
		}), []string{"IM2_mask.png has 11x9 pixels instead of 12x9"}},
		{"rotated", edit(func(g *image.Gray) image.Image {
			return image.NewGray(image.Rect(0, 0, testH, testW))
		}), []string{"IM2_mask.png has 9x12 pixels"}},
		{"in colour", edit(func(g *image.Gray) image.Image {
			out := image.NewNRGBA(g.Rect)
			out.SetNRGBA(0, 0, red)
			return out
		}), []string{"IM2_mask.png is not an 8-bit grey picture"}},
		{"16 bit", edit(func(g *image.Gray) image.Image { return image.NewGray16(g.Rect) }), []string{"not an 8-bit grey"}},
		{"cut off", bytesOf("IM1_mask.png", truncate), []string{"IM1_mask.png is damaged"}},
		{"empty", bytesOf("IM1_mask.png", func([]byte) []byte { return nil }), []string{"IM1_mask.png is damaged"}},
		{"one bit", bytesOf("IM1_image.png", flipBit), []string{"IM1_image.png is damaged"}},
		{"a byte more", bytesOf("IM1_image.png", func(b []byte) []byte { return append(b, 0) }), []string{"IM1_image.png was changed"}},
		{"two masks swapped", swap("IM1_mask.png", "IM3_mask.png"),
			[]string{"IM1_mask.png holds what IM3_mask.png should hold", "IM3_mask.png holds what IM1_mask.png should hold"}},
		{"mask and image swapped", swap("IM1_mask.png", "IM1_image.png"), []string{"IM1_mask.png holds what IM1_image.png should hold"}},
		{"stranger", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "IM0_mask.png"), nil) },
			[]string{"IM0_mask.png is not in the manifest"}},
		{"folder in a file's place", func(t *testing.T, dir string) {
			remove("IM1_mask.png")(t, dir)
			if err := os.Mkdir(filepath.Join(dir, "IM1_mask.png"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, []string{"IM1_mask.png is not a file"}},
		{"link in a file's place", func(t *testing.T, dir string) {
			moved := filepath.Join(t.TempDir(), "elsewhere")
			if err := errors.Join(os.Rename(filepath.Join(dir, "IM1_mask.png"), moved), os.Symlink(moved, filepath.Join(dir, "IM1_mask.png"))); err != nil {
				t.Fatal(err)
			}
		}, []string{"IM1_mask.png is not a file"}},
		{"pipe in a file's place", func(t *testing.T, dir string) {
			remove("IM1_mask.png")(t, dir)
			pipe(t, filepath.Join(dir, "IM1_mask.png"))
		}, []string{"IM1_mask.png is not a file"}},
		{"pipe in a manifest's place", func(t *testing.T, dir string) {
			remove("groundglass/case.json")(t, dir)
			pipe(t, filepath.Join(dir, "groundglass/case.json"))
		}, []string{"case.json is not a file"}},
		{"folder called as systems' files are", func(t *testing.T, dir string) {
			if err := os.MkdirAll(filepath.Join(dir, ".DS_Store", "x"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, []string{".DS_Store/ is not in the manifest"}},
		{"threshold changed", manifest(`"threshold": 0.3`, `"threshold": 0.5`), []string{"the manifest was changed"}},
		{"label renamed", manifest("Ground glass", "Consolidation"), []string{"the manifest was changed"}},
		{"source exchanged", bytesOf("groundglass/case.json", func(b []byte) []byte {
			return bytes.Replace(b, []byte("IM1.dcm"), []byte("IM3.dcm"), 1)
		}), []string{"groundglass/case.json was changed"}},
		{"case's manifest missing", remove("groundglass/case.json"), []string{"groundglass/case.json is missing"}},
		{"older manifest", manifest(`"version": 6`, `"version": 4`), []string{"an older program"}},
		{"two slices exchanged", resum(func(_ *Manifest, c *CaseEntry) {
			c.Slices[0].Pixels, c.Slices[2].Pixels = c.Slices[2].Pixels, c.Slices[0].Pixels
		}), []string{"the mask of slice 1 is that of slice 3"}},
		{"flipped by one who fits the sums", refit(edit(flipX)), []string{"the mask of slice 2 is mirrored left to right"}},
		{"field added", manifest(`"program"`, `"note": 1, "program"`), []string{"the manifest is damaged"}},
		{"manifest cut off", bytesOf(ManifestFile, truncate), []string{"the manifest is damaged"}},
		{"newer manifest", manifest(`"version": 6`, `"version": 7`), []string{"a newer program"}},
		{"another program's manifest", bytesOf(ManifestFile, func([]byte) []byte { return []byte(`{"name":"app"}`) }), []string{"not the manifest of an export"}},
		{"path out of the folder", resum(func(_ *Manifest, c *CaseEntry) { c.Files[0].File = "../IM1_mask.png" }), []string{"no file of this folder"}},
		{"file named twice", resum(func(_ *Manifest, c *CaseEntry) { c.Files[2].File = "IM1_mask.png" }), []string{"names IM1_mask.png twice"}},
		{"huge slices", resum(func(_ *Manifest, c *CaseEntry) { c.Series.Rows = 1 << 40 }), []string{"names slices of"}},
		{"unknown kind of mask", resum(func(m *Manifest, _ *CaseEntry) { m.Masks = "0/1" }), []string{`the kind "0/1"`}},
		{"grey in a binary mask", refit(edit(setPixel(77))), []string{"the mask of slice 2 has 1 pixels of the value 77"}},
		{"one set pixel more", refit(edit(func(g *image.Gray) image.Image {
			g.Pix[bytes.IndexByte(g.Pix, 0)] = 255
			return g
		})), []string{"the mask of slice 2 has", "pixels of the value 255 where the manifest says"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := export(t, Options{Images: true})
			c.spoil(t, dir)
			r, err := Verify(context.Background(), dir)
			said := strings.Join(r.Problems, "\n")
			if err != nil {
				said = err.Error()
			}
			for _, w := range c.want {
				if !strings.Contains(said, w) {
					t.Errorf("it says %q, not %q", said, w)
				}
			}
		})
	}
}

func TestVerifyFindsAWrongLabelValue(t *testing.T) {
	dir := export(t, Options{Values: true})
	refit(edit(func(g *image.Gray) image.Image {
		g.Pix[bytes.IndexByte(g.Pix, 2)] = 3
		return g
	}))(t, dir)
	r, err := Verify(context.Background(), dir)
	if err != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "the mask of slice 2 has") {
		t.Errorf("%q, %v", r.Problems, err)
	}
}

func TestVerifyFindsNothingWrong(t *testing.T) {
	for _, o := range []Options{{}, {Values: true}, {Images: true}} {
		r, err := Verify(context.Background(), export(t, o))
		if err != nil || !r.OK() || r.Slices != 3 || r.Foreground == 0 {
			t.Errorf("%+v: %+v, %v", o, r, err)
		}
	}
}

// Of many problems of a case some are told, and how many there are beside them.
func TestVerifyCountsProblems(t *testing.T) {
	var files []string
	for i := range maxProblems + 5 {
		files = append(files, fmt.Sprintf("/scans/case/IM%02d.dcm", i))
	}
	dir := filepath.Join(t.TempDir(), "out")
	mustExport(t, dir, input(newTestSession(files...)), Options{})
	masks, err := filepath.Glob(filepath.Join(dir, "*_mask.png"))
	if err != nil || len(masks) != len(files) {
		t.Fatalf("the masks are %q, %v", masks, err)
	}
	for _, mask := range masks {
		if err := os.Remove(mask); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Verify(context.Background(), dir)
	if n := len(r.Problems); err != nil || n != maxProblems+1 || r.Problems[n-1] != "5 more problems of case are not listed." {
		t.Errorf("it says %q, %v", r.Problems, err)
	}
}

func TestVerifyCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, export(t, Options{})); err != context.Canceled {
		t.Errorf("the error is %v", err)
	}
}

func FuzzManifest(f *testing.F) {
	m := newManifest(One(input(newTestSession()), "groundglass test", ""), pngPreset, &Options{}, &[256]uint8{})
	m.Cases = []CaseRef{{Case: "a", Manifest: FileEntry{File: detailFile("a")}}}
	data, err := m.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":"groundglass export","version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		m, err := decodeManifest(data)
		if err != nil {
			return
		}
		again, err := m.encode()
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(again) {
			t.Fatal("an accepted manifest does not write back")
		}
	})
}

// pipe makes a named pipe, which waits for ever for who writes into it.
func pipe(t *testing.T, path string) {
	t.Helper()
	if out, err := exec.Command("mkfifo", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}
