package viewport

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
)

// The magnifier shows the pixel under the pointer in its middle, and what lies
// beside it larger, with the labels; black beyond the image, and nothing beyond
// its circle.
func TestLensMagnifies(t *testing.T) {
	f := Frame{W: 20, H: 20, HU: make([]int16, 400), Mask: make([]uint8, 400)}
	for i := range f.HU {
		f.HU[i] = -1350 // black
		if i%20 >= 10 {
			f.HU[i] = 150 // white
		}
	}
	f.Mask[5*20+9] = 1
	v, win := show(t, f)
	v.SetLetters("", "", "", "")
	v.SetInterpolation(Nearest)
	v.SetStyles(map[uint8]Style{1: {Color: color.NRGBA{255, 0, 0, 255}}})
	v.SetOverlay(Overlay{Mask: true, MaskOpacity: 1})
	v.setView(View{Zoom: 10, Aspect: 1, CX: 10, CY: 10})
	v.SetPointing(true)
	const px, py = 150, 71 // over pixel (9, 5)
	v.MouseIn(at(px, py, 0))
	v.SetLens(3)
	img := win.Canvas().Capture()
	grey := func(dx, dy int) color.NRGBA {
		r, g, b, _ := img.At(px+dx, py+dy).RGBA()
		return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
	}
	ix, iy := v.toImage(fyne.NewPos(px+0.5, py+0.5))
	for _, d := range [][2]int{{0, 0}, {-20, 0}, {25, 5}, {10, -25}, {60, 60}, {-70, 20}} {
		x, y := ix+float64(d[0])/30, iy+float64(d[1])/30
		want := color.NRGBA{0, 0, 0, 255}
		switch {
		case int(x) == 9 && int(y) == 5:
			want = color.NRGBA{255, 0, 0, 255}
		case x >= 10:
			want = color.NRGBA{255, 255, 255, 255}
		}
		if got := grey(d[0], d[1]); got != want {
			t.Errorf("at (%d, %d), image (%.1f, %.1f): %v, want %v", d[0], d[1], x, y, got, want)
		}
	}
	v.SetPixels(make([]uint8, 400), nil, v.mask.rect)
	img = win.Canvas().Capture()
	if got := grey(0, 0); got.R == 255 && got.G == 0 {
		t.Error("a pixel that was taken away is still magnified")
	}
	v.SetLens(0)
	if !v.lens.raster.Hidden || !v.lens.ring.Hidden {
		t.Error("the magnifier stays")
	}
}

func TestLookLens(t *testing.T) {
	v, win := show(t, frame(64, 64))
	v.SetOverlay(Overlay{Mask: true, MaskOpacity: 0.4, Heat: true, HeatOpacity: 0.5, Outline: true})
	v.SetBrush(2, color.NRGBA{255, 235, 120, 255})
	v.SetGhost(50, 12, true)
	v.MouseIn(at(150, 120, 0))
	v.SetLens(3)
	golden(t, "lens.png", win.Canvas().Capture())
}

// BenchmarkLens is the work for a magnifier's picture.
func BenchmarkLens(b *testing.B) {
	f := frame(512, 512)
	v, _ := show(b, f)
	v.MouseIn(at(150, 120, 0))
	v.SetLens(3)
	for b.Loop() {
		v.magnify()
	}
}
