package export

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// folder is an export on its way: the files are made in part, on the target's
// file system, and moved to dir when all of them are there.
type folder struct {
	dir, part string
	fresh     bool // dir was not there
	replaces  []string
}

// openFolder prepares a folder for an export of the named files. What is in the
// way is an error that wraps ErrExists, or will be replaced where overwrite is
// set; files that no export wrote always stay.
func openFolder(dir string, files []string, overwrite bool) (*folder, error) {
	f := &folder{dir: filepath.Clean(dir)}
	info, err := os.Stat(f.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.fresh = true
	case err != nil:
		return nil, explain(dir, err)
	case !info.IsDir():
		return nil, fmt.Errorf("cannot export to %s: it is a file, not a folder", dir)
	default:
		f.replaces = inTheWay(f.dir, files)
	}
	if len(f.replaces) > 0 && !overwrite {
		return nil, fmt.Errorf("%w: %s holds %s", ErrExists, dir, f.replaces[0])
	}
	near := f.dir
	if f.fresh {
		near = filepath.Dir(f.dir)
		if err := os.MkdirAll(near, 0o777); err != nil {
			return nil, explain(dir, err)
		}
	}
	f.part = filepath.Join(near, fmt.Sprintf(".groundglass-unfinished-%08x", rand.Uint32()))
	if err := os.Mkdir(f.part, 0o777); err != nil {
		return nil, explain(dir, err)
	}
	return f, nil
}

// inTheWay lists what dir holds of the named files, and of an earlier export.
func inTheWay(dir string, files []string) []string {
	if m, err := ReadManifest(dir); err == nil {
		for name := range m.files {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	var out []string
	for _, name := range slices.Compact(files) {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			out = append(out, name)
		}
	}
	return out
}

// drop removes what was not moved to its place.
func (f *folder) drop() {
	if f.part != "" {
		os.RemoveAll(f.part)
	}
}

// install moves the files to their place: all, or none.
func (f *folder) install() error {
	if f.fresh {
		if err := os.Rename(f.part, f.dir); err != nil {
			return explain(f.dir, err)
		}
		return explain(f.dir, syncFolder(filepath.Dir(f.dir)))
	}
	made, err := os.ReadDir(f.part)
	if err != nil {
		return explain(f.dir, err)
	}
	old := filepath.Join(f.part, "replaced")
	if err := os.Mkdir(old, 0o777); err != nil {
		return explain(f.dir, err)
	}
	var moves moves
	for _, name := range f.replaces {
		moves.move(filepath.Join(f.dir, name), filepath.Join(old, name))
	}
	for _, e := range made {
		moves.move(filepath.Join(f.part, e.Name()), filepath.Join(f.dir, e.Name()))
	}
	if moves.err != nil {
		if err := moves.undo(); err != nil {
			f.part = "" // keep it: it holds the only copy
			return fmt.Errorf("%w; the files that it was to replace are in %s", explain(f.dir, err), old)
		}
		return explain(f.dir, moves.err)
	}
	return explain(f.dir, syncFolder(f.dir))
}

// moves is a list of renames that can be taken back. After an error it does
// nothing more.
type moves struct {
	done [][2]string
	err  error
}

func (m *moves) move(from, to string) {
	if m.err != nil {
		return
	}
	if _, err := os.Lstat(to); err == nil {
		m.err = fmt.Errorf("%s came to be during the export: %w", to, ErrExists)
		return
	}
	if m.err = os.Rename(from, to); m.err == nil {
		m.done = append(m.done, [2]string{from, to})
	}
}

func (m *moves) undo() error {
	var failed error
	for _, d := range slices.Backward(m.done) {
		failed = errors.Join(failed, os.Rename(d[1], d[0]))
	}
	return failed
}
