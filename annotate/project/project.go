package project

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// DescriptionFile is the file that makes a folder a project.
const DescriptionFile = "project.json"

const projectFormat = "groundglass project"

// Description is what DescriptionFile holds.
type Description struct {
	Format  string        `json:"format"`
	Version int           `json:"version"`
	Program string        `json:"program"`
	Created time.Time     `json:"created"`
	MovedTo string        `json:"moved_to,omitempty"` // the folder where the work goes on
	Series  []SeriesEntry `json:"series"`
}

// SeriesEntry is a series that is worked on. Its files are in the folder
// series/ID.
type SeriesEntry struct {
	ID          string        `json:"id"` // see SeriesID
	UID         string        `json:"uid"`
	Description string        `json:"description"`
	Modality    string        `json:"modality"`
	Rows        int           `json:"rows"`
	Columns     int           `json:"columns"`
	Labels      []LabelEntry  `json:"labels"`
	Sources     []SourceEntry `json:"sources"` // of each slice
}

// LabelEntry is one row of the label table, as the newest snapshot has it.
type LabelEntry struct {
	Value uint8  `json:"value"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// SourceEntry is where a slice comes from.
type SourceEntry struct {
	File           string `json:"file"`
	Frame          int    `json:"frame,omitempty"`
	SOPInstanceUID string `json:"sop_instance_uid,omitempty"`
	SHA256         string `json:"sha256,omitempty"` // of the file, or of the archive that it is in
}

// Project is a folder that is open.
type Project struct {
	dir  string
	o    Options
	held string // why nothing is written; empty where it is

	done   chan struct{}  // closed with the project
	beside sync.WaitGroup // goroutines that look at images

	mu          sync.Mutex
	lock        *lock
	locks       bool // it is held; on other file systems than Disk by assumption
	description Description
	broken      bool   // its file is damaged
	aside       bool   // what it was in an earlier version is kept
	was         string // the folder with that, which was not told yet
}

// Open opens the project in a folder. A folder that is not there is made when
// there is something to write. A project that another program has open is for
// reading only: see Project.Held.
func Open(dir string, o Options) (*Project, error) {
	if o.FS == nil {
		o.FS = Disk{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.open == nil {
		o.open = openLocked
	}
	p := &Project{dir: dir, o: o, done: make(chan struct{})}
	data, err := o.FS.ReadFile(filepath.Join(dir, DescriptionFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		p.description, err = decode(data)
		p.broken = p.description.Format == ""
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, DescriptionFile), err)
		}
	}
	if _, err := o.FS.Names(dir); err == nil {
		if err := p.locked(); errors.Is(err, ErrHeld) {
			p.held = err.Error()
		}
	}
	return p, nil
}

// ErrNone is what Describe gives for a folder that is no project.
var ErrNone = errors.New("this is not a project")

// Describe reads the file of the project in a folder of the disk.
func Describe(dir string) (Description, error) {
	data, err := os.ReadFile(filepath.Join(dir, DescriptionFile))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return Description{}, ErrNone
	}
	if err != nil {
		return Description{}, err
	}
	d, err := decode(data)
	if err == nil && d.Format == "" {
		err = ErrNone
	}
	return d, err
}

// at is where the series of an ID is in the description; -1 where it is not.
func (d Description) at(id string) int {
	return slices.IndexFunc(d.Series, func(e SeriesEntry) bool { return e.ID == id })
}

// Files are the files of the series' images that are there, each once; of images
// in an archive, the archive.
func (d Description) Files() (out []string) {
	seen := map[string]bool{}
	for _, s := range d.Series {
		for _, src := range s.Sources {
			path := there(src.File)
			if path != "" && !seen[path] {
				out = append(out, path)
			}
			seen[path] = true
		}
	}
	return out
}

// there is the file of a path, or the file that a path leads into; "" for none.
func there(path string) string {
	for {
		info, err := os.Stat(path)
		switch {
		case err == nil && info.Mode().IsRegular():
			return path
		case err == nil || path == filepath.Dir(path):
			return ""
		}
		path = filepath.Dir(path)
	}
}

// decode reads a description. One that is damaged is as good as none, since the
// folders of the series say what they are; a newer program's is an error.
func decode(data []byte) (d Description, err error) {
	_ = json.Unmarshal(data, &d)
	if d.Version > Version {
		return d, fmt.Errorf("%w: version %d; this one reads up to %d", ErrNewer, d.Version, Version)
	}
	if d.Format != projectFormat {
		return Description{}, nil
	}
	return d, nil
}

// locked holds the lock, taking it if need be.
func (p *Project) locked() error {
	if p.locks || p.o.FS != (Disk{}) {
		p.locks = true
		return nil
	}
	var err error
	p.lock, err = takeLock(p.dir, p.o.User, p.o.Now(), p.o.open)
	p.locks = err == nil
	return err
}

// Dir is the project's folder.
func (p *Project) Dir() string { return p.dir }

// Held says by whom the project is held where it is for reading only; else it is
// empty.
func (p *Project) Held() string { return p.held }

// Description is what the project's file says.
func (p *Project) Description() Description {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.description
	d.Series = slices.Clone(d.Series)
	return d
}

// Keep brings the work on s's series back into s, which is new, and from then on
// writes down what is done. The store is nil where the project is for reading
// only. It is called on the session's goroutine.
func (p *Project) Keep(s *annotate.Session, on Events) (*Store, Report, error) {
	id := SeriesID(s.Series())
	dir := p.seriesDir(id)
	l, err := loadLive(p.o.FS, dir, s, p.held != "")
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return nil, l.report, err
	}
	if l.report.Found {
		p.look(id, s.Series(), on.Changed)
	}
	if p.held != "" {
		l.report.ReadOnly = p.held
		return nil, l.report, nil
	}
	if !l.report.Found {
		l.first = beginning(s.State())
	}
	store := p.store(s, id, l, on)
	s.OnRecord(store.Record)
	if l.report.Steps > 0 || len(l.report.Damage) > 0 || l.old || l.report.Found && p.byTurn() {
		store.Snapshot(s.State())
	}
	return store, l.report, nil
}

// Origin is what work had come to where it was kept before.
type Origin struct {
	Step  uint64 // number of the last step
	Audit []byte // its audit file
}

// Adopt writes down all of a session that was kept elsewhere, or not at all, and
// the steps that the store is handed from then on. The project must not know the
// series yet.
func (p *Project) Adopt(s *annotate.Session, from Origin, on Events) (*Store, error) {
	id := SeriesID(s.Series())
	if p.held != "" {
		return nil, errors.New(p.held)
	}
	if names, err := p.o.FS.Names(p.seriesDir(id)); err == nil && len(names) > 0 {
		return nil, fmt.Errorf("%s holds work on these images already", p.dir)
	}
	store := p.store(s, id, loaded{next: 1, step: from.Step, maps: map[uint64]int{}, audit: from.Audit}, on)
	store.Snapshot(s.State())
	return store, nil
}

func (p *Project) seriesDir(id string) string { return filepath.Join(p.dir, "series", id) }

// mine is an error where another program has taken the project over.
func (p *Project) mine() error {
	p.mu.Lock()
	l := p.lock
	p.mu.Unlock()
	return l.check()
}

// byTurn reports whether the lock is a turn, which may have been another's that comes
// back to life: a snapshot then tells what that one writes from what is written here.
func (p *Project) byTurn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lock != nil && p.lock.turn != nil
}

func (p *Project) store(s *annotate.Session, id string, l loaded, on Events) *Store {
	entry := describe(id, s.Series())
	entry.Labels = labelEntries(s.Labels())
	p.mu.Lock()
	unheld := !p.locks
	p.mu.Unlock()
	looked := l.report.Found
	labels := func(table []annotate.Label) { _ = p.labelled(id, table) } // what fails is tried again with the next snapshot
	store := newStore(p.seriesDir(id), id, p.o, on, l, labels, func() error {
		err := p.prepare(entry, unheld)
		if was := p.wasSetAside(); was != "" && on.SetAside != nil {
			on.SetAside(was)
		}
		if err == nil && !looked {
			looked = true
			p.look(id, s.Series(), on.Changed)
		}
		unheld = unheld && err != nil
		return err
	}, p.mine)
	return store
}

// prepare makes what a series' files need: folders, lock, and the project's file.
// Where nobody held the project when the series was looked at, nobody may have
// worked on it since.
func (p *Project) prepare(entry SeriesEntry, unheld bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	dir := p.seriesDir(entry.ID)
	if err := p.o.FS.MkdirAll(dir); err != nil {
		return err
	}
	if err := p.locked(); err != nil {
		return err
	}
	if err := p.lock.check(); err != nil {
		return err
	}
	if err := p.upgrade(); err != nil {
		return err
	}
	if unheld {
		if names, err := p.o.FS.Names(dir); err != nil {
			return err
		} else if slices.ContainsFunc(names, func(name string) bool { _, _, ok := splitName(name); return ok }) {
			return errOvertaken
		}
	}
	if p.description.at(entry.ID) >= 0 {
		return nil
	}
	for _, made := range []string{filepath.Dir(dir), p.dir, filepath.Dir(p.dir)} {
		if err := p.o.FS.SyncDir(made); err != nil {
			return err
		}
	}
	d := p.description
	d.Series = append(slices.Clone(d.Series), entry)
	return p.write(d)
}

// labelled notes a series' label table in the project's file.
func (p *Project) labelled(id string, table []annotate.Label) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, now := p.description.at(id), labelEntries(table)
	if at < 0 || slices.Equal(p.description.Series[at].Labels, now) {
		return nil
	}
	d := p.description
	d.Series = slices.Clone(d.Series)
	d.Series[at].Labels = now
	return p.write(d)
}

// errOvertaken is what a store gives where its series was worked on elsewhere
// after it was opened here: the two cannot be joined.
var errOvertaken = errors.New("these images were worked on in another window since they were opened here")

// write makes a description the project's.
func (p *Project) write(d Description) error {
	if err := p.lock.check(); err != nil {
		return err
	}
	if err := p.setAside(); err != nil {
		return err
	}
	if d.Created.IsZero() {
		d.Created = p.o.Now().UTC().Truncate(time.Second)
	}
	if path := filepath.Join(p.dir, DescriptionFile); p.broken {
		if err := p.o.FS.Rename(path, path+asideEnding); err != nil {
			return err
		}
		p.broken = false
	}
	d.Format, d.Version, d.Program = projectFormat, Version, p.o.Program
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	err = writeFile(p.o.FS, filepath.Join(p.dir, DescriptionFile), func(to io.Writer) error {
		_, err := to.Write(append(data, '\n'))
		return err
	})
	if err == nil {
		p.description = d
	}
	return err
}

// MoveTo notes in the project's file that the work goes on in another folder.
func (p *Project) MoveTo(dir string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.description.Format == "" {
		return nil // there is no work in it
	}
	d := p.description
	d.MovedTo = dir
	return p.write(d)
}

// Close gives the project back. Its stores must be closed before.
func (p *Project) Close() {
	close(p.done)
	p.beside.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lock.release()
	p.lock, p.locks = nil, false
}

func describe(id string, s *ct.Series) SeriesEntry {
	e := SeriesEntry{ID: id, UID: s.UID, Description: s.Description, Modality: s.Modality, Rows: s.Rows, Columns: s.Columns}
	for _, src := range s.Sources {
		e.Sources = append(e.Sources, SourceEntry{ct.FullPath(src.File), src.Frame, src.SOPInstanceUID, ""})
	}
	return e
}

func labelEntries(table []annotate.Label) []LabelEntry {
	var out []LabelEntry
	for _, l := range table {
		out = append(out, LabelEntry{l.Value, l.Name, fmt.Sprintf("#%02x%02x%02x", l.Color.R, l.Color.G, l.Color.B)})
	}
	return out
}
