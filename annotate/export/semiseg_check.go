package export

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
)

// check holds a case to what the loaders of Inf-Net and TV-UNet rely on: each picture
// has a mask and its companions of the same name and size in the folders of its part,
// masks hold no value but those of the data set, and companions follow from masks.
func (f semisegFormat) check(r *Reader) []string {
	problems := greyPictures(r, KindImage)
	for i := range r.Entry.Slices {
		problems = append(problems, placed(r, i, f.wanted(r.Entry, i))...)
		if folder := f.folder(r.Entry, i); folder != "" {
			problems = append(problems, f.checkMask(r, i, folder)...)
		}
	}
	return problems
}

// wanted are the files that there should be of slice i, with their kinds.
func (f semisegFormat) wanted(e *CaseEntry, i int) map[string]string {
	folder, want := f.folder(e, i), map[string]string{}
	if folder == "" {
		return want
	}
	name := stemOf(e.Case, i) + ".png"
	want[path.Join(folder, "Imgs", name)], want[path.Join(folder, "GT", name)] = KindImage, KindMask
	for _, c := range f.companions(folder) {
		want[path.Join(folder, c.folder, name)] = c.kind
	}
	return want
}

// checkMask looks at a mask's values and at what follows from it.
func (f semisegFormat) checkMask(r *Reader, i int, folder string) (problems []string) {
	e, ok := r.Of(KindMask, i)
	if !ok {
		return nil // which is said of the slice
	}
	mask, err := readPicture(r, e)
	if err != nil {
		return nil // likewise
	}
	allowed := []uint8{0, infection}
	if f.layout.multi {
		allowed = []uint8{0, greyGroundGlass, greyConsolidation}
	}
	if k := slices.IndexFunc(mask.Pix, func(v uint8) bool { return !slices.Contains(allowed, v) }); k >= 0 {
		problems = append(problems, fmt.Sprintf("%s has the value %d, and masks may have %d alone.", e.File, mask.Pix[k], allowed))
	}
	for _, c := range f.companions(folder) {
		e, ok := r.Of(c.kind, i)
		if !ok {
			continue
		}
		switch g, err := readPicture(r, e); {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			problems = append(problems, sentence(err))
		case !bytes.Equal(g.Pix, c.of(mask).Pix):
			problems = append(problems, fmt.Sprintf("%s does not follow from the mask of slice %d.", e.File, i+1))
		}
	}
	return problems
}
