package ui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Limits of the settings.
const (
	maxTolerance = 1000
	maxGrowMM    = 300
	maxGrowML    = 5000
	minStep      = 20
	maxStep      = 600
	maxHint      = 30
)

// addRegionRows adds the settings of the tools that find regions.
func (o *toolOptions) addRegionRows() {
	w, r := o.w, &o.w.region
	o.number("tolerance", txtTolerance, txtHintTolerance, &r.tolerance, 0, maxTolerance, 10, true)
	o.add("wand", caption(txtWandHint), nil)
	o.number("wand.radius", txtGrowRadius, txtHintWandRadius, &r.reach, 0, maxGrowMM, 5, true)
	denoise := o.check(txtDenoise, func() bool { return r.denoise }, func(on bool) { r.denoise = on; w.retool() })
	holes := o.check(txtFillSmall, func() bool { return r.holes }, func(on bool) { r.holes = on; w.retool() })
	firm := o.check(txtFirm, func() bool { return r.firm }, func(on bool) { r.firm = on; w.retool() })
	o.add("found", container.NewVBox(denoise.box, firm.box, holes.box), func() {
		denoise.update()
		firm.update()
		holes.update()
	})
	o.addGrowRows()
	o.number("edge", txtStep, txtHintStep, &r.step, minStep, maxStep, 10, false)
	heed := o.check(txtHeedModel, func() bool { return r.model }, func(on bool) { r.model = on; w.retool() })
	o.add("heed", heed.box, heed.update)
	o.number("scribble", txtHintWidth, txtHintHint, &r.hint, 1, maxHint, 1, false)
	outside := o.check(txtOutside, func() bool { return w.brush.cut }, func(on bool) { w.brush.cut = on; w.retool() })
	o.add("outside", container.NewVBox(outside.box, caption(txtCutHint)), outside.update)
	model := o.check(txtHeedModel, func() bool { return r.model }, func(on bool) { r.model = on; w.retool() })
	o.add("scribble.model", container.NewVBox(model.box, caption(txtScribbleHint1), caption(txtScribbleHint2)), model.update)
	o.add("wire", container.NewVBox(caption(txtWireHint1), caption(txtWireHint2)), nil)
	o.add("fill", caption(txtFillHint), nil)
}

func (o *toolOptions) addGrowRows() {
	w, r := o.w, &o.w.region
	volume := o.check(txtVolume, func() bool { return r.volume }, func(on bool) { r.volume = on; w.retool() })
	o.add("grow.volume", volume.box, volume.update)
	o.number("grow.radius", txtGrowRadius, txtHintGrowRadius, &r.radius, 0, maxGrowMM, 5, true)
	o.number("grow.most", txtGrowMost, txtHintGrowMost, &r.most, 0, maxGrowML, 10, true)
}

// number adds a row for a whole number from low to high, with a name before it
// and a line for the status bar. The field's arrows change it by step; where fine
// is set, small values get most of the slider.
func (o *toolOptions) number(name, title, hint string, value *float64, low, high, step float64, fine bool) {
	set := func(v float64) {
		*value = v
		o.w.retool()
	}
	row := newNumberRow(low, high, 1, 0, nil, set, o.w.focusNow)
	if fine {
		row = newNumberRow(low, high, 0.05, 0, root(math.Round), set, o.w.focusNow)
	}
	row.entry.step = step
	o.w.explainRow(row, title, hint)
	o.w.named["tool."+name], o.w.named["tool."+name+".entry"] = row.slider, row.entry
	o.add(name, named(caption(title), row), func() { row.show(*value) })
}

// Keys of the preferences.
const (
	prefTolerance = "tool.wand.tolerance"
	prefReach     = "tool.wand.radius"
	prefDenoise   = "tool.region.denoise"
	prefFirm      = "tool.region.firm"
	prefHoles     = "tool.region.holes"
	prefVolume    = "tool.grow.volume"
	prefGrowMM    = "tool.grow.radius"
	prefGrowML    = "tool.grow.most"
	prefStep      = "tool.edge.step"
	prefHint      = "tool.scribble.width"
	prefHeed      = "tool.scribble.model"
)

// loadRegionSettings takes the last session's settings.
func (w *Window) loadRegionSettings(p fyne.Preferences) {
	r := &w.region
	number := func(key string, v *float64, low, high float64) {
		*v = min(max(p.FloatWithFallback(key, *v), low), high)
	}
	number(prefTolerance, &r.tolerance, 0, maxTolerance)
	number(prefReach, &r.reach, 0, maxGrowMM)
	number(prefGrowMM, &r.radius, 0, maxGrowMM)
	number(prefGrowML, &r.most, 0, maxGrowML)
	number(prefStep, &r.step, minStep, maxStep)
	number(prefHint, &r.hint, 1, maxHint)
	r.denoise = p.BoolWithFallback(prefDenoise, r.denoise)
	r.firm = p.BoolWithFallback(prefFirm, r.firm)
	r.holes = p.BoolWithFallback(prefHoles, r.holes)
	r.volume = p.BoolWithFallback(prefVolume, r.volume)
	r.model = p.BoolWithFallback(prefHeed, r.model)
}

// saveRegionSettings keeps them for the next session.
func (w *Window) saveRegionSettings(p fyne.Preferences) {
	r := &w.region
	p.SetFloat(prefTolerance, r.tolerance)
	p.SetFloat(prefReach, r.reach)
	p.SetFloat(prefGrowMM, r.radius)
	p.SetFloat(prefGrowML, r.most)
	p.SetFloat(prefStep, r.step)
	p.SetFloat(prefHint, r.hint)
	p.SetBool(prefDenoise, r.denoise)
	p.SetBool(prefFirm, r.firm)
	p.SetBool(prefHoles, r.holes)
	p.SetBool(prefVolume, r.volume)
	p.SetBool(prefHeed, r.model)
}
