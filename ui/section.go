package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// prefFolded holds the names of the panel's sections that are folded away.
const prefFolded = "panel.folded"

// section is a part of the panel that folds away under its heading, and stays
// so in the next session. Beside, which may be nil, is in the heading's line.
func (p *panel) section(name string, beside fyne.CanvasObject, parts ...fyne.CanvasObject) fyne.CanvasObject {
	prefs := p.w.app.Preferences()
	body := container.NewVBox(parts...)
	head := newSectionHead(name, p.w.focusView)
	show := func(open bool) {
		head.fold(!open)
		body.Hidden = !open
	}
	show(!slices.Contains(prefs.StringList(prefFolded), name))
	head.tapped = func() {
		show(body.Hidden)
		list := slices.DeleteFunc(prefs.StringList(prefFolded), func(s string) bool { return s == name })
		if body.Hidden {
			list = append(list, name)
		}
		prefs.SetStringList(prefFolded, list)
		p.box.Refresh()
		p.w.traceLayout()
	}
	p.w.explain(head, name, txtHintFold)
	p.w.named["section."+name] = head
	row := fyne.CanvasObject(head)
	if beside != nil {
		row = container.NewBorder(nil, nil, nil, container.NewHBox(layout.NewSpacer(), beside), head)
	}
	return container.NewVBox(row, body)
}

// sectionHead is the heading of a section: a click, Space or Enter folds it.
type sectionHead struct {
	widget.BaseWidget
	hinted
	tapped, esc func()
	ground      *canvas.Rectangle
	sign, name  *canvas.Text
	focused     bool
	over        bool
}

func newSectionHead(name string, esc func()) *sectionHead {
	h := &sectionHead{esc: esc, ground: canvas.NewRectangle(colPanel), sign: text("", 10, colDim), name: heading(name)}
	h.ground.CornerRadius = 3
	h.ExtendBaseWidget(h)
	return h
}

func (h *sectionHead) fold(folded bool) {
	h.sign.Text = "▾"
	if folded {
		h.sign.Text = "▸"
	}
	h.paint()
}

func (h *sectionHead) paint() {
	h.ground.FillColor, h.ground.StrokeWidth = colPanel, 0
	if h.over {
		h.ground.FillColor = colRaised
	}
	if h.focused {
		h.ground.StrokeColor, h.ground.StrokeWidth = colAccent, 1
	}
	h.Refresh()
}

// Tapped folds or unfolds.
func (h *sectionHead) Tapped(*fyne.PointEvent) { h.tapped() }

// FocusGained shows the focus.
func (h *sectionHead) FocusGained() {
	h.focused = true
	h.paint()
}

// FocusLost ends that.
func (h *sectionHead) FocusLost() {
	h.focused = false
	h.paint()
}

// TypedRune takes no characters.
func (h *sectionHead) TypedRune(rune) {}

// TypedKey folds with Space and Enter.
func (h *sectionHead) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		h.tapped()
	case fyne.KeyEscape:
		h.esc()
	}
}

// MouseIn lights the heading up.
func (h *sectionHead) MouseIn(*desktop.MouseEvent) { h.lit(true) }

// MouseMoved does nothing.
func (h *sectionHead) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn did.
func (h *sectionHead) MouseOut() { h.lit(false) }

func (h *sectionHead) lit(on bool) {
	h.over = on
	h.paint()
	h.hover(on)
}

// MinSize fits the name.
func (h *sectionHead) MinSize() fyne.Size {
	return fyne.NewSize(h.name.MinSize().Width+22, h.name.MinSize().Height+2)
}

// CreateRenderer implements fyne.Widget.
func (h *sectionHead) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{h.ground, h.sign, h.name}, min: h.MinSize, layout: func(s fyne.Size) {
		h.ground.Resize(s)
		h.sign.Move(fyne.NewPos(2, (s.Height-h.sign.MinSize().Height)/2))
		h.name.Move(fyne.NewPos(14, (s.Height-h.name.MinSize().Height)/2))
	}}
}
