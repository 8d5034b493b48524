package export

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"groundglass/annotate/ct"
)

// maxName bounds a name in bytes, so that endings fit a file system's 255.
const maxName = 200

// Names returns a name for the files of each source: its file's name without
// ending. Where several sources would get the same one, as file systems without
// case see it, all of their folders get the folder's name in front, and failing that
// each a number. The same sources always give the same names.
func Names(sources []ct.Source) []string {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = plainName(s, i)
	}
	clashing := map[string]bool{} // folders
	for i, clash := range clashes(names) {
		if clash {
			clashing[filepath.Dir(sources[i].File)] = true
		}
	}
	for i, s := range sources {
		dir := filepath.Dir(s.File)
		if folder := clean(filepath.Base(dir)); clashing[dir] && usable(folder) {
			names[i] = shorten(folder + "_" + names[i])
		}
	}
	return numbered(names)
}

// CaseName is a name for a series' files: that of the folder that it lies in, or of the
// file where it is all of the series.
func CaseName(s *ct.Series) string {
	first := s.Sources[0]
	name := filepath.Base(filepath.Dir(first.File))
	if first.Frame > 0 || s.Len() == 1 {
		first.Frame = 0
		name = ct.SliceName(first)
	}
	if name = shorten(clean(name)); !usable(name) {
		return "case"
	}
	return name
}

// folderAround is the name of the folder in which what CaseName takes its name of lies.
func folderAround(s *ct.Series) string {
	around := filepath.Dir(s.Sources[0].File)
	if s.Sources[0].Frame == 0 && s.Len() > 1 {
		around = filepath.Dir(around)
	}
	return filepath.Base(around)
}

// numbered adds numbers to names that are there more than once.
func numbered(names []string) []string {
	taken := map[string]bool{}
	twice := clashes(names)
	for i, n := range names {
		if !twice[i] {
			taken[strings.ToLower(n)] = true
		}
	}
	for i, n := range names {
		for k := 1; twice[i]; k++ {
			names[i] = fmt.Sprintf("%s_%d", n, k)
			if low := strings.ToLower(names[i]); !taken[low] {
				taken[low] = true
				break
			}
		}
	}
	return names
}

// clashes says which names are not the only ones of their kind.
func clashes(names []string) []bool {
	n := map[string]int{}
	for _, s := range names {
		n[strings.ToLower(s)]++
	}
	out := make([]bool, len(names))
	for i, s := range names {
		out[i] = n[strings.ToLower(s)] > 1
	}
	return out
}

func plainName(s ct.Source, i int) string {
	if name := shorten(clean(ct.SliceName(s))); s.File != "" && usable(name) {
		return name
	}
	return fmt.Sprintf("slice_%04d", i+1)
}

// clean replaces what a manifest cannot hold or a listing cannot show: bytes
// that are no UTF-8, and control characters.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
}

// usable reports whether a name is one that a file can have.
func usable(name string) bool {
	return strings.Trim(name, ". ") != "" && !strings.ContainsAny(name, `/\`+"\x00")
}

// shorten cuts a name at a character's end.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	n := maxName
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}

// relative returns the sources' paths below the deepest folder that they share,
// with slashes: traceable, and free of the names of folders above.
func relative(sources []ct.Source) []string {
	shared, out := "", make([]string, len(sources))
	for i, s := range sources {
		if dir := filepath.Dir(s.File); i == 0 {
			shared = dir
		} else {
			for !within(dir, shared) && shared != filepath.Dir(shared) {
				shared = filepath.Dir(shared)
			}
		}
	}
	for i, s := range sources {
		rel, err := filepath.Rel(shared, s.File)
		if err != nil {
			rel = filepath.Base(s.File)
		}
		out[i] = filepath.ToSlash(rel)
	}
	return out
}

func within(dir, folder string) bool {
	rel, err := filepath.Rel(folder, dir)
	return err == nil && filepath.IsLocal(rel)
}
