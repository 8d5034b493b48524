package ui

import (
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// prefProject is the folder that projects were last saved in.
const prefProject = "project.folder"

func (w *Window) keepTable() []*command {
	return []*command{
		{id: "file.save", menu: txtFile, name: txtSaveNow, keys: []key{ctrl(fyne.KeyS)}, do: w.saveNow, when: w.canKeep, gap: true},
		{id: "file.project", menu: txtFile, name: txtSaveProject, keys: []key{ctrlShift(fyne.KeyS)}, do: func() { w.askProject(nil) }, when: func() bool { return w.canKeep() && !w.moving }},
	}
}

func (w *Window) canKeep() bool { return w.hasSeries() && w.keepings[w.session] != nil }

// saveNow tells where the work is, which is on disk already.
func (w *Window) saveNow() {
	k := w.keepings[w.session]
	if w.session.Sealed() {
		w.askProject(nil)
		return
	}
	if why := w.unkept(); why != "" || k.kept == nil {
		w.askUnkept(func() {})
		return
	}
	w.notice.remark(fmt.Sprintf(txtSavedIn, k.kept.Place()))
	w.work.Refresh()
}

// projectFolder is the folder that the dialog offers: beside the last project, or
// in one of its own in the user's folder.
func (w *Window) projectFolder() string {
	parent := w.app.Preferences().String(prefProject)
	if parent == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		parent = filepath.Join(home, "groundglass-projects")
	}
	return filepath.Join(parent, folderName(w.session.Series()))
}

// askProject asks for a folder and moves the work there. Then, which may be nil,
// goes on after success.
func (w *Window) askProject(then func()) {
	if w.moving {
		w.toast.say(txtSaving)
		return
	}
	folder := newHintEntry(w.escDialog)
	folder.SetText(w.projectFolder())
	missing := text("", 12, colBad)
	choose := newHintButton(txtChoose, nil, func() {
		w.browse(txtBrowseProject, true, func(path string) {
			folder.SetText(filepath.Join(path, folderName(w.session.Series())))
		})
	}, w.escDialog)
	note := paragraph(txtProjectNote)
	note.Importance = widget.LowImportance
	w.named["project.folder"] = folder
	w.showDialog(txtProjectHead, container.NewVBox(caption(txtExportFolder), container.NewBorder(nil, nil, nil, choose, folder), missing, note),
		fyne.NewSize(560, 260),
		button{name: txtCancel},
		button{name: txtSaveButton, look: widget.HighImportance,
			ok: func() bool {
				if folder.Text == "" {
					setText(missing, txtExportNoDir)
				}
				return folder.Text != ""
			},
			do: func() { w.moveProject(ct.FullPath(folder.Text), then) }})
	folder.OnSubmitted = func(string) { w.dialogKey(fyne.KeyReturn) }
	w.win.Canvas().Focus(folder)
}

// move is a session on its way to another folder.
type move struct {
	s        *annotate.Session
	from, to *keeping
}

// moveProject moves the work on all sessions to a folder. Until it is safe there,
// each step is kept in both.
func (w *Window) moveProject(dir string, then func()) {
	var moves []move
	for s, from := range w.keepings {
		m := move{s, from, &keeping{}}
		kept, err := w.services.Keeper.Adopt(dir, s, w.keepOptions(s, m.to))
		if err != nil {
			w.takeBack(moves)
			w.showError(txtProjectFailed, sentence(err.Error()), nil)
			return
		}
		m.to.kept = kept
		s.OnRecord(func(r annotate.Record) {
			if from.kept != nil {
				from.kept.Record(r)
			}
			kept.Record(r)
		})
		moves = append(moves, m)
	}
	w.moving = true
	t, _ := w.begin(txtSaving, "")
	go func() {
		var err error
		for _, m := range moves {
			if err == nil {
				err = m.to.kept.Flush()
			}
		}
		w.post(func() {
			w.end(t)
			w.moved(dir, moves, err, then)
		})
	}()
}

// takeBack has sessions kept where they were.
func (w *Window) takeBack(moves []move) {
	for _, m := range moves {
		m.s.OnRecord(nil)
		if m.from.kept != nil {
			m.s.OnRecord(m.from.kept.Record)
		}
		m.to.kept.Moved("")
	}
}

// moved tells how a move has ended.
func (w *Window) moved(dir string, moves []move, err error, then func()) {
	w.moving = false
	w.trace("project", map[string]any{"dir": dir, "failed": err != nil})
	if err != nil {
		w.takeBack(moves)
		w.showError(txtProjectFailed, sentence(err.Error()), nil)
		return
	}
	for _, m := range moves {
		if w.keepings[m.s] != m.from {
			m.to.kept.Moved("") // closed meanwhile
			continue
		}
		m.s.OnRecord(m.to.kept.Record)
		if m.from.kept != nil {
			m.from.kept.Moved(dir)
		}
		w.keepings[m.s] = m.to
		m.s.Seal(false)
	}
	w.app.Preferences().SetString(prefProject, filepath.Dir(dir))
	w.notice.remark(fmt.Sprintf(txtSavedIn, dir))
	w.work.Refresh()
	w.stale |= windowChanged
	w.flushSoon()
	if then != nil {
		then()
	}
}
