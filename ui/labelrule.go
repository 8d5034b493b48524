package ui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// ruleRows choose where may be painted.
type ruleRows struct {
	w     *Window
	box   *fyne.Container
	over  *hintSelect
	lungs *hintCheck
	note  *canvas.Text // why nothing is painted; hidden where there is no reason
	quiet bool         // the rule is being shown: do not answer
}

func newRuleRows(w *Window) *ruleRows {
	r := &ruleRows{w: w, note: text("", 12, colWarn)}
	r.over = newHintSelect(txtOver[:], func(chosen string) {
		if !r.quiet && w.hasSeries() {
			w.paintOver(annotate.Over(max(slices.Index(txtOver[:], chosen), 0)))
		}
		w.focusView()
	}, w.focusView)
	r.lungs = newHintCheck(txtInLungs, func(on bool) {
		if !r.quiet && w.hasSeries() {
			w.paintInLungs(on)
		}
		w.focusView()
	}, w.focusView)
	w.explain(r.lungs, txtInLungs, txtHintInLungs)
	w.named["rule.over"], w.named["rule.lungs"] = r.over, r.lungs
	r.note.Hide()
	r.box = container.NewVBox(container.NewBorder(nil, nil, caption(txtPaint), nil, r.over), r.lungs, r.note)
	return r
}

// update shows the rule in force, and why nothing can be painted.
func (r *ruleRows) update() {
	r.quiet = true
	defer func() { r.quiet = false }()
	var rule annotate.PaintRule
	why := ""
	if r.w.session != nil {
		rule, why = r.w.session.PaintRule(), r.w.refusalText()
	}
	if r.over.SelectedIndex() != int(rule.Over) {
		r.over.SetSelectedIndex(int(rule.Over))
	}
	r.lungs.SetChecked(rule.Lungs)
	r.note.Text = shorten(why, r.note, panelWidth-24)
	if r.note.Refresh(); r.note.Visible() != (why != "") {
		r.note.Hidden = why == ""
		r.w.panel.box.Refresh()
	}
}

// refusalText says why giving the active label has no effect now.
func (w *Window) refusalText() string {
	switch w.session.Refusal() {
	case annotate.LabelLocked:
		return txtLockedWhy
	case annotate.LabelHidden:
		return txtHiddenWhy
	case annotate.LungsUnknown:
		if v := w.involvementOf(w.session); v == nil || v.failed {
			return txtNoLungsWhy
		}
		return txtLungsWhy
	}
	return ""
}

// remarkRefusal says, at a press, why nothing will be painted.
func (w *Window) remarkRefusal() {
	_, paints := w.session.Tool().(annotate.Labeller)
	if why := w.refusalText(); why != "" && paints {
		w.toast.say(why)
	}
}

func (w *Window) paintOver(over annotate.Over) {
	rule := w.session.PaintRule()
	rule.Over = over
	if over == annotate.OverChosen {
		w.chooseOver(rule)
		return
	}
	w.session.SetPaintRule(rule)
}

// chooseOver asks which labels may be painted over.
func (w *Window) chooseOver(rule annotate.PaintRule) {
	s := w.session
	rows := container.NewVBox()
	all := append([]annotate.Label{{Name: txtBackground}}, s.Labels()...)
	for _, l := range all {
		c := newHintCheck(l.Name, func(on bool) { rule.Chosen.Put(l.Value, on) }, w.escDialog)
		c.SetChecked(rule.Chosen.Has(l.Value))
		w.named[fmt.Sprintf("over.%d", l.Value)] = c
		rows.Add(c)
	}
	w.showDialog(txtOverHead, container.NewVScroll(rows), fyne.NewSize(340, 320),
		button{name: txtCancel, do: func() { w.panel.rule.update() }},
		button{name: txtOK, look: widget.HighImportance, do: func() { s.SetPaintRule(rule) }})
}

// paintInLungs turns the rule on or off, and finds the lungs for it.
func (w *Window) paintInLungs(on bool) {
	rule := w.session.PaintRule()
	rule.Lungs = on
	w.session.SetPaintRule(rule)
	w.involveSoon()
}
