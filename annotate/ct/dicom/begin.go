package dicom

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// begin reads the preamble and the meta group, each of which may be missing,
// and settles how the data set is encoded.
func (p *parser) begin() error {
	head, err := p.c.peek(132)
	if err != nil {
		return err
	}
	marked := len(head) == 132 && string(head[128:]) == "DICM"
	if marked {
		if err := p.c.skip(132); err != nil {
			return err
		}
	} else if !plausible(head) {
		return ErrNotDICOM
	}
	if err := p.meta(); err != nil {
		if !marked {
			return ErrNotDICOM
		}
		return err
	}
	first, err := p.c.peek(8)
	if err != nil {
		return err
	}
	guess, ok := guessEncoding(first)
	if p.f.syntax == "" {
		if !ok {
			return errors.New("the file does not say how it is encoded")
		}
		p.f.syntax, p.f.encoding = guessedSyntax(guess), guess
		return nil
	}
	if p.f.encoding, err = encodingOf(p.f.syntax); err != nil {
		return err
	}
	if ok && !p.f.encoding.deflated && !p.f.encoding.big && !guess.big {
		p.f.encoding.implicit = guess.implicit // some writers name the wrong one
	}
	return nil
}

// meta reads group 2, which should be in explicit VR little endian and is in
// implicit VR by mistake. Its length element is not trusted.
func (p *parser) meta() error {
	le := binary.LittleEndian
	for {
		b, err := p.c.peek(12)
		if err != nil {
			return err
		}
		if len(b) < 8 || le.Uint16(b) != 2 {
			return nil
		}
		if p.count++; p.count > limits.elements {
			return errors.New("the file has too many elements")
		}
		t := tag.Tag{Group: 2, Element: le.Uint16(b[2:])}
		vr := string(b[4:6])
		header, size := int64(8), int64(le.Uint16(b[6:]))
		switch {
		case !knownVR(vr):
			if size = int64(le.Uint32(b[4:])); size > 64<<10 {
				return fmt.Errorf("the file's meta header is damaged at %v", t)
			}
		case longVR(vr):
			if len(b) < 12 {
				return errShort
			}
			header, size = 12, int64(le.Uint32(b[8:]))
		}
		if err := p.c.skip(header); err != nil {
			return err
		}
		if t != tag.TransferSyntaxUID || size > 256 {
			if err := p.c.skip(size); err != nil {
				return err
			}
			continue
		}
		value, err := p.c.read(size)
		if err != nil {
			return err
		}
		p.f.syntax = strings.Trim(string(value), " \x00")
	}
}

// plausible tells whether a file without the DICM mark begins like DICOM: with
// an element of group 2 or 8.
func plausible(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	if head[0] == 2 && head[1] == 0 {
		return knownVR(string(head[4:6]))
	}
	e, ok := guessEncoding(head)
	if !ok || e.order().Uint16(head) != 8 {
		return false
	}
	return !e.implicit || e.order().Uint32(head[4:]) <= 1024
}

// guessEncoding tells from a data set's first element how it is encoded; false
// where it looks like none of the encodings.
func guessEncoding(b []byte) (encoding, bool) {
	if len(b) < 8 {
		return encoding{}, false
	}
	big := b[0] == 0 && b[1] != 0
	if knownVR(string(b[4:6])) {
		return encoding{big: big}, true
	}
	return encoding{implicit: true}, !big
}

func guessedSyntax(e encoding) string {
	switch {
	case e.big:
		return explicitBig
	case e.implicit:
		return implicitLittle
	}
	return explicitLittle
}
