package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// PNGOptions say what PNG writes.
type PNGOptions struct {
	Images    bool      // NAME_image.png beside each mask
	Window    ct.Window // of the images; the lung window where it is zero
	Values    bool      // masks hold label values instead of 0 and 255
	Prefix    string    // in front of each file's name
	Overwrite bool      // replace an export that is already there
}

func (o PNGOptions) window() ct.Window {
	if o.Window == (ct.Window{}) {
		return ct.Lung
	}
	return o.Window
}

// PNG writes each slice's mask as NAME_mask.png (8-bit grey) and manifest.json
// to dir, on the series' own grid, with o.Images the slices as NAME_image.png, and
// the audit log where there is one. Every file is read back and compared before the folder
// appears. The error wraps ErrExists where dir holds an export or such files
// already and o.Overwrite is not set, and ctx's where it was cancelled; in
// either case, as in every failure, dir is as it was.
func PNG(ctx context.Context, dir string, in Input, o PNGOptions, progress func(done, total int)) (Report, error) {
	if in.Series.Len() == 0 {
		return Report{}, errors.New("there are no slices to export")
	}
	if o.Prefix != "" && (!usable(o.Prefix) || len(o.Prefix) > 40) {
		return Report{}, fmt.Errorf("the prefix %q cannot begin a file's name", o.Prefix)
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	p := &pngExport{in: in, o: o, names: Names(in.Series.Sources), sources: relative(in.Series.Sources)}
	for i := range p.names {
		p.names[i] = o.Prefix + p.names[i]
	}
	var err error
	if p.values, err = in.values(); err != nil {
		return Report{}, err
	}
	f, err := openFolder(dir, p.files(), o.Overwrite)
	if err != nil {
		return Report{}, err
	}
	defer f.drop()
	report, err := p.write(ctx, f.part, progress)
	if err != nil {
		return Report{}, fmt.Errorf("nothing was exported: %w", err)
	}
	if err := f.install(); err != nil {
		return Report{}, fmt.Errorf("nothing was exported: %w", err)
	}
	report.Dir = dir
	return report, nil
}

// pngExport is one run of PNG.
type pngExport struct {
	in             Input
	o              PNGOptions
	names, sources []string // by slice
	manifest       *Manifest
	values         [256]uint8 // in files, by label
}

func (p *pngExport) maskFile(i int) string  { return p.names[i] + "_mask.png" }
func (p *pngExport) imageFile(i int) string { return p.names[i] + "_image.png" }

// files lists all files that will be written.
func (p *pngExport) files() []string {
	out := []string{ManifestFile}
	for i := range p.names {
		out = append(out, p.maskFile(i))
		if p.o.Images {
			out = append(out, p.imageFile(i))
		}
	}
	if p.in.Audit != nil {
		out = append(out, AuditFile)
	}
	return out
}

// write fills the folder and verifies it.
func (p *pngExport) write(ctx context.Context, dir string, progress func(done, total int)) (Report, error) {
	n := p.in.Series.Len()
	p.manifest = newManifest(p.in, "png")
	p.manifest.Masks = binaryMasks
	if p.o.Values {
		p.manifest.Masks = valueMasks
	}
	if p.o.Images {
		w := p.o.window()
		p.manifest.Window = &WindowEntry{w.Width, w.Level}
	}
	for i := range n {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		e, err := p.slice(dir, i)
		if err != nil {
			return Report{}, err
		}
		p.manifest.Slices = append(p.manifest.Slices, e)
		progress(i+1, 2*n)
	}
	if p.in.Audit != nil {
		path := filepath.Join(dir, AuditFile)
		if err := writeSynced(path, bytesTo(p.in.Audit)); err != nil {
			return Report{}, explain(path, err)
		}
		audit := newFileEntry(AuditFile, p.in.Audit)
		p.manifest.Audit = &audit
	}
	data, err := p.manifest.encode()
	if err != nil {
		return Report{}, err
	}
	if err := WriteAtomic(filepath.Join(dir, ManifestFile), bytesTo(data)); err != nil {
		return Report{}, err
	}
	report, err := verify(ctx, dir, func(done, _ int) { progress(n+done, 2*n) })
	if err == nil && !report.OK() {
		err = fmt.Errorf("what was written does not read back right: %s", report.Problems[0])
	}
	return report, err
}

// slice writes the files of slice i and compares them with what they are of.
func (p *pngExport) slice(dir string, i int) (SliceEntry, error) {
	mask, err := p.in.mask(i)
	if err != nil {
		return SliceEntry{}, err
	}
	if err := p.in.named(i, mask); err != nil {
		return SliceEntry{}, err
	}
	e := newSliceEntry(p.in, i, p.sources[i], mask, &p.values)
	if e.Mask, err = writePNG(dir, p.maskFile(i), maskPicture(mask, p.o.Values, &p.values)); err != nil || !p.o.Images {
		return e, err
	}
	s, err := p.in.Series.Slice(i)
	if err != nil {
		return e, err
	}
	file, err := writePNG(dir, p.imageFile(i), slicePicture(s, p.o.window()))
	e.Image = &file
	return e, err
}

// writePNG writes a picture, reads the file again and compares the pixels.
func writePNG(dir, name string, want *image.Gray) (FileEntry, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, want); err != nil {
		return FileEntry{}, err
	}
	path := filepath.Join(dir, name)
	if err := writeSynced(path, bytesTo(b.Bytes())); err != nil {
		return FileEntry{}, explain(path, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return FileEntry{}, err
	}
	got, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return FileEntry{}, fmt.Errorf("%s does not read back: %w", name, err)
	}
	if g, ok := got.(*image.Gray); !ok || g.Rect != want.Rect || !slices.Equal(g.Pix, want.Pix) {
		return FileEntry{}, fmt.Errorf("%s reads back with other pixels", name)
	}
	return newFileEntry(name, b.Bytes()), nil
}

func bytesTo(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

// maskPicture is a mask as 0 and 255, or as the values that files have for labels.
func maskPicture(m *annotate.Mask, byLabel bool, values *[256]uint8) *image.Gray {
	g := image.NewGray(m.Bounds())
	for i, l := range m.Label {
		if l != 0 && !byLabel {
			g.Pix[i] = 255
		} else {
			g.Pix[i] = values[l]
		}
	}
	return g
}

// slicePicture is a slice as 8-bit grey at a window level.
func slicePicture(s *ct.Slice, w ct.Window) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, s.W, s.H))
	for i, hu := range s.HU {
		g.Pix[i] = uint8(math.Round(255 * w.Unit(float64(hu))))
	}
	return g
}

// isExported reports whether a name is of the kind that this preset writes.
func isExported(name string) bool {
	return strings.HasSuffix(name, "_mask.png") || strings.HasSuffix(name, "_image.png")
}
