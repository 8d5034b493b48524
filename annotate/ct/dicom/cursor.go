package dicom

import (
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"io"
)

// errShort is what every read past the end of a file comes to.
var errShort = errors.New("the file is cut short")

// cursor moves forward through a file, or through what a deflated one inflates
// to, and reads no more than it is asked for.
type cursor struct {
	buf  *bufio.Reader
	file *io.SectionReader // nil when inflating: then there is no seeking
	pos  int64
	end  int64 // no position beyond it can be reached
}

const cursorBuffer = 16 << 10

func newCursor(r io.ReaderAt, size int64) *cursor {
	file := io.NewSectionReader(r, 0, size)
	return &cursor{buf: bufio.NewReaderSize(file, cursorBuffer), file: file, end: size}
}

// inflate returns a cursor on what the rest of the file inflates to, no further
// than a file of its size can be meant to.
func (c *cursor) inflate() *cursor {
	return &cursor{
		buf: bufio.NewReaderSize(flate.NewReader(c.buf), cursorBuffer),
		end: min(limits.inflate, limits.small+limits.ratio*min(c.end, limits.inflate)),
	}
}

// peek returns the next n bytes without moving; fewer only at the end.
func (c *cursor) peek(n int) ([]byte, error) {
	b, err := c.buf.Peek(n)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, damaged(err)
	}
	return b, nil
}

// need is peek, with an error when there are fewer than n bytes before end.
func (c *cursor) need(n int, end int64) ([]byte, error) {
	if c.pos+int64(n) > end {
		return nil, errShort
	}
	b, err := c.peek(n)
	if err == nil && len(b) < n {
		err = errShort
	}
	return b, err
}

// skip moves n bytes on.
func (c *cursor) skip(n int64) error {
	if n < 0 || n > c.end-c.pos {
		return c.short()
	}
	c.pos += n
	if c.file != nil && n > int64(c.buf.Buffered()) {
		if _, err := c.file.Seek(c.pos, io.SeekStart); err != nil {
			return damaged(err)
		}
		c.buf.Reset(c.file)
		return nil
	}
	m, err := io.CopyN(io.Discard, c.buf, n)
	if err != nil {
		c.pos -= n - m
		return damaged(err)
	}
	return nil
}

// short is the error of wanting more than there is.
func (c *cursor) short() error {
	if c.file == nil {
		return fmt.Errorf("the file is cut short, or inflates to more than %d MB", c.end>>20)
	}
	return errShort
}

// read returns the next n bytes, which the caller has found to be few.
func (c *cursor) read(n int64) ([]byte, error) {
	b := make([]byte, n)
	m, err := io.ReadFull(c.buf, b)
	c.pos += int64(m)
	if err != nil {
		return nil, damaged(err)
	}
	return b, nil
}

// damaged words an error of reading or inflating.
func damaged(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errShort
	case errors.As(err, &corrupt):
		return errors.New("the deflated part of the file is damaged")
	}
	return fmt.Errorf("the file cannot be read: %w", err)
}
