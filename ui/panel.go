package ui

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
)

// panelWidth is the right side's width, and modelWidth that of the model's name in it.
// LabelWidth is that of a label's name.
const (
	panelWidth = 256
	modelWidth = 160
	labelWidth = 124
)

// panel is the right side: proposal, labels, tool and window level.
type panel struct {
	w       *Window
	box     *fyne.Container
	propose *hintButton
	note    *widget.Label

	threshold, overlayOpacity, maskOpacity *numberRow
	overlay                                *hintSelect
	strength                               *fyne.Container // the overlay's opacity; hidden where there is none
	tv, least                              *numberRow
	leastUnit, model                       *canvas.Text
	connect                                *fyne.Container // of the connectivity's controls
	lungs                                  *fyne.Container // shown where it is known how much of them is marked
	involved                               *canvas.Text
	mask, outline, fill                    *hintCheck
	labels                                 []*labelRow
	labelRows                              *fyne.Container
	labelList                              *container.Scroll
	rule                                   *ruleRows
	tool                                   *toolOptions
	width, level                           *numberEntry
}

func newPanel(w *Window) *panel {
	p := &panel{w: w, tool: newToolOptions(w)}
	sections := container.NewVBox(
		p.windowSection(), line(), p.tool.box, line(), p.proposalSection(), line(), p.labelSection(),
	)
	padded := container.New(layout.NewCustomPaddedLayout(8, 8, 10, 10), sections)
	scroll := container.NewVScroll(padded)
	scroll.OnScrolled = func(fyne.Position) { w.tips.hide() } // what it is of has gone from under the pointer
	p.box = container.NewStack(gap(panelWidth, 0), scroll)
	for name, o := range map[string]fyne.CanvasObject{
		"propose": p.propose, "threshold": p.threshold.slider, "threshold.entry": p.threshold.entry,
		"tv": p.tv.slider, "tv.entry": p.tv.entry, "least": p.least.slider, "least.entry": p.least.entry, "fill": p.fill,
		"size": p.tool.px.slider, "overlay": p.overlay, "mask": p.mask, "mask.opacity": p.maskOpacity.slider,
	} {
		w.named[name] = o
	}
	return p
}

func (p *panel) proposalSection() fyne.CanvasObject {
	w := p.w
	p.model = caption("")
	p.propose = newHintButton(txtProposeShort, nil, func() {
		w.Do(p.proposeID())
		w.focusView()
	}, w.focusView)
	p.propose.Importance = widget.HighImportance
	p.propose.onHover(func(inside bool) { w.hoverCommand(p.propose, p.proposeID(), inside) })
	p.threshold = newNumberRow(0.01, 1, 0.01, 2, nil, w.setThreshold, w.focusNow)
	w.explainRow(p.threshold, txtThreshold, txtHintThreshold)
	w.draftWhile(p.threshold)
	p.note = widget.NewLabel("")
	p.note.Wrapping = fyne.TextWrapWord
	p.note.SizeName = "helperText"
	p.note.Importance = widget.LowImportance
	p.involved = text("", 12, colText)
	p.lungs = container.New(layout.NewCustomPaddedVBoxLayout(0), caption(txtLungs), p.involved)
	return p.section(txtProposal, p.model,
		p.propose, caption(txtThreshold), heatLegend(), p.threshold.box, p.connectControls(), p.note,
		p.overlayControls(), p.lungs,
	)
}

// root is a scale that gives small values most of a slider.
func root(round func(float64) float64) *scale {
	return &scale{place: math.Sqrt, value: func(v float64) float64 { return round(v * v) }}
}

// proposeID is the command that the button does now.
func (p *panel) proposeID() string {
	if p.w.proposing != nil {
		return "model.stop"
	}
	return "model.propose"
}

func (p *panel) labelSection() fyne.CanvasObject {
	p.rule = newRuleRows(p.w)
	p.labelRows = container.New(layout.NewCustomPaddedVBoxLayout(0))
	p.labelList = container.NewVScroll(p.labelRows)
	p.mask = p.check(txtMask, &p.w.overlay.Mask, "view.mask")
	p.outline = p.check(txtOutline, &p.w.overlay.Outline, "view.outline")
	p.maskOpacity = p.opacity(&p.w.overlay.MaskOpacity, txtHintOpacity)
	return p.section(txtLabels, p.labelButtons(), p.labelList, p.rule.box, container.NewGridWithColumns(2, p.mask, p.outline), named(caption(txtOpacity), p.maskOpacity))
}

func (p *panel) windowSection() fyne.CanvasObject {
	w := p.w
	presets := container.NewHBox()
	for _, c := range ct.Presets {
		id := "window." + lower(c.Name)
		b := newHintButton(c.Name, nil, func() {
			w.Do(id)
			w.focusView()
		}, w.focusView)
		w.explainCommand(b, id)
		presets.Add(b)
	}
	p.width = newNumberEntry(1, 20000, 50, 0, func(v float64) { w.setWindow(ct.Window{Width: v, Level: w.level.Level}) }, w.focusNow)
	p.level = newNumberEntry(-10000, 20000, 25, 0, func(v float64) { w.setWindow(ct.Window{Width: w.level.Width, Level: v}) }, w.focusNow)
	w.explain(p.width, txtWidth, txtHintWindow)
	w.explain(p.level, txtLevel, txtHintLevel)
	fields := container.NewHBox(caption(txtWL1), fixed(62, 0, p.width), caption(txtWL2), fixed(62, 0, p.level))
	return p.section(txtWindow, fields, presets)
}

// check is a box for a switch of the overlay, which a command turns over too.
func (p *panel) check(name string, value *bool, id string) *hintCheck {
	c := newHintCheck(name, func(on bool) {
		if *value != on {
			p.w.toggle(value)()
			p.w.focusView()
		}
	}, p.w.focusView)
	p.w.explainCommand(c, id)
	return c
}

// opacity is a slider for an opacity of the overlay.
func (p *panel) opacity(value *float64, line string) *numberRow {
	r := newNumberRow(0, 1, 0.05, 2, nil, func(v float64) {
		*value = v
		p.w.setOverlay()
		p.w.saveSettings()
	}, p.w.focusNow)
	p.w.explainRow(r, txtOpacity, line)
	return r
}

// update shows the present settings.
func (p *panel) update() {
	w := p.w
	p.mask.SetChecked(w.overlay.Mask)
	p.outline.SetChecked(w.overlay.Outline)
	p.updateOverlay()
	p.maskOpacity.show(w.overlay.MaskOpacity)
	p.tool.update()
	p.width.decimals, p.level.decimals = windowDecimals(w.level), windowDecimals(w.level)
	p.width.show(w.level.Width)
	p.level.show(w.level.Level)
	p.updateProposal()
	p.updateLungs()
	p.updateLabels()
	if w.session == nil {
		return
	}
	p.threshold.show(w.session.Threshold())
	p.updateConnect()
}

// updateLungs shows how much of the lungs is marked, where that is known.
func (p *panel) updateLungs() {
	v := p.w.involvementOf(p.w.session)
	known := v != nil && v.text != ""
	if known {
		setText(p.involved, v.text)
	}
	if known == p.lungs.Visible() {
		return
	}
	p.lungs.Hidden = !known
	p.box.Refresh() // or what is below would not make room
}

// updateProposal shows what can be proposed, and what a proposal leaves alone.
func (p *panel) updateProposal() {
	w := p.w
	name, note, look := txtProposeShort, txtHumanWins, widget.LowImportance
	if w.services.Marks != "" {
		note = w.services.Marks + " " + note
	}
	switch {
	case w.services.Proposer == nil:
		note = w.services.NoModel
		if note == "" {
			note = txtNoModelWhy
		}
	case w.session != nil && w.session.Status(w.session.Current()).Decided():
		note, look = fmt.Sprintf(txtDecisionStays, w.session.Status(w.session.Current())), widget.WarningImportance
	}
	if w.proposing != nil {
		name = txtStop
	}
	if w.canPropose() || w.proposing != nil {
		p.propose.Enable()
	} else {
		p.propose.Disable()
	}
	p.propose.SetText(name)
	setText(p.model, shorten(w.modelName(), p.model, modelWidth))
	if p.note.Text != note {
		p.note.Importance = look
		p.note.SetText(note)
		p.box.Refresh() // or what is below would not make room
	}
}

// shorten cuts a line of a text's size so that it takes no more than a width.
func shorten(line string, t *canvas.Text, width float32) string {
	wide := func(s string) bool { return fyne.MeasureText(s, t.TextSize, t.TextStyle).Width > width }
	if !wide(line) {
		return line
	}
	r := []rune(line)
	for len(r) > 0 && wide(string(r)+"…") {
		r = r[:len(r)-1]
	}
	return strings.TrimSpace(string(r)) + "…"
}

// named is a row with its name before it.
func named(name *canvas.Text, r *numberRow) fyne.CanvasObject {
	return container.NewBorder(nil, nil, container.NewCenter(name), nil, r.box)
}

// line divides two sections.
func line() fyne.CanvasObject {
	r := canvas.NewRectangle(colLine)
	r.SetMinSize(fyne.NewSize(1, 1))
	return container.New(layout.NewCustomPaddedLayout(3, 3, 0, 0), r)
}

// caption is a small line above or beside a control.
func caption(s string) *canvas.Text { return text(s, 11, colDim) }
