package viewport

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ desktop.Hoverable  = (*Viewport)(nil)
	_ desktop.Mouseable  = (*Viewport)(nil)
	_ desktop.Cursorable = (*Viewport)(nil)
	_ desktop.Keyable    = (*Viewport)(nil)
	_ fyne.Draggable     = (*Viewport)(nil)
	_ fyne.Scrollable    = (*Viewport)(nil)
	_ fyne.Focusable     = (*Viewport)(nil)
	_ fyne.Tabbable      = (*Viewport)(nil)
)

// MinSize keeps the viewport usable.
func (v *Viewport) MinSize() fyne.Size { return fyne.NewSize(160, 160) }

// CreateRenderer implements fyne.Widget.
func (v *Viewport) CreateRenderer() fyne.WidgetRenderer { return &renderer{v} }

// renderer hands out the viewport's own objects.
type renderer struct{ v *Viewport }

// Destroy has nothing to free.
func (r *renderer) Destroy() {}

// IsClip makes the painters cut off what lies outside.
func (r *renderer) IsClip() {}

// MinSize is the widget's.
func (r *renderer) MinSize() fyne.Size { return r.v.MinSize() }

// Objects returns the layers from the bottom up.
func (r *renderer) Objects() []fyne.CanvasObject { return r.v.objects }

// Refresh paints what has changed; the layers know.
func (r *renderer) Refresh() { r.v.ground.repaint() }

// Layout follows the widget's size.
func (r *renderer) Layout(s fyne.Size) {
	r.v.letters.place(s)
	r.v.arrange()
}
