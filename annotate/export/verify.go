package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"groundglass/annotate/ct"
)

// maxProblems bounds what is said of one case.
const maxProblems = 20

// Verify reads the export in dir and compares every file with the manifests, every
// mask with the pixels that it was made of, and all of it with the rules of its
// preset. What else lies in dir is found, too. A fault of the files is a sentence in the
// report's Problems, and one of a manifest no end: what can be read of it is gone on with,
// and where that is nothing, the cases' own manifests. The error is for what cannot be
// verified at all, for want of any manifest or since a newer program wrote them, or ctx's
// where it was cancelled. Cases are read several at a time.
func Verify(ctx context.Context, dir string) (Report, error) {
	return VerifyShard(ctx, dir, Shard{}, nil)
}

// VerifyShard is Verify for a part of the cases; the files of the set are looked at
// with the first part. Progress may be nil.
func VerifyShard(ctx context.Context, dir string, shard Shard, progress func(done, total int)) (Report, error) {
	m, fault := ReadChanged(dir)
	if m == nil {
		return verifyWithout(ctx, dir, fault, shard)
	}
	p, err := PresetNamed(m.Preset)
	if err != nil {
		return Report{}, err
	}
	var own []CaseRef
	for k, c := range m.Cases {
		if shard.has(k) {
			own = append(own, c)
		}
	}
	f := p.format(m.options())
	found, err := verifyCases(ctx, dir, f, m, own, progress)
	if err != nil {
		return Report{}, err
	}
	out := Report{Dir: dir, LeftOut: m.LeftOut}
	for k, c := range own {
		out.add(c)
		out.Problems = append(out.Problems, found[k]...)
	}
	if shard.Index == 0 {
		out.Files += len(m.Files)
		if fault != nil {
			out.Problems = append([]string{sentence(fault)}, out.Problems...)
		}
		out.Problems = append(out.Problems, verifySet(f, dir, m)...)
		strange, remarks := strangers(dir, m)
		out.Problems, out.Remarks = append(out.Problems, strange...), append(out.Remarks, remarks...)
	}
	return out, nil
}

// options are those that a manifest tells of.
func (m *Manifest) options() *Options {
	o := &Options{Values: m.Masks == valueMasks, Square: m.Square, Name: m.Name, Folds: m.Folds}
	o.Identity.Method = m.Identity
	if m.Limits != nil {
		o.LeastConfidence, o.LargestDoubt = m.Limits.LeastConfidence, m.Limits.LargestDoubt
	}
	if m.Window != nil {
		o.Images, o.Window = true, ct.Window{Width: m.Window.Width, Level: m.Window.Level}
	}
	return o
}

// verifyCases verifies cases; the problems are by case.
func verifyCases(ctx context.Context, dir string, f format, m *Manifest, cases []CaseRef, progress func(done, total int)) ([][]string, error) {
	out := make([][]string, len(cases))
	var mu sync.Mutex
	done := 0
	numbers := make([]int, len(cases))
	for k := range numbers {
		numbers[k] = k
	}
	inParallel(ctx, runtime.GOMAXPROCS(0), numbers, func(k int) {
		problems := verifyRef(ctx, dir, f, m, cases[k])
		mu.Lock()
		defer mu.Unlock()
		out[k] = problems
		if done++; progress != nil {
			progress(done, len(cases))
		}
	})
	return out, ctx.Err()
}

func verifyRef(ctx context.Context, dir string, f format, m *Manifest, c CaseRef) []string {
	e, fault := readChangedCase(dir, c)
	var out []string
	if fault != nil {
		out = append(out, sentence(fault))
	}
	if e == nil {
		return out
	}
	px := 0
	for _, s := range e.Slices {
		px += s.ForegroundPx
	}
	if px != c.ForegroundPx {
		out = append(out, fmt.Sprintf("%s has %d labelled pixels where the manifest says %d.", c.Manifest.File, px, c.ForegroundPx))
	}
	problems, err := verifyCase(ctx, f, newReader(dir, m, e), func(int) {})
	if err != nil {
		return append(out, sentence(err))
	}
	return append(out, problems...)
}

func sentence(err error) string { return err.Error() + "." }

// verifyCase compares a case's files with its manifest.
func verifyCase(ctx context.Context, f format, r *Reader, progress func(i int)) ([]string, error) {
	defer r.close()
	v := &verifier{r: r}
	if !v.files() {
		return v.all(), nil
	}
	if err := v.masks(ctx, f, progress); err != nil {
		return nil, err
	}
	for _, problem := range f.check(r) {
		v.say("%s", problem)
	}
	return v.all(), nil
}

// verifier looks at one case.
type verifier struct {
	r        *Reader
	problems []string
	more     int // problems that are not listed
}

func (v *verifier) say(format string, args ...any) {
	if len(v.problems) == maxProblems {
		v.more++
		return
	}
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// all are the problems, and how many there are beside them.
func (v *verifier) all() []string {
	if v.more == 0 {
		return v.problems
	}
	of := "the set"
	if name := v.r.Entry.Case; name != "" {
		of = name
	}
	return append(v.problems, fmt.Sprintf("%d more problems of %s are not listed.", v.more, of))
}

// files compares each file's bytes with their sums. It reports whether all can be opened
// further: one that is a pipe might never end, and one that is a link is not of the export.
func (v *verifier) files() (plain bool) {
	plain = true
	owner := map[string]string{}
	for _, f := range v.r.Entry.Files {
		owner[f.SHA256] = f.File
	}
	for _, f := range v.r.Entry.Files {
		sum, err := fileSum(v.r.Dir, f)
		switch other, ok := owner[sum]; {
		case err != nil:
			v.say("%s %v.", f.File, err)
			plain = plain && !errors.Is(err, errNotPlain)
		case sum == f.SHA256:
		case ok:
			v.say("%s holds what %s should hold: the two may be swapped.", f.File, other)
		default:
			v.say("%s was changed after the export: its SHA-256 does not fit.", f.File)
		}
	}
	return plain
}

// fileSum is the sum of a file's bytes. Its errors complete a sentence that begins
// with the file's name.
func fileSum(dir string, e FileEntry) (string, error) {
	f, err := openPlain(filepath.Join(dir, filepath.FromSlash(e.File)))
	if errors.Is(err, os.ErrNotExist) {
		return "", errors.New("is missing")
	}
	if errors.Is(err, errNotPlain) {
		return "", err
	}
	if err != nil {
		return "", fmt.Errorf("cannot be read: %w", ct.Plain(err))
	}
	defer f.Close()
	sum := newSum()
	if _, err := io.Copy(sum, io.LimitReader(f, e.Bytes+1)); err != nil {
		return "", fmt.Errorf("cannot be read: %w", err)
	}
	return sum.String(), nil
}

var errNotPlain = errors.New("is not a file, but a folder, a link or a device")

// openPlain opens a file of an export, and neither what a link leads to nor a pipe, which
// would wait for a writer.
func openPlain(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotPlain
	}
	return os.Open(path)
}

// masks compares what the files hold with the pixels that they were made of.
func (v *verifier) masks(ctx context.Context, f format, progress func(i int)) error {
	plane, err := f.read(v.r)
	if saidOfFile(err) {
		return ctx.Err()
	}
	if err != nil {
		v.say("%v.", err)
		return nil
	}
	if plane == nil {
		return ctx.Err()
	}
	for i, s := range v.r.Entry.Slices {
		if err := ctx.Err(); err != nil {
			return err
		}
		got, err := plane(i)
		switch {
		case saidOfFile(err):
		case err != nil:
			v.say("%v.", err)
		case f.omits(v.r.Entry, i):
			if got != nil {
				v.say("slice %d is in the files, and should be left out.", s.Slice)
			}
		case got == nil && s.ForegroundPx > 0 && v.kept(s):
			v.say("slice %d has no mask in the files, and %d labelled pixels.", s.Slice, s.ForegroundPx)
		case got != nil && digest(got) != s.Pixels:
			v.differs(s, got)
		}
		progress(i)
	}
	return nil
}

// saidOfFile reports whether an error is that of a file that is not there or must not be
// read, which is said where its bytes are compared.
func saidOfFile(err error) bool {
	return errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission)
}

// kept reports whether files hold any of a slice's labels.
func (v *verifier) kept(s SliceEntry) bool {
	for _, l := range v.r.Manifest.Labels {
		if l.InFiles != 0 && s.LabelPx[fmt.Sprint(l.Value)] > 0 {
			return true
		}
	}
	return false
}

// differs says in what way a slice's mask is not the one that was exported.
func (v *verifier) differs(s SliceEntry, got []uint8) {
	w, h := v.r.Size()
	for _, turned := range []struct {
		how  string
		from func(x, y int) (int, int)
	}{
		{"mirrored left to right", func(x, y int) (int, int) { return w - 1 - x, y }},
		{"upside down", func(x, y int) (int, int) { return x, h - 1 - y }},
		{"turned by half a circle", func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }},
	} {
		if digest(rearranged(got, w, h, turned.from)) == s.Pixels {
			v.say("the mask of slice %d is %s.", s.Slice, turned.how)
			return
		}
	}
	for _, other := range v.r.Entry.Slices {
		if other.Pixels == digest(got) {
			v.say("the mask of slice %d is that of slice %d.", s.Slice, other.Slice)
			return
		}
	}
	var n, want [256]int
	for _, p := range got {
		n[p]++
	}
	for _, l := range v.r.Manifest.Labels {
		want[l.InFiles] += s.LabelPx[fmt.Sprint(l.Value)]
	}
	for value := 1; value < 256 && v.r.Manifest.Square == 0; value++ {
		if n[value] != want[value] {
			v.say("the mask of slice %d has %d pixels of the value %d where the manifest says %d.", s.Slice, n[value], value, want[value])
			return
		}
	}
	v.say("the mask of slice %d has its pixels in other places than the one that was exported.", s.Slice)
}

func rearranged(p []uint8, w, h int, from func(x, y int) (int, int)) []uint8 {
	out := make([]uint8, len(p))
	for y := range h {
		for x := range w {
			fx, fy := from(x, y)
			out[y*w+x] = p[fy*w+fx]
		}
	}
	return out
}

// verifySet looks at the files that are of no single case.
func verifySet(f format, dir string, m *Manifest) []string {
	v := &verifier{r: newReader(dir, m, &CaseEntry{Files: m.Files})}
	if !v.files() {
		return append(v.all(), heldTwice(m)...)
	}
	return slices.Concat(v.all(), heldTwice(m), f.checkSet(dir, m))
}
