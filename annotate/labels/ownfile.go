package labels

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"groundglass/annotate/ct"
)

// addSums notes what the masks of a case were, but for those without labels, which are
// alike.
func (e *export) addSums(c *ownCase) {
	for _, f := range c.Files {
		if f.Kind != "mask" || f.SHA256 == "" || f.Slice < 0 || f.Slice > len(c.Slices) {
			continue
		}
		if f.Slice > 0 && c.Slices[f.Slice-1].blank() {
			continue
		}
		if _, ok := e.sums[f.SHA256]; !ok {
			e.sums[f.SHA256] = f.File
		}
	}
}

// blank reports whether no pixel has a label.
func (s *ownSlice) blank() bool {
	for v, n := range s.LabelPx {
		if _, err := strconv.Atoi(v); err == nil && v != "0" && n > 0 {
			return false
		}
	}
	return true
}

// tellMissing says which masks of a case are not there.
func (e *export) tellMissing(name string, c *ownCase) {
	first, n := "", 0
	for _, f := range c.Files {
		full := filepath.Join(e.dir, filepath.FromSlash(f.File))
		if f.Kind != "mask" || !e.in.asked.within(full) {
			continue
		}
		if _, err := os.Lstat(full); errors.Is(err, os.ErrNotExist) {
			if n++; n == 1 {
				first = f.File
			}
		}
	}
	if n == 0 {
		return
	}
	e.in.report.LeftOut = append(e.in.report.LeftOut, LeftOut{
		File: e.in.asked.name(filepath.Join(e.dir, ownManifest)), Part: name, Lost: true,
		Reason: fmt.Sprintf("%s that the manifest lists %s not there (%s), and what %s of gets nothing", ct.Count(n, "mask"), verb(n, "is", "are"), andMore([]string{first}, n), verb(n, "it is", "they are")),
	})
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// andMore are the first of n names, and how many more there are.
func andMore(first []string, n int) string {
	text := strings.Join(first, ", ")
	if n == len(first) {
		return text
	}
	return fmt.Sprintf("%s and %d more", text, n-len(first))
}

// compare looks whether the mask at hand is what it was when it was exported. One that
// holds what another one held was exchanged, and is an error; others were worked on.
func (in *intake) compare(f io.ReadSeeker) error {
	own, ok := in.own[in.file]
	if !ok || own.file.SHA256 == "" {
		return nil
	}
	sum, err := sumOf(f)
	if err != nil {
		return ct.Plain(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return ct.Plain(err)
	}
	own.from.masks++
	if sum == own.file.SHA256 {
		return nil
	}
	if other, ok := own.from.sums[sum]; ok && !in.o.OtherImages {
		in.report.OfOthers = true
		return fmt.Errorf("it holds what %s held when it was exported", tidy(other))
	}
	own.from.changed = append(own.from.changed, in.file)
	return nil
}

// isChanged reports whether a mask is not what it was.
func (e *export) isChanged(file string) bool { return slices.Contains(e.changed, file) }

// maxNamed bounds how many files a remark names.
const maxNamed = 5

// tellChanged says which masks were changed since they were exported.
func (in *intake) tellChanged() {
	for _, e := range in.exports {
		n := len(e.changed)
		if n == 0 {
			continue
		}
		var names []string
		for _, file := range e.changed[:min(maxNamed, n)] {
			names = append(names, filepath.Base(file))
		}
		in.file = in.asked.name(filepath.Join(e.dir, ownManifest))
		in.remark("%s changed since the export, and taken as %s now: %s", ct.Count(n, "mask"), verb(n, "it is", "they are"), andMore(names, n))
		if n == e.masks {
			in.remark("none of the masks that were read is as it was exported: nothing tells whether they are still of these images")
		}
	}
}
