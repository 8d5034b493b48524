package nifti

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"sync"
)

// blockBytes is how much of an inflated stream is kept together.
const blockBytes = 256 << 10

// Inflated gives random access to a gzipped stream, which it inflates once, as
// far as was asked for. What was passed is kept in blocks that are compressed
// anew, so that memory stays near the size of the file even for files made to
// inflate a thousandfold. Its methods may be called from several goroutines.
type Inflated struct {
	open  func() (io.ReadCloser, error)
	plain bool // what is opened is the content

	mu     sync.Mutex
	source io.ReadCloser // nil before the first and after the last byte
	stream io.Reader
	blocks [][]byte // compressed; all but the last hold blockBytes
	length int64    // inflated so far
	end    error    // why there is no more: io.EOF or what is wrong with the file

	deflate *flate.Writer
	inflate io.ReadCloser
	raw     []byte // block number at, inflated
	at      int
}

// Inflate returns the content of the gzipped file that open opens. The file is
// opened at the first use and stays open until its end was reached.
func Inflate(open func() (io.ReadCloser, error)) *Inflated {
	return &Inflated{open: open, at: -1}
}

// Spool is Inflate for a stream that cannot go back and is the content itself.
func Spool(open func() (io.ReadCloser, error)) *Inflated {
	return &Inflated{open: open, plain: true, at: -1}
}

// ReadAt reads inflated bytes (io.ReaderAt).
func (z *Inflated) ReadAt(p []byte, off int64) (n int, err error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if off < 0 {
		return 0, errors.New("a negative offset")
	}
	if err := z.fill(off + int64(len(p))); err != nil {
		return 0, err
	}
	if errors.Is(z.end, gzip.ErrChecksum) {
		return 0, z.end // any byte may be wrong
	}
	for n < len(p) && off < z.length {
		if err := z.load(int(off / blockBytes)); err != nil {
			return n, err
		}
		c := copy(p[n:], z.raw[off%blockBytes:])
		n += c
		off += int64(c)
	}
	if n < len(p) {
		return n, z.end
	}
	return n, nil
}

// Close closes the file, if it is still open; what was not read is lost.
func (z *Inflated) Close() error {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.end == nil {
		z.finish(errors.New("the file was closed"))
	}
	return nil
}

// fill inflates until there are size bytes or no more. A file that cannot be
// opened is tried again at the next call.
func (z *Inflated) fill(size int64) error {
	if z.length >= size || z.end != nil {
		return nil
	}
	if z.source == nil {
		f, err := z.open()
		if err != nil {
			return err
		}
		z.source, z.stream = f, f
		if !z.plain {
			if z.stream, err = gzip.NewReader(f); err != nil {
				z.finish(fmt.Errorf("the compressed data is damaged: %w", err))
			}
		}
	}
	for z.length < size && z.end == nil {
		if err := z.next(); err != nil {
			return err
		}
	}
	return nil
}

// next inflates one block and puts it away.
func (z *Inflated) next() error {
	if z.raw == nil {
		z.raw = make([]byte, blockBytes)
	}
	raw := z.raw[:blockBytes]
	z.at = -1
	n, err := io.ReadFull(z.stream, raw)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		z.finish(io.EOF)
	case err != nil:
		z.finish(fmt.Errorf("the compressed data is damaged: %w", err))
	}
	if n == 0 {
		return nil
	}
	var b bytes.Buffer
	if z.deflate == nil {
		if z.deflate, err = flate.NewWriter(&b, flate.BestSpeed); err != nil {
			return err
		}
	} else {
		z.deflate.Reset(&b)
	}
	if _, err := z.deflate.Write(raw[:n]); err != nil {
		return err
	}
	if err := z.deflate.Close(); err != nil {
		return err
	}
	z.blocks = append(z.blocks, bytes.Clone(b.Bytes()))
	z.raw, z.at = raw[:n], len(z.blocks)-1
	z.length += int64(n)
	return nil
}

func (z *Inflated) finish(end error) {
	z.end = end
	if z.source != nil {
		z.source.Close()
	}
	z.source, z.stream, z.deflate = nil, nil, nil
}

// load makes block i the one at hand.
func (z *Inflated) load(i int) error {
	if z.at == i {
		return nil
	}
	from := bytes.NewReader(z.blocks[i])
	if z.inflate == nil {
		z.inflate = flate.NewReader(from)
	} else if err := z.inflate.(flate.Resetter).Reset(from, nil); err != nil {
		return err
	}
	size := min(blockBytes, z.length-int64(i)*blockBytes)
	z.at = -1
	z.raw = z.raw[:size]
	if _, err := io.ReadFull(z.inflate, z.raw); err != nil {
		return err
	}
	z.at = i
	return nil
}
