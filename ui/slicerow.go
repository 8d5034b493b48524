package ui

import (
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// sliceRow is one line of the slice list: thumbnail, number, position, status,
// how much is marked, and how unsure the model is.
type sliceRow struct {
	widget.BaseWidget
	state         rowState
	picture       *canvas.Raster
	number, place *canvas.Text
	status, area  *canvas.Text
	icon          *canvas.Image
	track, bar    *canvas.Rectangle
	doubt         *canvas.Rectangle
	unsure        *canvas.Text
}

// rowState is what a row shows.
type rowState struct {
	number, place, area string
	status              annotate.Status
	share               float32 // of the bar that is filled
	doubt               float32 // 0 to 1; 0 as well where it does not matter
	picture             *image.RGBA
}

const (
	rowHeight = 64
	rowPad    = 4
	rowText   = thumbSize + 3*rowPad // where the text begins
	rowBar    = 82                   // the width of the bars
)

func newSliceRow() *sliceRow {
	r := &sliceRow{
		state:  rowState{picture: image.NewRGBA(image.Rect(0, 0, thumbSize, thumbSize))},
		number: text("", 14, colText), place: text("", 11, colDim),
		status: text("", 11, colDim), area: text("", 11, colDim),
		icon:  canvas.NewImageFromResource(theme.RadioButtonIcon()),
		track: canvas.NewRectangle(colLine), bar: canvas.NewRectangle(colAccent),
		doubt: canvas.NewRectangle(colWarn), unsure: text("", 11, colWarn),
	}
	r.number.TextStyle.Bold = true
	r.picture = canvas.NewRaster(func(_, _ int) image.Image { return r.state.picture })
	r.picture.ScaleMode = canvas.ImageScaleFastest
	r.ExtendBaseWidget(r)
	return r
}

// statusLook is how a status is shown: a word, an icon and a colour.
func statusLook(s annotate.Status) (word string, icon fyne.Resource, c color.Color) {
	switch s {
	case annotate.Proposed:
		return txtProposed, theme.NewColoredResource(theme.RadioButtonFillIcon(), theme.ColorNamePrimary), colAccent
	case annotate.InWork:
		return txtInWork, theme.NewColoredResource(theme.DocumentCreateIcon(), theme.ColorNameWarning), colWarn
	case annotate.Accepted:
		return txtAccepted, theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess), colGood
	case annotate.Rejected:
		return txtRejected, theme.NewColoredResource(theme.CancelIcon(), theme.ColorNameError), colBad
	}
	return txtNew, theme.NewColoredResource(theme.RadioButtonIcon(), theme.ColorNamePlaceHolder), colDim
}

// barFull is the share of a slice's pixels that fills the bar.
const barFull = 0.08

// leastDoubt is the least doubt that a row shows.
const leastDoubt = 0.005

// stateOf is what the row of slice i shows, of which n pixels are marked, with
// this picture.
func stateOf(s *annotate.Session, i, n int, picture *image.RGBA) rowState {
	r := rowState{number: fmt.Sprint(i + 1), status: s.Status(i), area: areaText(s, n), picture: picture}
	if src := s.Series().Sources[i]; src.HasPosition {
		r.place = fmt.Sprintf(txtMM, src.PositionMM)
	}
	r.share = float32(min(1, float64(n)/float64(max(1, s.Series().Rows*s.Series().Columns))/barFull))
	if d, _ := s.Doubt(i); !r.status.Decided() && d >= leastDoubt {
		r.doubt = float32(min(1, d))
	}
	return r
}

// set shows a state; painting it anew only where it is another, since lists
// ask for all their rows at each step.
func (r *sliceRow) set(state rowState) {
	if state == r.state {
		return
	}
	r.state = state
	r.number.Text, r.place.Text, r.area.Text = state.number, state.place, state.area
	r.status.Text, r.icon.Resource, r.status.Color = statusLook(state.status)
	r.unsure.Text = ""
	if state.doubt > 0 {
		r.unsure.Text = fmt.Sprintf(txtUnsure, 100*state.doubt)
	}
	r.layout(r.Size())
	r.Refresh()
}

// areaText is the area of n pixels, in square centimetres where they are known.
func areaText(s *annotate.Session, n int) string {
	g := s.Series().Geometry
	switch {
	case n == 0:
		return ""
	case g.Known:
		return fmt.Sprintf(txtArea, float64(n)*g.Spacing[0]*g.Spacing[1]/100)
	}
	return fmt.Sprintf(txtPixels, n)
}

// tint returns a thumbnail with the mask's colours over it, once they are known.
// Grey is nil while it is being made.
func tint(grey []uint8, s *annotate.Session, slice int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, thumbSize, thumbSize))
	w, h := s.Series().Columns, s.Series().Rows
	colors := map[uint8]color.NRGBA{}
	for _, l := range s.Labels() {
		if !s.LabelLook(l.Value).Hidden {
			colors[l.Value] = l.Color
		}
	}
	var labels []uint8
	if s.Settled(slice) && s.Foreground(slice) > 0 {
		labels = s.Mask(slice).Label
	}
	for p := range thumbSize * thumbSize {
		var v uint8
		if grey != nil {
			v = grey[p]
		}
		c := color.NRGBA{v, v, v, 255}
		if labels != nil {
			if l := labelIn(labels, w, thumbCell(p%thumbSize, p/thumbSize, w, h)); l != 0 {
				if of, shown := colors[l]; shown {
					c = mix(c, of, 0.6)
				}
			}
		}
		img.Pix[4*p], img.Pix[4*p+1], img.Pix[4*p+2], img.Pix[4*p+3] = c.R, c.G, c.B, 255
	}
	return img
}

// labelIn is a label in a part of a picture; 0 where there is none. It looks at
// every other pixel.
func labelIn(labels []uint8, w int, r image.Rectangle) uint8 {
	for y := r.Min.Y; y < r.Max.Y; y += 2 {
		for x := r.Min.X; x < r.Max.X; x += 2 {
			if l := labels[y*w+x]; l != 0 {
				return l
			}
		}
	}
	return 0
}

// mix is a with a share k of b.
func mix(a, b color.NRGBA, k float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-k) + float64(y)*k + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

// MinSize is the row's height and room for its texts.
func (r *sliceRow) MinSize() fyne.Size { return fyne.NewSize(rowText+120, rowHeight) }

// CreateRenderer implements fyne.Widget.
func (r *sliceRow) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{
		objects: []fyne.CanvasObject{r.picture, r.number, r.place, r.icon, r.status, r.area, r.track, r.bar, r.doubt, r.unsure},
		min:     r.MinSize, layout: r.layout,
	}
}

func (r *sliceRow) layout(s fyne.Size) {
	r.picture.Resize(fyne.NewSquareSize(thumbSize))
	r.picture.Move(fyne.NewPos(rowPad, rowPad))
	right := s.Width - 2*rowPad
	put := func(t *canvas.Text, x, y float32, alignRight bool) {
		m := t.MinSize()
		if alignRight {
			x -= m.Width
		}
		t.Resize(m)
		t.Move(fyne.NewPos(x, y))
	}
	put(r.number, rowText, 4, false)
	put(r.place, right, 6, true)
	r.icon.Resize(fyne.NewSquareSize(14))
	r.icon.Move(fyne.NewPos(rowText, 28))
	put(r.status, rowText+18, 27, false)
	put(r.area, right, 27, true)
	r.track.Resize(fyne.NewSize(rowBar, 4))
	r.track.Move(fyne.NewPos(rowText, 48))
	r.bar.Resize(fyne.NewSize(rowBar*r.state.share, 4))
	r.bar.Move(fyne.NewPos(rowText, 48))
	r.doubt.Resize(fyne.NewSize(rowBar*r.state.doubt, 3))
	r.doubt.Move(fyne.NewPos(rowText, 54))
	put(r.unsure, right, 45, true)
	r.bar.Hidden, r.doubt.Hidden = r.state.share == 0, r.state.doubt == 0 // what is empty costs as much to paint
}
