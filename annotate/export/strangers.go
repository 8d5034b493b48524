package export

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// clutter are the names, in lower case, of files that systems put into folders by
// themselves: patterns of path.Match.
var clutter = []string{".ds_store", "._*", "thumbs.db", "ehthumbs.db", "desktop.ini", ".directory"}

// strangers names the files and folders in an export that its manifests do not name,
// since training code may take them: problems, or remarks where they are harmless.
func strangers(dir string, m *Manifest) (problems, remarks []string) {
	all, left, whole := strange(dir, m)
	if len(left) > 0 {
		remarks = []string{few(left) + " is not of the export, and harmless."}
	}
	if !whole || all.err != nil {
		return unnamed(all), remarks
	}
	for k, name := range all.names {
		if k == maxProblems {
			return append(problems, fmt.Sprintf("%d more files or folders are not in the manifest.", len(all.names)-k)), remarks
		}
		what := "is not in the manifest."
		if strings.HasPrefix(name, unfinished) {
			what = "is of an export that did not end: unless one is running, remove it."
		}
		problems = append(problems, name+" "+what)
	}
	return problems, remarks
}

// strange is what lies in an export beside it. Left is harmless: what a system, or the
// preset's own training code, leaves behind, and nobody would take for a part. Whole
// tells whether all that is of the export is known.
func strange(dir string, m *Manifest) (all other, left []string, whole bool) {
	files, whole := m.allFiles(dir, readChangedCase)
	known, kinds := withSlashes(files), map[string]bool{}
	for name := range known {
		kinds[path.Dir(name)+path.Ext(name)] = true
	}
	p, _ := PresetNamed(m.Preset) // which was checked
	all = others(dir, known)
	all.names = slices.DeleteFunc(all.names, func(slashed string) bool {
		taken := kinds[path.Dir(slashed)+path.Ext(slashed)]
		harmless := matches(p.leaves, slashed) || !strings.HasSuffix(slashed, "/") && matches(clutter, strings.ToLower(path.Base(slashed))) && !taken
		if harmless {
			left = append(left, slashed)
		}
		return harmless
	})
	return all, left, whole
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, name); return ok })
}

// few names some of many.
func few(names []string) string {
	if n := len(names) - 3; n > 0 {
		return fmt.Sprintf("%s (and %d more)", strings.Join(names[:3], ", "), n)
	}
	return strings.Join(names, ", ")
}

// other is what lies in a folder and is not known: paths in it with slashes, and one
// behind a folder's, which stands for all that is in it.
type other struct {
	dir   string
	names []string
	err   error
}

// withSlashes is the set of paths as others takes them.
func withSlashes(paths []string) map[string]bool {
	out := map[string]bool{}
	for _, name := range paths {
		out[filepath.ToSlash(name)] = true
	}
	return out
}

// others lists what is neither known nor a folder around what is known.
func others(dir string, known map[string]bool) other {
	folders := map[string]bool{".": true}
	for name := range known {
		for up := path.Dir(name); !folders[up]; up = path.Dir(up) {
			folders[up] = true
		}
	}
	out := other{dir: dir}
	out.err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		switch name := filepath.ToSlash(rel); {
		case err != nil:
			return err
		case d.IsDir() && folders[name] || known[name] && !d.IsDir():
		case d.IsDir() && !known[name]: // a folder in a file's place is said of the file
			out.names = append(out.names, name+"/")
			return fs.SkipDir
		case d.IsDir():
			return fs.SkipDir
		default:
			out.names = append(out.names, name)
		}
		return nil
	})
	return out
}

// unnamed is a sentence on what may be of the export or not, since manifests are
// missing; none where there is nothing.
func unnamed(o other) []string {
	switch {
	case o.err != nil:
		return []string{fmt.Sprintf("%s cannot be listed: %v.", o.dir, ct.Plain(o.err))}
	case len(o.names) == 0:
		return nil
	}
	return []string{fmt.Sprintf("%s is in no manifest that can be read.", few(o.names))}
}
