package region

import (
	"bytes"
	"context"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"runtime"
	"testing"

	"groundglass/annotate/ct"
)

var update = flag.Bool("update", false, "write the golden picture anew")

// tile is a lesion of the demo phantom with what a person would point at.
type tile struct {
	slice    int
	crop     image.Rectangle
	seed     image.Point
	anchors  []image.Point  // around it
	in, from [2]image.Point // lines of hints: inside, outside
}

var tiles = []tile{
	{20, image.Rect(325, 255, 389, 319), image.Pt(350, 288), []image.Point{{343, 297}, {350, 274}, {371, 275}, {362, 298}},
		[2]image.Point{{342, 294}, {360, 278}}, [2]image.Point{{330, 264}, {350, 264}}},
	{20, image.Rect(140, 265, 204, 329), image.Pt(168, 297), []image.Point{{152, 297}, {170, 290}, {184, 297}, {170, 303}},
		[2]image.Point{{158, 297}, {178, 297}}, [2]image.Point{{150, 282}, {190, 282}}},
}

// TestSheet draws, a row a lesion, its true mask and what wand, growing, a sticking brush, the wire and the random walker find there, as
// testdata/sheet.png has it.
func TestSheet(t *testing.T) {
	const path = "testdata/sheet.png"
	const zoom, cols = 3, 6
	out := image.NewRGBA(image.Rect(0, 0, cols*64*zoom, len(tiles)*64*zoom))
	for row, c := range tiles {
		p, truth := demo(t, c.slice)
		for col, s := range append([]*Set{ofMask(truth, p)}, c.found(t, p)...) {
			part := image.Rect(col, row, col+1, row+1)
			paint(out, image.Pt(part.Min.X*64*zoom, part.Min.Y*64*zoom), p, c.crop, s, zoom)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if n := different(out, want); n > 0 && (runtime.GOARCH == "amd64" || n > 50*zoom*zoom) {
		t.Errorf("%d pixels are not as in %s", n, path)
	}
}

// found is what each tool finds.
func (c tile) found(t *testing.T, p Plane) []*Set {
	at := int(p.median(c.seed.X, c.seed.Y))
	v := Volume{W: p.W, H: p.H, Slices: 1, HU: func(int) ([]int16, error) { return p.HU, nil }}
	grown, err := NewGrower(v, Voxel{c.seed.X, c.seed.Y, 0}, Limits{Low: at - 160, High: at + 160, Denoise: true, Firm: true, Holes: 30, Radius: 16}).Grow(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x, y := float64(c.seed.X)+0.5, float64(c.seed.Y)+0.5
	w, wire := NewWire(p, c.crop), NewSet(c.crop)
	for i, a := range c.anchors {
		w.SetAnchor(w.Snap(a, 3))
		for _, q := range w.Path(w.Snap(c.anchors[(i+1)%len(c.anchors)], 3)) {
			wire.Add(q.Y, q.X, q.X+1)
		}
	}
	h := Hints{Inside: line(c.in), Outside: line(c.from)}
	walked, err := DefaultWalk.Solve(context.Background(), p, c.crop, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	return []*Set{
		Wand{Tolerance: 150, Denoise: true, Firm: true, Holes: 150}.Find(p, c.seed), grown.Slices[0],
		Stick(p, x, y, 16, TissueAt(p, x, y, 16), DefaultStep, nil), wire, walked.Region(h),
	}
}

func line(ends [2]image.Point) *Set {
	s := NewSet(image.Rectangle{ends[0], ends[1]}.Canon().Inset(-1))
	const n = 64
	for i := range n + 1 {
		at := ends[0].Mul(n - i).Add(ends[1].Mul(i)).Div(n)
		s.Add(at.Y, at.X, at.X+1)
	}
	return s
}

func ofMask(mask []uint8, p Plane) *Set {
	s := NewSet(p.Bounds())
	for i, v := range mask {
		if v != 0 {
			s.Add(i/p.W, i%p.W, i%p.W+1)
		}
	}
	return s
}

// paint draws a crop of a plane at the lung window with a set in red.
func paint(out draw.Image, at image.Point, p Plane, crop image.Rectangle, s *Set, zoom int) {
	for y := range crop.Dy() * zoom {
		for x := range crop.Dx() * zoom {
			px, py := crop.Min.X+x/zoom, crop.Min.Y+y/zoom
			g := uint8(ct.Lung.Unit(float64(p.at(px, py)))*255 + 0.5)
			c := color.RGBA{g, g, g, 255}
			if s.Has(px, py) {
				c.R, c.G, c.B = 255, g/4*3, g/4*3
			}
			out.Set(at.X+x, at.Y+y, c)
		}
	}
}

func different(a, b image.Image) (n int) {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				n++
			}
		}
	}
	return n
}
