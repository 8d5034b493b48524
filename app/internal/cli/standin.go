package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
)

// first is the series of the first image that a line of a list means, by which the case is named: of many series, one
// header each is read. Of pictures and volumes, which say of no series that they are of, it is the whole of the line's.
// Nil stands for what cannot be read, which is said when it is opened.
func (p *Program) first(ctx context.Context, l *listed) (*ct.Series, error) {
	uid := bareUID(l.series)
	for _, file := range imagesBelow(l.path) {
		found, err := ct.Open(ctx, []string{file}, nil)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue
		}
		for _, s := range found.Series {
			switch {
			case s.Sources[0].SOPInstanceUID == "":
				silent := *p
				silent.Stderr, silent.quiet = io.Discard, true
				s, _ = silent.openListed(ctx, l)
				return s, ctx.Err()
			case uid == "" || bareUID(s.UID) == uid:
				return s, nil
			}
		}
	}
	return nil, nil
}

// bareUID is the UID of a series without the number of a stack in it.
func bareUID(uid string) string {
	uid, _, _ = strings.Cut(uid, "#")
	return uid
}

// imagesBelow are the files at a path, in the order in which they are looked at.
func imagesBelow(path string) (out []string) {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return []string{path}
	}
	_ = filepath.WalkDir(path+string(filepath.Separator), func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, filepath.Clean(file))
		}
		return nil // what cannot be entered holds nothing to name a case by
	})
	sort.SliceStable(out, func(i, j int) bool { return ct.NaturalLess(out[i], out[j]) })
	return out
}

// few is a series of the few fields that name a case, without what was read.
func few(s *ct.Series) *ct.Series {
	return &ct.Series{UID: s.UID, StudyUID: s.StudyUID, Patient: s.Patient, Sources: s.Sources}
}

// standIn is what a case is named by: the series of its first image, or where there is none its path.
func (l *listed) standIn(first *ct.Series) *ct.Series {
	if first == nil {
		first = l.bare()
	}
	s := few(first)
	if s.Sources = s.Sources[:1]; l.series != "" {
		s.UID = l.series
	}
	return l.whose(s)
}

// whose is a series of whom the line says that it shows. The line may be nil.
func (l *listed) whose(s *ct.Series) *ct.Series {
	if l != nil && l.patient != "" && l.patient != s.Patient.ID {
		s.Patient = ct.Patient{ID: l.patient}
	}
	return s
}

// bare is a series that is called as the last part of the line's path.
func (l *listed) bare() *ct.Series {
	inside := func(name string) ct.Source { return ct.Source{File: filepath.Join(l.said, name)} }
	if info, err := os.Stat(l.path); err == nil && !info.IsDir() {
		return &ct.Series{Sources: []ct.Source{{File: l.said}}}
	}
	return &ct.Series{Sources: []ct.Source{inside("first"), inside("second")}}
}

func (s *exportSources) standIns() []*ct.Series {
	var out []*ct.Series
	for _, e := range s.all {
		out = append(out, e.standIn)
	}
	return out
}

// names are those of the cases: where identities are kept, as lists say, or else by the folders.
func (s *exportSources) names(d export.Identity) []string {
	if !d.Kept() {
		return d.CaseNames(s.standIns())
	}
	called := s.standIns()
	for k, e := range s.all {
		if e.line != nil && e.project == "" {
			called[k] = e.line.bare()
		}
	}
	names := d.CaseNames(called)
	for k, e := range s.all {
		if e.line != nil && e.line.name != "" {
			names[k] = e.line.name
		}
	}
	return names
}

// showIn notes in a case whom it shows. The error is for one that shows another patient than the one by whom it is named.
func (e *exportSource) showIn(c *export.Case) error {
	switch {
	case e.line != nil && e.line.patient != "":
		c.Patient = e.line.patient
	case c.Patient != e.shows:
		return errors.New("its images are of several patients, or changed meanwhile: the one by which it is named is of another patient than the series")
	}
	return nil
}
