package dicom

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Object is the data set of a file that may be no image, such as a segmentation
// or a structure set. Read what it says by tag; see stored.go for its pixels. It
// reads from the file that it was made of as long as it is in use.
type Object struct {
	Item
	file *file
}

// Item is a data set: an object's own, or an item of one of its sequences. Tags
// are the group and the element number in one, as in 0x00080018. The zero value
// is empty.
type Item struct {
	d *dataset
	o *source
}

// source is where the values are that were too long to keep.
type source struct {
	r      io.ReaderAt
	format format
	left   *int64 // bytes that may still be read
	text   func(string) string
}

// Bounds of the long values of one object, in bytes: of each, and of all.
const (
	longest = 16 << 20
	maxLong = 256 << 20
)

// ReadObject reads the header of a file of the given size. Its error says in plain
// words why it cannot be read; it is [ErrNotDICOM] where the file is of another
// kind.
func ReadObject(r io.ReaderAt, size int64) (*Object, error) {
	f, err := parse(r, size)
	if err != nil {
		return nil, err
	}
	left := int64(maxLong)
	o := &source{r: r, left: &left, text: characters(f.texts(tag.SpecificCharacterSet))}
	o.format.order = f.encoding.order()
	if f.encoding.deflated {
		o.format.deflatedFrom = f.start
	}
	return &Object{Item: Item{&f.dataset, o}, file: f}, nil
}

func tagOf(t uint32) tag.Tag { return tag.Tag{Group: uint16(t >> 16), Element: uint16(t)} }

// Has tells whether the item has an element.
func (i Item) Has(t uint32) bool { return i.d != nil && i.d.find(tagOf(t)) != nil }

// Text returns the first value of a text element, or "".
func (i Item) Text(t uint32) string {
	if i.d == nil {
		return ""
	}
	return i.o.text(i.d.text(tagOf(t)))
}

// Integer returns a numeric element where it is a whole number that fits 32 bits,
// else the default.
func (i Item) Integer(t uint32, otherwise int) int {
	if i.d == nil {
		return otherwise
	}
	return i.d.integer(tagOf(t), otherwise)
}

// Integers returns the values of a numeric element that are whole numbers; at most 64.
func (i Item) Integers(t uint32) (out []int) {
	if i.d == nil {
		return nil
	}
	for _, v := range i.d.numbers(tagOf(t)) {
		if v == math.Trunc(v) && math.Abs(v) <= math.MaxInt32 {
			out = append(out, int(v))
		}
	}
	return out
}

// Items returns the items of a sequence.
func (i Item) Items(t uint32) (items []Item) {
	if i.d == nil {
		return nil
	}
	e := i.d.find(tagOf(t))
	if e == nil {
		return nil
	}
	for _, d := range e.items {
		items = append(items, Item{d, i.o})
	}
	return items
}

// First returns the first item of a sequence, or an empty one.
func (i Item) First(t uint32) Item {
	if items := i.Items(t); len(items) > 0 {
		return items[0]
	}
	return Item{}
}

// Decimals returns the numbers of a text element (VR DS or IS) of any length; an
// error where one is no finite number, or where there are too many.
func (i Item) Decimals(t uint32) ([]float64, error) {
	value, err := i.long(tagOf(t))
	if err != nil || len(value) == 0 {
		return nil, err
	}
	out := make([]float64, 0, 1+strings.Count(value, `\`))
	for s := range strings.SplitSeq(value, `\`) {
		v, err := strconv.ParseFloat(strings.Trim(s, " \x00\t\r\n"), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%s is no number (at element %v)", quoteShort(s), tagOf(t))
		}
		out = append(out, v)
	}
	return out, nil
}

// long returns an element's value, from the file where it was not kept.
func (i Item) long(t tag.Tag) (string, error) {
	if i.d == nil {
		return "", nil
	}
	e := i.d.find(t)
	if e == nil || e.items != nil {
		return "", nil
	}
	return i.read(e)
}

// read returns the value of one of the item's elements.
func (i Item) read(e *element) (string, error) {
	if e.length == 0 {
		return "", nil
	}
	if e.value != nil {
		return string(e.value), nil
	}
	if e.length > longest || e.length > *i.o.left {
		return "", errors.New("the file's values are too long")
	}
	if i.o.format.deflatedFrom != 0 {
		return "", errors.New("a value is too long for a deflated file")
	}
	*i.o.left -= e.length
	f := i.o.format
	f.offset = e.offset
	b := make([]byte, e.length)
	err := f.readTo(b, i.o.r, 0)
	return string(b), err
}

// Place describes where frame n, counted from 0, of an object of several frames
// lies, by its own functional groups, the shared ones, or the object itself.
func (o *Object) Place(n int) Frame {
	own, shared := o.groups(n)
	return newFrames(1, o.d, shared, []*dataset{own})[0]
}

// Group returns the items of a functional group of frame n: its own, or those that
// all frames share.
func (o *Object) Group(n int, t uint32) []Item {
	own, shared := o.groups(n)
	for _, d := range []*dataset{own, shared} {
		if items := (Item{d, o.o}).Items(t); len(items) > 0 {
			return items
		}
	}
	return nil
}

// groups are the functional groups of frame n and those that all frames share;
// nil where there are none.
func (o *Object) groups(n int) (own, shared *dataset) {
	if e := o.d.find(tag.PerFrameFunctionalGroupsSequence); e != nil && n < len(e.items) {
		own = e.items[n]
	}
	return own, o.d.item(tag.SharedFunctionalGroupsSequence)
}
