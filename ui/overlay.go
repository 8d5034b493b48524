package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"groundglass/annotate"
	"groundglass/ui/viewport"
)

// overlay is what lies over the grey values beside the labels: one at a time.
type overlay uint8

const (
	noOverlay overlay = iota
	heatOverlay
	unsureOverlay
	originOverlay
	differenceOverlay
	overlays
)

// overlayKind is how an overlay is called, chosen and explained.
type overlayKind struct {
	id, command, name, pref string
	key                     key
	title                   string
	areas                   []areaKind // of pixels that it tells apart; nil: it is a ramp
	low, high               string     // what the ends of the ramp stand for
}

type areaKind struct {
	name string
	look viewport.AreaStyle
}

var (
	lookAgreed  = viewport.AreaStyle{Color: color.NRGBA{0x35, 0xb5, 0xe8, 0xff}}
	lookAdded   = viewport.AreaStyle{Color: color.NRGBA{0xff, 0xd2, 0x3f, 0xff}, Hatch: viewport.Rising, Between: 0.35}
	lookRemoved = viewport.AreaStyle{Color: color.NRGBA{0xff, 0x5c, 0x9d, 0xff}, Hatch: viewport.Falling, Between: 0.1}
	lookOther   = viewport.AreaStyle{Color: color.NRGBA{0xb7, 0x8c, 0xff, 0xff}, Hatch: viewport.Dots, Between: 0.5}
)

var overlayKinds = [overlays]overlayKind{
	noOverlay:     {name: txtOverlayNone},
	heatOverlay:   {id: "view.heat", command: txtShowHeat, name: txtHeat, pref: prefHeat, key: plain(fyne.KeyO), title: txtLegendHeat, low: "0", high: "1"},
	unsureOverlay: {id: "view.unsure", command: txtShowUnsure, name: txtOverlayUnsure, pref: "unsure.opacity", key: plain(fyne.KeyQ), title: txtLegendUnsure, low: txtLegendSure, high: txtLegendEven},
	originOverlay: {id: "view.origin", command: txtShowOrigin, name: txtOverlayOrigin, pref: "origin.opacity", key: shift(fyne.KeyO), title: txtLegendOrigin,
		areas: []areaKind{{txtByModel, lookAgreed}, {txtAddedBy, lookAdded}, {txtRemovedBy, lookRemoved}}},
	differenceOverlay: {id: "view.difference", command: txtShowDifference, name: txtOverlayDifference, pref: "difference.opacity", key: shift(fyne.KeyD), title: txtLegendDifference,
		areas: []areaKind{{txtAgreed, lookAgreed}, {txtAddedTo, lookAdded}, {txtRemovedFrom, lookRemoved}, {txtOtherLabel, lookOther}}},
}

func (k *overlayKind) styles() (all []viewport.AreaStyle) {
	for _, a := range k.areas {
		all = append(all, a.look)
	}
	return all
}

// overlaying is the overlay in use, and how strong each of them is.
type overlaying struct {
	kind     overlay
	opacity  [overlays]float64
	class    []uint8 // of the slice in view, where the overlay tells areas apart
	proposed []uint8 // scratch
}

func newOverlaying() overlaying {
	return overlaying{opacity: [overlays]float64{heatOverlay: 0.5, unsureOverlay: 0.6, originOverlay: 0.6, differenceOverlay: 0.6}}
}

// overlayTable are the commands that switch overlays.
func (w *Window) overlayTable() []*command {
	var all []*command
	for o := heatOverlay; o < overlays; o++ {
		k := &overlayKinds[o]
		all = append(all, &command{id: k.id, menu: txtView, name: k.command, keys: []key{k.key}, gap: o == heatOverlay,
			do: func() { w.switchOverlay(o) }, on: func() bool { return w.over.kind == o }, when: w.hasSeries})
	}
	all[0].bar, all[0].icon = barHeat, iconHeat
	return all
}

// switchOverlay shows an overlay in place of the one before, or none where it is
// shown already.
func (w *Window) switchOverlay(o overlay) {
	if w.over.kind == o {
		o = noOverlay
	}
	w.over.kind = o
	w.refreshAll()
}

func (w *Window) loadOverlays() {
	for o := heatOverlay; o < overlays; o++ {
		w.over.opacity[o] = w.app.Preferences().FloatWithFallback(overlayKinds[o].pref, w.over.opacity[o])
	}
}

func (w *Window) saveOverlays() {
	for o := heatOverlay; o < overlays; o++ {
		w.app.Preferences().SetFloat(overlayKinds[o].pref, w.over.opacity[o])
	}
}

// showOverlay shows the overlay in use.
func (w *Window) showOverlay() {
	o := &w.over
	w.overlay.Heat, w.overlay.Unsure = o.kind == heatOverlay, o.kind == unsureOverlay
	w.overlay.HeatOpacity = o.opacity[o.kind]
	k := &overlayKinds[o.kind]
	w.view.SetClassStyles(k.styles(), o.opacity[o.kind])
	w.legend.show(o.kind)
	w.showClasses(image.Rect(0, 0, w.view.Frame().W, w.view.Frame().H))
}

// showClasses finds the classes of the pixels of the slice in view that differ
// within r from those shown.
func (w *Window) showClasses(r image.Rectangle) {
	o, f := &w.over, w.view.Frame()
	if w.session == nil || w.shown != w.session.Current() || overlayKinds[o.kind].areas == nil {
		w.view.SetClasses(nil, r)
		return
	}
	if n := f.W * f.H; len(o.class) != n {
		o.class, o.proposed = make([]uint8, n), make([]uint8, n)
		r = image.Rect(0, 0, f.W, f.H)
	}
	r = r.Intersect(image.Rect(0, 0, f.W, f.H))
	m := w.session.Sketch(w.shown)
	if o.kind == differenceOverlay {
		w.session.Proposed(w.shown, r, o.proposed)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for p, end := y*f.W+r.Min.X, y*f.W+r.Max.X; p < end; p++ {
			if o.kind == originOverlay {
				o.class[p] = originClass(m.Origin[p])
			} else {
				o.class[p] = differenceClass(m.Label[p], o.proposed[p])
			}
		}
	}
	w.view.SetClasses(o.class, r)
}

// originClass is the class of a pixel by who set it.
func originClass(o annotate.Origin) uint8 {
	switch o {
	case annotate.Model:
		return 1
	case annotate.HumanAdded:
		return 2
	case annotate.HumanRemoved:
		return 3
	}
	return 0
}

// differenceClass is the class of a pixel by its label and the proposed one.
func differenceClass(label, proposed uint8) uint8 {
	switch {
	case label == proposed && label == 0:
		return 0
	case label == proposed:
		return 1
	case proposed == 0:
		return 2
	case label == 0:
		return 3
	}
	return 4
}

// overlayControls choose the overlay and its opacity.
func (p *panel) overlayControls() fyne.CanvasObject {
	w := p.w
	var names []string
	for _, k := range overlayKinds {
		names = append(names, k.name)
	}
	p.overlay = newHintSelect(names, func(string) {
		if o := overlay(max(0, p.overlay.SelectedIndex())); o != w.over.kind {
			w.over.kind = o
			w.refreshAll()
			w.focusView()
		}
	}, w.focusView)
	p.overlayOpacity = newNumberRow(0, 1, 0.05, 2, nil, func(v float64) {
		w.over.opacity[w.over.kind] = v
		w.setOverlay()
		w.saveOverlays()
	}, w.focusNow)
	w.explainRow(p.overlayOpacity, txtOpacity, txtHintHeat)
	p.strength = container.NewBorder(nil, nil, container.NewCenter(caption(txtOpacity)), nil, p.overlayOpacity.box)
	return container.NewVBox(p.overlay, p.strength)
}

// updateOverlay shows the overlay in use.
func (p *panel) updateOverlay() {
	o := &p.w.over
	if p.overlay.SelectedIndex() != int(o.kind) {
		p.overlay.SetSelectedIndex(int(o.kind))
	}
	p.overlayOpacity.show(o.opacity[o.kind])
	if on := o.kind != noOverlay; on != p.strength.Visible() {
		p.strength.Hidden = !on
		p.box.Refresh()
	}
}
