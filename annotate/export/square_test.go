package export

import (
	"bytes"
	"context"
	"image"
	"path/filepath"
	"strings"
	"testing"
)

// Masks and pictures are resampled where that is asked for, and verified as they are.
func TestSquare(t *testing.T) {
	const side = 17 // of 12 x 9
	s := newTestSession()
	dir := filepath.Join(t.TempDir(), "out")
	mustExport(t, dir, input(s), Options{Images: true, Values: true, Square: side})
	g := decode(t, filepath.Join(dir, "IM2_mask.png"))
	if g.Rect != image.Rect(0, 0, side, side) {
		t.Fatalf("the mask is of %v", g.Rect)
	}
	for y := range side {
		for x := range side {
			cx, cy := (float64(x)+0.5)*testW/side, (float64(y)+0.5)*testH/side // the pixel's centre
			if want := s.Mask(1).Label[int(cy)*testW+int(cx)]; g.GrayAt(x, y).Y != want {
				t.Errorf("pixel (%d, %d) is %d, want %d", x, y, g.GrayAt(x, y).Y, want)
			}
		}
	}
	if p := decode(t, filepath.Join(dir, "IM2_image.png")); p.Rect != g.Rect {
		t.Errorf("the picture is of %v", p.Rect)
	}
	if r, err := Verify(context.Background(), dir); err != nil || !r.OK() {
		t.Errorf("%v, %v", r.Problems, err)
	}
	refit(edit(func(g *image.Gray) image.Image {
		return grey(bytes.Repeat([]byte{1}, side*side), side)
	}))(t, dir)
	if r, _ := Verify(context.Background(), dir); len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "in other places") {
		t.Errorf("of another mask it says %q", r.Problems)
	}
	for _, bad := range []int{-1, MinSquare - 1, MaxSquare + 1} {
		if _, err := writePNG(context.Background(), filepath.Join(t.TempDir(), "out"), input(s), Options{Square: bad}, nil); err == nil {
			t.Errorf("pictures of %d pixels a side were written", bad)
		}
	}
}

// A resampled picture keeps flat parts and slopes, and a smaller one the mean.
func TestResampledPicture(t *testing.T) {
	slope := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range slope.Pix {
		slope.Pix[i] = uint8(5 * (i % 40))
	}
	for _, side := range []int{20, 80} {
		g := (&Options{Square: side}).resampledPicture(slope)
		for x := 2; x < side-2; x++ {
			want := 5 * ((float64(x)+0.5)*40/float64(side) - 0.5)
			if got := float64(g.GrayAt(x, side/2).Y); got < want-1 || got > want+1 {
				t.Errorf("side %d: column %d is %g, want %g", side, x, got, want)
			}
		}
	}
	fine := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range fine.Pix {
		fine.Pix[i] = uint8(200 * (i % 2))
	}
	if v := (&Options{Square: 16}).resampledPicture(fine).GrayAt(8, 8).Y; v < 90 || v > 110 {
		t.Errorf("fine stripes of 0 and 200 become %d", v)
	}
}
