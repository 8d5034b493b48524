package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toolButton is a command in the tool bar: icon, short name and key. It takes
// no focus, so the keys stay with the picture.
type toolButton struct {
	widget.BaseWidget
	hinted
	cmd    *command
	tapped func()

	ground    *canvas.Rectangle
	icon      *canvas.Image
	name, key *canvas.Text
	state     toolState
	slim      bool // icon and key alone, for a column
	tight     bool // the icon alone
}

// toolState is what a button shows beside its command.
type toolState struct{ can, on, over, shown bool }

const (
	toolIcon   = 18
	toolGap    = 6
	toolPad    = 9
	toolHeight = 32
	slimWidth  = 34
	slimHeight = 28
)

func newToolButton(c *command, tapped func()) *toolButton {
	b := &toolButton{
		cmd: c, tapped: tapped,
		ground: canvas.NewRectangle(color.Transparent),
		icon:   canvas.NewImageFromResource(c.icon),
		name:   canvas.NewText(c.bar, colText),
		key:    canvas.NewText("", colDim),
	}
	b.ground.CornerRadius = 5
	b.name.TextSize, b.key.TextSize = 13, 11
	b.showKey()
	b.ExtendBaseWidget(b)
	b.update()
	return b
}

// showKey shows the command's name and key where there is room; the longer keys
// are in the menu and in the hint.
func (b *toolButton) showKey() {
	b.name.Text, b.key.Text = b.cmd.bar, ""
	if b.cmd.bare || b.tight || b.slim {
		b.name.Text = ""
	}
	if len(b.cmd.keys) > 0 && b.cmd.keys[0].mod == 0 && !b.tight {
		b.key.Text = b.cmd.keys[0].String()
	}
}

// update shows whether the command can be done and is switched on.
func (b *toolButton) update() { b.show(b.state.over) }

func (b *toolButton) show(over bool) {
	s := toolState{can: b.cmd.can(), on: b.cmd.on != nil && b.cmd.on(), over: over, shown: true}
	if s == b.state {
		return
	}
	b.state = s
	b.ground.FillColor = color.Transparent
	b.name.Color, b.key.Color = colText, colDim
	b.icon.Resource = b.cmd.icon
	switch {
	case !s.can:
		b.name.Color, b.key.Color = colOff, colOff
		b.icon.Resource = theme.NewDisabledResource(b.cmd.icon)
	case s.on:
		b.ground.FillColor = colPicked
		b.icon.Resource = theme.NewColoredResource(b.cmd.icon, theme.ColorNamePrimary)
	case s.over:
		b.ground.FillColor = colRaised
	}
	b.Refresh()
}

// Tapped does the command.
func (b *toolButton) Tapped(*fyne.PointEvent) { b.tapped() }

// MouseIn lights the button up and tells what it does.
func (b *toolButton) MouseIn(*desktop.MouseEvent) { b.light(true) }

// MouseMoved does nothing.
func (b *toolButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn did.
func (b *toolButton) MouseOut() { b.light(false) }

func (b *toolButton) light(on bool) {
	b.show(on)
	b.hover(on)
}

// MinSize fits icon, name and key.
func (b *toolButton) MinSize() fyne.Size {
	if b.slim {
		return fyne.NewSize(slimWidth, slimHeight)
	}
	w := float32(2*toolPad + toolIcon)
	for _, t := range []*canvas.Text{b.name, b.key} {
		if t.Text != "" {
			w += toolGap + t.MinSize().Width
		}
	}
	return fyne.NewSize(w, toolHeight)
}

// CreateRenderer implements fyne.Widget.
func (b *toolButton) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{b.ground, b.icon, b.name, b.key}, min: b.MinSize, layout: b.layout}
}

func (b *toolButton) layout(s fyne.Size) {
	b.ground.Resize(s)
	b.icon.Resize(fyne.NewSquareSize(toolIcon))
	if b.slim {
		b.layoutSlim(s)
		return
	}
	b.icon.Move(fyne.NewPos(toolPad, (s.Height-toolIcon)/2))
	x := float32(toolPad + toolIcon + toolGap)
	for _, t := range []*canvas.Text{b.name, b.key} {
		if t.Text == "" {
			continue
		}
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
		x += m.Width + toolGap
	}
}

// layoutSlim puts the icon left and the key right of it at the bottom.
func (b *toolButton) layoutSlim(s fyne.Size) {
	b.icon.Move(fyne.NewPos(3, (s.Height-toolIcon)/2))
	b.key.TextSize = 10
	b.key.Hidden = len(b.key.Text) > 1
	m := b.key.MinSize()
	b.key.Resize(m)
	b.key.Move(fyne.NewPos(s.Width-m.Width-2, s.Height-m.Height-1))
}

// boxRenderer renders a widget made of canvas objects that its owner places.
type boxRenderer struct {
	objects []fyne.CanvasObject
	min     func() fyne.Size
	layout  func(fyne.Size)
}

// Destroy has nothing to free.
func (r *boxRenderer) Destroy() {}

// Layout places the objects.
func (r *boxRenderer) Layout(s fyne.Size) { r.layout(s) }

// MinSize is the owner's.
func (r *boxRenderer) MinSize() fyne.Size { return r.min() }

// Objects returns them from the bottom up.
func (r *boxRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Refresh paints them anew.
func (r *boxRenderer) Refresh() {
	for _, o := range r.objects {
		o.Refresh()
	}
}
