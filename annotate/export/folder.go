package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// folder is an export on its way. All is made in part, on the target's file system:
// the files in out, which are moved to dir when all of them are there, and beside it
// what was planned and which cases failed.
type folder struct {
	dir, part, out string
	fresh          bool // dir was not there
	keep           bool // part stays for one who goes on
	overwrite      bool
	plan           []byte
}

// The content of an unfinished export's folder.
const (
	unfinished = ".groundglass-unfinished-"
	planFile   = "plan.json"
	outFolder  = "files"
	leftFolder = "left_out"
	madeFolder = "made_of"
	turnFile   = "finishing" // of the program that has the turn to finish
	halfFolder = "half_written"
)

// openFolder prepares a folder for an export. An export that is in the way is an error
// that wraps ErrExists, or will be replaced where o.Overwrite is set; files that no
// export wrote always stay, apart from those of the same name.
func openFolder(dir string, plan []byte, o *Options) (*folder, error) {
	f := &folder{dir: filepath.Clean(dir), keep: o.Resume, overwrite: o.Overwrite}
	info, err := os.Stat(f.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.fresh = true
	case err != nil:
		return nil, explain(dir, err)
	case !info.IsDir():
		return nil, fmt.Errorf("cannot export to %s: it is a file, not a folder", dir)
	case !o.Overwrite:
		if _, err := os.Lstat(filepath.Join(f.dir, ManifestFile)); err == nil {
			return nil, fmt.Errorf("%w: %s holds %s", ErrExists, dir, ManifestFile)
		}
	}
	if o.Shard.Count > 1 && !f.fresh {
		return nil, fmt.Errorf("%w: %s is there already, and what several programs write together needs a new folder", ErrExists, dir)
	}
	near := filepath.Dir(f.dir)
	if !f.fresh && !f.keep {
		near = f.dir
	}
	if err := os.MkdirAll(near, 0o777); err != nil {
		return nil, explain(dir, err)
	}
	f.part = filepath.Join(near, unfinished+fmt.Sprintf("%08x", rand.Uint32()))
	if f.keep {
		f.part = unfinishedFor(f.dir)
	}
	f.out = filepath.Join(f.part, outFolder)
	if f.keep && o.Restart {
		if err := os.RemoveAll(f.part); err != nil {
			return nil, explain(f.part, err)
		}
	}
	return f, f.begin(plan)
}

// unfinishedFor is where an export to dir is made that can go on after a stop.
func unfinishedFor(dir string) string {
	return filepath.Join(filepath.Dir(filepath.Clean(dir)), unfinished+filepath.Base(filepath.Clean(dir)))
}

// begin makes the folder, or looks whether the one that is there is of the same plan.
func (f *folder) begin(plan []byte) error {
	f.plan = plan
	if there, err := f.agrees(); there || err != nil {
		return err
	}
	if err := os.MkdirAll(f.out, 0o777); err != nil {
		return explain(f.dir, err)
	}
	return WriteAtomic(filepath.Join(f.part, planFile), bytesTo(plan))
}

// agrees reports whether there is a plan; the error is for another one.
func (f *folder) agrees() (there bool, err error) {
	was, err := os.ReadFile(filepath.Join(f.part, planFile))
	if err == nil && !bytes.Equal(was, f.plan) {
		f.keep = true
		return true, fmt.Errorf("another export to %s was begun, with other options or of other cases or masks: go on with that one, or remove %s", f.dir, f.part)
	}
	return err == nil, nil
}

// has reports whether a case is there.
func (f *folder) has(name string) bool {
	_, err := os.Stat(f.path(detailFile(name)))
	return err == nil
}

// madeOf reports whether a case that is there was made of sources in this state.
func (f *folder) madeOf(name, state string) bool {
	was, err := os.ReadFile(f.madeFile(name))
	return err == nil && string(was) == state
}

// makeOf notes, before a case is there, in which state the sources are that it is made of.
func (f *folder) makeOf(name, state string) error {
	if err := os.MkdirAll(filepath.Join(f.part, madeFolder), 0o777); err != nil {
		return explain(f.dir, err)
	}
	return WriteAtomic(f.madeFile(name), bytesTo([]byte(state)))
}

func (f *folder) madeFile(name string) string { return filepath.Join(f.part, madeFolder, name) }

func (f *folder) leftFile(name string) string { return filepath.Join(f.part, leftFolder, name+".json") }

// fail notes that a case is left out.
func (f *folder) fail(l LeftOut) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(f.part, leftFolder), 0o777); err != nil {
		return explain(f.dir, err)
	}
	return WriteAtomic(f.leftFile(l.Case), bytesTo(data))
}

func (f *folder) failed(name string) (l LeftOut, ok bool) {
	data, err := os.ReadFile(f.leftFile(name))
	return l, err == nil && json.Unmarshal(data, &l) == nil
}

// drop removes what was not moved to its place, unless somebody is to go on with it.
func (f *folder) drop() {
	if !f.keep {
		os.RemoveAll(f.part)
	}
}

// install moves the files to their place: all, or none.
func (f *folder) install(m *Manifest) error {
	if f.fresh {
		if err := os.Rename(f.out, f.dir); err != nil && !f.installed(m) {
			return explain(f.dir, err)
		}
		f.keep = false
		if err := tidy(f.dir, m); err != nil { // what came from others since
			return err
		}
		return explain(f.dir, syncFolder(filepath.Dir(f.dir)))
	}
	if err := f.merge(); err != nil {
		return err
	}
	f.keep = false
	return explain(f.dir, syncFolder(f.dir))
}

// installed reports whether another program has moved the same export.
func (f *folder) installed(m *Manifest) bool {
	there, err := ReadManifest(f.dir)
	return err == nil && there.Checksum == m.Checksum
}

// merge moves the files into a folder that is there. What they replace goes first.
func (f *folder) merge() error {
	made, err := filesBelow(f.out)
	if err != nil {
		return explain(f.dir, err)
	}
	replaces := inTheWay(f.dir, made)
	if len(replaces) > 0 && !f.overwrite {
		return fmt.Errorf("%w: %s holds %s", ErrExists, f.dir, replaces[0])
	}
	old := filepath.Join(f.part, fmt.Sprintf("replaced-%08x", rand.Uint32()))
	var moves moves
	for _, name := range replaces {
		moves.move(filepath.Join(f.dir, name), filepath.Join(old, name))
	}
	for _, name := range made {
		moves.move(filepath.Join(f.out, name), filepath.Join(f.dir, name))
	}
	if moves.err != nil {
		if err := moves.undo(); err != nil {
			f.keep = true // it holds the only copy
			return fmt.Errorf("%w; the files that it was to replace are in %s", explain(f.dir, err), old)
		}
		return explain(f.dir, moves.err)
	}
	for _, name := range replaces {
		os.Remove(filepath.Dir(filepath.Join(f.dir, name))) // where nothing is left in it
	}
	return os.RemoveAll(f.out) // which tells that all was moved
}

// tidy removes what is not the export's from its folder: what was begun and then done
// in another way.
func tidy(dir string, m *Manifest) error {
	files, whole := m.allFiles(dir, readCase)
	if !whole {
		return fmt.Errorf("cannot export to %s: it was changed during the export", dir)
	}
	there := others(dir, withSlashes(files))
	if there.err != nil {
		return explain(dir, there.err)
	}
	for _, name := range there.names {
		if err := os.RemoveAll(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return explain(dir, err)
		}
	}
	return nil
}

// filesBelow lists the files below dir by their paths in it.
func filesBelow(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, rel)
		}
		return err
	})
	return out, err
}

// inTheWay lists what dir holds of the named files, and of an earlier export.
func inTheWay(dir string, files []string) []string {
	files = append(slices.Clone(files), exportedFiles(dir)...)
	slices.Sort(files)
	var out []string
	for _, name := range slices.Compact(files) {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			out = append(out, name)
		}
	}
	return out
}

// exportedFiles are the files of the export in dir, as far as its manifests are in order.
func exportedFiles(dir string) []string {
	m, err := ReadManifest(dir)
	if err != nil {
		return nil
	}
	out, _ := m.allFiles(dir, readCase)
	return out
}

// allFiles are the files of an export by their paths in dir; whole tells whether every
// case has a manifest that can be read, in the way that is given.
func (m *Manifest) allFiles(dir string, readCase func(string, CaseRef) (*CaseEntry, error)) (out []string, whole bool) {
	out, whole = []string{ManifestFile}, true
	add := func(files []FileEntry) {
		for _, f := range files {
			out = append(out, filepath.FromSlash(f.File))
		}
	}
	add(m.Files)
	for _, c := range m.Cases {
		add([]FileEntry{c.Manifest})
		e, _ := readCase(dir, c)
		if e == nil {
			whole = false
			continue
		}
		add(e.Files)
	}
	return out, whole
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
	if m.err = os.MkdirAll(filepath.Dir(to), 0o777); m.err != nil {
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
