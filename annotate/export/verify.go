package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// maxFile is more than the bytes of the largest picture that is exported, maxAudit
// of an audit log.
const (
	maxFile  = 64 << 20
	maxAudit = 1 << 30
)

// Verify reads the export in dir and compares every file with the manifest. A
// fault of the files is a sentence in the report's Problems; the error is for
// what cannot be verified at all: no manifest, a changed or newer one, or ctx's
// where it was cancelled.
func Verify(ctx context.Context, dir string) (Report, error) {
	return verify(ctx, dir, func(int, int) {})
}

func verify(ctx context.Context, dir string, progress func(done, total int)) (Report, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return Report{}, err
	}
	v := &verifier{dir: dir, m: m, owner: map[string]string{}}
	for _, s := range m.Slices {
		for _, f := range s.all() {
			v.owner[f.SHA256] = f.File
		}
	}
	v.Dir, v.Slices = dir, len(m.Slices)
	for i, s := range m.Slices {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		v.slice(s)
		progress(i+1, len(m.Slices))
	}
	if m.Audit != nil {
		v.audit(*m.Audit)
	}
	v.strangers()
	return v.Report, nil
}

// verifier is one run of Verify.
type verifier struct {
	Report
	dir   string
	m     *Manifest
	owner map[string]string // file by SHA-256
}

func (v *verifier) say(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}

// slice checks a slice's files and what the manifest says of the mask.
func (v *verifier) slice(s SliceEntry) {
	v.Foreground += s.ForegroundPx
	if g := v.file(s.Mask); g != nil {
		v.mask(s, g)
	}
	if s.Image != nil {
		v.file(*s.Image)
	}
}

// file reads one picture; nil where it is not as it was written.
func (v *verifier) file(e FileEntry) *image.Gray {
	data := v.read(e, maxFile)
	if data == nil {
		return nil
	}
	if sum := digest(data); sum != e.SHA256 {
		v.changed(e, data, sum)
		return nil
	}
	g, err := decodeGray(data, v.m.Series.Columns, v.m.Series.Rows)
	if err != nil {
		v.say("%s %v.", e.File, err)
		return nil
	}
	return g
}

// read is what a file of at most so many bytes holds; nil where it cannot be read.
func (v *verifier) read(e FileEntry, most int64) []byte {
	v.Files++
	path := filepath.Join(v.dir, e.File)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.say("%s is missing.", e.File)
		return nil
	case err != nil:
		v.say("%s cannot be read: %v.", e.File, err)
		return nil
	case !info.Mode().IsRegular():
		v.say("%s is not a file.", e.File)
		return nil
	case info.Size() > most:
		v.say("%s has %d bytes, more than any that is exported.", e.File, info.Size())
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		v.say("%s cannot be read: %v.", e.File, err)
		return nil
	}
	return data
}

// audit checks the audit log.
func (v *verifier) audit(e FileEntry) {
	if data := v.read(e, maxAudit); data != nil && digest(data) != e.SHA256 {
		v.say("%s was changed after the export: its SHA-256 does not fit.", e.File)
	}
}

// changed says in what way a file is not the one that was written.
func (v *verifier) changed(e FileEntry, data []byte, sum string) {
	if other, ok := v.owner[sum]; ok {
		v.say("%s holds what %s should hold: the two may be swapped.", e.File, other)
		return
	}
	if _, err := decodeGray(data, v.m.Series.Columns, v.m.Series.Rows); err != nil {
		v.say("%s %v.", e.File, err)
		return
	}
	v.say("%s was changed after the export: its SHA-256 does not fit.", e.File)
}

// mask holds the pixels against the manifest's values and counts.
func (v *verifier) mask(s SliceEntry, g *image.Gray) {
	var n [256]int
	for _, p := range g.Pix {
		n[p]++
	}
	if v.m.Masks == binaryMasks {
		v.count(s, n[255], s.ForegroundPx, "set pixels")
		v.count(s, len(g.Pix)-n[0]-n[255], 0, "pixels that are neither 0 nor 255")
		return
	}
	for value := 1; value < 256; value++ {
		v.count(s, n[value], s.LabelPx[strconv.Itoa(value)], fmt.Sprintf("pixels of label %d", value))
	}
}

func (v *verifier) count(s SliceEntry, got, want int, what string) {
	if got != want {
		v.say("%s has %d %s where the manifest says %d.", s.Mask.File, got, what, want)
	}
}

// strangers names files that look like the export's and are not in the
// manifest: loaders that pair files by sorting would take them.
func (v *verifier) strangers() {
	files, err := os.ReadDir(v.dir)
	if err != nil {
		v.say("%s cannot be listed: %v.", v.dir, err)
	}
	for _, f := range files {
		if _, known := v.m.files[f.Name()]; !known && isExported(f.Name()) {
			v.say("%s is not in the manifest.", f.Name())
		}
	}
}

// decodeGray decodes an 8-bit grey PNG of w x h pixels; it looks at the size
// before it takes memory. Its errors complete a sentence that begins with the
// file's name.
func decodeGray(data []byte, w, h int) (*image.Gray, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	if c.Width != w || c.Height != h {
		return nil, fmt.Errorf("has %dx%d pixels instead of %dx%d", c.Width, c.Height, w, h)
	}
	p, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	g, ok := p.(*image.Gray)
	if !ok {
		return nil, errors.New("is not an 8-bit grey picture")
	}
	return g, nil
}
