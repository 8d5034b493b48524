package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

func (w *Window) canOpenLabels() bool {
	return w.hasSeries() && w.services.Labels != nil && w.importing == nil
}

// chooseLabels and chooseLabelFolder ask for masks made elsewhere.
func (w *Window) chooseLabels() {
	w.browse(txtBrowseLabels, false, func(path string) { w.openLabels([]string{path}, false) })
}

func (w *Window) chooseLabelFolder() {
	w.browse(txtBrowseLabelDir, true, func(path string) { w.openLabels([]string{path}, false) })
}

// openLabels reads masks in the background and brings them into the session that
// is shown now. Others takes masks of other images, too.
func (w *Window) openLabels(paths []string, others bool) {
	if !w.canOpenLabels() {
		return
	}
	s := w.session
	t, ctx := w.begin(txtReadLabels, txtCancel)
	w.importing = t
	table := slices.Clone(s.Labels())
	go func() {
		read, err := w.services.Labels.ReadLabels(ctx, s.Series(), table, paths, others, t.progress)
		cancelled := ctx.Err() != nil
		w.post(func() {
			w.end(t)
			w.importing = nil
			if !cancelled && !errors.Is(err, context.Canceled) && w.sessions[s.Series()] == s {
				w.openedLabels(s, read, err, func() { w.openLabels(paths, true) })
			}
		})
	}()
}

// openedLabels brings labels into a session and says what became of them. All takes those
// of other images, too.
func (w *Window) openedLabels(s *annotate.Session, read ReadLabels, err error, all func()) {
	var taken annotate.Taken
	if err == nil {
		taken, err = s.Import(read.Labels)
	}
	w.trace("labels", map[string]any{"slices": taken.Slices, "pixels": taken.Pixels, "kept": taken.Kept})
	if err != nil {
		w.showError(txtLabelsFailed, sentence(err.Error()), nil)
		return
	}
	lines := append(takenLines(taken), read.Lines...)
	for i := range lines {
		lines[i] = sentence(lines[i])
	}
	buttons := []button{{name: txtOK, look: widget.HighImportance}}
	if read.OfOthers {
		buttons = append(buttons, button{name: txtLabelsAll, look: widget.DangerImportance, do: all})
	}
	w.showDialog(txtLabelsHead, container.NewBorder(paragraph(read.Summary), nil, nil, nil, listing(lines)), fyne.NewSize(680, 460),
		buttons...)
}

// takenLines say what a session did not take, since a person's work there comes
// first.
func takenLines(n annotate.Taken) (lines []string) {
	if n.Kept > 0 {
		lines = append(lines, fmt.Sprintf(txtLabelsKept, n.Kept))
	}
	if n.Locked > 0 {
		lines = append(lines, fmt.Sprintf(txtLabelsLocked, n.Locked))
	}
	switch {
	case n.Accepted == 1:
		lines = append(lines, txtLabelsStayed1)
	case n.Accepted > 1:
		lines = append(lines, fmt.Sprintf(txtLabelsStayedN, n.Accepted))
	}
	return lines
}

// LabelReader reads masks made elsewhere and finds the slices of a series that
// they belong to. ReadLabels is called on a goroutine of its own; table are the
// labels that there are, and others says to take masks of other images, too.
type LabelReader interface {
	ReadLabels(ctx context.Context, s *ct.Series, table []annotate.Label, paths []string, others bool, progress func(done, total int)) (ReadLabels, error)
}

// ReadLabels is what a LabelReader read: labels, and sentences about what was
// matched and what was not.
type ReadLabels struct {
	Labels  annotate.Imported
	Summary string
	Lines   []string

	OfOthers bool // some are left out as of other images or another patient
}
