package viewport

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// What lies below the viewport shows nowhere, and nothing is painted twice behind the
// picture.
func TestGround(t *testing.T) {
	white := Frame{W: 50, H: 40, HU: make([]int16, 50*40)}
	for i := range white.HU {
		white.HU[i] = 3000
	}
	v, w := show(t, white)
	test.ApplyTheme(t, red{})
	v.SetLetters("", "", "", "")
	for _, zoom := range []float64{0, 0.3, 1.7, 3.33, 7.9, 31} {
		for _, size := range []fyne.Size{{Width: 320, Height: 240}, {Width: 201, Height: 333}} {
			w.Resize(size)
			if zoom > 0 {
				v.setView(v.View().ZoomAt(zoom, float64(size.Width/3), float64(size.Height/2)))
			}
			img := w.Canvas().Capture()
			for y := range img.Bounds().Dy() {
				for x := range img.Bounds().Dx() {
					if r, g, _, _ := img.At(x, y).RGBA(); r != g {
						t.Fatalf("zoom %g, %v: (%d, %d) is %v", zoom, size, x, y, img.At(x, y))
					}
				}
			}
		}
	}
	if hidden := v.ground[0].Size(); hidden.Height > under {
		t.Errorf("%v of the ground lie behind a picture that fills the widget", hidden)
	}
	v.SetFrame(Frame{})
	if r, g, b, _ := w.Canvas().Capture().At(100, 100).RGBA(); r+g+b != 0 {
		t.Error(fmt.Sprint("without a picture it is ", r>>8, g>>8, b>>8))
	}
}

// red is a theme all of whose colours are red.
type red struct{ fyne.Theme }

func (red) Color(fyne.ThemeColorName, fyne.ThemeVariant) color.Color {
	return color.NRGBA{R: 255, A: 255}
}
func (red) Size(fyne.ThemeSizeName) float32         { return 4 }
func (red) Font(s fyne.TextStyle) fyne.Resource     { return test.Theme().Font(s) }
func (red) Icon(n fyne.ThemeIconName) fyne.Resource { return test.Theme().Icon(n) }
