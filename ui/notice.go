package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// notice is a line over the picture that stays until it is dismissed.
type notice struct {
	box     *fyne.Container
	text    *canvas.Text
	buttons *fyne.Container
	details *widget.Button
	passing bool // what is shown is a remark
}

func newNotice(w *Window) *notice {
	n := &notice{text: text("", 13, colWarn)}
	details := widget.NewButton(txtDetails, func() { w.Do("file.report") })
	dismiss := widget.NewButton(txtDismiss, func() { n.set("") })
	details.Importance, dismiss.Importance = widget.LowImportance, widget.LowImportance
	n.details = details
	icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	n.buttons = container.NewHBox(details, dismiss)
	line := container.NewHScroll(container.NewVBox(layout.NewSpacer(), n.text, layout.NewSpacer())) // a long one does not widen the window
	row := container.NewBorder(nil, nil, icon, n.buttons, line)
	n.box = container.New(layout.NewCustomPaddedLayout(2, 2, 10, 6), row)
	n.box.Hide()
	w.named["notice.details"] = details
	w.named["notice.dismiss"] = dismiss
	return n
}

// tell shows a sentence that goes away by itself.
func (n *notice) tell(s string) {
	n.set(s)
	n.buttons.Hide()
}

// remark shows a sentence that has nothing to do with what was read.
func (n *notice) remark(s string) {
	n.set(s)
	n.details.Hide()
	n.passing = true
}

// detailed is a remark of which the report tells more.
func (n *notice) detailed(s string) {
	n.remark(s)
	n.details.Show()
}

// endRemark takes a remark away.
func (n *notice) endRemark() {
	if n.passing {
		n.set("")
	}
}

// set shows a sentence, or hides the line.
func (n *notice) set(s string) {
	n.buttons.Show()
	n.details.Show()
	n.passing = false
	setText(n.text, s)
	if s == "" {
		n.box.Hide()
		return
	}
	n.box.Show()
}

// message is a sentence in place of the picture.
type message struct {
	box   *fyne.Container
	label *widget.Label
}

func newMessage() *message {
	m := &message{label: widget.NewLabel("")}
	m.label.Alignment = fyne.TextAlignCenter
	m.label.Wrapping = fyne.TextWrapWord
	m.box = container.NewVBox(layout.NewSpacer(), m.label, layout.NewSpacer())
	m.box.Hide()
	return m
}

func (m *message) set(s string) {
	if s == m.label.Text {
		return
	}
	m.label.SetText(s)
	if s == "" {
		m.box.Hide()
	} else {
		m.box.Show()
	}
}
