package export

import (
	"bytes"
	"image"
	"image/draw"
	"path/filepath"
	"testing"
)

// TestEdges compares with OpenCV's: see testdata/edges/golden.py.
func TestEdges(t *testing.T) {
	const w, h = 48, 40
	shapes, want := decode(t, filepath.Join("testdata", "edges", "shapes.png")), decode(t, filepath.Join("testdata", "edges", "edges.png"))
	for y := 0; y < shapes.Rect.Dy(); y += h {
		for x := 0; x < shapes.Rect.Dx(); x += w {
			mask := image.NewGray(image.Rect(0, 0, w, h))
			draw.Draw(mask, mask.Rect, shapes, image.Pt(x, y), draw.Src)
			got, wrong := edges(mask), 0
			for i, v := range got.Pix {
				if v != want.GrayAt(x+i%w, y+i/w).Y {
					wrong++
				}
			}
			if wrong > 0 {
				t.Errorf("of the mask at (%d, %d), %d pixels differ", x/w, y/h, wrong)
			}
		}
	}
}

// TestEdgesOfCOVIDSemiSeg compares with the edges of the data set's pseudo-labels.
func TestEdgesOfCOVIDSemiSeg(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "data", "semiseg", "TrainingSet", "LungInfection-Train", "Pseudo-label")
	files, _ := filepath.Glob(filepath.Join(folder, "GT", "*.png"))
	if len(files) == 0 {
		t.Skip("COVID-SemiSeg (../shared/data/semiseg) is not here")
	}
	for k := 0; k < len(files); k += 20 {
		mask := decode(t, files[k])
		for i, v := range mask.Pix {
			mask.Pix[i] = 0
			if v > 128 {
				mask.Pix[i] = 255
			}
		}
		if got := edges(mask); !bytes.Equal(got.Pix, decode(t, filepath.Join(folder, "Edge", filepath.Base(files[k]))).Pix) {
			t.Errorf("%s has other edges", files[k])
		}
	}
}
