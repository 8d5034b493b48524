package cli

import (
	"bytes"
	"context"
	"fmt"
	"math"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/project"
)

// ProjectWork is the work on one series of a project as it is on disk.
type ProjectWork struct {
	Series   *ct.Series
	Snapshot annotate.Snapshot
	Audit    []byte                    // the audit file, up to the last step of Snapshot
	Spent    map[int]project.SliceWork // what it tells of each slice, from 1
}

// OpenProject reads the work on all series of the project that a path names, and warns of what is damaged, changed or
// missing. It writes nothing and takes no lock, so that another program may have the project open. An error that is
// project.ErrNone means that the path names no project.
func (p *Program) OpenProject(ctx context.Context, path string) ([]ProjectWork, error) {
	dir, d, err := project.Find(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	files, err := d.Images(dir)
	if err != nil {
		return nil, err
	}
	found, err := p.open(ctx, files)
	if err != nil {
		return nil, err
	}
	byID := map[string]*ct.Series{}
	for _, s := range found.Series {
		byID[project.SeriesID(s)] = s
	}
	var out []ProjectWork
	for _, e := range d.Series {
		s := byID[e.ID]
		if s == nil {
			p.warn("%s: the images of %q are not all where they were; the work on them is left out", dir, e.Description)
			continue
		}
		work, found, err := p.readWork(dir, s)
		if err != nil {
			return nil, err
		}
		if n := d.Changed(ctx, s); n > 0 {
			p.warn("%s: the files of %s of %q are others than those that were worked on", dir, ct.Count(n, "slice"), e.Description)
		}
		if found {
			out = append(out, work)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: the project holds no work on images that are there", dir)
	}
	return out, ctx.Err()
}

// readWork reads the work on one series; found is false where there is none.
func (p *Program) readWork(dir string, s *ct.Series) (work ProjectWork, found bool, err error) {
	session := annotate.NewSession(s)
	session.SetConnector(Connector(s))
	session.SetHistoryLimit(math.MaxInt64) // steps that are done again may undo any before them
	report, err := project.Read(dir, session)
	if err != nil {
		return work, false, fmt.Errorf("%s: %w", dir, err)
	}
	for _, damage := range report.Damage {
		p.warn("%s: %s", dir, damage)
	}
	work = ProjectWork{Series: s, Snapshot: session.Snapshot(), Audit: project.Audit(dir, project.SeriesID(s), report.Step)}
	work.Spent, err = project.SpentOn(bytes.NewReader(work.Audit))
	if err != nil {
		p.warn("%s: what the audit file says of slices is left out: %v", dir, err)
	}
	return work, report.Found, nil
}
