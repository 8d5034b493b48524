package ui

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// labelForm edits one label.
type labelForm struct {
	w      *Window
	label  annotate.Label
	look   annotate.Look
	name   *hintEntry
	code   [3]*hintEntry // scheme, value, meaning
	key    *hintSelect
	export *numberEntry
	colour *canvas.Rectangle
	wrong  *widget.Label // what is wrong with the label as it is
}

// addLabel asks for a new label.
func (w *Window) addLabel() {
	l := annotate.Label{Color: annotate.FreeColor(w.session.Labels())}
	for k := '1'; k <= '9' && l.Key == 0; k++ {
		if _, taken := w.labelOn(k); !taken {
			l.Key = k
		}
	}
	w.showLabelForm(txtAddLabel, l, annotate.Look{Opacity: 1}, func(s *annotate.Session, f *labelForm) error {
		v, err := s.AddLabel(f.label)
		if err == nil {
			s.SetLabelLook(v, f.look)
			s.SetActiveLabel(v)
		}
		return err
	})
}

// editLabel edits the label in use.
func (w *Window) editLabel() {
	l, look := w.activeLabel()
	w.showLabelForm(txtEditLabel, l, look, func(s *annotate.Session, f *labelForm) error {
		err := s.SetLabel(f.label)
		if err == nil {
			s.SetLabelLook(f.label.Value, f.look)
		}
		return err
	})
}

func (w *Window) showLabelForm(title string, l annotate.Label, look annotate.Look, done func(*annotate.Session, *labelForm) error) {
	f := &labelForm{w: w, label: l, look: look, wrong: paragraph("")}
	f.wrong.Importance = widget.DangerImportance
	s := w.session
	save := func() bool {
		f.take()
		if err := done(s, f); err != nil {
			f.wrong.SetText(sentence(err.Error()))
			return false
		}
		return true
	}
	w.showDialog(title, container.NewVScroll(f.rows()), fyne.NewSize(480, 470), button{name: txtCancel}, button{name: txtTake, look: widget.HighImportance, ok: save})
	f.name.OnSubmitted = func(string) { w.dialogKey(fyne.KeyReturn) }
	w.focusSoon(f.name)
	for name, o := range map[string]fyne.CanvasObject{
		"form.name": f.name, "form.key": f.key, "form.export": f.export, "form.scheme": f.code[0], "form.code": f.code[1], "form.meaning": f.code[2],
	} {
		w.named[name] = o
	}
}

// entry is a field with a text in it.
func (f *labelForm) entry(value, hint string) *hintEntry {
	e := newHintEntry(f.w.escDialog)
	e.SetText(value)
	e.PlaceHolder = hint
	return e
}

func (f *labelForm) rows() fyne.CanvasObject {
	c := f.label.Code
	f.name = f.entry(f.label.Name, "")
	f.code = [3]*hintEntry{f.entry(c.Scheme, "SCT"), f.entry(c.Value, txtCodeValue), f.entry(c.Meaning, txtCodeMeaning)}
	keys := []string{txtNoKey}
	for k := '1'; k <= '9'; k++ {
		keys = append(keys, string(k))
	}
	f.key = newHintSelect(keys, func(string) {}, f.w.escDialog)
	f.key.SetSelectedIndex(max(slices.Index(keys, string(f.label.Key)), 0))
	f.export = newNumberEntry(1, 255, 1, 0, func(v float64) { f.label.Export = uint8(v) }, f.w.escDialog)
	if f.label.Value == 0 {
		f.export.PlaceHolder = txtAsValue
	} else {
		f.export.show(float64(f.label.ExportValue()))
	}
	opacity := newNumberRow(0, 100, 5, 0, nil, func(v float64) { f.look.Opacity = v / 100 }, func() {})
	opacity.show(math.Round(100 * f.look.Opacity))
	bare := newHintCheck(txtBareLabel, func(on bool) { f.look.Outline = on }, f.w.escDialog)
	bare.SetChecked(f.look.Outline)
	grid := container.New(layout.NewFormLayout())
	for _, r := range []struct {
		name string
		o    fyne.CanvasObject
	}{
		{txtLabelName, f.name}, {txtLabelColor, f.colours()}, {txtLabelKey, container.NewHBox(fixed(90, 0, f.key))},
		{txtLabelCode, container.NewBorder(nil, nil, fixed(70, 0, f.code[0]), nil, f.code[1])}, {txtLabelMeans, f.code[2]},
		{txtLabelExport, container.NewHBox(fixed(70, 0, f.export), container.NewCenter(caption(f.valueText())))},
		{txtOpacity, opacity.box}, {"", bare},
	} {
		grid.Add(container.NewCenter(caption(r.name)))
		grid.Add(r.o)
	}
	return container.NewVBox(grid, f.wrong)
}

// valueText says which value masks hold here.
func (f *labelForm) valueText() string {
	if f.label.Value == 0 {
		return txtNewValue
	}
	return fmt.Sprintf(txtValueIs, f.label.Value)
}

// colours is the colour as it is, and what chooses another.
func (f *labelForm) colours() fyne.CanvasObject {
	f.colour = canvas.NewRectangle(f.label.Color)
	f.colour.CornerRadius = 3
	choose := newHintButton(txtChooseColor, nil, func() {
		d := dialog.NewColorPicker(txtLabelColor, f.label.Name, f.setColour, f.w.win)
		d.Advanced = true
		d.Show()
		d.SetColor(f.label.Color)
	}, f.w.escDialog)
	another := newHintButton(txtAnotherColor, nil, func() {
		f.setColour(annotate.FreeColor(append(slices.Clone(f.w.session.Labels()), annotate.Label{Color: f.label.Color})))
	}, f.w.escDialog)
	return container.NewHBox(fixed(36, 24, f.colour), another, choose)
}

func (f *labelForm) setColour(c color.Color) {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = 255
	f.label.Color, f.colour.FillColor = n, n
	f.colour.Refresh()
}

// take reads the fields.
func (f *labelForm) take() {
	l := &f.label
	l.Name, l.Code = f.name.Text, annotate.Code{Scheme: f.code[0].Text, Value: f.code[1].Text, Meaning: f.code[2].Text}
	if l.Key = 0; f.key.SelectedIndex() > 0 {
		l.Key = rune('0' + f.key.SelectedIndex())
	}
	if f.export.Text != "" {
		f.export.take()
	}
}

// askRemoveLabel removes the label in use, and asks first what becomes of its
// pixels.
func (w *Window) askRemoveLabel() {
	s := w.session
	l, _ := w.activeLabel()
	use := s.LabelUse(l.Value)
	if use.Pixels == 0 {
		w.labelFailed(s.RemoveLabel(l.Value, 0))
		return
	}
	names, values := []string{txtBackground}, []uint8{0}
	for _, o := range s.Labels() {
		if o.Value != l.Value && !o.Locked {
			names, values = append(names, o.Name), append(values, o.Value)
		}
	}
	to := newHintSelect(names, func(string) {}, w.escDialog)
	to.SetSelectedIndex(0)
	w.named["remove.to"] = to
	text := fmt.Sprintf(txtRemoveWhat, l.Name, use.Pixels, use.Slices)
	if use.Accepted > 0 {
		text += " " + fmt.Sprintf(txtRemoveAccepted, use.Accepted)
	}
	w.showDialog(txtRemoveHead, container.NewVBox(paragraph(text), labelled(txtRemoveTo, to)), fyne.NewSize(460, 230), button{name: txtCancel},
		button{name: txtRemove, look: widget.HighImportance, do: func() { w.labelFailed(s.RemoveLabel(l.Value, values[max(to.SelectedIndex(), 0)])) }})
}
