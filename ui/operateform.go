package ui

import (
	"math"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// operateForm asks for the parameters of an operation, above the panel, so that
// the picture shows what it would do and every key and tool goes on working.
type operateForm struct {
	w       *Window
	box     *fyne.Container
	op      *operation         // asked for; nil while the form is not shown
	table   []annotate.Label   // that its choices are of
	span    annotate.Scope     // the range of slices
	values  map[string]float64 // as last chosen, by operation and parameter
	preview preview

	about    *hintSelect // nil where it is about no label
	scope    *hintSelect
	from, to *numberEntry
	ends     *fyne.Container
	each     *hintCheck // slices each by itself; nil where there is no such choice
	rows     map[string]*numberRow
	picks    map[string]*hintSelect
	units    map[*canvas.Text]*param // captions of numbers
	note     *canvas.Text
	delay    time.Duration // see previewDelay
	quiet    bool          // controls are being set: do not answer
}

func newOperateForm(w *Window) *operateForm {
	f := &operateForm{w: w, box: container.NewStack(), values: map[string]float64{}, delay: previewDelay}
	f.box.Hide()
	return f
}

// open asks for an operation's parameters.
func (f *operateForm) open(op *operation) {
	f.close()
	f.table = slices.Clone(f.w.session.Labels())
	f.op, f.rows, f.picks, f.units, f.each = op, map[string]*numberRow{}, map[string]*hintSelect{}, map[*canvas.Text]*param{}, nil
	f.quiet = true
	title := text(strings.TrimSuffix(op.name, "…"), 13, colText)
	title.TextStyle.Bold = true
	hint := widget.NewLabel(op.hint)
	hint.Wrapping, hint.SizeName, hint.Importance = fyne.TextWrapWord, "helperText", widget.LowImportance
	all := container.New(layout.NewCustomPaddedVBoxLayout(4), title, hint)
	f.addLabels(all)
	f.addScope(all)
	for i := range op.params {
		f.addParam(all, &op.params[i])
	}
	f.note = text("", 12, colText)
	all.Add(f.note)
	all.Add(f.buttons())
	f.box.Objects = []fyne.CanvasObject{canvas.NewRectangle(colRaised), gap(panelWidth, 0), container.New(layout.NewCustomPaddedLayout(8, 8, 10, 10), all)}
	f.quiet = false
	f.changed()
	f.w.layout()
}

// relabelled offers the labels of another table.
func (f *operateForm) relabelled() {
	scope, each, every := f.scope.SelectedIndex(), f.planar(), f.about != nil && f.label() == 0
	f.open(f.op)
	f.quiet = true
	f.scope.SetSelectedIndex(scope)
	if f.each != nil {
		f.each.SetChecked(each)
	}
	if every {
		f.about.SetSelectedIndex(len(f.table))
	}
	f.quiet = false
	f.changed()
}

// first is the control that Tab goes on from.
func (f *operateForm) first() fyne.Focusable {
	if f.about != nil {
		return f.about
	}
	return f.scope
}

// close takes the form away, and what it would have done.
func (f *operateForm) close() {
	if f.op == nil {
		return
	}
	f.op = nil
	f.drop()
	f.w.layout()
	f.w.focusView()
}

// opened takes another session's slices as the range.
func (f *operateForm) opened(s *annotate.Session) {
	f.close()
	f.span = annotate.Scope{From: 0, To: s.Series().Len() - 1}
}

// labelNames are the names of the form's labels, after others.
func (f *operateForm) labelNames(before ...string) []string {
	for _, l := range f.table {
		before = append(before, l.Name)
	}
	return before
}

// addLabels adds the choice of the label.
func (f *operateForm) addLabels(to *fyne.Container) {
	f.about = nil
	if f.op.about == noLabel {
		return
	}
	names := f.labelNames()
	if f.op.about == anyLabel {
		names = append(names, txtEveryLabel)
	}
	f.about = newHintSelect(names, func(string) { f.changed() }, f.w.focusView)
	f.about.SetSelectedIndex(f.activeLabel())
	to.Add(titled(txtLabel, f.about))
	f.w.named["operate.label"] = f.about
}

// activeLabel is the place in the table of the label that the brush paints.
func (f *operateForm) activeLabel() int {
	active := f.w.session.ActiveLabel()
	return max(0, slices.IndexFunc(f.table, func(l annotate.Label) bool { return l.Value == active }))
}

// addScope adds the choice of slices.
func (f *operateForm) addScope(to *fyne.Container) {
	n := float64(f.w.session.Series().Len())
	f.from = newNumberEntry(1, n, 1, 0, func(v float64) { f.setSpan(annotate.Scope{From: int(v) - 1, To: max(f.span.To, int(v)-1)}) }, f.w.focusNow)
	f.to = newNumberEntry(1, n, 1, 0, func(v float64) { f.setSpan(annotate.Scope{From: min(f.span.From, int(v)-1), To: int(v) - 1}) }, f.w.focusNow)
	f.ends = container.NewGridWithColumns(2, container.NewBorder(nil, nil, caption(txtFirstOf), nil, f.from), container.NewBorder(nil, nil, caption(txtLastOf), nil, f.to))
	f.scope = newHintSelect(scopeNames, func(string) { f.changed() }, f.w.focusView)
	f.scope.SetSelectedIndex(int(f.op.scope))
	to.Add(titled(txtScope, f.scope))
	to.Add(f.ends)
	if f.op.planar {
		f.each = newHintCheck(txtPlanar, func(bool) { f.changed() }, f.w.focusView)
		to.Add(f.each)
	}
	f.w.named["operate.scope"] = f.scope
}

// setSpan chooses the range of slices.
func (f *operateForm) setSpan(to annotate.Scope) {
	f.span = to
	f.changed()
}

// addParam adds the control of a parameter.
func (f *operateForm) addParam(to *fyne.Container, p *param) {
	if p.choices != nil {
		s := newHintSelect(p.choices(f), func(string) { f.changed() }, f.w.focusView)
		s.SetSelectedIndex(min(int(f.values[f.op.id+"."+p.id]), len(s.Options)-1))
		f.picks[p.id] = s
		to.Add(titled(p.name, s))
		return
	}
	high := p.high
	if p.unit == sliceNumber {
		high = float64(f.w.session.Series().Len())
	}
	least, decimals, s := math.Pow(10, -float64(p.decimals)), math.Pow(10, float64(p.decimals)), (*scale)(nil)
	if p.low == 0 {
		s, least = root(func(v float64) float64 { return math.Round(v*decimals) / decimals }), 0.1
	}
	r := newNumberRow(p.low, high, least, p.decimals, s, func(float64) { f.changed() }, f.w.focusNow)
	r.entry.step = p.step
	v, chosen := f.values[f.op.id+"."+p.id]
	switch {
	case p.initial != nil:
		v = p.initial(f.w)
	case !chosen:
		v = p.value
	}
	r.show(v)
	f.rows[p.id] = r
	name := caption(p.name)
	f.units[name] = p
	to.Add(name)
	to.Add(r.box)
	f.w.named["operate."+p.id] = r.slider
	f.w.named["operate."+p.id+".entry"] = r.entry
}

// unitOf is a unit in words.
func (f *operateForm) unitOf(u unit) string {
	known := f.w.session.Series().Geometry.Known
	switch {
	case u == plainNumber || u == sliceNumber:
		return ""
	case u == hounsfield:
		return ", HU"
	case !known:
		return ", px"
	case u == millimetres:
		return ", mm"
	case f.planar() || f.slices().Len() == 1:
		return ", mm²"
	}
	return ", mm³"
}

func (f *operateForm) buttons() fyne.CanvasObject {
	cancel := newHintButton(txtCloseButton, nil, f.close, f.w.focusView)
	apply := newHintButton(txtApply, nil, func() { f.w.Do("operate.apply") }, f.w.focusView)
	apply.Importance = widget.HighImportance
	f.w.named["operate.close"], f.w.named["operate.apply"] = cancel, apply
	return container.NewGridWithColumns(2, cancel, apply)
}

// titled is a control with its name before it.
func titled(name string, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(nil, nil, fixed(58, 0, container.NewVBox(layout.NewSpacer(), caption(name), layout.NewSpacer())), nil, o)
}

// label is the chosen label; 0 for every one.
func (f *operateForm) label() uint8 {
	k := f.about.SelectedIndex()
	if k >= 0 && k < len(f.table) {
		return f.table[k].Value
	}
	return 0
}

func (f *operateForm) planar() bool             { return f.each != nil && f.each.Checked }
func (f *operateForm) number(id string) float64 { return f.rows[id].entry.value }
func (f *operateForm) choice(id string) int     { return max(0, f.picks[id].SelectedIndex()) }

// slices is the chosen scope.
func (f *operateForm) slices() annotate.Scope {
	i := f.w.session.Current()
	switch scopeKind(f.scope.SelectedIndex()) {
	case someSlices:
		return f.span
	case allSlices:
		return annotate.Scope{From: 0, To: f.w.session.Series().Len() - 1}
	}
	return annotate.Scope{From: i, To: i}
}

// apply does the operation and takes the form away.
func (f *operateForm) apply() {
	op, at, ready := f.op.make(f), f.slices(), f.preview.ready
	f.close()
	if ready != nil && ready.Scope == at {
		f.w.operated(f.w.session, ready, op, operateTries, nil)
		return
	}
	f.w.operate(op, at)
}
