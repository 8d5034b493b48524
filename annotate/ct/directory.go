package ct

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// followDirectories looks at the files that DICOM directories among files name
// and that are not among them, and appends them and their looks. A directory is
// followed only to what lies beside and below it, and not from one to another.
// It is left out with a reason only where it names nothing, or files that are
// not there.
func followDirectories(ctx context.Context, files []string, looks []look, progress func(done, total int)) ([]string, []look, error) {
	seen := map[string]bool{}
	for _, f := range files {
		seen[f] = true
	}
	var more []string
	for i := range looks {
		if looks[i].named == nil {
			continue
		}
		found, missing := beside(filepath.Dir(files[i]), looks[i].named)
		for _, path := range found {
			if !seen[path] {
				seen[path] = true
				more = append(more, path)
			}
		}
		looks[i].reason = directoryReason(len(looks[i].named), missing)
	}
	sort.SliceStable(more, func(i, j int) bool { return NaturalLess(more[i], more[j]) })
	if len(files)+len(more) > maxFiles {
		return nil, nil, fmt.Errorf("there are more than %d files here; open a smaller folder", maxFiles)
	}
	added, err := lookAll(ctx, len(more), func(i int) look { return lookAt(more[i]) }, func(done, total int) {
		if progress != nil {
			progress(len(files)+done, len(files)+total)
		}
	})
	for i := range added {
		if added[i].named != nil {
			added[i].reason = "a DICOM directory that another one names; it is not followed"
		}
	}
	return append(files, more...), append(looks, added...), err
}

// beside finds the files that a folder has under the given names, and tells which
// are missing. Nothing outside the folder is found, not by links either. Systems
// that write names in capitals meet those that do not.
func beside(folder string, names []string) (paths, missing []string) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, names
	}
	defer root.Close()
	for _, name := range names {
		name = filepath.FromSlash(name)
		at := slices.IndexFunc(spellings, func(spell func(string) string) bool {
			info, err := root.Stat(spell(name))
			return err == nil && info.Mode().IsRegular()
		})
		if at < 0 {
			missing = append(missing, name)
			continue
		}
		paths = append(paths, filepath.Join(folder, spellings[at](name)))
	}
	return paths, missing
}

var spellings = []func(string) string{filepath.Clean, strings.ToLower, strings.ToUpper}

func directoryReason(named int, missing []string) string {
	switch {
	case named == 0:
		return "a DICOM directory that names no files"
	case len(missing) > 0:
		return fmt.Sprintf("a DICOM directory: %d of the %s that it names are not there, the first: %.100q", len(missing), Count(named, "file"), missing[0])
	}
	return ""
}
