package export

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// SheetOptions say what a contact sheet shows. Zero values have defaults.
type SheetOptions struct {
	Slices  []int     // indices; evenly chosen over the series by default
	Max     int       // how many are chosen: 40
	Columns int       // tiles in a row: 8
	Tile    int       // width of a tile in pixels: 224
	Window  ct.Window // the lung window
}

func (o SheetOptions) withDefaults(n int) SheetOptions {
	set := func(v *int, to int) {
		if *v <= 0 {
			*v = to
		}
	}
	set(&o.Max, 40)
	set(&o.Columns, 8)
	set(&o.Tile, 224)
	if o.Window == (ct.Window{}) {
		o.Window = ct.Lung
	}
	if o.Slices == nil {
		for k := range min(n, o.Max) {
			o.Slices = append(o.Slices, k*n/min(n, o.Max))
		}
	}
	o.Columns = min(o.Columns, len(o.Slices))
	return o
}

const (
	gap      = 4  // between tiles, in pixels
	legend   = 28 // height of the line that names the labels
	maxSheet = 1 << 26
)

var (
	ground = color.NRGBA{R: 0x10, G: 0x12, B: 0x14, A: 0xff}
	ink    = color.NRGBA{R: 0xf0, G: 0xf0, B: 0xf0, A: 0xff}
)

// Sheet writes a PNG with small pictures of the slices, their masks tinted and
// outlined in the labels' colours, each with its number (from 1) and the count
// of its labelled pixels.
func Sheet(w io.Writer, in *Case, opt SheetOptions) error {
	o := opt.withDefaults(in.Series.Len())
	if len(o.Slices) == 0 {
		return errors.New("there are no slices to show")
	}
	tile := image.Pt(o.Tile, max(1, o.Tile*in.Series.Rows/in.Series.Columns))
	rows := (len(o.Slices) + o.Columns - 1) / o.Columns
	size := image.Pt(gap+o.Columns*(tile.X+gap), gap+rows*(tile.Y+gap)+legend)
	if size.X > maxSheet/size.Y {
		return fmt.Errorf("a contact sheet of %dx%d pixels is too large", size.X, size.Y)
	}
	out := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	for k, i := range o.Slices {
		at := image.Pt(gap+k%o.Columns*(tile.X+gap), gap+k/o.Columns*(tile.Y+gap))
		if err := drawTile(out, image.Rectangle{Min: at, Max: at.Add(tile)}, in, i, o.Window); err != nil {
			return err
		}
	}
	drawLegend(out, in.Labels, size.Y-legend)
	return png.Encode(w, out)
}

// drawTile draws slice i into r.
func drawTile(out *image.NRGBA, r image.Rectangle, in *Case, i int, w ct.Window) error {
	s, err := in.Series.Slice(i)
	if err != nil {
		return err
	}
	mask, err := in.mask(i)
	if err != nil {
		return err
	}
	grey := shrink(slicePicture(s, w), r.Dx(), r.Dy())
	labels := sample(mask, r.Dx(), r.Dy())
	colors := palette(in.Labels)
	for y := range r.Dy() {
		for x := range r.Dx() {
			k := y*r.Dx() + x
			c := color.NRGBA{R: grey[k], G: grey[k], B: grey[k], A: 0xff}
			if l := labels[k]; l != 0 {
				c = mix(c, colors[l], tint(labels, r.Dx(), x, y))
			}
			out.SetNRGBA(r.Min.X+x, r.Min.Y+y, c)
		}
	}
	label := fmt.Sprint(i + 1)
	if n := foreground(mask); n > 0 {
		label = fmt.Sprintf("%d   %d px", i+1, n)
	}
	text(out, r.Min.Add(image.Pt(5, 14)), label)
	return nil
}

func foreground(m *annotate.Mask) int {
	n := 0
	for _, l := range m.Label {
		if l != 0 {
			n++
		}
	}
	return n
}

// The share of a label's colour on its outline and within.
const (
	outlineShare = 230
	tintShare    = 60
)

// tint is the share (0..255) of the label's colour at (x, y): an outline is
// where a neighbour has another label.
func tint(labels []uint8, w, x, y int) int {
	h, l := len(labels)/w, labels[y*w+x]
	for _, d := range [4]image.Point{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}} {
		nx, ny := x+d.X, y+d.Y
		if nx >= 0 && nx < w && ny >= 0 && ny < h && labels[ny*w+nx] != l {
			return outlineShare
		}
	}
	return tintShare
}

func mix(a, b color.NRGBA, share int) color.NRGBA {
	m := func(a, b uint8) uint8 { return uint8((int(a)*(255-share) + int(b)*share) / 255) }
	return color.NRGBA{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B), A: 0xff}
}

// palette gives each label value its colour; values without one are white.
func palette(labels []annotate.Label) (p [256]color.NRGBA) {
	for i := range p {
		p[i] = ink
	}
	for _, l := range labels {
		p[l.Value] = l.Color
	}
	return p
}

// shrink averages the source pixels of each of w x h pixels; where the source
// is smaller it repeats them.
func shrink(g *image.Gray, w, h int) []uint8 {
	out := make([]uint8, w*h)
	sw, sh := g.Rect.Dx(), g.Rect.Dy()
	for y := range h {
		y0, y1 := span(y, h, sh)
		for x := range w {
			x0, x1 := span(x, w, sw)
			sum := 0
			for sy := y0; sy < y1; sy++ {
				for _, v := range g.Pix[sy*g.Stride+x0 : sy*g.Stride+x1] {
					sum += int(v)
				}
			}
			out[y*w+x] = uint8(sum / ((y1 - y0) * (x1 - x0)))
		}
	}
	return out
}

// sample takes, for each of w x h pixels, the first label among its source
// pixels, so that small findings stay visible.
func sample(m *annotate.Mask, w, h int) []uint8 {
	out := make([]uint8, w*h)
	for y := range h {
		y0, y1 := span(y, h, m.H)
		for x := range w {
			x0, x1 := span(x, w, m.W)
			for sy := y0; sy < y1 && out[y*w+x] == 0; sy++ {
				for _, v := range m.Label[sy*m.W+x0 : sy*m.W+x1] {
					if v != 0 {
						out[y*w+x] = v
						break
					}
				}
			}
		}
	}
	return out
}

// span is the source pixels [from, to) of pixel i of n, out of m.
func span(i, n, m int) (from, to int) {
	from = i * m / n
	return from, max(from+1, (i+1)*m/n)
}

func drawLegend(out *image.NRGBA, labels []annotate.Label, top int) {
	x := gap + 4
	for _, l := range labels {
		swatch := image.Rect(x, top+8, x+12, top+20)
		draw.Draw(out, swatch, image.NewUniform(l.Color), image.Point{}, draw.Src)
		x = text(out, image.Pt(x+18, top+18), l.Name) + 24
	}
}

// text writes s with its baseline at p, dark-edged to be read on any grey, and
// returns where it ends.
func text(out *image.NRGBA, p image.Point, s string) int {
	d := font.Drawer{Dst: out, Src: image.NewUniform(ground), Face: basicfont.Face7x13}
	for _, e := range [4]image.Point{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}} {
		d.Dot = fixed.P(p.X+e.X, p.Y+e.Y)
		d.DrawString(s)
	}
	d.Src, d.Dot = image.NewUniform(ink), fixed.P(p.X, p.Y)
	d.DrawString(s)
	return d.Dot.X.Ceil()
}
