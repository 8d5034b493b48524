package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// open finds the series in files and folders and warns of what is left out. An error means that there is none.
func (p *Program) open(ctx context.Context, paths []string) (*ct.Found, error) {
	found, err := p.look(ctx, paths)
	if err != nil {
		return nil, err
	}
	return found, p.tellFound(paths, found)
}

// openImages is open without what exports of this program hold beside images, and without what seems to be masks unless
// the UID of a series is asked for.
func (p *Program) openImages(ctx context.Context, paths []string, uid string) (*ct.Found, error) {
	found, err := p.look(ctx, paths)
	if err != nil {
		return nil, err
	}
	if err := p.onlyImages(ctx, found); err != nil {
		return nil, err
	}
	if uid == "" {
		p.skipMasks(found)
	}
	return found, p.tellFound(paths, found)
}

// tellFound warns of what is left out, and of what is odd. The error says that there is no series.
func (p *Program) tellFound(paths []string, found *ct.Found) error {
	if err := nothing(paths, found); err != nil {
		return err
	}
	p.warnLeftOut(found.LeftOut)
	for _, s := range found.Series {
		for _, w := range s.Warnings {
			p.warn("%s: %s", s.UID, w)
		}
	}
	return nil
}

// skipMasks leaves out series that seem to be masks of others, and says so.
func (p *Program) skipMasks(found *ct.Found) {
	found.Series = slices.DeleteFunc(found.Series, func(s *ct.Series) bool {
		if s.MaskOf != "" {
			p.warn("%s is left out: it seems to hold masks of the images in %s; groundglass import --labels brings masks in as labels, and what is named alone is taken for images", filesOf(s), s.MaskOf)
		}
		return s.MaskOf != ""
	})
}

// filesOf is where a series lies: its folder, or its files where the images that it is of lie in the same.
func filesOf(s *ct.Series) string {
	first := s.Sources[0].File
	switch dir := filepath.Dir(first); {
	case dir != s.MaskOf:
		return dir
	case s.Len() > 1 && s.Sources[1].File != first:
		return fmt.Sprintf("%s (and %s)", first, ct.Count(s.Len()-1, "more file"))
	}
	return first
}

// look is open without a word about what was found.
func (p *Program) look(ctx context.Context, paths []string) (*ct.Found, error) {
	m := p.meter("looking at files")
	defer m.end()
	return ct.Open(ctx, paths, m.show)
}

// skipOutput leaves out series that lie in the folder to write to, which an earlier call wrote there, unless that folder
// is what the call names. An error means that nothing is left.
func (p *Program) skipOutput(paths []string, found *ct.Found, dir string) error {
	if slices.ContainsFunc(paths, func(path string) bool { return ct.Within(path, dir) }) {
		return nil
	}
	found.Series = slices.DeleteFunc(found.Series, func(s *ct.Series) bool {
		skip := s.Len() > 0 && ct.Within(s.Sources[0].File, dir)
		if skip {
			p.warn("%s is left out: it is in the folder to write to", filepath.Dir(s.Sources[0].File))
		}
		return skip
	})
	return nothing(paths, found)
}

// maxListed bounds how many files a warning lists one by one.
const maxListed = 20

func (p *Program) warnLeftOut(left []ct.LeftOut) {
	for _, l := range left[:min(len(left), maxListed)] {
		p.warn("%s is left out: %s", l.File, l.Reason)
	}
	if n := len(left) - maxListed; n > 0 {
		p.warn("%d more files are left out; groundglass info lists them all", n)
	}
}

// nothing is the error of finding no series.
func nothing(paths []string, found *ct.Found) error {
	switch {
	case len(found.Series) > 0:
		return nil
	case len(found.LeftOut) == 0:
		return fmt.Errorf("%s: there are no files here", strings.Join(paths, ", "))
	case len(found.LeftOut) == 1:
		return fmt.Errorf("%s: %s", found.LeftOut[0].File, found.LeftOut[0].Reason)
	}
	return manyUnread{paths, len(found.LeftOut)}
}

// manyUnread is the error of finding files, and no series in them.
type manyUnread struct {
	paths []string
	n     int
}

func (e manyUnread) Error() string { return e.bare() + "; groundglass info says why of each" }

// bare is for where info has said why.
func (e manyUnread) bare() string {
	return fmt.Sprintf("%s: none of the %d files is an image that can be read", strings.Join(e.paths, ", "), e.n)
}

// namedLeftOut is an error where a file that the call itself names, not only a folder around it, is left out.
func namedLeftOut(paths []string, left []ct.LeftOut) error {
	var errs []error
	for _, l := range left {
		if named(paths, l.File) {
			errs = append(errs, fmt.Errorf("%s: %s", l.File, l.Reason))
		}
	}
	return errors.Join(errs...)
}

// broken are the images of those that are left out which cannot be read, so that a series lacks them.
func broken(left []ct.LeftOut) []ct.LeftOut {
	return slices.DeleteFunc(slices.Clone(left), func(l ct.LeftOut) bool { return !l.Broken() })
}

// lacking is an error where so many images are left out since they cannot be read.
func lacking(n int) error {
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%s that cannot be read left out", ct.Count(n, "image"))
}

// named reports whether a call names a file.
func named(paths []string, file string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return filepath.Clean(path) == file })
}

// choose picks one series: the one of a UID, or the only one.
func choose(found *ct.Found, uid string) (*ct.Series, error) {
	if uid == "" && len(found.Series) == 1 {
		return found.Series[0], nil
	}
	var list strings.Builder
	for _, s := range found.Series {
		if s.UID == uid {
			return s, nil
		}
		fmt.Fprintf(&list, "\n  %s  %s of %dx%d  %s", s.UID, ct.Count(s.Len(), "slice"), s.Columns, s.Rows, s.Description)
	}
	if uid != "" {
		return nil, fmt.Errorf("there is no series %s; there are:%s", uid, list.String())
	}
	return nil, fmt.Errorf("there are %d series; choose one with --series UID:%s", len(found.Series), list.String())
}
