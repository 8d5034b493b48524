package ui

import (
	"fmt"

	"groundglass/annotate"
)

// labelTable is the label menu: one command for each number key, and what can be
// done with the label in use.
func (w *Window) labelTable() []*command {
	var all []*command
	for k := '1'; k <= '9'; k++ {
		on := func() (annotate.Label, bool) { return w.labelOn(k) }
		has := func() bool { _, ok := on(); return ok }
		all = append(all, &command{
			id: fmt.Sprintf("label.%c", k), menu: txtLabelMenu, name: fmt.Sprintf(txtLabelOn, k), keys: []key{sign(k)},
			label: func() string {
				if l, ok := on(); ok {
					return fmt.Sprintf(txtLabelOf, lower(l.Name))
				}
				return fmt.Sprintf(txtLabelOn, k)
			},
			do: func() {
				if l, ok := on(); ok {
					w.session.SetActiveLabel(l.Value)
				}
			},
			when: has, on: func() bool { l, ok := on(); return ok && w.session.ActiveLabel() == l.Value },
		})
	}
	state := func(of func(annotate.Label, annotate.Look) bool) func() bool {
		return func() bool { return w.hasSeries() && of(w.activeLabel()) }
	}
	rule := func(of func(annotate.PaintRule) bool) func() bool {
		return func() bool { return w.hasSeries() && of(w.session.PaintRule()) }
	}
	all = append(all,
		&command{id: "label.add", menu: txtLabelMenu, name: txtAddLabel, do: w.addLabel, when: w.hasSeries, gap: true},
		&command{id: "label.edit", menu: txtLabelMenu, name: txtEditLabel, do: w.editLabel, when: w.hasSeries},
		&command{id: "label.remove", menu: txtLabelMenu, name: txtRemoveLabel, do: w.askRemoveLabel, when: w.hasSeries},
		&command{id: "label.up", menu: txtLabelMenu, name: txtLabelUp, do: func() { w.moveLabel(-1) }, when: w.hasSeries, gap: true},
		&command{id: "label.down", menu: txtLabelMenu, name: txtLabelDown, do: func() { w.moveLabel(1) }, when: w.hasSeries},
		&command{id: "label.lock", menu: txtLabelMenu, name: txtLockLabel, when: w.hasSeries, gap: true,
			do: func() { l, _ := w.activeLabel(); w.setLocked(l.Value, !l.Locked) },
			on: state(func(l annotate.Label, _ annotate.Look) bool { return l.Locked })},
		&command{id: "label.hide", menu: txtLabelMenu, name: txtHideLabel, when: w.hasSeries,
			do: func() { l, look := w.activeLabel(); w.setHidden(l.Value, !look.Hidden) },
			on: state(func(_ annotate.Label, look annotate.Look) bool { return look.Hidden })},
		&command{id: "label.bare", menu: txtLabelMenu, name: txtBareLabel, when: w.hasSeries, do: w.turnBare,
			on: state(func(_ annotate.Label, look annotate.Look) bool { return look.Outline })},
		&command{id: "label.showall", menu: txtLabelMenu, name: txtShowAll, do: w.showAllLabels, when: w.hasSeries},
	)
	for over, id := range []string{"label.overall", "label.overnothing", "label.overchosen"} {
		all = append(all, &command{
			id: id, menu: txtLabelMenu, name: txtOverMenu[over], gap: over == 0, when: w.hasSeries, do: func() { w.paintOver(annotate.Over(over)) },
			on: rule(func(r annotate.PaintRule) bool { return r.Over == annotate.Over(over) }),
		})
	}
	all = append(all,
		&command{id: "label.load", menu: txtLabelMenu, name: txtLabelsLoad, do: w.loadLabels, when: w.hasSeries, gap: true},
		&command{id: "label.save", menu: txtLabelMenu, name: txtLabelsSave, do: w.saveLabels, when: w.hasSeries},
		&command{id: "label.first", menu: txtLabelMenu, name: txtLabelsFirst, do: w.keepLabels, when: w.hasSeries},
		&command{id: "label.standard", menu: txtLabelMenu, name: txtLabelsStandard, do: w.standardLabels, when: w.hasSeries},
	)
	return append(all, &command{
		id: "label.lungs", menu: txtLabelMenu, name: txtInLungs, when: w.hasSeries, do: func() { w.paintInLungs(!w.session.PaintRule().Lungs) },
		on: rule(func(r annotate.PaintRule) bool { return r.Lungs }),
	})
}

// labelOn is the label with a key.
func (w *Window) labelOn(k rune) (annotate.Label, bool) {
	if w.hasSeries() {
		for _, l := range w.session.Labels() {
			if l.Key == k {
				return l, true
			}
		}
	}
	return annotate.Label{}, false
}

// activeLabel is the label in use and its look.
func (w *Window) activeLabel() (annotate.Label, annotate.Look) {
	l, _ := w.session.LabelOf(w.session.ActiveLabel())
	return l, w.session.LabelLook(l.Value)
}

// labelFailed tells why the table could not be changed.
func (w *Window) labelFailed(err error) {
	if err != nil {
		w.showError(txtLabelFailed, sentence(err.Error()), nil)
	}
}

func (w *Window) setLocked(v uint8, on bool) {
	if w.session == nil {
		return
	}
	l, _ := w.session.LabelOf(v)
	l.Locked = on
	w.labelFailed(w.session.SetLabel(l))
	w.focusView()
}

func (w *Window) setHidden(v uint8, on bool) {
	if w.session == nil {
		return
	}
	look := w.session.LabelLook(v)
	look.Hidden = on
	w.session.SetLabelLook(v, look)
	w.focusView()
}

func (w *Window) turnBare() {
	l, look := w.activeLabel()
	look.Outline = !look.Outline
	w.session.SetLabelLook(l.Value, look)
}

func (w *Window) showAllLabels() {
	for _, l := range w.session.Labels() {
		w.setHidden(l.Value, false)
	}
}

// moveLabel moves the label in use in the table.
func (w *Window) moveLabel(by int) {
	table := w.session.Labels()
	for i, l := range table {
		if to := i + by; l.Value == w.session.ActiveLabel() && to >= 0 && to < len(table) {
			w.labelFailed(w.session.MoveLabel(l.Value, to))
			return
		}
	}
}
