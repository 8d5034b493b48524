package ui

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// found is a row of a searchList: a heading, or something to choose.
type found struct {
	name, group, keys string
	head              bool // only name, and can't be chosen
	off               bool // can't be done now
	cmd               *command
	path              string // of a file or folder
	into              bool   // it is a folder to go into
}

// searchList is a field and below it a list of what was found for the words in
// it. The field keeps the keys: Up, Down, Page Up and Page Down move in the
// list, Enter takes the row.
type searchList struct {
	box    *fyne.Container
	entry  *searchEntry
	list   *fieldList
	rows   []found
	chosen int // -1: none
	find   func(words string) []found
	took   func(found) // Enter or a click
	moved  func()      // another row is chosen; nil: nobody listens
	double bool        // a click chooses, a double click takes
	click  time.Time   // the last one
	on     int         // its row; -1 where the rows are others since
}

// pageRows is how far Page Up and Page Down go.
const pageRows = 10

// newSearchList makes a list whose field hints at what to type, and whose groups
// have a column that wide.
func newSearchList(hint string, group float32, find func(string) []found, took func(found), esc func()) *searchList {
	l := &searchList{find: find, took: took, chosen: -1}
	l.entry = newSearchEntry(hint, l.typedKey, esc)
	l.entry.OnChanged = func(string) { l.search() }
	l.list = &fieldList{entry: l.entry}
	l.list.ExtendBaseWidget(l.list)
	l.list.HideSeparators = true
	l.list.Length = func() int { return len(l.rows) }
	l.list.CreateItem = func() fyne.CanvasObject { return newFoundRow(group) }
	l.list.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < len(l.rows) {
			o.(*foundRow).set(l.rows[i], i == l.chosen)
		}
	}
	l.list.OnSelected = l.clicked
	l.box = container.NewBorder(l.entry, nil, nil, nil, l.list)
	l.search()
	return l
}

// search lists what is found for the words, the first row chosen.
func (l *searchList) search() {
	l.on = -1
	l.rows = l.find(l.entry.Text)
	l.chosen = -1
	l.list.UnselectAll()
	l.list.Refresh()
	l.list.ScrollToTop()
	l.move(1)
}

// refresh lists the same rows as they are now, and keeps the place.
func (l *searchList) refresh() {
	l.rows = l.find(l.entry.Text)
	l.list.Refresh()
}

// row is the chosen row.
func (l *searchList) row() (found, bool) {
	if l.chosen < 0 || l.chosen >= len(l.rows) {
		return found{}, false
	}
	return l.rows[l.chosen], true
}

// move goes by rows to the nearest one that can be chosen.
func (l *searchList) move(by int) {
	to, step := min(max(l.chosen+by, 0), len(l.rows)-1), 1
	if by < 0 {
		step = -1
	}
	for to >= 0 && to < len(l.rows) && l.rows[to].head {
		to += step
	}
	if to >= 0 && to < len(l.rows) {
		l.choose(to)
	}
}

func (l *searchList) choose(i int) {
	was := l.chosen
	l.chosen = i
	l.list.RefreshItem(was)
	l.list.RefreshItem(i)
	if i <= 1 {
		l.list.ScrollToTop() // with the heading
	} else {
		l.list.ScrollTo(i)
	}
	if l.moved != nil {
		l.moved()
	}
}

func (l *searchList) clicked(i widget.ListItemID) {
	l.list.Unselect(i)
	if l.rows[i].head {
		return
	}
	// The second click of a double click on a row that is gone is for none.
	again, stale := time.Since(l.click) < twoClicks && l.on == i, time.Since(l.click) < twoClicks && l.on < 0
	l.click, l.on = time.Now(), i
	l.choose(i)
	if !stale && (again || !l.double) {
		l.took(l.rows[i])
	}
}

// twoClicks is the time within which two clicks are one.
const twoClicks = 450 * time.Millisecond

func (l *searchList) typedKey(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyDown:
		l.move(1)
	case fyne.KeyUp:
		l.move(-1)
	case fyne.KeyPageDown:
		l.move(pageRows)
	case fyne.KeyPageUp:
		l.move(-pageRows)
	case fyne.KeyReturn, fyne.KeyEnter:
		if r, ok := l.row(); ok {
			l.took(r)
		}
	default:
		return false
	}
	return true
}

// searchEntry is a field for words to look for. Keys come to its owner first.
type searchEntry struct {
	widget.Entry
	before func(fyne.KeyName) bool // asked before the list; may be nil
	key    func(fyne.KeyName) bool
	esc    func()
}

func newSearchEntry(hint string, key func(fyne.KeyName) bool, esc func()) *searchEntry {
	e := &searchEntry{key: key, esc: esc}
	e.PlaceHolder = hint
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey asks the owner first.
func (e *searchEntry) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyEscape:
		e.esc()
	case e.before != nil && e.before(k.Name) || e.key(k.Name):
	default:
		e.Entry.TypedKey(k)
	}
}

// fieldList is a list that leaves the keys to a field.
type fieldList struct {
	widget.List
	entry *searchEntry
}

// TypedKey takes a key for the field.
func (l *fieldList) TypedKey(k *fyne.KeyEvent) { l.entry.TypedKey(k) }

// TypedRune takes a character for it.
func (l *fieldList) TypedRune(r rune) { l.entry.TypedRune(r) }

// foundRow shows a row of a searchList.
type foundRow struct {
	widget.BaseWidget
	ground            *canvas.Rectangle
	name, group, keys *canvas.Text
	title, about      string  // name and group before they are cut to their columns
	middle            float32 // the group's column
}

const (
	foundHeight = 24
	foundKeys   = 160 // the column of the keys
)

func newFoundRow(middle float32) *foundRow {
	r := &foundRow{
		middle: middle,
		ground: canvas.NewRectangle(color.Transparent),
		name:   text("", 13, colText), group: text("", 12, colDim), keys: text("", 12, colAccent),
	}
	r.ground.CornerRadius = 4
	r.keys.Alignment = fyne.TextAlignTrailing
	r.ExtendBaseWidget(r)
	return r
}

func (r *foundRow) set(f found, chosen bool) {
	r.title, r.about, r.keys.Text = f.name, f.group, f.keys
	r.name.Color, r.keys.Color, r.ground.FillColor = colText, colAccent, color.Transparent
	r.name.TextStyle.Bold = f.head
	switch {
	case f.head:
		r.name.Color = colDim
	case f.off:
		r.name.Color, r.keys.Color = colOff, colOff
	}
	if chosen {
		r.ground.FillColor = colPicked
	}
	r.layout(r.Size())
	r.Refresh()
}

// MinSize leaves room for the texts.
func (r *foundRow) MinSize() fyne.Size { return fyne.NewSize(360, foundHeight) }

// CreateRenderer implements fyne.Widget.
func (r *foundRow) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{r.ground, r.name, r.group, r.keys}, min: r.MinSize, layout: r.layout}
}

func (r *foundRow) layout(s fyne.Size) {
	const pad = 8
	r.ground.Resize(s)
	left, group := float32(pad), s.Width-foundKeys-r.middle
	r.name.Text = shorten(r.title, r.name, group-2*pad)
	r.group.Text = shorten(r.about, r.group, r.middle-pad)
	for _, t := range []*canvas.Text{r.name, r.group, r.keys} {
		t.Resize(t.MinSize())
		t.Move(fyne.NewPos(left, (s.Height-t.MinSize().Height)/2))
		left = group
	}
	r.keys.Resize(fyne.NewSize(foundKeys-pad, r.keys.MinSize().Height))
	r.keys.Move(fyne.NewPos(s.Width-foundKeys, (s.Height-r.keys.MinSize().Height)/2))
}
