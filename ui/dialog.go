package ui

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// shownDialog is a dialog on the screen, the last one on top.
type shownDialog struct {
	title      string
	d          dialog.Dialog
	enter, esc func()
	move       func(by int) // to another row; nil where there are none
}

// button is a button of a dialog. It closes the dialog, then does its work.
type button struct {
	name string
	look widget.Importance
	do   func()
	ok   func() bool // asked first; false keeps the dialog open
}

// showDialog shows a dialog that stays until one of its buttons is pressed. Esc
// presses the first button, Enter the last, unless that one destroys something.
func (w *Window) showDialog(title string, content fyne.CanvasObject, size fyne.Size, buttons ...button) {
	w.view.Forget()
	w.letGo()
	w.tips.hide()
	d := dialog.NewCustomWithoutButtons(title, content, w.win)
	press := func(b button) func() {
		return func() {
			if b.ok != nil && !b.ok() {
				return
			}
			d.Hide()
			if b.do != nil {
				b.do()
			}
		}
	}
	var row []fyne.CanvasObject
	for _, b := range buttons {
		o := newHintButton(b.name, nil, press(b), w.escDialog)
		o.Importance = b.look
		row = append(row, fixed(96, 0, o))
		w.named["dialog."+strings.TrimSuffix(b.name, "…")] = o
	}
	d.SetButtons(row)
	w.track(shownDialog{title: title, d: d, enter: press(onEnter(buttons)), esc: press(buttons[0])})
	d.Resize(w.within(size))
	d.Show()
	w.traceLayout()
}

// focusSoon gives a control the keys once the present key has come through, whose
// character may follow and is not for the control; at once where none follows.
func (w *Window) focusSoon(o fyne.Focusable) {
	if w.silent {
		w.win.Canvas().Focus(o)
		return
	}
	w.post(func() { w.win.Canvas().Focus(o) })
}

// within is a dialog's size, less where the window is small.
func (w *Window) within(s fyne.Size) fyne.Size {
	const margin = 20
	all := w.win.Canvas().Size()
	return fyne.NewSize(min(s.Width, max(all.Width-margin, 320)), min(s.Height, max(all.Height-margin, 200)))
}

func onEnter(buttons []button) button {
	if last := buttons[len(buttons)-1]; last.look != widget.DangerImportance {
		return last
	}
	return buttons[0]
}

// track keeps a dialog on the list for as long as it is shown.
func (w *Window) track(s shownDialog) {
	w.dialogs = append(w.dialogs, s)
	w.trace("dialog", map[string]any{"title": s.title, "shown": true})
	s.d.SetOnClosed(func() {
		for i, o := range w.dialogs {
			if o.d == s.d {
				w.dialogs = append(w.dialogs[:i], w.dialogs[i+1:]...)
				break
			}
		}
		w.trace("dialog", map[string]any{"title": s.title, "shown": false})
		w.focusView()
		w.traceLayout()
	})
}

// escDialog does what Esc does in the dialog on top.
func (w *Window) escDialog() { w.dialogKey(fyne.KeyEscape) }

// dialogKey takes keys while a dialog is shown.
func (w *Window) dialogKey(name fyne.KeyName) {
	if len(w.dialogs) == 0 {
		return
	}
	switch top := w.dialogs[len(w.dialogs)-1]; {
	case name == fyne.KeyEscape && top.esc != nil:
		top.esc()
	case (name == fyne.KeyReturn || name == fyne.KeyEnter) && top.enter != nil:
		top.enter()
	case name == fyne.KeyDown && top.move != nil:
		top.move(1)
	case name == fyne.KeyUp && top.move != nil:
		top.move(-1)
	}
}

// showError tells what went wrong, in a sentence and, where there are, a list.
// It stays until it is read; where there are no other buttons, it has one for that.
func (w *Window) showError(title, what string, lines []string, buttons ...button) {
	if len(buttons) == 0 {
		buttons = []button{{name: txtOK, look: widget.HighImportance}}
	}
	w.trace("error", map[string]any{"title": title, "text": what, "lines": lines})
	icon := container.NewVBox(widget.NewIcon(theme.NewErrorThemedResource(theme.ErrorIcon())))
	body := container.NewBorder(paragraph(what), nil, nil, nil, listing(lines))
	size := fyne.NewSize(520, 190)
	if len(lines) > 0 {
		size = fyne.NewSize(640, 420)
	}
	w.showDialog(title, container.NewBorder(nil, nil, icon, nil, body), size, buttons...)
}

// askUnsaved asks what to do about work that is not exported, then goes on. The
// question's format takes the sentence that says what is unsaved.
func (w *Window) askUnsaved(question string, then func()) {
	w.finishDrawing()
	if w.services.Keeper != nil {
		w.askUnkept(then)
		return
	}
	series := w.unsavedSeries()
	if series < 0 {
		then()
		return
	}
	if w.asking(txtUnsavedHead) {
		return
	}
	what := strings.Replace(question, "%s", w.unsavedText(), 1)
	if len(w.found.Series) > 1 {
		what = fmt.Sprintf(txtUnsavedIn, seriesName(w.found.Series[series]), what)
	}
	buttons := []button{
		{name: txtCancel},
		{name: txtDiscard, look: widget.DangerImportance, do: then},
	}
	if w.canExport() {
		buttons = append(buttons, button{name: txtExportFirst, look: widget.HighImportance, do: func() {
			export := func() { w.askExport(func() { w.askUnsaved(question, then) }) }
			if w.session != w.sessions[w.found.Series[series]] {
				w.show(w.found, series, export)
				return
			}
			export()
		}})
	}
	w.showDialog(txtUnsavedHead, paragraph(what), fyne.NewSize(460, 160), buttons...)
}

// asking reports whether a dialog of that title is shown.
func (w *Window) asking(title string) bool {
	return slices.ContainsFunc(w.dialogs, func(d shownDialog) bool { return d.title == title })
}

// paragraph is text that wraps.
func paragraph(s string) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// listing is a list of sentences that scrolls.
func listing(lines []string) fyne.CanvasObject {
	if len(lines) == 0 {
		return layout.NewSpacer()
	}
	return container.NewVScroll(paragraph(bullets(lines)))
}

// maxLines is how many sentences a dialog lists.
const maxLines = 200

// bullets is a list in one text.
func bullets(lines []string) string {
	if n := len(lines) - maxLines; n > 0 {
		lines = append(slices.Clone(lines[:maxLines]), fmt.Sprintf(txtMore, n))
	}
	return "• " + strings.Join(lines, "\n• ")
}

// sentence makes a sentence of an error's text.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	s = string(unicode.ToUpper(r)) + s[n:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
