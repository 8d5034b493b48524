package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// showExported tells what an export to a folder came to. Then, which may be nil, goes on.
func (w *Window) showExported(dir string, done Exported, then func()) {
	where := paragraph(dir)
	where.Wrapping = fyne.TextWrapBreak
	where.TextStyle.Bold = true
	failed := paragraph("")
	failed.Importance = widget.DangerImportance
	failed.Hide()
	body := container.NewVBox(paragraph(done.Summary), where, container.NewHBox(gap(2, 0), w.copyButton(dir), w.openButton(dir, failed)), failed,
		paragraph(identityText(done)))
	if len(done.Remarks) > 0 {
		remarks := paragraph(bullets(done.Remarks))
		remarks.Importance = widget.WarningImportance
		body.Add(remarks)
	}
	w.showDialog(txtExported, container.NewVScroll(body), fyne.NewSize(600, 360),
		button{name: txtOK, look: widget.HighImportance, do: then})
}

// copyButton copies a path, and says so.
func (w *Window) copyButton(path string) fyne.CanvasObject {
	var b *hintButton
	b = newHintButton(txtCopyPath, nil, func() {
		w.app.Clipboard().SetContent(path)
		b.SetText(txtCopied)
	}, w.escDialog)
	w.named["exported.copy"] = b
	return b
}

// openButton opens a folder; where that fails, failed says why.
func (w *Window) openButton(dir string, failed *widget.Label) fyne.CanvasObject {
	b := newHintButton(txtOpenReport, nil, func() {
		if err := w.openFolder(dir); err != nil {
			failed.SetText(fmt.Sprintf(txtNoOpen, err))
			failed.Show()
		}
	}, w.escDialog)
	w.named["exported.open"] = b
	return b
}

// identityText says what became of the patient's identity.
func identityText(done Exported) string {
	switch {
	case done.Key == "":
		return txtIdentityKept
	case done.KeyMade:
		return fmt.Sprintf(txtIdentityMade, done.Key)
	}
	return fmt.Sprintf(txtIdentityOut, done.Key)
}
