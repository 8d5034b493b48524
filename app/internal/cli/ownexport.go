package cli

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
)

// exportsAround knows which files of exports of this program are images.
type exportsAround struct {
	kinds  map[string]map[string]string // of the files, by the export's folder; nil for folders that hold none
	faults map[string]error             // of exports that cannot be read
	masks  map[string]int               // files that were met and are no images, by the export's folder
}

// image reports whether a file may hold images, as far as the export tells that it lies in, where it lies in one.
func (a *exportsAround) image(file string) bool {
	full := ct.FullPath(file)
	for dir := filepath.Dir(full); ; dir = filepath.Dir(dir) {
		if _, looked := a.kinds[dir]; !looked {
			a.kinds[dir], a.faults[dir] = export.Kinds(dir)
		}
		rel, err := filepath.Rel(dir, full)
		kind, known := a.kinds[dir][filepath.ToSlash(rel)]
		if a.faults[dir] != nil || err == nil && known && kind != export.KindImage {
			a.masks[dir]++
			return false
		}
		if known || dir == filepath.Dir(dir) {
			return true
		}
	}
}

// own reports whether a file that holds no image lies in an export that was met, as its own tables do.
func (a *exportsAround) own(l ct.LeftOut) bool {
	if l.Broken() {
		return false
	}
	for dir := range a.masks {
		if ct.Within(l.File, dir) {
			return true
		}
	}
	return false
}

// onlyImages leaves out what exports of this program hold beside images, and says so: masks must never be taken for CT.
func (p *Program) onlyImages(ctx context.Context, found *ct.Found) error {
	a := exportsAround{map[string]map[string]string{}, map[string]error{}, map[string]int{}}
	var rest []string // images of series that hold others, too
	found.Series = slices.DeleteFunc(found.Series, func(s *ct.Series) bool {
		var images []string
		for _, source := range s.Sources {
			if a.image(source.File) {
				images = append(images, source.File)
			}
		}
		if len(images) == s.Len() {
			return false
		}
		rest = append(rest, images...)
		return true
	})
	for _, dir := range slices.Sorted(maps.Keys(a.masks)) {
		switch n := ct.Count(a.masks[dir], "slice"); {
		case a.faults[dir] != nil:
			p.warn("%s of the export in %s: left out, since it cannot be told whether they are images: %v", n, dir, a.faults[dir])
		default:
			p.warn("%s of the export in %s: left out, since they are masks or the like, and no images", n, dir)
		}
	}
	found.LeftOut = slices.DeleteFunc(found.LeftOut, a.own)
	if len(rest) > 0 {
		more, err := ct.Open(ctx, rest, nil)
		if err != nil {
			return err
		}
		found.Series, found.LeftOut = append(found.Series, more.Series...), append(found.LeftOut, more.LeftOut...)
	}
	if len(a.masks) > 0 && len(found.Series) == 0 {
		return errors.New("what is named is of an export of this program, and holds no images: name the images that it was made of")
	}
	return nil
}
