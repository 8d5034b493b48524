package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// prefBrowse is the folder in which something was last chosen.
const prefBrowse = "browse.folder"

// browser is the dialog in which a file or a folder is chosen. A double click, or
// Enter, goes into a folder; typing finds names, or goes to a path.
type browser struct {
	w      *Window
	folder bool // a folder is asked for
	dir    string
	list   *searchList
	where  *canvas.Text
	note   *canvas.Text
	done   func(path string)
}

// browse asks for a file, or a folder, and hands its path on.
func (w *Window) browse(title string, folder bool, then func(path string)) {
	b := &browser{w: w, folder: folder, where: text("", 13, colText), note: text("", 12, colDim)}
	b.where.TextStyle.Bold = true
	var esc func()
	b.list = newSearchList(txtBrowseHint, browseGroup, b.find, b.took, func() { esc() })
	b.list.double = true
	b.list.entry.before = b.key
	buttons := []button{{name: txtCancel}, {name: txtBrowseOpen, look: widget.HighImportance, ok: func() bool {
		switch r, ok := b.list.row(); {
		case ok && folder && r.into && r.name != txtBrowseUp:
			b.done(r.path)
		case ok:
			b.took(r)
		}
		return false
	}}}
	top := container.NewVBox(b.where, gap(0, 2))
	body := container.NewBorder(top, b.note, container.New(layout.NewCustomPaddedLayout(0, 0, 0, 8), b.places()), nil, b.list.box)
	w.showDialog(title, body, fyne.NewSize(860, 600), buttons...)
	shown := w.dialogs[len(w.dialogs)-1]
	esc = shown.esc
	b.done = func(path string) {
		w.app.Preferences().SetString(prefBrowse, filepath.Dir(path))
		shown.d.Hide()
		then(path)
	}
	b.enter(w.browseFrom())
	w.focusSoon(b.list.entry)
	w.named["browse"] = b.list.entry
	w.named["browse.list"] = b.list.list
}

// browseGroup is the width of the column that tells what an entry is.
const browseGroup = 70

// browseFrom is the folder to begin in: the last one, or the user's own.
func (w *Window) browseFrom() string {
	dir := w.app.Preferences().String(prefBrowse)
	if info, err := os.Stat(dir); dir != "" && err == nil && info.IsDir() {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return string(filepath.Separator)
	}
	return home
}

// places are folders to begin from.
func (b *browser) places() fyne.CanvasObject {
	box := container.NewVBox()
	for _, p := range placesToBrowse() {
		button := newHintButton(p.name, nil, func() {
			b.enter(p.path)
			b.w.focusSoon(b.list.entry)
		}, b.w.escDialog)
		button.Alignment, button.Importance = widget.ButtonAlignLeading, widget.LowImportance
		box.Add(button)
	}
	return box
}

type folderPlace struct{ name, path string }

// placesToBrowse lists those of the usual folders that there are.
func placesToBrowse() (list []folderPlace) {
	home, _ := os.UserHomeDir()
	for _, p := range []folderPlace{
		{txtPlaceHome, home}, {txtPlaceDesktop, filepath.Join(home, "Desktop")}, {txtPlaceDocuments, filepath.Join(home, "Documents")},
		{txtPlaceDownloads, filepath.Join(home, "Downloads")}, {txtPlaceComputer, filepath.VolumeName(home) + string(filepath.Separator)},
		{txtPlaceMedia, "/media"}, {txtPlaceVolumes, "/Volumes"},
	} {
		if info, err := os.Stat(p.path); p.path != "" && err == nil && info.IsDir() {
			list = append(list, p)
		}
	}
	return list
}

// enter lists another folder.
func (b *browser) enter(dir string) {
	b.dir = filepath.Clean(dir)
	setText(b.where, shortenLeft(b.dir, b.where, 620))
	b.list.entry.SetText("")
	b.list.search()
}

// key goes up with Backspace where nothing is typed.
func (b *browser) key(name fyne.KeyName) bool {
	if name != fyne.KeyBackspace || b.list.entry.Text != "" {
		return false
	}
	b.enter(filepath.Dir(b.dir))
	return true
}

// find lists what is in the folder and has the words in its name, folders first.
// A path lists what is there.
func (b *browser) find(words string) []found {
	dir := b.dir
	if path, ok := typedPath(words); ok {
		dir, words = filepath.Split(path)
	}
	entries, err := os.ReadDir(dir)
	setText(b.note, "")
	if err != nil {
		setText(b.note, sentence(plainError(err)))
	}
	var rows []found
	if words == "" && b.folder {
		rows = append(rows, found{name: fmt.Sprintf(txtBrowseThis, filepath.Base(dir)), path: filepath.Clean(dir)})
	}
	if words == "" && filepath.Dir(filepath.Clean(dir)) != filepath.Clean(dir) {
		rows = append(rows, found{name: txtBrowseUp, path: filepath.Dir(filepath.Clean(dir)), into: true})
	}
	var files []found
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(words, ".") || !strings.Contains(strings.ToLower(name), strings.ToLower(words)) {
			continue
		}
		f := found{name: name, path: filepath.Join(dir, name)}
		if isFolder(e, f.path) {
			f.group, f.into = txtBrowseFolder, true
			rows = append(rows, f)
			continue
		}
		f.off = b.folder
		files = append(files, f)
	}
	return append(rows, files...)
}

// typedPath is the path that was typed, if it is one.
func typedPath(words string) (string, bool) {
	if rest, ok := strings.CutPrefix(words, "~"); ok {
		home, err := os.UserHomeDir()
		return home + rest, err == nil && rest != ""
	}
	return words, filepath.IsAbs(words)
}

// isFolder follows links.
func isFolder(e os.DirEntry, path string) bool {
	if e.Type()&os.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// plainError is an error's reason without the call and the path.
func plainError(err error) string {
	if e, ok := err.(*os.PathError); ok {
		return e.Path + ": " + e.Err.Error()
	}
	return err.Error()
}

// took goes into a folder, or chooses what was asked for.
func (b *browser) took(f found) {
	switch {
	case f.into:
		b.enter(f.path)
		b.w.focusSoon(b.list.entry)
	case f.off:
		setText(b.note, txtBrowseNoFile)
	default:
		b.done(f.path)
	}
}

// shortenLeft is shorten for paths, whose end matters most.
func shortenLeft(line string, t *canvas.Text, width float32) string {
	r := []rune(line)
	slices.Reverse(r)
	cut := []rune(shorten(string(r), t, width))
	slices.Reverse(cut)
	return string(cut)
}
