package ui

import (
	"fyne.io/fyne/v2"

	"groundglass/annotate"
)

// operateTable are the commands of the menu Mask: the frequent ones, which act at
// once on the label in hand, and those that a form asks the parameters of.
func (w *Window) operateTable() []*command {
	here := func() annotate.Scope { return annotate.Scope{From: w.session.Current(), To: w.session.Current()} }
	label := func() uint8 { return w.session.ActiveLabel() }
	copyFrom := func(step int) func() {
		return func() { w.operate(annotate.Copy{Label: label(), From: w.session.Current() + step}, here()) }
	}
	before := func() bool { return w.canOperate() && w.session.Current() > 0 }
	after := func() bool { return w.canOperate() && w.session.Current()+1 < w.session.Series().Len() }
	all := []*command{
		{id: "operate.copy.previous", name: txtCopyPreviousSlice, keys: []key{ctrl(fyne.KeyB)}, do: copyFrom(-1), when: before},
		{id: "operate.copy.next", name: txtCopyNextSlice, keys: []key{ctrlShift(fyne.KeyB)}, do: copyFrom(1), when: after},
		{id: "mask.next", name: txtCopyNext, keys: []key{shift(fyne.KeyDown)}, do: func() { w.copyMask(1) }, when: after},
		{id: "mask.previous", name: txtCopyPrevious, keys: []key{shift(fyne.KeyUp)}, do: func() { w.copyMask(-1) }, when: before},
		{id: "operate.between", name: txtInterpolateHere, keys: []key{ctrl(fyne.KeyJ)}, do: func() {
			w.operate(annotate.Interpolate{Label: label()}, w.session.Between(label(), w.session.Current()))
		}},
		{id: "operate.fill", name: txtFillHere, keys: []key{ctrl(fyne.KeyF)}, do: func() { w.operate(annotate.FillHoles{Label: label()}, here()) }},
		{id: "operate.clean", name: txtIslandsHere, keys: []key{ctrl(fyne.KeyR)}, do: func() { w.operate(annotate.RemoveIslands{Label: label(), Least: w.leastIsland()}, here()) }},
	}
	for k, o := range operations() {
		all = append(all, &command{id: "operate." + o.id, name: o.name, do: func() { w.form.open(o) }, gap: o.gap || k == 0})
	}
	all = append(all,
		&command{id: "operate.first", name: txtRangeFirst, keys: []key{ctrlShift(fyne.KeyHome)}, gap: true, do: func() {
			w.form.setSpan(annotate.Scope{From: w.session.Current(), To: max(w.form.span.To, w.session.Current())})
		}},
		&command{id: "operate.last", name: txtRangeLast, keys: []key{ctrlShift(fyne.KeyEnd)}, do: func() {
			w.form.setSpan(annotate.Scope{From: min(w.form.span.From, w.session.Current()), To: w.session.Current()})
		}},
		&command{id: "operate.apply", name: txtApplyForm, keys: []key{ctrl(fyne.KeyReturn)}, do: w.form.apply, when: func() bool { return w.canOperate() && w.form.op != nil }},
	)
	for _, c := range all {
		c.menu = txtMaskMenu
		if c.when == nil {
			c.when = w.canOperate
		}
	}
	return all
}

// leastIsland is the area of the smallest island of a slice that stays, in mm²:
// that of the form, as last chosen.
func (w *Window) leastIsland() float64 {
	if v, ok := w.form.values["islands.least"]; ok {
		return v
	}
	return 20
}
