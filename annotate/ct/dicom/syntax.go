package dicom

import (
	"encoding/binary"
	"fmt"

	"github.com/suyashkumar/dicom/pkg/uid"
)

// encoding says how a data set, not its pixels, is written.
type encoding struct {
	implicit   bool
	big        bool
	unsure     bool // implicit, unless an item shows that it is not
	deflated   bool
	compressed bool // the pixels are in fragments
	bigPixels  bool // the pixels are big endian, whatever the rest is
}

func (e encoding) order() binary.ByteOrder {
	if e.big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func (e encoding) pixelOrder() binary.ByteOrder {
	if e.bigPixels {
		return binary.BigEndian
	}
	return e.order()
}

const (
	implicitLittle = "1.2.840.10008.1.2"
	explicitLittle = "1.2.840.10008.1.2.1"
	explicitBig    = "1.2.840.10008.1.2.2"
	deflatedLittle = "1.2.840.10008.1.2.1.99"
	privateGE      = "1.2.840.113619.5.2" // implicit VR little endian, but for the pixels
)

// native are the transfer syntaxes whose pixels are not compressed.
var native = map[string]encoding{
	implicitLittle: {implicit: true},
	explicitLittle: {},
	explicitBig:    {big: true},
	deflatedLittle: {deflated: true},
	privateGE:      {implicit: true, bigPixels: true},
}

// foreign names the transfer syntaxes that are refused, as people know them
// (DICOM PS3.5 annex A.4).
var foreign = map[string]string{
	"1.2.840.10008.1.2.4.53":  "JPEG Spectral Selection (retired)",
	"1.2.840.10008.1.2.4.55":  "JPEG Full Progression (retired)",
	"1.2.840.10008.1.2.4.92":  "JPEG 2000 Multi-component Lossless",
	"1.2.840.10008.1.2.4.93":  "JPEG 2000 Multi-component",
	"1.2.840.10008.1.2.4.100": "MPEG-2 video",
	"1.2.840.10008.1.2.4.101": "MPEG-2 video",
	"1.2.840.10008.1.2.4.102": "MPEG-4 video",
	"1.2.840.10008.1.2.4.103": "MPEG-4 video",
	"1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
	"1.2.840.10008.1.2.4.111": "JPEG XL Recompression",
	"1.2.840.10008.1.2.4.112": "JPEG XL",
}

// encodingOf looks up a transfer syntax; its error is the refusal of one that
// cannot be decoded.
func encodingOf(syntax string) (encoding, error) {
	if e, ok := native[syntax]; ok {
		return e, nil
	}
	if decoderOf(syntax) != nil {
		return encoding{compressed: true}, nil
	}
	if name, ok := foreign[syntax]; ok {
		return encoding{}, fmt.Errorf("%s is not supported (transfer syntax %s)", name, syntax)
	}
	if info, err := uid.Lookup(syntax); err == nil {
		return encoding{}, fmt.Errorf("%s is not supported (transfer syntax %s)", info.Name, syntax)
	}
	return encoding{}, fmt.Errorf("the transfer syntax %s is not known", quoteShort(syntax))
}

// known names the transfer syntaxes that are read, shorter than the standard does.
var known = map[string]string{
	implicitLittle:            "implicit VR, little endian",
	explicitLittle:            "explicit VR, little endian",
	explicitBig:               "explicit VR, big endian",
	deflatedLittle:            "deflated",
	privateGE:                 "private GE, big-endian pixels",
	encapsulatedLittle:        "encapsulated, uncompressed",
	deflatedFrames:            "deflated frames",
	"1.2.840.10008.1.2.5":     "RLE",
	"1.2.840.10008.1.2.4.50":  "JPEG baseline",
	"1.2.840.10008.1.2.4.51":  "JPEG extended",
	"1.2.840.10008.1.2.4.57":  "JPEG lossless",
	"1.2.840.10008.1.2.4.70":  "JPEG lossless, first order",
	"1.2.840.10008.1.2.4.80":  "JPEG-LS lossless",
	"1.2.840.10008.1.2.4.81":  "JPEG-LS near-lossless",
	"1.2.840.10008.1.2.4.90":  "JPEG 2000 lossless",
	"1.2.840.10008.1.2.4.91":  "JPEG 2000",
	"1.2.840.10008.1.2.4.201": "HTJ2K lossless",
	"1.2.840.10008.1.2.4.202": "HTJ2K lossless, RPCL",
	"1.2.840.10008.1.2.4.203": "HTJ2K",
}

// SyntaxName is what people call a transfer syntax; one that is not read keeps its
// UID.
func SyntaxName(syntax string) string {
	if name, ok := known[syntax]; ok {
		return name
	}
	return syntax
}

// nameOf returns the name that the standard gives to a UID, or the UID.
func nameOf(id string) string {
	if info, err := uid.Lookup(id); err == nil {
		return info.Name
	}
	return quoteShort(id)
}

// quoteShort quotes text from a file for a message.
func quoteShort(s string) string {
	if len(s) > 64 {
		s = s[:64] + "..."
	}
	return fmt.Sprintf("%q", s)
}
