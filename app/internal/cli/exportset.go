package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/annotate/project"
	"groundglass/segment"
)

// exportSource is what one case of an export is made of. It is opened when the case is written, and let go of then.
type exportSource struct {
	series  *ct.Series // found in folders; its pixels are not read yet
	project string     // or worked on in a project, where it has this UID
	id      string
	images  string  // the state of the project's images
	line    *listed // of the list that names it, or its project; nil for none

	standIn *ct.Series // by which the case gets its name
	shows   string     // the patient, as its first image says; "" where that is not known
	from    string     // changes where the masks would
}

// exportSources are the cases of an export, and what they have in common.
type exportSources struct {
	all     []exportSource
	labels  []annotate.Label // that are exported
	without []annotate.Label // that are not
	model   *segment.Model   // nil where all is from projects
	cut     cutting
	tables  []labelTable
	slices  atomic.Int64 // that were opened
	left    []ct.LeftOut
	broken  atomic.Int64 // images that cannot be read

	proposed int       // cases that a model proposes
	used     [256]bool // labels that mark a pixel in a project
}

// labelTable is the labels of a project.
type labelTable struct {
	path   string
	labels []annotate.Label
}

// severalLabels tells whether masks may hold more than one label: those of projects do, or the model tells kinds apart.
func (s *exportSources) severalLabels() bool {
	n := 0
	for _, used := range s.used[1:] {
		if used {
			n++
		}
	}
	return n > 1 || len(s.labels) > 1 && s.model != nil && len(s.model.Card().KindLabels()) > 1
}

// sources finds what there is to export: in files, folders and projects, and in a list.
func (p *Program) sources(ctx context.Context, c *exportCall) (*exportSources, error) {
	s := &exportSources{cut: c.cut}
	projects, paths := splitProjects(c.paths)
	if len(paths) > 0 {
		if err := p.addFound(ctx, s, paths, c); err != nil {
			return nil, err
		}
	}
	meter := p.meter("looking at the list").of(1, "line")
	for i := range c.list {
		l := &c.list[i]
		if isProject(l.path) {
			projects = append(projects, namedProject{l.path, l.series, l})
			continue
		}
		first, err := p.first(ctx, l)
		if err != nil {
			return nil, err
		}
		s.addListed(l, first)
		meter.show(i+1, len(c.list))
	}
	meter.end()
	for i := range s.all {
		s.all[i].from += fmt.Sprintf(" %+v", c.cut)
	}
	for _, n := range p.onceEach(projects) {
		if n.uid == "" {
			n.uid = c.uid
		}
		if err := p.addProject(ctx, s, n); err != nil {
			return nil, err
		}
	}
	p.tellDoubles(s)
	if len(s.all) == 0 { // projects always have work
		return nil, fmt.Errorf("there is no work on a series %s", c.uid)
	}
	return s, s.settle(c)
}

// settle loads the model, where something is to be proposed, and joins the labels.
func (s *exportSources) settle(c *exportCall) (err error) {
	for _, e := range s.all {
		if e.project == "" {
			s.proposed++
		}
	}
	if s.proposed > 0 {
		s.labels = annotate.DefaultLabels()
	}
	if s.proposed > 0 && !c.dry {
		if s.model, err = LoadModel(c.model); err != nil {
			return err
		}
	}
	for _, t := range s.tables {
		if s.labels, err = joined(s.labels, t.labels); err != nil {
			s.close()
			return fmt.Errorf("%s: %w", t.path, err)
		}
	}
	return nil
}

// addListed adds what a line of a list names; first is its first image, or nil.
func (s *exportSources) addListed(l *listed, first *ct.Series) {
	e := exportSource{line: l, standIn: l.standIn(first), from: "list " + l.said + " " + l.series}
	if first != nil {
		e.shows = first.Patient.ID
	}
	s.all = append(s.all, e)
}

func (s *exportSources) close() {
	if s.model != nil {
		s.model.Close()
	}
}

// namedProject is a project that a call or a line of a list names, and the UID of the series that is meant; "" for all.
type namedProject struct {
	path, uid string
	line      *listed // nil where the call itself names it
}

// splitProjects parts projects from images.
func splitProjects(paths []string) (projects []namedProject, images []string) {
	for _, path := range paths {
		if isProject(path) {
			projects = append(projects, namedProject{path: path})
		} else {
			images = append(images, path)
		}
	}
	return projects, images
}

// isProject reports whether a path names a project, by its folder or by the file in it.
func isProject(path string) bool {
	if filepath.Base(path) != project.DescriptionFile {
		path = filepath.Join(path, project.DescriptionFile)
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// addFound adds the series in files and folders.
func (p *Program) addFound(ctx context.Context, s *exportSources, paths []string, c *exportCall) error {
	found, err := p.openImages(ctx, paths, c.uid)
	if err != nil {
		return err
	}
	if err := p.skipOutput(paths, found, c.dir); err != nil {
		return err
	}
	if c.uid != "" {
		chosen, err := choose(found, c.uid)
		if err != nil {
			return err
		}
		found.Series = []*ct.Series{chosen}
	}
	for _, series := range found.Series {
		s.all = append(s.all, exportSource{series: series, standIn: series, shows: series.Patient.ID, from: "series " + series.UID})
	}
	s.left = found.LeftOut
	s.broken.Add(int64(len(broken(s.left))))
	return nil
}

// addProject adds the work of a project. It is read to know of its labels, and let go of again.
func (p *Program) addProject(ctx context.Context, s *exportSources, n namedProject) error {
	works, err := p.OpenProject(ctx, n.path)
	if err != nil {
		return err
	}
	for _, w := range works {
		if n.uid != "" && w.Series.UID != n.uid {
			continue
		}
		s.tables = append(s.tables, labelTable{n.path, w.Snapshot.Labels})
		for i := range w.Series.Len() {
			if m := w.Snapshot.Mask(i); m != nil {
				for _, label := range m.Label {
					s.used[label] = true
				}
			}
		}
		s.all = append(s.all, exportSource{
			project: n.path, id: project.SeriesID(w.Series), images: stateOf(w.Series.Sources), line: n.line,
			standIn: n.line.whose(few(w.Series)), shows: w.Series.Patient.ID, from: w.digest(),
		})
	}
	return nil
}

// joined is a label table with the rows of another one, or an error where they do not agree on a value.
func joined(table, more []annotate.Label) ([]annotate.Label, error) {
	for _, l := range more {
		known := false
		for _, have := range table {
			if have.ExportValue() == l.ExportValue() || have.Value == l.Value {
				known = true
				if have.Name != l.Name || have.ExportValue() != l.ExportValue() {
					return nil, fmt.Errorf("its label %d is %q, which is %d and %q elsewhere: export them to folders of their own", l.ExportValue(), l.Name, have.ExportValue(), have.Name)
				}
			}
		}
		if !known {
			table = append(table, l)
		}
	}
	return table, nil
}

// digest tells the work from any other on the same series.
func (w ProjectWork) digest() string {
	h := sha256.New()
	for i := range w.Series.Len() {
		h.Write([]byte{byte(w.Snapshot.Status(i))})
		if m := w.Snapshot.Mask(i); m != nil {
			h.Write(m.Label)
			writeOrigins(h, m.Origin)
		}
	}
	h.Write(w.Audit)
	return fmt.Sprintf("project %x", h.Sum(nil))
}

func writeOrigins(h hash.Hash, origins []annotate.Origin) {
	row := make([]byte, len(origins))
	for i, o := range origins {
		row[i] = byte(o)
	}
	h.Write(row)
}

// set is what is exported.
func (p *Program) set(ctx context.Context, s *exportSources, call *exportCall) export.Set {
	o := call.o
	out := export.Set{Labels: s.labels, Without: s.without, Threshold: float64(s.cut.at), Program: p.name()}
	if s.model != nil {
		out.Model = ModelName(s.model.Card())
	}
	out.Patients = export.Patients(s.standIns())
	for _, told := range severalPatients(s.standIns(), o.Identity) {
		p.warn("%s", told)
	}
	out.Cases = s.names(o.Identity)
	for k := range s.all {
		out.From = append(out.From, s.all[k].from)
		if s.all[k].standIn = nil; o.Shard.Count > 1 && k%o.Shard.Count != o.Shard.Index {
			s.all[k].series = nil
		}
	}
	out.State = func(k int) string { return s.all[k].state() }
	quiet := *p
	quiet.quiet = len(s.all) > 1
	out.Open = func(k int) (*export.Case, func(), error) {
		c, err := quiet.openCase(ctx, s, &s.all[k])
		if err != nil {
			return nil, nil, err
		}
		for _, warning := range Warnings(call.dir, c, call.preset, o) {
			p.warn("%s: %s", out.Cases[k], warning)
		}
		s.slices.Add(int64(c.Series.Len()))
		return c, nil, nil
	}
	return out
}

// openCase opens a case, which a model proposes or a person has worked on.
func (p *Program) openCase(ctx context.Context, s *exportSources, e *exportSource) (*export.Case, error) {
	return p.caseBy(ctx, s, e, func(series *ct.Series) (*export.Case, error) {
		snapshot, err := p.proposed(ctx, s.model, series, s.cut)
		if err != nil {
			return nil, err
		}
		return CaseOf(snapshot), nil
	})
}

// caseBy opens a case, which a project has, or of makes of a series.
func (p *Program) caseBy(ctx context.Context, s *exportSources, e *exportSource, of func(*ct.Series) (*export.Case, error)) (c *export.Case, err error) {
	if e.project != "" {
		c, err = p.workedCase(ctx, e)
	} else {
		var series *ct.Series
		if series, err = p.take(ctx, s, e); err == nil {
			c, err = of(series)
		}
	}
	if err != nil {
		return nil, err
	}
	return c, e.showIn(c)
}

// CaseOf is the case that a snapshot makes. Its lungs are found where a preset asks for them.
func CaseOf(s annotate.Snapshot) *export.Case {
	c := export.FromSnapshot(s)
	c.Lungs = func(ctx context.Context) (export.Lungs, error) {
		l, err := segment.FindLungs(ctx, s.Series, nil)
		if l == nil {
			return export.Lungs{}, err
		}
		return export.Lungs{Mask: l.Mask, Sided: l.Sided()}, nil
	}
	return c
}

// take opens the images, once: who takes them has all that is cached of them.
func (p *Program) take(ctx context.Context, s *exportSources, e *exportSource) (*ct.Series, error) {
	if series := e.series; series != nil {
		e.series, e.standIn = nil, nil
		return series, nil
	}
	series, err := p.openListed(ctx, e.line)
	if err != nil {
		return nil, err
	}
	left := broken(series.LeftOut)
	s.broken.Add(int64(len(left)))
	p.warnLeftOut(left)
	return series, nil
}

// openListed opens the series that a line means.
func (p *Program) openListed(ctx context.Context, l *listed) (*ct.Series, error) {
	found, err := ct.Open(ctx, []string{l.path}, nil)
	if err != nil {
		return nil, err
	}
	if err := nothing([]string{l.path}, found); err != nil {
		return nil, err
	}
	if err := p.onlyImages(ctx, found); err != nil {
		return nil, err
	}
	if l.series == "" {
		p.skipMasks(found)
	}
	var uids []string
	for _, s := range found.Series {
		if s.UID == l.series || l.series == "" && len(found.Series) == 1 {
			return s, nil
		}
		uids = append(uids, s.UID)
	}
	if l.series != "" {
		return nil, fmt.Errorf("%s holds no series %s", l.path, l.series)
	}
	return nil, fmt.Errorf("%s holds %d series: a CSV with a column %s says which is meant: %s", l.path, len(uids), seriesColumn, strings.Join(uids, ", "))
}

// workedCase opens a series of a project with the work on it.
func (p *Program) workedCase(ctx context.Context, e *exportSource) (*export.Case, error) {
	works, err := p.OpenProject(ctx, e.project)
	if err != nil {
		return nil, err
	}
	for _, w := range works {
		if project.SeriesID(w.Series) == e.id {
			return w.exported(), nil
		}
	}
	return nil, fmt.Errorf("%s: the work is no longer there", e.project)
}

// exported is the work as an export takes it.
func (w ProjectWork) exported() *export.Case {
	c := CaseOf(w.Snapshot)
	c.Audit = w.Audit
	if w.Spent != nil {
		c.Work = func(i int) export.Work { return export.Work(w.Spent[i+1]) }
	}
	return c
}
