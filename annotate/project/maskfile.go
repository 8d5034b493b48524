package project

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"path/filepath"
	"time"

	"groundglass/annotate"
)

// closingTime is how long the masks of a session that is closed may take.
const closingTime = 2 * time.Second

// errOutdated ends the writing of masks that nobody waits for any more.
var errOutdated = errors.New("there is a newer state")

// writeMasks writes the masks of a snapshot, for other programs to read, in place
// of those before. Each slice that was worked on is a label and an origin for each
// pixel. What comes of it changes nothing for this program, which makes the same
// masks of its snapshot.
func (s *Store) writeMasks(made *shot) {
	s.masking.Lock()
	defer s.masking.Unlock()
	h := s.w.head
	h.Format, h.Step = formatOf(maskFiles), made.step
	name := fileName(maskFiles, made.number)
	err := writeFile(s.fs, filepath.Join(s.dir, name), func(to io.Writer) error {
		_, err := to.Write(appendFrame(nil, h.payload()))
		shot := made.state.Snapshot()
		n := uint64(0)
		for i := 0; i < shot.Len() && err == nil; i++ {
			if s.newest.Load() != int64(made.number) || s.overdue() {
				return errOutdated
			}
			if shot.Status(i) == annotate.New {
				continue
			}
			n++
			var payload []byte
			if payload, err = encodeMask(i, shot.Mask(i)); err == nil {
				_, err = to.Write(appendFrame(nil, payload))
			}
		}
		if err == nil {
			_, err = to.Write(appendFrame(nil, binary.AppendUvarint([]byte{isEnd}, n)))
		}
		return err
	})
	names, unread := s.fs.Names(s.dir)
	if err != nil || unread != nil {
		return
	}
	for _, old := range names {
		if kind, number, ok := splitName(old); ok && kind == maskFiles && number < made.number {
			_ = s.fs.Remove(filepath.Join(s.dir, old))
		}
	}
}

// overdue reports whether the store is being closed and has had its time.
func (s *Store) overdue() bool {
	end := s.deadline.Load()
	return end != 0 && time.Now().UnixNano() > end
}

// encodeMask is the mask of slice i as the payload of a frame: the slice, from 0,
// and its labels and origins, each compressed behind its length.
func encodeMask(i int, m *annotate.Mask) ([]byte, error) {
	origins := make([]byte, len(m.Origin))
	for j, o := range m.Origin {
		origins[j] = byte(o)
	}
	out := binary.AppendUvarint([]byte{isMask}, uint64(i))
	for _, plane := range [][]byte{m.Label, origins} {
		packed, err := deflate(plane)
		if err != nil {
			return nil, err
		}
		out = binary.AppendUvarint(out, uint64(len(packed)))
		out = append(out, packed...)
	}
	return out, nil
}

func deflate(plane []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plane); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
