package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/ui/viewport"
)

// labelHeight is that of a label's row, and labelsShown how many are shown before
// the list scrolls.
const (
	labelHeight = 26
	labelsShown = 8
)

// styleOf is how the viewport shows a label. The pattern goes by the value, so
// that a label keeps it wherever it stands in the table.
func styleOf(l annotate.Label, look annotate.Look) viewport.Style {
	return viewport.Style{
		Color: l.Color, Pattern: viewport.PatternOf(int(l.Value) - 1), Fade: 1 - look.Opacity, Bare: look.Outline, Hidden: look.Hidden,
	}
}

// styles is how the viewport shows the labels of a session.
func styles(s *annotate.Session) map[uint8]viewport.Style {
	out := map[uint8]viewport.Style{}
	for _, l := range s.Labels() {
		out[l.Value] = styleOf(l, s.LabelLook(l.Value))
	}
	return out
}

// showStyles shows how labels look now, wherever they are shown.
func (w *Window) showStyles() {
	of := styles(w.session)
	for _, v := range w.viewports() {
		v.SetStyles(of)
	}
	w.list.pixelsChanged(annotate.EverySlice)
}

// updateLabels shows the label table; before a series is open, that which it will
// begin with.
func (p *panel) updateLabels() {
	s := p.w.session
	table, look := p.w.firstLabels(), func(uint8) annotate.Look { return annotate.Look{Opacity: 1} }
	if s != nil {
		table, look = s.Labels(), s.LabelLook
	}
	p.showLabels(table, look)
	for _, r := range p.labels {
		if on := s != nil && r.label.Value == s.ActiveLabel(); on != r.picked {
			r.pick(on)
		}
	}
	p.rule.update()
}

// showLabels makes a row of each label, where they are others than those shown.
func (p *panel) showLabels(table []annotate.Label, look func(uint8) annotate.Look) {
	same := len(table) == len(p.labels)
	for i := 0; same && i < len(table); i++ {
		same = p.labels[i].label == table[i] && p.labels[i].look == look(table[i].Value)
	}
	if same {
		return
	}
	n := len(p.labels)
	p.labels = nil
	p.labelRows.RemoveAll()
	for _, l := range table {
		r := p.newLabel(l, look(l.Value))
		p.labels = append(p.labels, r)
		p.labelRows.Add(r)
	}
	p.labelList.SetMinSize(fyne.NewSize(0, labelHeight*float32(min(len(table), labelsShown))))
	if n != len(table) {
		p.box.Refresh() // or what is below would not make room
	}
}

func (p *panel) newLabel(l annotate.Label, look annotate.Look) *labelRow {
	w := p.w
	pick := func(then func()) func() {
		return func() {
			if w.hasSeries() {
				w.session.SetActiveLabel(l.Value)
				then()
			}
			w.focusView()
		}
	}
	r := newLabelRow(l, look, pick(func() {}), pick(w.editLabel))
	r.lock.tapped = func() { w.setLocked(l.Value, !l.Locked) }
	r.eye.tapped = func() { w.setHidden(l.Value, !look.Hidden) }
	w.explain(r, l.Name, txtHintLabel)
	w.explain(r.lock, txtLockLabel, txtHintLock)
	w.explain(r.eye, txtHideLabel, txtHintHide)
	id := fmt.Sprintf("label.%d", l.Value)
	w.named[id], w.named[id+".lock"], w.named[id+".eye"] = r, r.lock, r.eye
	return r
}

// labelButtons add, edit and remove labels.
func (p *panel) labelButtons() fyne.CanvasObject {
	row := container.NewHBox()
	for _, b := range []struct {
		id   string
		icon fyne.Resource
	}{{"label.add", theme.ContentAddIcon()}, {"label.edit", theme.DocumentCreateIcon()}, {"label.remove", theme.ContentRemoveIcon()}} {
		o := newHintButton("", b.icon, func() { p.w.Do(b.id) }, p.w.focusView)
		o.Importance = widget.LowImportance
		p.w.explainCommand(o, b.id)
		p.w.named["panel."+b.id] = o
		row.Add(fixed(26, 24, o))
	}
	return row
}

// iconToggle is a small switch of two icons; the one of the usual state is dim.
type iconToggle struct {
	widget.BaseWidget
	hinted
	icon   *canvas.Image
	tapped func()
	on     bool
}

func newIconToggle(on, off fyne.Resource, state bool) *iconToggle {
	t := &iconToggle{on: state, icon: canvas.NewImageFromResource(off)}
	if t.icon.Translucency = 0.45; state {
		t.icon = canvas.NewImageFromResource(on)
	}
	t.icon.FillMode = canvas.ImageFillContain
	t.ExtendBaseWidget(t)
	return t
}

// Tapped turns it over.
func (t *iconToggle) Tapped(*fyne.PointEvent) { t.tapped() }

// CreateRenderer implements fyne.Widget.
func (t *iconToggle) CreateRenderer() fyne.WidgetRenderer {
	min := func() fyne.Size { return fyne.NewSize(22, labelHeight) }
	return &boxRenderer{objects: []fyne.CanvasObject{t.icon}, min: min, layout: func(s fyne.Size) {
		t.icon.Resize(fyne.NewSize(16, 16))
		t.icon.Move(fyne.NewPos((s.Width-16)/2, (s.Height-16)/2))
	}}
}
