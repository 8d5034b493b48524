package deid

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lines reads lines of a bounded length.
type lines struct{ r *bufio.Reader }

const maxLine = 1 << 20

func newLines(r io.Reader) *lines { return &lines{bufio.NewReaderSize(r, maxLine)} }

// next returns the next line that is not empty, until the next call; io.EOF behind
// the last.
func (l *lines) next() ([]byte, error) {
	for {
		b, err := l.r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, errors.New("a line is too long")
		}
		if b = bytes.TrimSpace(b); len(b) > 0 {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
