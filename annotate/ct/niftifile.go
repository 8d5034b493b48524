package ct

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"groundglass/annotate/ct/nifti"
)

const (
	// maxVolumes bounds how many series one file becomes.
	maxVolumes = 64

	// maxSlices bounds those of all its volumes.
	maxSlices = 1 << 16
)

// niftiFile is a NIfTI file, or a pair of them, whose header has been read.
type niftiFile struct {
	path   string // of the header
	voxels string // the file that holds the voxels
	image  *nifti.Image
	entry  *entry // where it is, in an archive
}

// isAnalyze tells the headers that NIfTI's grew from.
func isAnalyze(path string, head []byte) bool {
	return strings.HasSuffix(path, ".hdr") && len(head) >= 348 && !nifti.Is(head) &&
		(bytes.HasPrefix(head, []byte{0x5c, 1, 0, 0}) || bytes.HasPrefix(head, []byte{0, 0, 1, 0x5c}))
}

// lookAtNIfTI returns the series of a NIfTI file; false where it is none. Of a
// pair, either file may be named.
func lookAtNIfTI(f io.ReaderAt, path string, size int64) (look, bool) {
	if header := headerOf(path); header != "" {
		path = header
		h, err := os.Open(header)
		if err != nil {
			return look{}, false
		}
		defer h.Close()
		f, size = h, sizeOf(h)
		if head, _ := nifti.Head(f, size); !nifti.Is(head) {
			return look{}, false
		}
	}
	head, _ := nifti.Head(f, size)
	if isAnalyze(path, head) {
		return look{reason: "an ANALYZE header, which does not say how the volume lies in the patient; convert it to NIfTI"}, true
	}
	if !nifti.Is(head) {
		return look{}, false
	}
	image, err := nifti.Parse(head)
	if err != nil {
		return look{reason: err.Error()}, true
	}
	n := &niftiFile{path: path, voxels: path, image: image}
	series, likely, err := n.series()
	if err != nil {
		return look{reason: err.Error()}, true
	}
	return look{series: series, unlikely: !likely}, true
}

// lookAtPackedNIfTI is lookAtNIfTI for a file in an archive.
func lookAtPackedNIfTI(u *unpacker) (look, bool) {
	head, _ := nifti.Head(u, u.e.size)
	if !nifti.Is(head) {
		return look{}, false
	}
	image, err := nifti.Parse(head)
	if err == nil && image.Pair {
		err = errors.New("a NIfTI header whose voxels are in a file of their own; unpack the archive first")
	}
	if err != nil {
		return look{reason: err.Error()}, true
	}
	n := &niftiFile{path: u.e.path, voxels: u.e.path, image: image, entry: u.e}
	series, likely, err := n.series()
	if err != nil {
		return look{reason: err.Error()}, true
	}
	return look{series: series, unlikely: !likely}, true
}

// headerOf returns the header of an .img file; "" where it has none.
func headerOf(path string) string { return besides(path, ".img", ".hdr") }

// besides exchanges a file's ending, with or without .gz, and returns the file
// of that name that exists; "" where there is none.
func besides(path, ending, other string) string {
	stem, ok := strings.CutSuffix(strings.TrimSuffix(path, ".gz"), ending)
	if !ok {
		return ""
	}
	for _, gz := range []string{"", ".gz"} {
		if info, err := os.Stat(stem + other + gz); err == nil && info.Mode().IsRegular() {
			return stem + other + gz
		}
	}
	return ""
}

func sizeOf(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// series makes a series of each volume; likely tells that they are CT.
func (n *niftiFile) series() (all []*Series, likely bool, err error) {
	m, placing := n.image, orient(n.image)
	if m.Pair {
		if n.voxels = besides(n.path, ".hdr", ".img"); n.voxels == "" {
			return nil, false, errors.New("the .img file with the voxels is not beside it")
		}
	}
	if err := placing.check(m); err != nil {
		return nil, false, err
	}
	opener, forward, err := n.opener()
	if err != nil {
		return nil, false, err
	}
	r, done, err := opener()() // for now: what is inflated for a look is not kept
	if err != nil {
		return nil, false, err
	}
	defer done()
	if z, ok := r.(*nifti.Inflated); ok {
		defer z.Close()
	}
	open := opener()
	for i := range m.Volumes {
		v := &niftiVolume{image: m, number: i, placing: placing, open: open, atOnce: placing.atOnce()}
		seen, err := sampleNIfTI(m, r, i, forward)
		if err != nil {
			return nil, false, err
		}
		likely = likely || seen.likely()
		all = append(all, n.volume(v, seen))
	}
	return all, likely, nil
}

// check refuses what is too large to be shown.
func (p placing) check(m *nifti.Image) error {
	w, h, k := p.size[0], p.size[1], p.size[2]*m.Volumes
	switch {
	case m.Volumes > maxVolumes:
		return fmt.Errorf("it holds %d volumes, more than the %d that can be opened", m.Volumes, maxVolumes)
	case w > MaxPixels/h:
		return fmt.Errorf("slices of %dx%d pixels are too large (the limit is %d pixels)", w, h, MaxPixels)
	case k > maxSlices:
		return fmt.Errorf("it holds %d slices, more than the %d that can be opened", k, maxSlices)
	}
	return nil
}

// voxelsOpener opens voxels for reading; done is to be called after that.
type voxelsOpener func() (r io.ReaderAt, done func() error, err error)

// opener checks that the voxels are all there and returns what makes openers: of a
// file for each time, or of what all times inflate together. Forward says that
// reading near the end takes all that is before it.
func (n *niftiFile) opener() (opener func() voxelsOpener, forward bool, err error) {
	if n.entry != nil {
		return n.packedOpener()
	}
	f, err := os.Open(n.voxels)
	if err != nil {
		return nil, false, Plain(err)
	}
	defer f.Close()
	size := sizeOf(f)
	compressed, err := n.check(f, size)
	switch {
	case err != nil:
		return nil, false, err
	case !compressed:
		return func() voxelsOpener { return n.openFile }, false, nil
	}
	whole, err := n.image.Whole(f, size)
	if err != nil {
		return nil, false, fmt.Errorf("the compressed data is damaged: %w", err)
	}
	if !whole {
		return nil, false, n.short(size)
	}
	return func() voxelsOpener {
		return share(nifti.Inflate(func() (io.ReadCloser, error) { return os.Open(n.voxels) }))
	}, true, nil
}

func (n *niftiFile) openFile() (io.ReaderAt, func() error, error) {
	f, err := os.Open(n.voxels)
	if err != nil {
		return nil, nil, Plain(err)
	}
	return f, f.Close, nil
}

// packedOpener is opener in an archive. A file that is cut short in it is found
// out when the slice is read.
func (n *niftiFile) packedOpener() (opener func() voxelsOpener, forward bool, err error) {
	u, err := n.entry.open()
	if err != nil {
		return nil, false, err
	}
	defer u.Close()
	compressed, err := n.check(u, n.entry.size)
	if err != nil {
		return nil, false, err
	}
	read := nifti.Spool
	if compressed {
		read = nifti.Inflate
	}
	return func() voxelsOpener { return share(read(n.entry.stream)) }, true, nil
}

// share opens the same voxels each time; they stay open when they are done with.
func share(r *nifti.Inflated) voxelsOpener {
	return func() (io.ReaderAt, func() error, error) { return r, func() error { return nil }, nil }
}

// check tells whether the voxels are compressed, and refuses a file that cannot
// hold them.
func (n *niftiFile) check(f io.ReaderAt, size int64) (compressed bool, err error) {
	head := make([]byte, 2)
	if _, err := f.ReadAt(head, 0); err == nil {
		compressed = nifti.Gzipped(head)
	}
	if !n.image.Fits(size, compressed) {
		return compressed, n.short(size)
	}
	return compressed, nil
}

func (n *niftiFile) short(size int64) error {
	return fmt.Errorf("the file is cut short: %d bytes cannot hold the %s of %dx%dx%d voxels that its header names",
		size, Count(n.image.Volumes, "volume"), n.image.Dim[0], n.image.Dim[1], n.image.Dim[2])
}

// niftiUID is the same for the same file and volume at every start.
func niftiUID(path string, dim [3]int, volume int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%v\n%d", FullPath(path), dim, volume))
	return fmt.Sprintf("nifti:%x", sum[:10])
}
