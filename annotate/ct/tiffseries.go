package ct

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"groundglass/annotate/ct/tiff"
)

// usablePages returns the pages of a TIFF file that are slices, by the number
// of each in the file, counted from 1, and why others are not. Where there are
// none, there is an error.
func usablePages(r io.ReaderAt) (pages []tiff.Page, numbers []int, err error) {
	all, err := tiff.Pages(r)
	if err != nil {
		return nil, nil, err
	}
	var reasons []string
	for i, p := range all {
		reason := ""
		switch {
		case p.Part:
			continue
		case p.Problem != nil:
			reason = p.Problem.Error()
		case len(pages) > 0 && (p.W != pages[0].W || p.H != pages[0].H || tiffValues(p) != tiffValues(pages[0])):
			reason = fmt.Sprintf("%s values of %dx%d pixels, unlike the first page", tiffValues(p), p.W, p.H)
		default:
			pages, numbers = append(pages, p), append(numbers, i+1)
			continue
		}
		if len(all) > 1 {
			reason = fmt.Sprintf("page %d: %s", i+1, reason)
		}
		if len(reasons) < maxReasons {
			reasons = append(reasons, reason)
		}
	}
	if len(pages) == 0 && len(reasons) == 0 {
		err = errors.New("the TIFF file has no pages")
	}
	if len(reasons) > 0 {
		err = errors.New(strings.Join(reasons, "; "))
	}
	return pages, numbers, err
}

// maxReasons bounds how many pages of a file are told of one by one.
const maxReasons = 10

func tiffValues(p tiff.Page) string {
	switch {
	case p.Signed:
		return signedBits
	case p.Bits == 16:
		return sixteenBit
	}
	return eightBit
}

// lookAtTIFF takes a file of one page for a picture and one of several for a
// series. Pages that cannot be read, beside others, are its reason.
func lookAtTIFF(f io.ReaderAt, path string, size int64) (l look) {
	pages, numbers, err := usablePages(f)
	if err != nil {
		l.reason = err.Error()
	}
	if _, err := scaleFor(path); err != nil {
		return look{reason: err.Error()}
	}
	switch {
	case len(pages) == 1:
		l.picture = &picture{path: path, config: config{pages[0].W, pages[0].H, "TIFF", tiffValues(pages[0])}, bytes: size}
	case len(pages) > 1:
		l.series = []*Series{pageSeries(path, pages, numbers)}
	}
	return l
}

// pageSeries makes a series of the pages of one file.
func pageSeries(path string, pages []tiff.Page, numbers []int) *Series {
	first := pages[0]
	meta := Series{
		UID:              stackUID(FullPath(path), stackKey{w: first.W, h: first.H}),
		Description:      SliceName(Source{File: path}),
		Rows:             first.H,
		Columns:          first.W,
		Geometry:         unknownGeometry(),
		Window:           Lung,
		TransferSyntaxes: []string{"TIFF"},
	}
	for _, n := range numbers {
		meta.Sources = append(meta.Sources, Source{File: path, Frame: n})
	}
	load := func(i int) (*Slice, error) { return readPage(path, pages[i]) }
	describeGreys(&meta, []string{tiffValues(first)}, load)
	return NewSeries(meta, load)
}

func readPage(path string, p tiff.Page) (*Slice, error) {
	scale, err := scaleFor(path)
	if err != nil {
		return nil, err
	}
	if p.Signed {
		scale = scale.signed()
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Plain(err)
	}
	defer f.Close()
	m, err := p.Decode(f)
	if err != nil {
		return nil, err
	}
	return scale.slice(m)
}
