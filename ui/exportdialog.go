package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// exportForm is the export dialog.
type exportForm struct {
	w       *Window
	session *annotate.Session // in view
	presets []Preset
	then    func() // after success; may be nil

	preset, masks, series *hintSelect
	folder, name          *hintEntry
	width, level          *hintEntry
	square, sure, doubt   *hintEntry // empty for none
	images, hide, people  *hintCheck
	about, warning        *widget.Label
	naming                *widget.Label                // what is to know of the names
	key                   *widget.Label                // where the key of pseudonyms lies
	wrong                 *widget.Label                // what is wrong with what was typed
	offered               string                       // the folder that nobody typed
	rows                  map[string]fyne.CanvasObject // that not every preset needs
	box, all              *fyne.Container
	scroll                *container.Scroll
}

// askExport asks where to and how, shows what leaves, and exports. Then, which may be
// nil, goes on after success.
func (w *Window) askExport(then func()) {
	if w.saving != nil {
		w.showError(txtExportFailed, txtExportBusy, nil)
		return
	}
	w.finishDrawing()
	w.newExportForm(then).show()
}

// show shows the dialog as it was filled in.
func (f *exportForm) show() {
	f.w.showDialog(txtExportHead, f.content(), fyne.NewSize(620, 640),
		button{name: txtCancel},
		button{name: txtExportNext, look: widget.HighImportance, ok: f.right, do: f.leave})
	f.choose(f.preset.Selected)
	f.w.win.Canvas().Focus(f.folder)
}

// again shows the dialog as it was filled in, or a new one where another series is in
// view by now.
func (f *exportForm) again() {
	switch {
	case f.w.session == f.session:
		f.show()
	case f.w.canExport():
		f.w.askExport(f.then)
	}
}

func (w *Window) newExportForm(then func()) *exportForm {
	f := &exportForm{w: w, session: w.session, presets: w.services.Exporter.Presets(), then: then, rows: map[string]fyne.CanvasObject{}}
	esc := w.escDialog
	titles, chosen := make([]string, len(f.presets)), 0
	for i, p := range f.presets {
		titles[i] = p.Title
		if p.Name == w.app.Preferences().String(prefPreset) {
			chosen = i
		}
	}
	f.preset = newHintSelect(titles, f.choose, esc)
	f.preset.Selected = titles[chosen]
	for _, l := range []**widget.Label{&f.about, &f.warning, &f.wrong, &f.naming, &f.key} {
		*l = paragraph("")
	}
	f.wrong.Hide()
	f.about.Importance, f.key.Importance = widget.LowImportance, widget.LowImportance
	f.wrong.Importance = widget.DangerImportance
	f.naming.Importance, f.warning.Importance = widget.WarningImportance, widget.WarningImportance
	for _, e := range []**hintEntry{&f.folder, &f.name, &f.width, &f.level, &f.square, &f.sure, &f.doubt} {
		*e = newHintEntry(esc)
		(*e).OnSubmitted = func(string) { w.dialogKey(fyne.KeyReturn) }
	}
	f.name.SetPlaceHolder(txtExportNameHint)
	f.width.SetText(number(ct.Lung.Width))
	f.level.SetText(number(ct.Lung.Level))
	f.masks = newHintSelect([]string{txtExportBinary, txtExportValues}, func(string) { f.warn() }, esc)
	f.masks.Selected = txtExportBinary
	if labelsInUse(w.session) > 1 {
		f.masks.Selected = txtExportValues
	}
	f.series = newHintSelect([]string{txtExportThis, fmt.Sprintf(txtExportAll, len(w.sessions))}, func(string) { f.lookAtNames() }, esc)
	f.series.Selected = txtExportThis
	f.images = newHintCheck(txtExportImages, func(bool) { f.choose("") }, esc)
	f.hide = newHintCheck(txtExportHide, func(bool) { f.choose("") }, esc)
	f.hide.Checked = hasIdentity(w.session.Series())
	f.people = newHintCheck(txtExportPeople, nil, esc)
	f.people.Checked = w.app.Preferences().Bool(prefPeople)
	f.folder.OnChanged = func(string) { f.lookAtNames() }
	f.name.OnChanged = f.folder.OnChanged
	for name, o := range map[string]fyne.CanvasObject{
		"preset": f.preset, "folder": f.folder, "images": f.images, "masks": f.masks, "name": f.name, "series": f.series,
		"width": f.width, "level": f.level, "hide": f.hide, "people": f.people,
		"square": f.square, "sure": f.sure, "doubt": f.doubt,
	} {
		w.named["export."+name] = o
	}
	return f
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// hasIdentity reports whether something may tell whom a series shows: its files, or
// their names and folders.
func hasIdentity(s *ct.Series) bool {
	return s.Patient != (ct.Patient{}) || s.Sources[0].SOPInstanceUID != "" || s.Sources[0].File != ""
}

// content lays the dialog out.
func (f *exportForm) content() fyne.CanvasObject {
	choose := newHintButton(txtChoose, nil, f.chooseFolder, f.w.escDialog)
	row := func(name, title string, o ...fyne.CanvasObject) fyne.CanvasObject {
		f.rows[name] = container.NewVBox(append([]fyne.CanvasObject{caption(title)}, o...)...)
		return f.rows[name]
	}
	window := container.NewHBox(fixed(90, 0, f.width), fixed(90, 0, f.level), caption(txtExportHU))
	f.box = container.NewVBox(
		caption(txtExportPreset), f.preset, f.about,
		caption(txtExportFolder), container.NewBorder(nil, nil, nil, choose, f.folder), f.naming,
		f.hide, f.key, f.people,
		row("name", txtExportName, f.name), row("series", txtExportSeries, f.series),
		row("masks", txtExportMasks, f.masks), f.images, row("window", txtExportWindow, window),
		row("square", txtExportSquare, narrow(f.square)), row("sure", txtExportSure, narrow(f.sure)), row("doubt", txtExportDoubt, narrow(f.doubt)),
	)
	f.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 14), f.box))
	f.all = container.NewBorder(nil, container.NewVBox(f.warning, f.wrong), nil, nil, f.scroll)
	return f.all
}

// chosen is the preset that is selected.
func (f *exportForm) chosen() Preset {
	for _, p := range f.presets {
		if p.Title == f.preset.Selected {
			return p
		}
	}
	return f.presets[0]
}

// choose shows what the preset of a title asks for.
func (f *exportForm) choose(string) {
	p := f.chosen()
	f.about.SetText(sentence(p.About))
	show(f.rows["name"], p.Named)
	show(f.rows["series"], p.Many && len(f.w.sessions) > 1)
	show(f.rows["masks"], p.Values)
	show(f.images, p.Images)
	show(f.rows["square"], p.Square)
	show(f.rows["sure"], p.Limits)
	show(f.rows["doubt"], p.Limits)
	show(f.rows["window"], p.Window && (!p.Images || f.images.Checked))
	show(f.key, f.hide.Checked)
	f.key.SetText(f.keyText())
	f.offer()
	f.lookAtNames()
	f.warn() // which lays all out anew
}

// refresh lays the form out anew after rows came or went.
func (f *exportForm) refresh() {
	f.box.Refresh()
	f.scroll.Refresh() // which has another length to go
	f.all.Refresh()
}

func show(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
}

// keyText says where the key of pseudonyms lies.
func (f *exportForm) keyText() string {
	file, there := f.w.services.Exporter.Key()
	switch {
	case file == "":
		return ""
	case there:
		return fmt.Sprintf(txtExportKey, file)
	}
	return fmt.Sprintf(txtExportNewKey, file)
}

// warn tells what the export will not tell.
func (f *exportForm) warn() {
	said := unseenText(f.w.session)
	if labels := labelsInUse(f.w.session); f.chosen().Values && f.masks.Selected == txtExportBinary && labels > 1 {
		said = strings.TrimSpace(fmt.Sprintf(txtExportMerges, labels) + " " + said)
	}
	f.warning.SetText(said)
	show(f.warning, said != "")
	f.refresh()
}

// right reports whether what was typed can be used, and says what cannot.
func (f *exportForm) right() bool {
	said := ""
	if _, ok := f.window(); !ok {
		said = txtExportNoWindow
	}
	if _, ok := f.side(); !ok {
		said = txtExportNoSquare
	}
	for _, e := range []*hintEntry{f.sure, f.doubt} {
		if _, ok := f.optional(e, 1); !ok {
			said = txtExportNoShare
		}
	}
	if dir := f.dir(); dir == "" {
		said = txtExportNoDir
	} else if err := f.w.services.Exporter.Apart(dir, f.seriesOf(), !f.hide.Checked); err != nil {
		said = sentence(err.Error())
	}
	f.wrong.SetText(said)
	show(f.wrong, said != "")
	f.refresh()
	return said == ""
}

// window is the window level that was typed.
func (f *exportForm) window() (w ct.Window, ok bool) {
	for _, v := range []struct {
		to   *float64
		from *hintEntry
	}{{&w.Width, f.width}, {&w.Level, f.level}} {
		n, err := strconv.ParseFloat(strings.TrimSpace(f.from(v.from)), 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return w, false
		}
		*v.to = n
	}
	return w, w.Width >= 1
}

// from is what was typed, with the decimal point that people may have typed as a comma.
func (f *exportForm) from(e *hintEntry) string { return strings.ReplaceAll(e.Text, ",", ".") }

// The least and the largest side of a square, in pixels, that exports take.
const minSquare, maxSquare = 16, 4096

// side is that of the square, in pixels, or 0 where none was typed.
func (f *exportForm) side() (px int, ok bool) {
	typed := strings.TrimSpace(f.square.Text)
	if typed == "" {
		return 0, true
	}
	px, err := strconv.Atoi(typed)
	return px, err == nil && px >= minSquare && px <= maxSquare
}

// optional is a number from 0 to most that was typed, or 0 where nothing was.
func (f *exportForm) optional(e *hintEntry, most float64) (v float64, ok bool) {
	if strings.TrimSpace(e.Text) == "" {
		return 0, true
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(f.from(e)), 64)
	return v, err == nil && v >= 0 && v <= most
}

// narrow gives an entry the width of a number.
func narrow(e *hintEntry) fyne.CanvasObject { return container.NewHBox(fixed(90, 0, e)) }

// leave goes on to what leaves.
func (f *exportForm) leave() {
	w, p := f.w, f.chosen()
	w.app.Preferences().SetString(prefPreset, p.Name)
	w.app.Preferences().SetBool(prefPeople, f.people.Checked)
	o := ExportOptions{
		Preset: p.Name, Images: p.Images && f.images.Checked, Values: p.Values && f.masks.Selected == txtExportValues,
		Identity: !f.hide.Checked, People: f.people.Checked,
	}
	o.Name = f.setName()
	if p.Window && (!p.Images || o.Images) {
		o.Window, _ = f.window()
	}
	if p.Square {
		o.Square, _ = f.side()
	}
	if p.Limits {
		o.LeastConfidence, _ = f.optional(f.sure, 1)
		o.LargestDoubt, _ = f.optional(f.doubt, 1)
	}
	w.askLeaving(outgoing{f.dir(), f.snapshots(), o, f.again, f.then})
}

// dir is the folder that was typed, in full; "" where none was.
func (f *exportForm) dir() string {
	dir := strings.TrimSpace(f.folder.Text)
	if dir == "" {
		return ""
	}
	return ct.FullPath(dir)
}

// setName is the name of the data set that was typed, where it has one.
func (f *exportForm) setName() string {
	if !f.chosen().Named {
		return ""
	}
	return strings.TrimSpace(f.name.Text)
}

// sessions are those whose work is exported: the one in view first.
func (f *exportForm) sessions() []*annotate.Session {
	w := f.w
	all := []*annotate.Session{w.session}
	if !f.chosen().Many || f.series.Selected == txtExportThis {
		return all
	}
	for _, series := range w.found.Series {
		if s := w.sessions[series]; s != nil && s != w.session {
			all = append(all, s)
		}
	}
	return all
}

func (f *exportForm) snapshots() (all []annotate.Snapshot) {
	for _, s := range f.sessions() {
		all = append(all, s.Snapshot())
	}
	return all
}

func (f *exportForm) seriesOf() (all []*ct.Series) {
	for _, s := range f.sessions() {
		all = append(all, s.Series())
	}
	return all
}
