package export

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/nifti"
	"groundglass/annotate/internal/leak"
)

// inFile looks through a file. Pixels, and most of all compressed ones, spell short words by
// chance: in files of pixels, those are looked for only where there may be text, and what is
// too long for chance everywhere.
func (s *secrets) inFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return errors.New("cannot be read")
	}
	defer f.Close()
	switch filepath.Ext(path) {
	case ".gz":
		return s.inVolume(f)
	case ".dcm":
		err = s.inDICOM(f)
	case ".png":
		err = s.inPNG(f)
	default:
		return s.read(f, leak.InTexts)
	}
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return errors.New("cannot be read")
	}
	return s.read(f, leak.InCompressed)
}

// maxText bounds a text within a file of pixels, in bytes.
const maxText = 1 << 20

func damaged(err error) error { return fmt.Errorf("is damaged: %w", err) }

// pixelChunks are the chunks of a PNG without text (PNG specification, third edition, 11):
// pixels, colours and numbers.
var pixelChunks = []string{"IHDR", "PLTE", "IDAT", "tRNS", "cHRM", "gAMA", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "tIME"}

// inPNG looks through the chunks of a PNG that may hold text, and through what follows its
// end.
func (s *secrets) inPNG(f io.Reader) error {
	in := bufio.NewReader(f)
	head := make([]byte, 8)
	if _, err := io.ReadFull(in, head); err != nil || string(head) != "\x89PNG\r\n\x1a\n" {
		return damaged(errors.New("it does not begin as PNG does"))
	}
	for kind := ""; kind != "IEND"; {
		if _, err := io.ReadFull(in, head); err != nil {
			return damaged(errors.New("it ends within its pixels"))
		}
		kind = string(head[4:])
		body := io.LimitReader(in, int64(binary.BigEndian.Uint32(head)))
		if !slices.Contains(pixelChunks, kind) {
			if err := s.inChunk(body); err != nil {
				return err
			}
		}
		io.Copy(io.Discard, body)
		in.Discard(4) // the check sum
	}
	return s.read(in, leak.InTexts)
}

// inChunk looks through a chunk of text, and through what it inflates to if it is a
// compressed one, as zTXt, iTXt and iCCP are behind their keyword.
func (s *secrets) inChunk(body io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(body, maxText))
	if err != nil {
		return damaged(err)
	}
	if err := s.in(b, leak.InTexts); err != nil {
		return err
	}
	for at := range b {
		z, err := zlib.NewReader(bytes.NewReader(b[at:]))
		if err != nil {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(z, maxText))
		if err == nil {
			return s.in(text, leak.InTexts)
		}
	}
	return nil
}

// inVolume looks through the texts of a compressed NIfTI file.
func (s *secrets) inVolume(f io.Reader) error {
	z, err := gzip.NewReader(f)
	if err != nil {
		return damaged(err)
	}
	if err := s.in([]byte(z.Name+"\x00"+z.Comment+"\x00"+string(z.Extra)), leak.InTexts); err != nil {
		return err
	}
	texts, err := nifti.Texts(z, maxText)
	if err != nil {
		return damaged(err)
	}
	return s.in(texts, leak.InTexts)
}

// metaTypes are the tags and the value representations of the elements of the meta group.
var metaTypes = regexp.MustCompile(`(?s)\x02\x00.\x00[A-Z][A-Z]`)

// inDICOM looks through the texts of a DICOM file, its preamble and its meta group.
func (s *secrets) inDICOM(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return errors.New("cannot be read")
	}
	o, err := dicom.ReadObject(f, info.Size())
	if err != nil {
		return damaged(err)
	}
	head := make([]byte, o.Start())
	if _, err := f.ReadAt(head, 0); err != nil {
		return damaged(err)
	}
	if err := s.in(metaTypes.ReplaceAll(head, []byte{0, 0}), leak.InTexts); err != nil {
		return err
	}
	return s.inItem(o.Item)
}

func (s *secrets) inItem(item dicom.Item) error {
	for _, e := range item.Elements() {
		for _, i := range e.Items {
			if err := s.inItem(i); err != nil {
				return err
			}
		}
		if !slices.Contains([]string{"LO", "SH", "PN", "ST", "LT", "UT", "UC"}, e.VR) {
			continue
		}
		text, err := e.Text()
		if err != nil {
			return damaged(err)
		}
		if err := s.in([]byte(text), leak.InTexts); err != nil {
			return err
		}
	}
	return nil
}
