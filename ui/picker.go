package ui

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
)

// picker is the dialog in which one of several series is chosen.
type picker struct {
	w      *Window
	found  *ct.Found
	list   *pickList
	chosen int
	thumbs []*thumbs // by series; nil until its row has been in view
}

// pickSeries asks which of the series to show, the one in view first. Then goes
// on with the one that was chosen.
func (w *Window) pickSeries(then func()) {
	p := &picker{w: w, found: w.found, thumbs: make([]*thumbs, len(w.found.Series))}
	p.list = &pickList{w: w}
	p.list.ExtendBaseWidget(p.list)
	p.list.Length, p.list.UpdateItem = func() int { return len(p.found.Series) }, p.update
	p.list.CreateItem = func() fyne.CanvasObject { return newPickRow() }
	p.list.OnSelected = func(i widget.ListItemID) { p.chosen = i }
	p.list.HideSeparators = true
	p.list.Select(slices.Index(p.found.Series, w.session.Series()))
	w.picking = p
	end := func(show bool) func() {
		return func() {
			p.close()
			w.picking = nil
			if !show || w.found != p.found {
				return
			}
			if w.session.Series() != p.found.Series[p.chosen] {
				w.show(p.found, p.chosen, then)
				return
			}
			then()
		}
	}
	head := paragraph(fmt.Sprintf(txtPickWhat, len(p.found.Series), studiesText(p.found.Series)))
	w.showDialog(txtPickHead, container.NewBorder(head, nil, nil, nil, p.list), fyne.NewSize(640, pickerHeight(len(p.found.Series))),
		button{name: txtCancel, do: end(false)}, button{name: txtPickButton, look: widget.HighImportance, do: end(true)})
	w.dialogs[len(w.dialogs)-1].move = p.move
	w.named["pick.list"] = p.list
}

// pickerHeight is the dialog's, for whole rows.
func pickerHeight(rows int) float32 {
	const frame, most = 150, 6
	return frame + float32(min(max(rows, 2), most))*(pickHeight+4)
}

// pickList is a list that leaves the keys to the dialog that it is in.
type pickList struct {
	widget.List
	w *Window
}

// TypedKey takes a key for the dialog.
func (l *pickList) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		e = &fyne.KeyEvent{Name: fyne.KeyReturn}
	}
	l.w.dialogKey(e.Name)
}

// move goes to another row.
func (p *picker) move(by int) {
	p.list.Select(min(max(p.chosen+by, 0), len(p.found.Series)-1))
}

func (p *picker) close() {
	for _, t := range p.thumbs {
		if t != nil {
			t.close()
		}
	}
}

// update shows a series in a row.
func (p *picker) update(i widget.ListItemID, o fyne.CanvasObject) {
	s := p.found.Series[i]
	if p.thumbs[i] == nil {
		p.thumbs[i] = newThumbs(s, func(int) { p.w.post(func() { p.list.RefreshItem(i) }) })
	}
	o.(*pickRow).set(s, studyNumber(p.found.Series, s), p.thumbs[i].get(s.Len()/2))
}

// studies lists the studies that series say they belong to, in their order.
func studies(all []*ct.Series) []string {
	var list []string
	for _, s := range all {
		if s.StudyUID != "" && !slices.Contains(list, s.StudyUID) {
			list = append(list, s.StudyUID)
		}
	}
	return list
}

// studyNumber is the number of a series' study, 0 where all are of one, and where
// it does not say which.
func studyNumber(all []*ct.Series, s *ct.Series) int {
	if list := studies(all); len(list) > 1 && s.StudyUID != "" {
		return 1 + slices.Index(list, s.StudyUID)
	}
	return 0
}

func studiesText(all []*ct.Series) string {
	if n := len(studies(all)); n > 1 {
		return fmt.Sprintf(txtPickStudies, n)
	}
	return txtPickStudy
}

// pickRow is one series in the picker.
type pickRow struct {
	widget.BaseWidget
	picture         *canvas.Raster
	img             *image.RGBA
	name, count     *canvas.Text
	details, remark *canvas.Text

	title, contents, warning string // before they are cut to the row's width
}

const pickHeight = 72

func newPickRow() *pickRow {
	r := &pickRow{
		img:  image.NewRGBA(image.Rect(0, 0, thumbSize, thumbSize)),
		name: text("", 14, colText), count: text("", 12, colText), details: text("", 12, colDim), remark: text("", 12, colWarn),
	}
	r.name.TextStyle.Bold = true
	r.picture = canvas.NewRaster(func(_, _ int) image.Image { return r.img })
	r.picture.ScaleMode = canvas.ImageScaleFastest
	r.ExtendBaseWidget(r)
	return r
}

// set shows a series, the number of its study unless that is 0, and its
// thumbnail, nil while it is being made.
func (r *pickRow) set(s *ct.Series, study int, grey []uint8) {
	r.img = image.NewRGBA(r.img.Rect)
	for p := range thumbSize * thumbSize {
		if grey != nil {
			r.img.Pix[4*p], r.img.Pix[4*p+1], r.img.Pix[4*p+2] = grey[p], grey[p], grey[p]
		}
		r.img.Pix[4*p+3] = 255
	}
	r.title, r.count.Text = seriesName(s), countText(s.Len())
	r.contents, r.warning = pickDetails(s, study), pickWarning(s)
	r.layout(r.Size())
	r.Refresh()
}

// pickDetails says what a series is made of.
func pickDetails(s *ct.Series, study int) string {
	parts := []string{fmt.Sprintf(txtPickSize, s.Columns, s.Rows)}
	if g := s.Geometry; g.Known {
		parts = append(parts, fmt.Sprintf(txtPickSpacing, g.Spacing[1], g.Spacing[0], g.Spacing[2]))
	} else {
		parts = append(parts, txtPickUnknown)
	}
	if s.Modality != "" {
		parts = append(parts, s.Modality)
	}
	if study > 0 {
		parts = append(parts, fmt.Sprintf(txtPickOfStudy, study))
	}
	return strings.Join(parts, ",  ")
}

// pickWarning is the first of a series' warnings, and how many there are.
func pickWarning(s *ct.Series) string {
	switch n := len(s.Warnings); n {
	case 0:
		return ""
	case 1:
		return sentence(s.Warnings[0])
	default:
		return fmt.Sprintf(txtPickWarnings, n, sentence(s.Warnings[0]))
	}
}

// MinSize is the row's height and room for its texts.
func (r *pickRow) MinSize() fyne.Size { return fyne.NewSize(360, pickHeight) }

// CreateRenderer implements fyne.Widget.
func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{r.picture, r.name, r.count, r.details, r.remark}, min: r.MinSize, layout: r.layout}
}

func (r *pickRow) layout(s fyne.Size) {
	const pad, left = 8, thumbSize + 20
	r.picture.Resize(fyne.NewSquareSize(thumbSize))
	r.picture.Move(fyne.NewPos(pad, pad))
	width := s.Width - left - pad
	count := r.count.MinSize()
	r.count.Move(fyne.NewPos(s.Width-pad-count.Width, pad))
	r.name.Text = shorten(r.title, r.name, width-count.Width-pad)
	r.details.Text = shorten(r.contents, r.details, width)
	r.remark.Text = shorten(r.warning, r.remark, width)
	for i, t := range []*canvas.Text{r.name, r.details, r.remark} {
		t.Move(fyne.NewPos(left, pad+float32(i)*20))
	}
}

// pickButton opens the picker from the slice list.
func (l *sliceList) pickButton() fyne.CanvasObject {
	b := newHintButton("", theme.ListIcon(), func() { l.w.Do("file.series") }, l.w.focusView)
	l.w.explainCommand(b, "file.series")
	l.w.named["series.pick"] = b
	return b
}
