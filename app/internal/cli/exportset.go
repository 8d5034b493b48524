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
	line    *listed    // or named by a list
	project string     // or worked on in a project, where it has this UID
	id      string
	images  string // the state of the project's images

	standIn *ct.Series // by which the case gets its name
	from    string     // changes where the masks would
}

// exportSources are the cases of an export, and what they have in common.
type exportSources struct {
	all    []exportSource
	labels []annotate.Label
	model  *segment.Model // nil where all is from projects
	cut    cutting
	slices atomic.Int64 // that were opened
	known  bool         // each case's patient is known
	left   []ct.LeftOut

	proposed int       // cases that a model proposes
	used     [256]bool // labels that mark a pixel in a project
}

// severalLabels tells whether masks may hold more than one label: those of projects do, or the model tells kinds apart.
func (s *exportSources) severalLabels() bool {
	n := 0
	for _, used := range s.used[1:] {
		if used {
			n++
		}
	}
	return n > 1 || s.model != nil && len(s.model.Card().KindLabels()) > 1
}

// sources finds what there is to export: in files, folders and projects, and in a list.
func (p *Program) sources(ctx context.Context, c *exportCall) (*exportSources, error) {
	s := &exportSources{cut: c.cut, known: true}
	projects, paths := splitProjects(c.paths)
	if len(paths) > 0 {
		if err := p.addFound(ctx, s, paths, c); err != nil {
			return nil, err
		}
	}
	for i := range c.list {
		l := &c.list[i]
		if isProject(l.path) {
			projects = append(projects, l.path)
			continue
		}
		s.addListed(l)
	}
	if s.proposed = len(s.all); s.proposed > 0 && !c.dry {
		m, err := LoadModel(c.model)
		if err != nil {
			return nil, err
		}
		s.model, s.labels = m, annotate.DefaultLabels()
	}
	for i := range s.all {
		s.all[i].from += fmt.Sprintf(" %+v", c.cut)
	}
	for _, path := range projects {
		if err := p.addProject(ctx, s, path, c.uid); err != nil {
			s.close()
			return nil, err
		}
	}
	if len(s.all) == 0 { // projects always have work
		return nil, fmt.Errorf("there is no work on a series %s", c.uid)
	}
	return s, nil
}

// addListed adds what a line of a list names.
func (s *exportSources) addListed(l *listed) {
	s.known = s.known && l.patient != ""
	s.all = append(s.all, exportSource{line: l, standIn: l.standIn(), from: "list " + l.said + " " + l.series})
}

func (s *exportSources) close() {
	if s.model != nil {
		s.model.Close()
	}
}

// splitProjects parts projects from images.
func splitProjects(paths []string) (projects, images []string) {
	for _, path := range paths {
		if isProject(path) {
			projects = append(projects, path)
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
		s.all = append(s.all, exportSource{series: series, standIn: series, from: "series " + series.UID})
	}
	s.left = found.LeftOut
	return nil
}

// addProject adds the work of a project, on the series of a UID where one is given. It is read to know of its labels, and
// let go of again.
func (p *Program) addProject(ctx context.Context, s *exportSources, path, uid string) error {
	works, err := p.OpenProject(ctx, path)
	if err != nil {
		return err
	}
	for _, w := range works {
		if uid != "" && w.Series.UID != uid {
			continue
		}
		if s.labels, err = joined(s.labels, w.Snapshot.Labels); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for i := range w.Series.Len() {
			if m := w.Snapshot.Mask(i); m != nil {
				for _, label := range m.Label {
					s.used[label] = true
				}
			}
		}
		// A stand-in of a few fields, without what was read.
		standIn := &ct.Series{UID: w.Series.UID, StudyUID: w.Series.StudyUID, Patient: w.Series.Patient, Sources: w.Series.Sources}
		s.all = append(s.all, exportSource{project: path, id: project.SeriesID(w.Series), images: stateOf(w.Series.Sources), standIn: standIn, from: w.digest()})
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

// standIn is what a case is named by: the last part of its path, or what the list says.
func (l *listed) standIn() *ct.Series {
	s := &ct.Series{Patient: ct.Patient{ID: l.patient}}
	inside := func(name string) ct.Source { return ct.Source{File: filepath.Join(l.said, name)} }
	s.Sources = []ct.Source{inside("first"), inside("second")}
	if info, err := os.Stat(l.path); err == nil && !info.IsDir() {
		s.Sources = []ct.Source{{File: l.said}}
	}
	return s
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
	names := d.CaseNames(s.standIns())
	for k, e := range s.all {
		if e.line != nil && e.line.name != "" && d.Kept() {
			names[k] = e.line.name
		}
	}
	return names
}

// set is what is exported.
func (p *Program) set(ctx context.Context, s *exportSources, call *exportCall) export.Set {
	o := call.o
	out := export.Set{Labels: s.labels, Threshold: float64(s.cut.at), Program: p.name()}
	if s.model != nil {
		out.Model = ModelName(s.model.Card())
	}
	if s.known {
		out.Patients = export.Patients(s.standIns())
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
	if e.project != "" {
		return p.workedCase(ctx, e)
	}
	series, err := p.take(ctx, e)
	if err != nil {
		return nil, err
	}
	snapshot, err := p.proposed(ctx, s.model, series, s.cut)
	c := CaseOf(snapshot)
	if who := e.patient(); who != "" {
		c.Patient = who
	}
	return c, err
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
func (p *Program) take(ctx context.Context, e *exportSource) (*ct.Series, error) {
	if e.line != nil {
		return p.openListed(ctx, e.line)
	}
	s := e.series
	e.series, e.standIn = nil, nil
	return s, nil
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
