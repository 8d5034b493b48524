package ui

import (
	"fmt"
	"image"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// cutView shows one cut of the series.
type cutView struct {
	three  *threeViews
	plane  ct.Plane
	layout *ct.Reformat // nil while nothing is open
	cut    int          // the one in view
	depth  float64      // of the point; its whole part is cut
	hu     []int16
	labels []uint8

	box     *fyne.Container
	view    *viewport.Viewport
	name    *canvas.Text
	remarks *widget.Label
}

func newCutView(v *threeViews, p ct.Plane) *cutView {
	c := &cutView{three: v, plane: p, view: viewport.New(), name: text("", 12, colText), remarks: widget.NewLabel("")}
	c.name.TextStyle.Bold = true
	c.remarks.Wrapping = fyne.TextWrapWord
	c.remarks.SizeName = "helperText"
	c.remarks.Importance = widget.WarningImportance
	c.remarks.Hide()
	name := container.New(layout.NewCustomPaddedLayout(2, 2, 8, 8), c.name)
	head := container.NewStack(canvas.NewRectangle(colPanel), container.New(layout.NewCustomPaddedVBoxLayout(0), name, c.remarks))
	c.box = container.NewBorder(head, nil, nil, nil, c.view)
	w := v.w
	c.view.SetPointing(true)
	c.view.On = viewport.Handlers{
		Press: c.press, Drag: c.press, Step: c.step, LevelBegin: w.beginLevel, WindowLevel: w.dragWindow, Hover: c.hover,
		KeyDown: w.keyDown, KeyUp: w.keyUp, TypedKey: w.typedKey, TypedRune: w.typedSign, FocusLost: w.letGo, Modifiers: w.modifiers, Post: w.post,
	}
	return c
}

// opened shows cuts of a series, the volume of which is yet to fill.
func (c *cutView) opened(s *ct.Series) {
	w := c.three.w
	c.layout = ct.NewReformat(s, c.three.volume, c.plane)
	c.hu, c.labels = make([]int16, c.layout.W*c.layout.H), make([]uint8, c.layout.W*c.layout.H)
	c.cut = -1
	c.view.SetLetters(c.layout.Letters())
	c.view.SetStyles(styles(w.session))
	c.view.SetOverlay(w.overlay)
	w.showLook(c.view)
	c.view.SetWindow(w.level)
	c.view.Fit()
}

func (c *cutView) close() {
	c.layout, c.hu, c.labels = nil, nil, nil
	c.view.SetFrame(viewport.Frame{})
	c.view.SetCrosshair(0, 0, false)
	c.view.SetLetters("", "", "", "")
}

// follow shows the cut through the point, and marks it.
func (c *cutView) follow() {
	v := c.three
	var u, w float64
	u, w, c.depth = c.layout.Place(v.x, v.y, v.at)
	cut := min(max(int(math.Floor(c.depth)), 0), c.layout.Depth-1)
	if cut != c.cut {
		c.cut = cut
		c.compose()
	}
	setText(c.name, c.title())
	c.view.SetCrosshair(u, w, true)
}

// compose makes the cut's picture.
func (c *cutView) compose() {
	l := c.layout
	l.HU(c.three.volume, c.cut, c.hu)
	l.Labels(c.three.volume, c.cut, c.labels, image.Rect(0, 0, l.W, l.H))
	c.view.SetFrame(viewport.Frame{W: l.W, H: l.H, HU: c.hu, Mask: c.labels, Aspect: l.Aspect})
	c.remark()
}

// relabel takes the volume's labels within a part of the cut.
func (c *cutView) relabel(part image.Rectangle) {
	if part.Empty() {
		return
	}
	c.layout.Labels(c.three.volume, c.cut, c.labels, part)
	c.view.SetPixels(c.labels, nil, part)
}

// title says which cut this is.
func (c *cutView) title() string {
	v := c.three
	s := v.session.Series()
	if c.layout.Name() == "" {
		if c.plane == ct.AlongRows {
			return fmt.Sprintf(txtCutRow, int(v.y))
		}
		return fmt.Sprintf(txtCutColumn, int(v.x))
	}
	axis := map[string]int{"sagittal": 0, "coronal": 1, "axial": 2}[c.layout.Name()]
	name := [3]string{txtSagittal, txtCoronal, txtAxial}[axis]
	return fmt.Sprintf(txtCut, name, axisText(s.At(v.x-0.5, v.y-0.5, v.at), axis))
}

// remark says what is not as one would expect.
func (c *cutView) remark() {
	v := c.three
	var all []string
	if v.volume.Factor > 1 {
		all = append(all, fmt.Sprintf(txtCutCoarse, v.volume.Factor))
	}
	if c.layout.Name() == "" {
		all = append(all, txtCutPictures)
	}
	if v.unread > 0 {
		all = append(all, fmt.Sprintf(txtCutUnread, countText(v.unread)))
	}
	if v.stopped {
		all = append(all, txtCutStopped)
	}
	if s := strings.Join(all, "; "); s != c.remarks.Text {
		c.remarks.SetText(s)
		c.remarks.Hidden = s == ""
		c.box.Refresh()
	}
}

// press brings the point under the pointer into the other views.
func (c *cutView) press(u, v float64) {
	if c.layout == nil {
		return
	}
	if w := c.three.w; w.measure.ruler != noRuler {
		w.status.probe("", "", "")
		w.status.tell(txtCutMeasure, true)
		return
	}
	c.three.goTo(c.layout.Slice(min(max(u, 0), float64(c.layout.W)), v, c.depth))
}

// step moves through the cuts.
func (c *cutView) step(n int) {
	v := c.three
	if c.layout == nil {
		return
	}
	x, y, by := v.x, v.y, float64(n*v.volume.Factor)
	if c.plane == ct.AlongRows {
		y += by
	} else {
		x += by
	}
	v.point(x, y, v.at)
}

// hover tells what lies under the pointer.
func (c *cutView) hover(u, v float64, inside bool) {
	w := c.three.w
	w.catchUp()
	w.status.tell("", false)
	col, row := int(math.Floor(u)), int(math.Floor(v))
	if c.layout == nil || !inside || col < 0 || row < 0 || col >= c.layout.W || row >= c.layout.H {
		w.status.probe("", "", "")
		return
	}
	hu := fmt.Sprintf(txtHU, c.hu[row*c.layout.W+col])
	x, y, k := c.layout.Slice(u, v, c.depth)
	if shown := c.layout.Shown(row); shown < 0 || !c.three.volume.Has(shown) {
		hu = txtPadding
	}
	place := ""
	if s := c.three.session.Series(); s.Geometry.Known {
		place = placeText(s.At(x-0.5, y-0.5, k))
	}
	w.status.probe(hu, fmt.Sprintf(txtPixelAt, int(math.Floor(x)), int(math.Floor(y))), place)
}
