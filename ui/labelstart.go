package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

// prefLabels holds the label table that the work on a new series begins with.
const prefLabels = "labels"

// firstLabels is that table.
func (w *Window) firstLabels() []annotate.Label {
	table, _, err := annotate.DecodeLabels([]byte(w.app.Preferences().String(prefLabels)))
	if err != nil {
		return annotate.DefaultLabels()
	}
	return table
}

// startLabels gives it to a new session.
func (w *Window) startLabels(s *annotate.Session) {
	if table, looks, err := annotate.DecodeLabels([]byte(w.app.Preferences().String(prefLabels))); err == nil {
		_ = s.StartLabels(table, looks) // it was checked
	}
}

// keepLabels makes the table of the series in view that of new ones.
func (w *Window) keepLabels() {
	w.app.Preferences().SetString(prefLabels, string(w.session.EncodeLabels()))
	w.toast.say(txtLabelsFirstSet)
}

// standardLabels takes the program's own table.
func (w *Window) standardLabels() {
	w.app.Preferences().RemoveValue(prefLabels)
	w.takeLabels(annotate.DefaultLabels(), nil, nil)
}

// saveLabels asks for a folder to save the table in, under a name that is free.
func (w *Window) saveLabels() {
	data := w.session.EncodeLabels()
	w.browse(txtBrowseLabelSave, true, func(dir string) {
		path, err := writeNew(dir, data)
		if err != nil {
			w.showError(txtLabelFileFailed, sentence(err.Error()), nil)
			return
		}
		w.toast.say(fmt.Sprintf(txtLabelsSaved, path))
	})
}

// writeNew writes a label file of a name that the folder has not, and returns its
// path.
func writeNew(dir string, data []byte) (path string, err error) {
	for n := 1; ; n++ {
		path = filepath.Join(dir, "labels.json")
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("labels-%d.json", n))
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(data)
		return path, errors.Join(err, f.Sync(), f.Close())
	}
}

// loadLabels asks for a file to take the table from.
func (w *Window) loadLabels() { w.browse(txtBrowseLabelFile, false, w.readLabelFile) }

// readLabelFile takes the table from a file.
func (w *Window) readLabelFile(path string) {
	data, err := readSmall(path, annotate.MaxLabelFile)
	var table []annotate.Label
	var looks map[uint8]annotate.Look
	if err == nil {
		table, looks, err = annotate.DecodeLabels(data)
	}
	w.takeLabels(table, looks, err)
	if err != nil {
		w.trace("labelfile", map[string]any{"file": filepath.Base(path), "error": err.Error()})
	}
}

// readSmall reads a file that is not to be larger than most.
func readSmall(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > most {
		err = fmt.Errorf("%s has %d bytes, more than a label table", path, info.Size())
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// takeLabels gives the series in view a table, and says what became of it.
func (w *Window) takeLabels(table []annotate.Label, looks map[uint8]annotate.Look, err error) {
	var moved []annotate.Label
	if err == nil {
		moved, err = w.session.TakeLabels(table, looks)
	}
	if err != nil {
		w.showError(txtLabelFileFailed, sentence(err.Error()), nil)
		return
	}
	var lines []string
	for _, was := range moved {
		for _, l := range w.session.Labels() {
			if strings.EqualFold(l.Name, was.Name) {
				lines = append(lines, fmt.Sprintf(txtLabelMoved, l.Name, was.Value, l.Value, l.ExportValue()))
			}
		}
	}
	if len(lines) > 0 {
		w.showDialog(txtLabelsMoved, container.NewStack(listing(lines)), fyne.NewSize(520, 260), button{name: txtOK, look: widget.HighImportance})
	}
}
