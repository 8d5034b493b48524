package viewport

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
)

// Frame is what there is to show of one slice. The slices are read, never
// written, and have W*H values; Mask and Prob may be nil.
type Frame struct {
	W, H   int
	HU     []int16 // Hounsfield units
	Mask   []uint8 // labels, 0 is background
	Prob   []uint8 // probabilities, 0 to 255
	Aspect float64 // height of a pixel over its width; 0 means 1
}

// Overlay says which layers lie over the grey values and how strongly.
type Overlay struct {
	Mask, Heat               bool
	Unsure                   bool    // heat, of how unsure each pixel is in place of its probability
	MaskOpacity, HeatOpacity float64 // 0 to 1
	Outline                  bool    // draw the labels' borders more strongly, each in its pattern
}

func (o Overlay) heated() bool { return o.Heat || o.Unsure }

// Viewport is the widget. Make it with New.
type Viewport struct {
	widget.BaseWidget

	// On holds what is called when the user does something. Set it before the
	// widget is shown.
	On Handlers

	frame   Frame
	view    View
	laid    View            // the one that the layers lie by
	marked  image.Rectangle // holds all labels
	fitted  bool            // the user has neither zoomed nor panned: follow the widget's size
	overlay Overlay
	styles  map[uint8]Style
	hidden  bool // the mask is hidden for as long as a key is held

	window ct.Window
	how    Interpolation
	invert bool // black and white are exchanged
	grid   bool // borders of pixels are drawn at high zoom
	fine   fine

	greys   greys
	tints   tints
	heats   heats
	class   []uint8 // of each pixel; nil: no areas are told apart
	classes classes

	ground           ground
	grey, heat, mask *layer
	areas            *layer // of classes
	letters          letters
	cursor           brushCursor
	pointing         bool // the pointer is a cross and no brush
	marks            []*mark
	cross            crosshair
	ghost            ghost
	lens             lens
	path             *pathLayer
	objects          []fyne.CanvasObject

	input input
}

// New returns an empty viewport.
func New() *Viewport {
	v := &Viewport{fitted: true, view: View{Zoom: 1, Aspect: 1}, how: Cubic, window: ct.Lung, ground: newGround()}
	v.grey = newLayer(canvas.ImageScaleFastest, func(dst words, r image.Rectangle) {
		composeGrey(dst, v.frame.HU, v.frame.W, r, &v.greys)
	})
	v.heat = newLayer(canvas.ImageScaleFastest, func(dst words, r image.Rectangle) {
		composeHeat(dst, v.frame.Prob, v.frame.W, r, &v.heats)
	})
	v.areas = newLayer(canvas.ImageScalePixels, func(dst words, r image.Rectangle) {
		composeClasses(dst, v.class, v.frame.W, r, &v.classes)
	})
	v.mask = newLayer(canvas.ImageScalePixels, func(dst words, r image.Rectangle) {
		composeMask(dst, v.frame.Mask, v.frame.W, v.frame.H, r, &v.tints)
	})
	v.fine = newFine()
	v.fine.raster.Generator = func(_, _ int) image.Image { return v.fine.img }
	v.letters = newLetters()
	v.cursor = newBrushCursor()
	v.cross = newCrosshair()
	v.ghost = newGhost()
	v.lens = newLens(v.magnify)
	v.path = newPathLayer()
	v.stack()
	v.greys.set(v.window, false)
	v.ExtendBaseWidget(v)
	v.SetOverlay(Overlay{Mask: true, MaskOpacity: 0.4, HeatOpacity: 0.5, Outline: true})
	v.showLayers()
	return v
}

// stack lists what is painted, from the bottom up.
func (v *Viewport) stack() {
	v.objects = v.ground.objects()
	v.objects = append(v.objects, v.grey.raster, v.fine.raster, v.heat.raster, v.areas.raster, v.mask.raster)
	v.objects = append(v.objects, v.cross.objects()...)
	for _, m := range v.marks {
		v.objects = append(v.objects, m.objects()...)
	}
	v.objects = append(v.objects, v.path.raster)
	v.objects = append(v.objects, v.letters.objects()...)
	v.objects = append(v.objects, v.ghost.under, v.ghost.over, v.lens.raster, v.lens.ring)
	v.objects = append(v.objects, v.cursor.objects()...)
}

// SetFrame shows another slice, or nothing with the zero Frame. The view stays
// where it is among slices of one size, and starts anew with another size.
func (v *Viewport) SetFrame(f Frame) {
	if f.Aspect <= 0 {
		f.Aspect = 1
	}
	other := f.W != v.frame.W || f.H != v.frame.H || f.Aspect != v.view.Aspect
	v.frame, v.view.Aspect = f, f.Aspect
	if len(v.class) != f.W*f.H {
		v.class = nil
	}
	if other {
		v.fitted = true
	}
	whole := image.Rect(0, 0, f.W, f.H)
	v.mark(whole)
	v.showLayers()
	v.arrange()
	v.grey.changed(whole)
	v.heat.changed(whole)
	v.areas.changed(whole)
	v.mask.changed(whole)
	v.ground.repaint()
	v.moves()
}

// Frame returns what is shown.
func (v *Viewport) Frame() Frame { return v.frame }

// SetWindow sets the window level of the grey values.
func (v *Viewport) SetWindow(w ct.Window) {
	v.window = w
	v.showGreys()
}

// SetInvert exchanges black and white.
func (v *Viewport) SetInvert(on bool) {
	if v.invert != on {
		v.invert = on
		v.showGreys()
	}
}

func (v *Viewport) showGreys() {
	v.greys.set(v.window, v.invert)
	v.moves()
	v.grey.changed(v.grey.rect)
	v.refreshLens()
}

// SetStyles sets the look of the labels by their value.
func (v *Viewport) SetStyles(styles map[uint8]Style) {
	v.styles = styles
	v.tints.set(styles, v.overlay.MaskOpacity, v.overlay.Outline)
	if v.overlay.heated() && v.overlay.Outline {
		v.tints.thin() // or areas would hide the heat's colours
	}
	if v.class != nil {
		v.tints.clear()
	}
	v.mask.changed(v.mask.rect)
	v.refreshLens()
}

// SetOverlay chooses the layers over the grey values.
func (v *Viewport) SetOverlay(o Overlay) {
	v.overlay = o
	v.heats.set(o.HeatOpacity, o.Unsure)
	v.heat.changed(v.heat.rect)
	v.SetStyles(v.styles)
	v.showLayers()
}

// HideMask hides mask and heat, as long as a key is held.
func (v *Viewport) HideMask(hide bool) {
	v.hidden = hide
	v.showLayers()
}

// SetLetters sets the sides of the patient that the edges show.
func (v *Viewport) SetLetters(left, right, top, bottom string) {
	v.letters.set(left, right, top, bottom)
	v.letters.place(v.Size())
	v.ground.repaint()
}

// SetPixels takes the present labels and probabilities of the slice in view,
// which differ from those shown in r only. Either may be nil.
func (v *Viewport) SetPixels(mask, prob []uint8, r image.Rectangle) {
	if n := v.frame.W * v.frame.H; mask != nil && len(mask) != n || prob != nil && len(prob) != n {
		return // of another slice
	}
	v.frame.Mask, v.frame.Prob = mask, prob
	v.mark(r)
	v.showLayers()
	v.refreshLens()
	r = r.Inset(-1) // the outline of a pixel depends on its neighbours
	v.mask.changed(r)
	v.heat.changed(r)
}

// showLayers shows the layers for which there is something to show.
func (v *Viewport) showLayers() {
	v.grey.show(v.frame.HU != nil && !v.fine.shown)
	v.heat.show(v.frame.Prob != nil && v.overlay.heated() && !v.hidden)
	v.areas.show(v.class != nil && !v.hidden)
	v.mask.show(!v.marked.Empty() && v.overlay.Mask && !v.hidden)
	v.refreshLens()
	v.ground.repaint()
}

// Compose does the work of the next frame without painting it, for benchmarks.
func (v *Viewport) Compose() {
	for _, l := range []*layer{v.grey, v.heat, v.areas, v.mask} {
		if !l.raster.Hidden {
			l.picture()
		}
	}
}
