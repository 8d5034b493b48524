package deid

import (
	"context"
	"image"
	"image/color"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/internal/testkit"
)

// written are values with a line of text in them.
func written(values []int16, w, h int, at image.Point, text string, hu int16) []int16 {
	ink := image.NewAlpha(image.Rect(0, 0, w, h))
	d := font.Drawer{Dst: ink, Src: image.NewUniform(color.Opaque), Face: basicfont.Face7x13, Dot: fixed.P(at.X, at.Y)}
	d.DrawString(text)
	out := append([]int16(nil), values...)
	for i, a := range ink.Pix {
		if a > 0 {
			out[i] = hu
		}
	}
	return out
}

func TestTextIsSeen(t *testing.T) {
	s := phantom.New(phantom.Options{Size: 256, Slices: 9, Seed: 3}).Series()
	for i := range s.Len() {
		slice, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		if TextLike(slice.HU, slice.W, slice.H) {
			t.Errorf("there is no text on slice %d", i+1)
		}
		for _, at := range []image.Point{{8, 16}, {120, 250}, {100, 128}} {
			if !TextLike(written(slice.HU, slice.W, slice.H, at, "MILLER ANN 1961", 3071), slice.W, slice.H) {
				t.Errorf("the text at %v of slice %d is not seen", at, i+1)
			}
		}
	}
	bright := make([]int16, 256*256)
	for i := range bright {
		bright[i] = int16(i % 256)
	}
	if !TextLike(written(bright, 256, 256, image.Pt(60, 60), "MILLER ANN 1961", -1024), 256, 256) || TextLike(bright, 256, 256) {
		t.Error("dark text on bright ground is not told from none")
	}
	if TextLike(nil, 0, 0) || TextLike(make([]int16, 64), 8, 8) {
		t.Error("nothing has text in it")
	}
}

// Real slices of the chest raise no alarm.
func TestNoTextInTheChest(t *testing.T) {
	found, err := ct.Open(context.Background(), []string{testkit.Data(t, "dicom/chest")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, s := range found.Series {
		for i := range s.Len() {
			slice, err := s.Slice(i)
			if err != nil {
				t.Fatal(err)
			}
			if looked++; TextLike(slice.HU, slice.W, slice.H) {
				t.Errorf("text is seen on slice %d", i+1)
			}
		}
	}
	if looked < 30 {
		t.Errorf("%d slices were looked at", looked)
	}
}
