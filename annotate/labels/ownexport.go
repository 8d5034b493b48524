package labels

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// export is an export of this program that is being read, or what is left of one.
type export struct {
	in  *intake
	dir string // its full path
	manifest
	lost    bool              // its manifest is not there: those of its cases are all that is known
	above   bool              // its manifest is not among what is read, but masks of it are
	sums    map[string]string // files with labels, by the SHA-256 that they had
	masks   int               // that were read
	changed []string          // of them, since they were exported
}

// exportsAbove is how many folders above a file or folder an export's manifest is looked
// for.
const exportsAbove = 4

// asked are the files and folders that are read.
type asked struct {
	roots  []string          // full paths, as the call names them
	listed map[string]string // the files, as they are named, by their full paths
}

func newAsked(roots, files []string) asked {
	a := asked{listed: map[string]string{}}
	for _, r := range roots {
		a.roots = append(a.roots, ct.FullPath(r))
	}
	for _, f := range files {
		a.listed[ct.FullPath(f)] = f
	}
	return a
}

// name is a file as it is named, by its full path.
func (a *asked) name(full string) string {
	if f, ok := a.listed[full]; ok {
		return f
	}
	return full
}

// within reports whether a file, by its full path, is in what is read, whether it is there
// or not.
func (a *asked) within(full string) bool {
	_, ok := a.listed[full]
	return ok || slices.ContainsFunc(a.roots, func(r string) bool { return ct.Within(full, r) })
}

// exports are the folders in which manifests of exports are, or may be: those of files that
// are read, and those not far above what the call names.
func (a *asked) exports(files []string) (dirs []string) {
	seen := map[string]bool{}
	add := func(dir string) {
		if !seen[dir] {
			seen[dir] = true
			dirs = append(dirs, dir)
		}
	}
	for _, f := range files {
		dir := filepath.Dir(ct.FullPath(f))
		if filepath.Base(f) == ownManifest {
			add(dir)
		} else if filepath.Base(dir) == ownCases {
			add(filepath.Dir(dir))
		}
	}
	for _, dir := range a.roots {
		for range exportsAbove {
			dir = filepath.Dir(dir)
			add(dir)
		}
	}
	return dirs
}

// readOwn reads the manifests of exports, so that the masks that they name are matched by
// them, and what else they name is passed over.
func (in *intake) readOwn(roots, files []string) {
	in.own, in.asked = map[string]ownMask{}, newAsked(roots, files)
	for _, dir := range in.asked.exports(files) {
		e := &export{in: in, dir: dir, sums: map[string]string{}}
		if e.open() {
			in.exports = append(in.exports, e)
			e.read()
		}
	}
}

// open reads the export's manifest, or finds those of its cases; false where there is
// neither.
func (e *export) open() bool {
	path := filepath.Join(e.dir, ownManifest)
	_, err := decodeBounded(path, &e.manifest)
	if err == nil && e.Format == ownFormat {
		e.above = !e.in.asked.within(path)
		return true
	}
	e.manifest, e.lost = manifest{}, true
	found, _ := filepath.Glob(filepath.Join(escaped(e.dir), ownCases, "*.json"))
	for _, path := range found {
		c := &ownCase{}
		if _, err := decodeBounded(path, c); err == nil && c.Format == caseFormat {
			e.above = e.above || !e.in.asked.within(path)
			name := strings.TrimSuffix(filepath.Base(path), ".json")
			e.Cases = append(e.Cases, caseRef{name, ownFile{File: ownCases + "/" + filepath.Base(path)}})
		}
	}
	return len(e.Cases) > 0
}

// escaped is a path in which nothing is a pattern.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// read notes what the manifests say of the files that are read.
func (e *export) read() {
	in := e.in
	in.done[in.asked.name(filepath.Join(e.dir, ownManifest))] = !e.lost
	for _, s := range e.Slices {
		in.done[e.name(s.Image.File)] = true
		in.own[e.name(s.Mask.File)] = ownMask{ownSlice: s, file: s.Mask, from: e, place: nowhere, names: e.names(s.LabelPx)}
	}
	for _, f := range e.Files {
		e.pass(f)
	}
	cases := e.asked()
	for _, c := range cases {
		e.readCase(c, len(cases) == 1)
	}
}

// name is a file of the export as it is named.
func (e *export) name(file string) string {
	return e.in.asked.name(filepath.Join(e.dir, filepath.FromSlash(file)))
}

// pass passes over a file that holds no masks of a single case. One that the call names
// does not go without a word.
func (e *export) pass(f ownFile) {
	in := e.in
	if in.file = e.name(f.File); e.above && !in.done[in.file] && slices.Contains(in.asked.roots, ct.FullPath(in.file)) {
		in.leave("", "the manifest of its export names it, but not as the masks of a case: name the folder of the export")
	}
	in.done[in.file] = true
}

// asked are the cases that are read: all of an export that is, and else those of which a
// file is.
func (e *export) asked() (out []caseRef) {
	for _, ref := range e.Cases {
		if !e.above {
			out = append(out, ref)
			continue
		}
		c, _, err := e.caseOf(ref)
		if err != nil {
			continue
		}
		e.addSums(c)
		if slices.ContainsFunc(c.Files, func(f ownFile) bool { return e.in.asked.within(filepath.Join(e.dir, filepath.FromSlash(f.File))) }) {
			out = append(out, ref)
		}
	}
	return out
}

// caseOf reads the manifest of a case, and its SHA-256.
func (e *export) caseOf(ref caseRef) (c *ownCase, sum string, err error) {
	file := filepath.FromSlash(ref.Manifest.File)
	if !filepath.IsLocal(file) {
		return nil, "", errors.New("no file of the export")
	}
	c = &ownCase{}
	sum, err = decodeBounded(filepath.Join(e.dir, file), c)
	return c, sum, err
}

// readCase notes what the manifest of a case says of its files.
func (e *export) readCase(ref caseRef, alone bool) {
	in := e.in
	c, sum, err := e.caseOf(ref)
	if err != nil {
		return
	}
	in.done[e.name(ref.Manifest.File)] = true
	e.addSums(c)
	places, taken := e.judge(ref, c, sum, alone)
	all := map[string]int{}
	for _, s := range c.Slices {
		for v, px := range s.LabelPx {
			all[v] += px
		}
	}
	for _, f := range c.Files {
		switch path := e.name(f.File); {
		case !taken:
			in.done[path] = true
		case e.Preset == "seg-fractional" && slices.Contains(in.asked.roots, ct.FullPath(path)):
			// the model's map, which a threshold makes a mask
		case f.Kind != "mask" || f.Slice < 0 || f.Slice > len(c.Slices):
			e.pass(f)
		case f.Slice == 0:
			in.own[path] = ownMask{file: f, from: e, place: nowhere, names: e.names(all), of: c.masks(places), uneven: c.Series.Uneven}
		default:
			s := c.Slices[f.Slice-1]
			in.own[path] = ownMask{ownSlice: s, file: f, from: e, place: places[f.Slice-1], names: e.names(s.LabelPx), square: e.Square}
		}
	}
	if taken {
		e.tellMissing(ref.Case, c)
	}
}

// judge tells whether the masks of a case are taken, and where, and what is to know of it.
func (e *export) judge(ref caseRef, c *ownCase, sum string, alone bool) (places []place, taken bool) {
	in, part := e.in, ref.Case
	in.file = in.asked.name(filepath.Join(e.dir, ownManifest))
	if file := e.named(c); file != "" {
		in.file, part = file, ""
	}
	if why := c.maskless(e.Preset); why != "" && !(e.Preset == "seg-fractional" && part == "") {
		in.leave(part, why)
		return nil, false
	}
	anonymous, forced := e.Identity != "" || e.lost && c.numbered(), in.o.OtherImages && alone
	places, reason := c.places(in.target, anonymous, alone, forced)
	if reason == "" && !in.o.OtherImages && ref.Manifest.SHA256 != "" && sum != ref.Manifest.SHA256 {
		reason = tampered
	}
	switch {
	case reason != "" && alone:
		in.stop(part, reason)
	case reason != "":
		in.leave(part, reason)
	case !c.differs(in.target) || slices.ContainsFunc(places, func(p place) bool { return p.by == ByImages }):
	case c.byUID(in.target):
		in.remark("%s has the UIDs of the slices, but was made when they had other pixels", ref.Case)
	default:
		in.remark("%s was made of images with other pixels, and is taken all the same", ref.Case)
	}
	if e.lost && reason == "" {
		in.remark("the manifest of its export is missing: what the values of %s stand for is taken from the usual conventions", ref.Case)
	}
	return places, reason == ""
}

// named is a file of a case that the call names by itself; "" where there is none.
func (e *export) named(c *ownCase) string {
	for _, f := range c.Files {
		if full := filepath.Join(e.dir, filepath.FromSlash(f.File)); e.above && slices.Contains(e.in.asked.roots, full) {
			return e.in.asked.name(full)
		}
	}
	return ""
}

// numbered reports whether slices are called by their numbers, as where names were left out.
func (c *ownCase) numbered() bool {
	return !slices.ContainsFunc(c.Slices, func(s ownSlice) bool { return !strings.HasPrefix(s.Source, "slice_") })
}

// decodeBounded reads JSON, and gives the SHA-256 of the file in hex.
func decodeBounded(path string, to any) (sum string, err error) {
	f, _, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	r := io.TeeReader(io.LimitReader(f, maxManifest), h)
	if err := json.NewDecoder(r).Decode(to); err != nil {
		return "", err
	}
	_, err = io.Copy(io.Discard, r)
	return fmt.Sprintf("%x", h.Sum(nil)), err
}
