package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"groundglass/annotate/ct"
)

// apart refuses a folder to write to that would mix with what it is made of, or with the key that leads back to the
// patients: what is written among images would be read as images, a key in the folder would leave with it, and one among
// the images would go where they go. The key is its file, or "" for none. Links are followed. It is to be called before anything is written.
func apart(sources []string, dir, key string) error {
	if KeyLeaves(key, dir) {
		return fmt.Errorf("the key %s would lie in %s and leave with it: name a file elsewhere with --key", key, dir)
	}
	for _, source := range sources {
		if key != "" && ct.Within(resolved(key), resolved(source)) {
			return fmt.Errorf("the key %s would lie in %s, among what it is to be kept apart from: name a file elsewhere with --key", key, source)
		}
	}
	return Apart(sources, dir)
}

// KeyLeaves reports whether the file of a key, "" for none, lies in a folder that is to be given away. Links are followed.
func KeyLeaves(key, dir string) bool { return key != "" && ct.Within(resolved(key), resolved(dir)) }

// Apart refuses a folder to write to that would mix with what it is made of. Links are followed.
func Apart(sources []string, dir string) error {
	to := resolved(dir)
	for _, source := range sources {
		switch from := resolved(source); {
		case from == to:
			return fmt.Errorf("%s is what it is to be made of: choose another folder to write to", dir)
		case ct.Within(to, from):
			return fmt.Errorf("%s would lie in %s and be read as a part of it later: choose a folder outside", dir, source)
		case ct.Within(from, to):
			return fmt.Errorf("%s lies in %s, which is to be written: choose another folder to write to", source, dir)
		}
	}
	return nil
}

// resolved is where a path leads when all links in it are followed, as far as it is there.
func resolved(path string) string {
	path = ct.FullPath(path)
	behind := ""
	for at := path; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, behind)
		}
		if target, err := os.Readlink(at); err == nil { // of what is not there yet
			if !filepath.IsAbs(target) {
				target = filepath.Join(filepath.Dir(at), target)
			}
			if real, err := filepath.EvalSymlinks(filepath.Dir(target)); err == nil {
				return filepath.Join(real, filepath.Base(target), behind)
			}
		}
		if at == filepath.Dir(at) {
			return path
		}
		behind = filepath.Join(filepath.Base(at), behind)
	}
}

// exportApart is apart for an export and its key.
func (p *Program) exportApart(c identityCall, sources []string, dir string) error {
	key := ""
	if !c.keep {
		key = p.keyFile(c.key)
	}
	return apart(sources, dir, key)
}

// keyFile is the file of the key that a call names, or else the user's own; "" where there is none.
func (p *Program) keyFile(named string) string {
	if named == "" && p.KeyFile != nil {
		named, _ = p.KeyFile() // where it fails, opening the key says so
	}
	return named
}
