package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// WriteAtomic makes path hold what write writes, or leaves it as it was: a new
// file in the same folder is written, synced, closed and renamed.
func WriteAtomic(path string, write func(io.Writer) error) error {
	dir, name := filepath.Split(path)
	part := filepath.Join(dir, fmt.Sprintf(".%.80s.%08x.tmp", name, rand.Uint32()))
	if err := writeNew(part, true, write); err != nil {
		return explain(path, err)
	}
	if err := os.Rename(part, path); err != nil {
		os.Remove(part)
		return explain(path, err)
	}
	return explain(path, syncFolder(filepath.Dir(path)))
}

// writeNew makes a new file, synced or not, and removes it again where that fails.
func writeNew(path string, synced bool, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(path)
		}
	}()
	b := bufio.NewWriter(f)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if synced {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	return f.Close()
}

// syncFolder makes renames in a folder last. Some systems cannot, and need not.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
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

// Explain makes a failure to write path a sentence with the reason; nil for nil.
func Explain(path string, err error) error { return explain(path, err) }

// explain makes a failure to write path a sentence with the reason.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	switch e := err.(type) { // whose own path may be that of an unfinished file
	case *fs.PathError:
		err = e.Err
	case *os.LinkError:
		err = e.Err
	}
	reason := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		reason = "the disk is full"
	case errors.Is(err, syscall.EROFS):
		reason = "the disk is read-only"
	case errors.Is(err, fs.ErrPermission):
		reason = "it is not allowed to write there"
	case errors.Is(err, syscall.ENOTDIR):
		reason = "a part of the path is a file, not a folder"
	case errors.Is(err, syscall.ENAMETOOLONG):
		reason = "the name is too long"
	default:
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return fmt.Errorf("cannot write %s: %s (%w)", path, reason, err)
}
