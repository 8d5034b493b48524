package labels

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"groundglass/annotate/ct"
)

// affixes are words around the name of a slice that say what a file of it holds.
var affixes = []string{
	"mask", "masks", "infection", "infections", "lesion", "lesions", "seg", "segmentation", "label", "labels", "annotation",
	"annotations", "gt", "class", "classes", "roi", "ct", "image", "img", "slice",
	"lung", "lungs", "ggo", "groundglass", "consolidation", "effusion",
}

const separators = "_-. "

// stem is the part of a file's name that names the slice, in lower case, and the
// words around it that say what the file holds.
func stem(name string) (key string, words []string) {
	key = strings.ToLower(name)
	for {
		cut := key
		for _, word := range affixes {
			if rest, ok := strings.CutSuffix(cut, word); ok && rest != "" && strings.ContainsRune(separators, rune(rest[len(rest)-1])) {
				cut, words = rest[:len(rest)-1], append(words, word)
			}
			if rest, ok := strings.CutPrefix(cut, word); ok && rest != "" && strings.ContainsRune(separators, rune(rest[0])) {
				cut, words = rest[1:], append(words, word)
			}
		}
		if cut == key || cut == "" {
			return key, words
		}
		key = cut
	}
}

// loosely is a stem whose numbers have no leading zeros, and whose separators are
// alike.
func loosely(key string) string {
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		switch c := key[i]; {
		case c == '0' && (i == 0 || !unicode.IsDigit(rune(key[i-1]))) && i+1 < len(key) && unicode.IsDigit(rune(key[i+1])):
			key = key[:i] + key[i+1:]
			i--
		case strings.IndexByte(separators, c) >= 0:
			b.WriteByte('_')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// bare is a file's name without folder and ending.
func bare(path string) string { return ct.SliceName(ct.Source{File: path}) }

// nameIndex finds slices by the names of files.
type nameIndex map[string][]int

func (x nameIndex) add(key string, i int) {
	if key != "" && !slices.Contains(x[key], i) {
		x[key] = append(x[key], i)
	}
}

// addSlice enters a slice under its name, with and without its folder.
func (t *target) addSlice(i int, s ct.Source) {
	key, _ := stem(ct.SliceName(s))
	folder := strings.ToLower(filepath.Base(filepath.Dir(s.File)))
	t.exact.add(key, i)
	t.loose.add(loosely(key), i)
	t.exact.add(folder+"_"+key, i)
	t.loose.add(loosely(folder+"_"+key), i)
}

// Reasons why a name finds no slice.
const (
	noName   = "no slice of the series has such a name"
	manyName = "several slices of the series have such a name"
	orName   = "its name could mean one slice by its number in the series, and another by the name of a file: with the manifest of its export, it is certain"
)

// byName finds the slice that a file's name tells; reason says why there is none.
func (t *target) byName(path string) (i int, reason string) {
	key, _ := stem(bare(path))
	for _, found := range [][]int{t.exact[key], t.loose[loosely(key)]} {
		switch len(found) {
		case 0:
			continue
		case 1:
			if t.numbersAnother(key, found[0]) {
				return 0, orName
			}
			return found[0], ""
		}
		return 0, manyName
	}
	return 0, noName
}

// numbersAnother reports whether a name that finds slice i by its folder is also what
// exports of this program call another slice of the folder: by its number, from 1, in
// the order of the series, which need not be that of the files.
func (t *target) numbersAnother(key string, i int) bool {
	own, _ := stem(ct.SliceName(t.s.Sources[i]))
	if loosely(own) == loosely(key) {
		return false
	}
	var n int
	number := key[strings.LastIndexByte(key, '_')+1:]
	if _, err := fmt.Sscanf(number, "%d", &n); err != nil || number != fmt.Sprintf("%04d", n) {
		return false
	}
	return n != i+1 && n >= 1 && n <= t.s.Len()
}
