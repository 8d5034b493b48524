package viewport

import (
	"image"
	"math"
	"slices"
	"time"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Rest is how long the picture keeps still before it is made anew in the
// screen's own pixels.
const Rest = 150 * time.Millisecond

// MinGrid is the zoom, in the screen's pixels an image pixel, from which the
// grid of pixels is shown.
const MinGrid = 8

// fine is the picture at rest: the visible part of the slice in the screen's
// own pixels, interpolated in Hounsfield units, with the grid of pixels. A
// worker makes it while nothing moves; the grey layer stands in until then.
type fine struct {
	raster  *canvas.Raster
	img     *image.RGBA // on the screen
	spare   *image.RGBA
	hu      []int16 // the worker's copy: owners write to theirs again
	timer   *time.Timer
	version int // of what is to be shown: what was made for another is dropped
	busy    bool
	shown   bool
}

func newFine() fine {
	f := fine{img: &image.RGBA{}, spare: &image.RGBA{}}
	f.raster = canvas.NewRaster(nil)
	f.raster.ScaleMode, f.raster.Hidden = canvas.ImageScalePixels, true
	return f
}

// job is what a worker makes a fine picture of.
type job struct {
	dst        *image.RGBA
	crop       crop
	place      image.Rectangle // of it, in the screen's pixels from the widget's corner
	hu         []int16
	w, h       int // of the image
	how        Interpolation
	shade      shade
	grid       bool
	gx, gy     float64 // where the image's corner lies, in output pixels
	perX, perY float64 // output pixels an image pixel
	version    int
}

// SetInterpolation picks how the grey values between pixels are found. While
// the picture moves the graphics card scales it, at rest Hounsfield units are
// interpolated.
func (v *Viewport) SetInterpolation(k Interpolation) {
	v.how = k
	v.grey.raster.ScaleMode = canvas.ImageScaleFastest
	if k == Nearest {
		v.grey.raster.ScaleMode = canvas.ImageScalePixels
	}
	v.grey.raster.Refresh()
	v.moves()
}

// SetGrid chooses whether the borders of pixels are drawn at high zoom.
func (v *Viewport) SetGrid(on bool) {
	if v.grid != on {
		v.grid = on
		v.moves()
	}
}

// moves tells that the grey picture is another from now on.
func (v *Viewport) moves() {
	f := &v.fine
	f.version++
	if f.shown {
		f.shown = false
		f.raster.Hidden = true
		v.grey.show(v.frame.HU != nil)
	}
	if v.On.Post == nil || v.frame.HU == nil {
		return
	}
	if f.timer == nil {
		f.timer = time.AfterFunc(Rest, func() { v.On.Post(v.refine) })
		return
	}
	f.timer.Reset(Rest)
}

// refine lets a worker make the fine picture, where it would be another than
// the grey layer's.
func (v *Viewport) refine() {
	f := &v.fine
	if f.busy || f.shown || v.frame.HU == nil {
		return // a worker that ends starts the next
	}
	j := v.job()
	if j.place.Empty() || v.how == Nearest && !j.grid {
		return
	}
	f.busy = true
	go func() {
		j.do()
		v.On.Post(func() { v.refined(j) })
	}()
}

func (v *Viewport) job() *job {
	s := v.Scale()
	per := image.Pt(int(float64(v.Size().Width)*s), int(float64(v.Size().Height)*s))
	x0, y0 := v.view.ToScreen(0, 0)
	x1, y1 := v.view.ToScreen(float64(v.frame.W), float64(v.frame.H))
	up := func(f float64) int { return int(math.Ceil(f*s - 0.5)) } // pixels whose centre lies within
	at := image.Rect(up(x0), up(y0), up(x1), up(y1)).Intersect(image.Rectangle{Max: per})
	f := &v.fine
	f.hu = append(f.hu[:0], v.frame.HU...)
	j := &job{dst: f.spare, place: at, hu: f.hu, w: v.frame.W, h: v.frame.H, how: v.how, shade: newShade(v.window, v.invert), version: f.version}
	j.perX, j.perY = v.view.Zoom*s, v.view.Zoom*v.view.Aspect*s
	j.gx, j.gy = x0*s-float64(at.Min.X), y0*s-float64(at.Min.Y)
	j.crop = crop{w: at.Dx(), h: at.Dy(), x: (0.5 - j.gx) / j.perX, y: (0.5 - j.gy) / j.perY, stepX: 1 / j.perX, stepY: 1 / j.perY}
	j.grid = v.grid && min(j.perX, j.perY) >= MinGrid
	return j
}

// do makes the picture.
func (j *job) do() {
	n := 4 * j.crop.w * j.crop.h
	j.dst.Pix = slices.Grow(j.dst.Pix[:0], n)[:n]
	j.dst.Stride, j.dst.Rect = 4*j.crop.w, image.Rect(0, 0, j.crop.w, j.crop.h)
	dst := unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(j.dst.Pix))), n/4)
	resample(dst, j.crop, j.hu, j.w, j.h, j.how, j.shade)
	if j.grid {
		j.drawGrid(dst)
	}
}

// drawGrid draws the borders between pixels.
func (j *job) drawGrid(dst []uint32) {
	w, h := j.crop.w, j.crop.h
	for i := range j.w + 1 {
		if x := int(math.Floor(j.gx + float64(i)*j.perX)); x >= 0 && x < w {
			for y := range h {
				dst[y*w+x] = gridOver(dst[y*w+x])
			}
		}
	}
	for i := range j.h + 1 {
		if y := int(math.Floor(j.gy + float64(i)*j.perY)); y >= 0 && y < h {
			for x, c := range dst[y*w:][:w] {
				dst[y*w+x] = gridOver(c)
			}
		}
	}
}

// gridOver is a fifth of a light blue over a grey: faint, and seen on any of
// them by its colour or its lightness.
func gridOver(c uint32) uint32 {
	g := c & 0xff * 4
	return 0xff000000 | (g+240)/5<<16 | (g+170)/5<<8 | (g+90)/5
}

// refined shows what a worker has made, unless it no longer holds.
func (v *Viewport) refined(j *job) {
	f := &v.fine
	f.busy = false
	if j.version != f.version {
		v.refineAgain()
		return
	}
	f.img, f.spare = j.dst, f.img
	s := v.Scale()
	f.raster.Move(fyne.NewPos(float32(float64(j.place.Min.X)/s), float32(float64(j.place.Min.Y)/s)))
	f.raster.Resize(fyne.NewSize(float32(float64(j.place.Dx())/s), float32(float64(j.place.Dy())/s)))
	f.shown, f.raster.Hidden = true, false
	v.grey.show(false)
	f.raster.Refresh()
}

// refineAgain makes up for a rest that came while a worker was busy.
func (v *Viewport) refineAgain() {
	if v.frame.HU != nil {
		v.fine.timer.Reset(Rest)
	}
}
