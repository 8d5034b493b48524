package viewport

import (
	"image"
	"math/rand/v2"
	"testing"

	"fyne.io/fyne/v2"
)

// The labels' layer holds every label that is seen, whatever was painted in
// which order, and no more than it must.
func TestTheLabelsLayerHoldsAllLabels(t *testing.T) {
	const w, h = 300, 200
	f := Frame{W: w, H: h, HU: make([]int16, w*h), Mask: make([]uint8, w*h)}
	v, _ := show(t, f)
	if !v.mask.rect.Empty() || !v.mask.raster.Hidden {
		t.Error("a slice without labels has a layer of them")
	}
	r := rand.New(rand.NewPCG(3, 9))
	holds := func() bool {
		v.Compose()
		fresh := New()
		fresh.SetStyles(v.styles)
		fresh.Resize(v.Size())
		fresh.SetFrame(v.frame)
		fresh.Compose()
		for y := range h {
			for x := range w {
				if p := image.Pt(x, y); f.Mask[y*w+x] != 0 && !p.In(v.mask.rect) || p.In(fresh.mask.rect) &&
					(!p.In(v.mask.rect) || v.mask.words().row(y, x)[0] != fresh.mask.words().row(y, x)[0]) {
					return false
				}
			}
		}
		return true
	}
	for n := range 30 {
		x, y := r.IntN(w-10), r.IntN(h-10)
		part := image.Rect(x, y, x+1+r.IntN(10), y+1+r.IntN(10))
		for py := part.Min.Y; py < part.Max.Y; py++ {
			for px := part.Min.X; px < part.Max.X; px++ {
				f.Mask[py*w+px] = uint8(n % 3)
			}
		}
		v.SetPixels(f.Mask, nil, part)
		if !holds() {
			t.Fatalf("after %d changes, the last in %v, the layer %v is wrong", n+1, part, v.mask.rect)
		}
	}
	clear(f.Mask)
	f.Mask[70*w+130] = 1
	v.SetPixels(f.Mask, nil, image.Rect(0, 0, w, h))
	if want := image.Rect(128, 64, 192, 128); v.mask.rect != want || !holds() {
		t.Errorf("a single label has a layer of %v, want %v", v.mask.rect, want)
	}
	at, size := v.mask.raster.Position(), v.mask.raster.Size()
	x0, y0 := v.View().ToScreen(128, 64)
	if !near(float64(at.X), x0) || !near(float64(at.Y), y0) || !near(float64(size.Width), 64*v.View().Zoom) {
		t.Errorf("it lies at %v with %v", at, size)
	}
	v.Resize(fyne.NewSize(200, 150))
	if !holds() {
		t.Error("another size of the widget loses labels")
	}
}
