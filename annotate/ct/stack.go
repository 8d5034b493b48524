package ct

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// picture is a PNG, JPEG or TIFF file that can be part of a stack.
type picture struct {
	path string
	config
	bytes int64
	entry *entry // nil where the file is not in an archive
}

func (p *picture) read() (*Slice, error) {
	if p.entry != nil {
		return p.entry.picture()
	}
	return ReadPicture(p.path)
}

// stackKey names a stack of pictures: one folder, one size, and one kind where
// the folder holds several pictures of the same slice.
type stackKey struct {
	folder string
	w, h   int
	kind   string
}

// pictureSeries stacks pictures in the natural order of their names. Where a
// folder holds NAME_a and NAME_b, or NAME and NAME_a, as data sets and exports
// do with images and masks, each kind is a stack of its own; the kind with more
// bytes a picture, which is the image, comes first.
func pictureSeries(pictures []picture) []*Series {
	kinds := kindsOf(pictures)
	stacks := map[stackKey][]picture{}
	for i, p := range pictures {
		k := stackKey{filepath.Dir(p.path), p.w, p.h, kinds[i]}
		stacks[k] = append(stacks[k], p)
	}
	keys := make([]stackKey, 0, len(stacks))
	weight := map[stackKey]*size{} // of a kind, whatever the pictures' size
	for k, stack := range stacks {
		keys = append(keys, k)
		kind := stackKey{folder: k.folder, kind: k.kind}
		if weight[kind] == nil {
			weight[kind] = &size{}
		}
		weight[kind].add(stack)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if a.folder != b.folder {
			return NaturalLess(a.folder, b.folder)
		}
		if a.kind != b.kind {
			x, y := weight[stackKey{folder: a.folder, kind: a.kind}].mean(), weight[stackKey{folder: b.folder, kind: b.kind}].mean()
			return x > y || x == y && a.kind < b.kind
		}
		return NaturalLess(stacks[a][0].path, stacks[b][0].path)
	})
	var all []*Series
	for _, k := range keys {
		all = append(all, stackSeries(k, stacks[k]))
	}
	return all
}

// kindsOf returns the last word of each picture's name, as in NAME_mask, where
// that word tells kinds of picture apart in its folder; "" elsewhere.
func kindsOf(pictures []picture) []string {
	type pair struct{ folder, name string }
	stems, kinds := make([]pair, len(pictures)), make([]pair, len(pictures))
	count := map[pair]int{}
	for i, p := range pictures {
		folder := filepath.Dir(p.path)
		stem, word := splitKind(SliceName(Source{File: p.path}))
		stems[i], kinds[i] = pair{folder, stem}, pair{folder, word}
		count[stems[i]]++
	}
	told := map[pair]bool{}
	for i := range pictures {
		if count[stems[i]] > 1 {
			told[kinds[i]] = true
		}
	}
	words := make([]string, len(pictures))
	for i, k := range kinds {
		if told[k] {
			words[i] = k.name
		}
	}
	return words
}

// splitKind splits NAME_word into NAME and word; word is "" where the name does
// not end so.
func splitKind(name string) (stem, word string) {
	i := strings.LastIndexByte(name, '_')
	if i <= 0 || i+1 == len(name) || strings.ContainsFunc(name[i+1:], notLetter) {
		return name, ""
	}
	return name[:i], name[i+1:]
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// size sums the bytes of pictures.
type size struct{ bytes, count int64 }

func (s *size) add(pictures []picture) {
	for _, p := range pictures {
		s.bytes += p.bytes
		s.count++
	}
}

func (s *size) mean() int64 { return s.bytes / s.count }

func stackSeries(k stackKey, pictures []picture) *Series {
	sort.SliceStable(pictures, func(i, j int) bool { return NaturalLess(pictures[i].path, pictures[j].path) })
	folder := FullPath(k.folder)
	meta := Series{
		UID:         stackUID(folder, k),
		Description: filepath.Base(folder),
		Rows:        k.h,
		Columns:     k.w,
		Geometry:    unknownGeometry(),
		Window:      Lung,
	}
	if k.kind != "" {
		meta.Description += " (" + k.kind + ")"
	}
	var kinds []string
	for _, p := range pictures {
		meta.Sources = append(meta.Sources, Source{File: p.path})
		if !slices.Contains(meta.TransferSyntaxes, p.format) {
			meta.TransferSyntaxes = append(meta.TransferSyntaxes, p.format)
		}
		if !slices.Contains(kinds, p.values) {
			kinds = append(kinds, p.values)
		}
	}
	load := func(i int) (*Slice, error) { return pictures[i].read() }
	describeGreys(&meta, kinds, load)
	meta.slight = slightPictures(pictures)
	return NewSeries(meta, load)
}

// stackUID is the same for the same folder, size and kind at every start.
func stackUID(folder string, k stackKey) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%dx%d\n%s", folder, k.w, k.h, k.kind))
	return fmt.Sprintf("picture:%x", sum[:10])
}
