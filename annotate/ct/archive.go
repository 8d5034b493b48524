package ct

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// archiveLimits bound what a zip archive may cost, against those made to exhaust
// a reader.
var archiveLimits = struct {
	index    int64  // bytes of the list of entries
	entry    uint64 // bytes of one entry, unpacked
	unpacked uint64 // bytes of all entries that any archive may unpack to,
	ratio    uint64 // and so many times its own size
}{
	index:    32 << 20,
	entry:    2 << 30,
	unpacked: 256 << 20,
	ratio:    200,
}

// entry is a file in a zip archive.
type entry struct {
	path    string // the archive's, and the name in it
	archive string
	offset  int64 // of the packed bytes in the archive
	packed  int64 // their number
	size    int64 // of the bytes unpacked
	flat    bool  // they are not compressed
	sum     uint32
}

func isArchive(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// listArchive lists the entries of a zip archive, and those that cannot be read.
// Its error says why the archive as a whole is refused.
func listArchive(archive string) (entries []entry, left []LeftOut, err error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, nil, Plain(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, Plain(err)
	}
	bounded := &boundedReader{r: f, left: archiveLimits.index}
	z, err := zip.NewReader(bounded, info.Size())
	switch {
	case errors.Is(err, errIndex) || err == nil && len(z.File) > maxFiles:
		return nil, nil, fmt.Errorf("an archive of more than %d files; open a smaller one", maxFiles)
	case err != nil:
		return nil, nil, errors.New("the archive is damaged or cut short")
	}
	bounded.left = -1
	total := uint64(0)
	for _, m := range z.File {
		e := entry{path: entryPath(archive, m.Name), archive: archive}
		if strings.HasSuffix(m.Name, "/") {
			continue
		}
		if total += min(m.UncompressedSize64, 1<<50); total > archiveLimits.unpacked+archiveLimits.ratio*uint64(info.Size()) {
			return nil, nil, fmt.Errorf("an archive of %d MB that unpacks to more than %d times its size, as no images do", info.Size()>>20, archiveLimits.ratio)
		}
		if err := e.set(m); err != nil {
			left = append(left, LeftOut{e.path, err.Error()})
			continue
		}
		entries = append(entries, e)
	}
	return entries, left, nil
}

// entryPath names an entry as if the archive were a folder. Names that lead out
// of it lose the steps that do, and those without any other get one.
func entryPath(archive, name string) string {
	name = strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "\uFFFD")
	if name = path.Clean("/" + name); name == "/" {
		name = "unnamed"
	}
	return filepath.Join(archive, filepath.FromSlash(name))
}

// set reads where an entry's bytes are.
func (e *entry) set(m *zip.File) (err error) {
	switch {
	case m.Flags&1 != 0:
		return errors.New("it is encrypted")
	case m.Method != zip.Store && m.Method != zip.Deflate:
		return fmt.Errorf("it is packed in a way (method %d) that is not supported; unpack the archive first", m.Method)
	case max(m.UncompressedSize64, m.CompressedSize64) > archiveLimits.entry:
		return fmt.Errorf("it is larger than %d MB; unpack the archive first", archiveLimits.entry>>20)
	}
	e.packed, e.size = int64(m.CompressedSize64), int64(m.UncompressedSize64)
	e.flat, e.sum = m.Method == zip.Store, m.CRC32
	if e.offset, err = m.DataOffset(); err != nil {
		return errors.New("its place in the archive is damaged")
	}
	return nil
}

// boundedReader fails once more bytes than left were read, unless left is below 0.
type boundedReader struct {
	r    io.ReaderAt
	left int64
}

var errIndex = errors.New("the list of entries is too long")

func (b *boundedReader) ReadAt(p []byte, off int64) (int, error) {
	if b.left >= 0 {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, errIndex
		}
	}
	return b.r.ReadAt(p, off)
}

// unpacker reads an entry, best from its start to its end: each step back
// unpacks it anew. It holds a fixed amount of memory whatever the entry's size.
type unpacker struct {
	e      *entry
	f      *os.File
	stream io.Reader // nil before the first read
	sum    hash.Hash32
	pos    int64
}

func (e *entry) open() (*unpacker, error) {
	f, err := os.Open(e.archive)
	if err != nil {
		return nil, Plain(err)
	}
	return &unpacker{e: e, f: f}, nil
}

// stream reads an entry from its start to its end.
func (e *entry) stream() (io.ReadCloser, error) {
	u, err := e.open()
	if err != nil {
		return nil, err
	}
	u.restart()
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(u.stream, e.size), u}, nil
}

func (u *unpacker) Close() error { return u.f.Close() }

// restart goes back to the entry's start.
func (u *unpacker) restart() {
	u.stream = io.NewSectionReader(u.f, u.e.offset, u.e.packed)
	if !u.e.flat {
		u.stream = flate.NewReader(u.stream)
	}
	u.sum = crc32.NewIEEE()
	u.stream, u.pos = io.TeeReader(u.stream, u.sum), 0
}

func (u *unpacker) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= u.e.size {
		return 0, io.EOF
	}
	if u.stream == nil || off < u.pos {
		u.restart()
	}
	n, err := io.CopyN(io.Discard, u.stream, off-u.pos)
	if u.pos += n; err != nil {
		return 0, err
	}
	want := min(int64(len(p)), u.e.size-off)
	m, err := io.ReadFull(u.stream, p[:want])
	u.pos += int64(m)
	if err == nil && m < len(p) {
		err = io.EOF
	}
	return m, err
}

// verify reads to the end of the entry and compares its checksum.
func (u *unpacker) verify() error {
	if u.stream == nil {
		u.restart()
	}
	n, err := io.CopyN(io.Discard, u.stream, u.e.size-u.pos)
	u.pos += n
	if err != nil || u.sum.Sum32() != u.e.sum {
		return errors.New("the archive is damaged here: the file in it is not what was packed")
	}
	return nil
}
