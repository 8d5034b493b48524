package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/annotate/project"
	"groundglass/ui"
)

// keeper keeps the work on each series in a project: in the one that was opened, or saved as, or else in one of its own
// in the user's data folder.
type keeper struct {
	root    string // of the projects that nobody named
	options project.Options

	recovered func(dir string, step uint64) // is told where work stood that a crash left; may be nil

	mu     sync.Mutex
	kept   map[*ct.Series][]*kept // the last is where the work is
	open   map[string]*shared     // by folder
	places map[string]string      // folder by series, where a project was opened
	looked map[string]looked      // by series, whose project another program has
}

// shared is a project that is open for one series or more.
type shared struct {
	*project.Project
	users int
}

// looked is work that is to look at only, as it was when it was read.
type looked struct {
	dir  string
	step uint64 // number of the last
}

func newKeeper() (*keeper, error) {
	data, err := dataFolder()
	if err != nil {
		return nil, err
	}
	o := project.Options{Program: "Groundglass " + version}
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	return &keeper{root: filepath.Join(data, "projects"), options: o, kept: map[*ct.Series][]*kept{}, open: map[string]*shared{}, places: map[string]string{}, looked: map[string]looked{}}, nil
}

// dataFolder is where the program keeps what is the user's.
func dataFolder() (string, error) {
	home, err := os.UserHomeDir()
	switch {
	case runtime.GOOS == "windows" && os.Getenv("LocalAppData") != "":
		return filepath.Join(os.Getenv("LocalAppData"), "groundglass"), nil
	case runtime.GOOS == "darwin" && err == nil:
		return filepath.Join(home, "Library", "Application Support", "groundglass"), nil
	case filepath.IsAbs(os.Getenv("XDG_DATA_HOME")):
		return filepath.Join(os.Getenv("XDG_DATA_HOME"), "groundglass"), nil
	}
	return filepath.Join(home, ".local", "share", "groundglass"), err
}

// keyFile is where the key of pseudonyms lies with the user's data.
func keyFile() (string, error) {
	root, err := dataFolder()
	return filepath.Join(root, "identity.key"), err
}

// place is the folder of a series' project. One that was saved elsewhere is followed there for as long as it is there.
func (k *keeper) place(id string) string {
	k.mu.Lock()
	dir, named := k.places[id]
	k.mu.Unlock()
	if named {
		return dir
	}
	dir = filepath.Join(k.root, id)
	if d, err := project.Describe(dir); err == nil && d.MovedTo != "" {
		if _, err := project.Describe(d.MovedTo); err == nil {
			return d.MovedTo
		}
	}
	return dir
}

// take opens a project, or shares the one that is open.
func (k *keeper) take(dir string, o project.Options) (*shared, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.open[dir]
	if p == nil {
		opened, err := project.Open(dir, o)
		if err != nil {
			return nil, err
		}
		p = &shared{Project: opened}
		k.open[dir] = p
	}
	p.users++
	return p, nil
}

// give gives a project back.
func (k *keeper) give(p *shared) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if p.users--; p.users == 0 {
		p.Close()
		delete(k.open, p.Dir())
	}
}

func (k *keeper) Keep(s *annotate.Session, o ui.KeepOptions) (ui.Kept, ui.Restored, error) {
	p, err := k.take(k.place(project.SeriesID(s.Series())), k.options)
	if err != nil {
		return nil, ui.Restored{}, plain(err)
	}
	store, r, err := p.Keep(s, events(o))
	if r.Steps > 0 && k.recovered != nil {
		k.recovered(p.Dir(), r.Step)
	}
	found := ui.Restored{Found: r.Found, Steps: r.Steps, Last: r.Last, Damage: r.Damage, ReadOnly: r.ReadOnly}
	if err == nil && store == nil {
		k.mu.Lock()
		k.looked[project.SeriesID(s.Series())] = looked{p.Dir(), r.Step}
		k.mu.Unlock()
	}
	if err != nil || store == nil {
		k.give(p)
		return nil, found, plain(err)
	}
	return k.keeps(store, p, s.Series()), found, nil
}

func (k *keeper) Adopt(dir string, s *annotate.Session, o ui.KeepOptions) (ui.Kept, error) {
	p, err := k.take(dir, k.options)
	if err != nil {
		return nil, plain(err)
	}
	store, err := p.Adopt(s, k.origin(s.Series()), events(o))
	if err != nil {
		k.give(p)
		return nil, plain(err)
	}
	return k.keeps(store, p, s.Series()), nil
}

func (k *keeper) keeps(store *project.Store, p *shared, series *ct.Series) *kept {
	out := &kept{store, k, p, series}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept[series] = append(k.kept[series], out)
	return out
}

// keptOf is how the work on a series is kept; nil where it is not.
func (k *keeper) keptOf(series *ct.Series) *kept {
	k.mu.Lock()
	defer k.mu.Unlock()
	if all := k.kept[series]; len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

// origin is what the work on a series has come to where it is kept, or was read from; nothing where it is new.
func (k *keeper) origin(series *ct.Series) project.Origin {
	if was := k.keptOf(series); was != nil {
		_ = was.Store.Flush() // where it fails, the last lines of the audit file are missing
		return was.Store.Origin()
	}
	id := project.SeriesID(series)
	k.mu.Lock()
	from, ok := k.looked[id]
	k.mu.Unlock()
	if !ok {
		return project.Origin{}
	}
	return project.Origin{Step: from.step, Audit: project.Audit(from.dir, id, from.step)}
}

// worked is the audit log of the work on a series, and what it tells of each slice, from 0; nil where none is kept.
func (k *keeper) worked(series *ct.Series) (audit []byte, on func(i int) export.Work) {
	if audit = k.origin(series).Audit; audit == nil {
		return nil, nil
	}
	spent, err := project.SpentOn(bytes.NewReader(audit))
	if err != nil {
		return audit, nil
	}
	return audit, func(i int) export.Work { return export.Work(spent[i+1]) }
}

// events are what a store tells the window.
func events(o ui.KeepOptions) project.Events {
	return project.Events{
		Status: func(s project.Status) { o.Status(ui.KeepStatus{Behind: s.Behind, Err: plain(s.Err)}) },
		Want:   o.Want, Changed: o.Changed, SetAside: o.SetAside,
	}
}

// plain is an error of the file system in words.
func plain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return errors.New("the disk is full")
	case errors.Is(err, syscall.EROFS):
		return errors.New("the disk is read-only")
	}
	var p *fs.PathError
	if errors.As(err, &p) && errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("it is not allowed to write in %s", filepath.Dir(p.Path))
	}
	return err
}

// kept is the work on one series, in its project.
type kept struct {
	*project.Store
	k      *keeper
	p      *shared
	series *ct.Series
}

func (k *kept) Status() ui.KeepStatus {
	s := k.Store.Status()
	return ui.KeepStatus{Behind: s.Behind, Err: plain(s.Err)}
}

func (k *kept) Flush() error  { return plain(k.Store.Flush()) }
func (k *kept) Place() string { return k.p.Dir() }

func (k *kept) Close(state annotate.State) error {
	defer k.end()
	if !k.Grown() {
		return plain(k.Store.Close(nil))
	}
	return plain(k.Store.Close(&state))
}

func (k *kept) Moved(dir string) {
	_ = k.Store.Close(nil) // it has all that it could
	if dir != "" {
		k.k.mu.Lock()
		k.k.places[project.SeriesID(k.series)] = dir
		k.k.mu.Unlock()
		_ = k.p.MoveTo(dir) // where it fails, the work is in both
	}
	k.end()
}

func (k *kept) end() {
	k.k.mu.Lock()
	k.k.kept[k.series] = slices.DeleteFunc(k.k.kept[k.series], func(other *kept) bool { return other == k })
	if len(k.k.kept[k.series]) == 0 {
		delete(k.k.kept, k.series)
	}
	k.k.mu.Unlock()
	k.k.give(k.p)
}

// projectPaths are the images of the projects among paths, in place of their folders, and notes that the work on them
// is there.
func (k *keeper) projectPaths(paths []string) ([]string, error) {
	var out []string
	for _, path := range paths {
		dir, d, err := project.Find(path)
		if errors.Is(err, project.ErrNone) {
			out = append(out, path)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, plain(err))
		}
		k.mu.Lock()
		for _, s := range d.Series {
			k.places[s.ID] = dir
		}
		k.mu.Unlock()
		files, err := d.Images(dir)
		if err != nil {
			return nil, err
		}
		out = append(out, files...)
	}
	return out, nil
}
