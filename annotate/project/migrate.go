package project

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// upgrade makes the project one of this Version, if it is of an earlier one: see
// setAside. Its series' files are read as what they are, and new ones are of this
// Version. Whatever stops it, the project is whole, and the next try begins anew.
func (p *Project) upgrade() error {
	if !p.outdated() {
		return nil
	}
	return p.write(p.description)
}

// outdated reports whether the project is of an earlier version, as may be one
// whose file is damaged.
func (p *Project) outdated() bool {
	return p.broken || p.description.Format != "" && p.description.Version < Version
}

// setAside keeps a project of an earlier version beside it as it was, before
// anything of this one is written into it.
func (p *Project) setAside() error {
	if p.aside || !p.outdated() {
		return nil
	}
	was, err := backUp(p.o.FS, p.dir, fmt.Sprintf(" before version %d", Version), p.o.Now().Format(", 2006-01-02 150405"))
	if p.aside = err == nil; p.aside {
		p.was = was
		return nil
	}
	return fmt.Errorf("the project is of an earlier version of the program, and cannot be kept beside as it was: %w", err)
}

// wasSetAside is the folder that setAside made, once; else it is empty.
func (p *Project) wasSetAside() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.was
	p.was = ""
	return was
}

// backUp keeps what is in a project's folder in one beside it, whose name is the
// folder's with two endings, and returns that. A folder of that name is whole: it
// has its name once all is in it.
func backUp(fs FS, dir, why, when string) (string, error) {
	part := dir + why + partEnding
	if err := discard(fs, part); err != nil { // what a crash left
		return "", err
	}
	if err := copyFolder(fs, dir, part); err != nil {
		_ = discard(fs, part)
		return "", err
	}
	for n := 1; ; n++ {
		to := dir + why + when
		if n > 1 {
			to = fmt.Sprintf("%s (%d)", to, n)
		}
		if _, err := fs.Names(to); err == nil {
			continue
		}
		if err := fs.Rename(part, to); err != nil {
			return "", err
		}
		return to, fs.SyncDir(filepath.Dir(dir))
	}
}

// copyFolder makes a folder that holds what another does, but for the lock and
// what was never finished.
func copyFolder(fs FS, from, to string) error {
	names, err := fs.Names(from)
	if err != nil {
		return err
	}
	if err := fs.MkdirAll(to); err != nil {
		return err
	}
	for _, name := range names {
		source, target := filepath.Join(from, name), filepath.Join(to, name)
		if strings.HasPrefix(name, lockFile) || strings.HasSuffix(name, partEnding) {
			continue
		}
		if _, err := fs.Names(source); err == nil {
			err = copyFolder(fs, source, target)
			if err != nil {
				return err
			}
			continue
		}
		if err := copyFile(fs, source, target); err != nil {
			return err
		}
	}
	return fs.SyncDir(to)
}

// copyFile makes a file that holds what another does. One that is never written to
// again needs no bytes of its own.
func copyFile(fs FS, from, to string) error {
	if _, _, ok := splitName(filepath.Base(from)); ok && fs.Link(from, to) == nil {
		return nil
	}
	data, err := fs.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(fs, to, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// discard removes a folder and all in it; none is no error.
func discard(fs FS, dir string) error {
	names, err := fs.Names(dir)
	if err != nil {
		return nil
	}
	var errs []error
	for _, name := range names {
		path := filepath.Join(dir, name)
		if _, err := fs.Names(path); err == nil {
			errs = append(errs, discard(fs, path))
			continue
		}
		errs = append(errs, fs.Remove(path))
	}
	return errors.Join(append(errs, fs.Remove(dir))...)
}
