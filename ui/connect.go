package ui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"groundglass/annotate"
)

// connectControls are those of how proposals hang together. Low values get most
// of the sliders.
func (p *panel) connectControls() fyne.CanvasObject {
	w := p.w
	p.tv = newNumberRow(0, annotate.MaxTV, 0.01, 2, root(hundredths), w.setTV, w.focusNow)
	p.tv.entry.step = 0.1
	w.explainRow(p.tv, txtConnectivity, txtHintConnect)
	w.draftWhile(p.tv)
	p.least = newNumberRow(0, annotate.MaxLeastArea, 0.1, 0, root(math.Round), w.setLeastArea, w.focusNow)
	p.least.entry.step = 10
	w.explainRow(p.least, txtSmallest, txtHintLeast)
	w.draftWhile(p.least)
	p.leastUnit = caption(txtLeastPixels)
	p.fill = newHintCheck(txtFill, func(on bool) {
		if on != w.fillsHoles() {
			w.Do("model.fill")
			w.focusView()
		}
	}, w.focusView)
	w.explainCommand(p.fill, "model.fill")
	p.connect = container.NewVBox(caption(txtConnectivity), p.tv.box, named(p.leastUnit, p.least), p.fill)
	return p.connect
}

// updateConnect shows how proposals hang together.
func (p *panel) updateConnect() {
	w := p.w
	if !w.canConnect() {
		p.connect.Hide()
		return
	}
	p.connect.Show()
	c := w.session.Connectivity()
	p.tv.show(c.TV)
	p.least.show(c.LeastArea)
	p.fill.SetChecked(c.FillHoles)
	unit := txtLeastPixels
	if w.session.Series().Geometry.Known {
		unit = txtLeastMM
	}
	setText(p.leastUnit, unit)
}

// setConnectivity changes how proposals hang together; no pixel that a person
// set follows.
func (w *Window) setConnectivity(change func(c *annotate.Connectivity)) {
	if w.session == nil {
		return
	}
	c := w.session.Connectivity()
	change(&c)
	w.session.SetConnectivity(c)
	c = w.session.Connectivity()
	w.trace("connectivity", map[string]any{"tv": c.TV, "area": c.LeastArea, "fill": c.FillHoles})
}

func (w *Window) setTV(v float64) {
	w.setConnectivity(func(c *annotate.Connectivity) { c.TV = v })
}

// moveTV moves the weight by a step, to whole hundredths.
func (w *Window) moveTV(by float64) { w.setTV(hundredths(w.session.Connectivity().TV + by)) }

func (w *Window) setLeastArea(v float64) {
	w.setConnectivity(func(c *annotate.Connectivity) { c.LeastArea = v })
}

func (w *Window) toggleHoles() {
	w.setConnectivity(func(c *annotate.Connectivity) { c.FillHoles = !c.FillHoles })
}

func (w *Window) fillsHoles() bool { return w.session != nil && w.session.Connectivity().FillHoles }

func (w *Window) canConnect() bool { return w.session != nil && w.services.Connector != nil }

// draftWhile lets masks be drafts as long as a row's slider is dragged.
func (w *Window) draftWhile(r *numberRow) {
	changed, ended := r.slider.OnChanged, r.slider.OnChangeEnded
	r.slider.OnChanged = func(v float64) {
		if !r.quiet && w.session != nil {
			w.session.SetDraft(true)
		}
		changed(v)
	}
	r.slider.OnChangeEnded = func(v float64) {
		w.endDraft()
		ended(v)
	}
}

// endDraft shows the masks as they are.
func (w *Window) endDraft() {
	if w.session != nil {
		w.session.SetDraft(false)
		w.list.refreshSoon()
		w.settleSoon()
		w.involveSoon()
	}
}
