package labels

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/internal/testkit"
)

func TestPNGValues(t *testing.T) {
	palette := image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{
		color.NRGBA{A: 255}, color.NRGBA{R: 128, A: 255}, color.NRGBA{G: 128, A: 255}, color.NRGBA{R: 128, G: 128, A: 255},
	})
	copy(palette.Pix, []uint8{0, 1, 2, 2, 1, 0})
	bit := image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.Black, color.White})
	copy(bit.Pix, []uint8{0, 1, 1, 0, 0, 1})
	colours := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	colours.SetNRGBA(0, 0, color.NRGBA{R: 128, A: 255})
	colours.SetNRGBA(1, 0, color.NRGBA{G: 128, A: 255})
	colours.SetNRGBA(2, 0, annotate.DefaultLabels()[2].Color)
	colours.SetNRGBA(0, 1, color.NRGBA{R: 1, G: 2, B: 3, A: 255})
	deep := image.NewGray16(image.Rect(0, 0, 3, 2))
	deep.SetGray16(1, 1, color.Gray16{Y: 0xffff})
	deep.SetGray16(2, 1, color.Gray16{Y: 0xffff})
	cases := []struct {
		name, file string
		m          image.Image
		values     map[int]string
		rows       []string
		lines      []string
	}{
		{"0 and 255", "IM0001_mask", grey([]uint8{0, 255, 0}, []uint8{255, 0, 0}), nil, []string{".1.", "1.."}, []string{"value 255: Ground glass in 2 pixels"}},
		{"0 and 65535", "IM0001", deep, nil, []string{"...", ".11"}, []string{"value 65535: Ground glass in 2"}},
		{"label values", "IM0001", grey([]uint8{0, 1, 2}, []uint8{3, 0, 0}), nil, []string{".12", "3.."}, []string{"value 3: Pleural effusion in 1 pixel."}},
		{"palette indices", "im1_seg", palette, nil, []string{".12", "21."}, []string{"value 2: Consolidation in 2"}},
		{"one bit", "mask_IM0001", bit, nil, []string{".11", "..1"}, nil},
		{"greys of COVID-SemiSeg", "IM0001", grey([]uint8{0, 38, 75}, []uint8{75, 0, 0}), nil, []string{".12", "2.."}, []string{"value 38: Ground glass", ""}},
		{"colours", "IM0001", colours, nil, []string{"123", "4.."}, []string{"colour #010203: Colour #010203 in 1 pixel"}},
		{"a name that tells", "IM0001_lung", grey([]uint8{0, 255, 0}, []uint8{0, 0, 0}), nil, []string{".4.", "..."}, []string{"value 255: Lung"}},
		{"an unknown value", "IM0001", grey([]uint8{0, 7, 1}, []uint8{255, 0, 0}), nil, []string{".71", "4.."}, []string{"value 7: Value 7", ""}},
		{"a table", "IM0001", grey([]uint8{0, 7, 1}, []uint8{9, 0, 0}), map[int]string{7: "GGO", 1: "vessel", 9: "background"},
			[]string{".14", "..."}, []string{"value 9: background in 1 pixel", "value 1: vessel"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := writePNG(t, filepath.Join(t.TempDir(), c.file+".png"), c.m)
			l := read(t, straight(3, 2, 2), Options{Values: c.values}, path)
			wantPlane(t, l, 0, c.rows...)
			for _, line := range c.lines {
				wantLine(t, l, line)
			}
			wantLine(t, l, "1 of 2 slices got labels, matched by name")
		})
	}
}

func TestPNGTransposed(t *testing.T) {
	path := writePNG(t, filepath.Join(t.TempDir(), "IM0002.png"), grey([]uint8{0, 1}, []uint8{2, 0}, []uint8{0, 3}))
	l := read(t, straight(3, 2, 2), Options{Transposed: true}, path)
	wantPlane(t, l, 1, ".2.", "1.3")
	if got := l.Slices(); len(got) != 1 || got[0] != 1 {
		t.Errorf("slices %v have labels", got)
	}
}

func TestPNGRefusals(t *testing.T) {
	dir := t.TempDir()
	noise := image.NewGray(image.Rect(0, 0, 30, 20))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(i)
	}
	writePNG(t, filepath.Join(dir, "IM0001_mask.png"), grey([]uint8{0, 255}))
	writePNG(t, filepath.Join(dir, "IM0002_mask.png"), noise)
	writePNG(t, filepath.Join(dir, "other.png"), grey([]uint8{0, 255}))
	writeFile(t, filepath.Join(dir, "IM0001_mask.jpg"), []byte{0xff, 0xd8, 0xff, 0xe0})
	writeFile(t, filepath.Join(dir, "notes.txt"), []byte("none"))
	writeFile(t, filepath.Join(dir, "empty.png"), nil)
	writeFile(t, filepath.Join(dir, "im1.png"), []byte("\x89PNG\r\n\x1a\n"))
	l := read(t, straight(30, 20, 2), Options{}, dir)
	for _, want := range [][]string{
		{"IM0001_mask.png", "the mask has 2x1 pixels, the slice 30x20"}, {"IM0002_mask.png", "more than 64 different values"},
		{"other.png", noName}, {"IM0001_mask.jpg", "JPEG"}, {"notes.txt", "not a file of labels"}, {"empty.png", "empty"}, {"im1.png", "PNG"},
		{"No labels came in"},
	} {
		wantLine(t, l, want...)
	}
	if len(l.Report.LeftOut) != 7 || len(l.Slices()) != 0 {
		t.Errorf("left out: %v", l.Report.LeftOut)
	}
	if _, err := Read(context.Background(), straight(3, 2, 1), []string{filepath.Join(dir, "none")}, Options{}, nil); err == nil {
		t.Error("a file that is not there was read")
	}
}

// The name of a mask finds its slice; where it could mean several it finds none.
func TestNames(t *testing.T) {
	series := func(files ...string) *ct.Series {
		s := straight(1, 1, len(files))
		for i := range files {
			s.Sources[i].File = files[i]
		}
		return s
	}
	cases := []struct {
		sources, masks string
		want           int // slice; -1 for none
	}{
		{"a/1-01.dcm a/1-02.dcm", "x/1-02_mask.png", 1},
		{"a/1-01.dcm a/1-02.dcm", "x/1_2.png", 1},
		{"a/z000_ct.png a/z008_ct.png", "a/z008_infection.png", 1},
		{"a/07_ct.png a/70_ct.png", "a/70_classes.png", 1},
		{"a/1.2.840.11 a/1.2.840.12", "x/1.2.840.12_mask.png", 1},
		{"a/slice2.png a/slice10.png", "x/SLICE010.png", 1},
		{"a/01.dcm b/01.dcm", "x/b_01_mask.png", 1},
		{"a/01.dcm b/01.dcm", "x/01_mask.png", -1},
		{"a/01.dcm a/1.dcm", "x/001.png", -1},
		{"a/01.dcm a/02.dcm", "x/03.png", -1},
		{"a/infection_01.png a/infection_02.png", "x/seg-02.png", 1},
	}
	for _, c := range cases {
		i, reason := newTarget(series(strings.Fields(c.sources)...), Key{}).byName(c.masks)
		if reason != "" {
			i = -1
		}
		if i != c.want {
			t.Errorf("%s of %s is slice %d (%s), want %d", c.masks, c.sources, i, reason, c.want)
		}
	}
}

// Where two masks overlap, the later one wins, but never the lung, and the report
// says so; pictures that the series itself is made of are no masks.
func TestOverlapsAndOwnPictures(t *testing.T) {
	dir := t.TempDir()
	s := straight(3, 1, 1)
	s.Sources[0].File = writePNG(t, filepath.Join(dir, "z1_ct.png"), grey([]uint8{9, 99, 199}))
	writePNG(t, filepath.Join(dir, "z1_consolidation.png"), grey([]uint8{255, 255, 0}))
	writePNG(t, filepath.Join(dir, "z1_infection.png"), grey([]uint8{0, 255, 255}))
	writePNG(t, filepath.Join(dir, "z1_lung.png"), grey([]uint8{0, 255, 255}))
	l := read(t, s, Options{}, dir)
	wantPlane(t, l, 0, "211")
	wantLine(t, l, "1 pixel of Consolidation hidden by Ground glass.")
	wantLine(t, l, "2 pixels of Lung hidden by Ground glass.")
	if len(l.Report.LeftOut) != 0 {
		t.Errorf("left out: %v", l.Report.LeftOut)
	}
}

// What came in enters a session as one edit, and round trips.
func TestImportIntoASession(t *testing.T) {
	dir := t.TempDir()
	writePNG(t, filepath.Join(dir, "IM0001_lung.png"), grey([]uint8{0, 255, 255}, []uint8{0, 255, 0}))
	writePNG(t, filepath.Join(dir, "IM0002.png"), grey([]uint8{0, 0, 0}, []uint8{0, 0, 0}))
	s := annotate.NewSession(straight(3, 2, 3))
	l := read(t, s.Series(), Options{Table: s.Labels()}, dir)
	wantLine(t, l, "1 more slice had no labelled pixel")
	n, err := s.Import(l.Import("Open labels"))
	if err != nil || n != (annotate.Taken{Slices: 1, Pixels: 3}) || s.UndoName() != "Open labels" {
		t.Fatalf("%+v, %v", n, err)
	}
	if got := picture(s.Mask(0).Label, 3); got != ".44\n.4.\n" || s.Labels()[3].Name != "Lung" {
		t.Errorf("slice 1 is\n%s", got)
	}
}

// COVID-SemiSeg's own masks, on its own pictures, are what Pillow reads.
func TestSemiSeg(t *testing.T) {
	root := filepath.Join(testkit.Data(t, "semiseg"), "TestingSet", "MultiClassInfection-Test")
	found, err := ct.Open(context.Background(), []string{filepath.Join(root, "Imgs")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	said := judge(t, "PIL numpy", `
import hashlib, glob, os, sys
from PIL import Image
import numpy as np
for f in glob.glob(sys.argv[1] + "/*.png"):
    print(os.path.basename(f), hashlib.sha256(np.array(Image.open(f)).astype(np.uint8).tobytes()).hexdigest())
`, filepath.Join(root, "GT"))
	total := 0
	for _, s := range found.Series {
		l := read(t, s, Options{}, filepath.Join(root, "GT"))
		total += len(l.Report.Matches)
		for _, m := range l.Report.Matches {
			name := filepath.Base(m.File)
			if stem, _ := stem(bare(s.Sources[m.Slice].File)); bare(name) != stem {
				t.Errorf("%s is on %s", name, s.Sources[m.Slice].File)
			}
			if sum := fmt.Sprintf("%x", sha256.Sum256(l.Plane(m.Slice))); !strings.Contains(said, name+" "+sum) {
				t.Errorf("%s came in with other values", name)
			}
		}
		for _, m := range l.Report.Meanings {
			if m.Label != "Ground glass" && m.Label != "Consolidation" {
				t.Errorf("%+v", m)
			}
		}
	}
	if total != 48 {
		t.Errorf("%d of 48 masks were matched", total)
	}
}
