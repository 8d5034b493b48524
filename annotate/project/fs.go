package project

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
)

// FS is what the package needs of a file system. Paths are those of package
// filepath.
type FS interface {
	MkdirAll(dir string) error
	Names(dir string) ([]string, error) // what the folder holds, sorted
	ReadFile(path string) ([]byte, error)
	Create(path string) (File, error) // a file that is not there yet
	Append(path string) (File, error) // a file that is made if need be
	Rename(from, to string) error     // of a folder too
	Link(from, to string) error       // another name for a file; an error where the file system knows none such
	Remove(path string) error         // a file, or a folder that is empty
	SyncDir(dir string) error         // makes what was created and renamed in a folder last
}

// File is a file that is written to its end.
type File interface {
	io.WriteCloser
	Sync() error
}

// Disk is the machine's file system.
type Disk struct{}

// MkdirAll makes a folder that only its owner may look into, and those above it.
func (Disk) MkdirAll(dir string) error { return os.MkdirAll(dir, 0o700) }

func (Disk) Names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	return names, err
}

func (Disk) ReadFile(path string) ([]byte, error) { return os.ReadFile(path) }

func (Disk) Create(path string) (File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (Disk) Append(path string) (File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

func (Disk) Rename(from, to string) error { return os.Rename(from, to) }
func (Disk) Remove(path string) error     { return os.Remove(path) }
func (Disk) Link(from, to string) error   { return os.Link(from, to) }

func (Disk) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // it cannot, and need not
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}

// writeFile makes path hold data, or leaves it as it was: a file beside it is
// written, synced and renamed.
func writeFile(fs FS, path string, write func(io.Writer) error) error {
	part := path + partEnding
	_ = fs.Remove(part) // what a crash left
	f, err := fs.Create(part)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = fs.Rename(part, path)
	}
	if err != nil {
		_ = fs.Remove(part)
		return err
	}
	return fs.SyncDir(filepath.Dir(path))
}

const partEnding = ".part"
