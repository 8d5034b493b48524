package dicom

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"

	"groundglass/annotate/ct/codec"
)

// Transfer syntaxes of frames that are wrapped like compressed ones (DICOM
// PS3.5 A.4.11, A.4.12).
const (
	encapsulatedLittle = "1.2.840.10008.1.2.1.98"
	deflatedFrames     = "1.2.840.10008.1.2.8.1"
)

// decoderOf returns what decodes the frames of a transfer syntax; nil for native
// pixels and for those that cannot be decoded.
func decoderOf(syntax string) codec.Decoder {
	switch syntax {
	case encapsulatedLittle:
		return plain
	case deflatedFrames:
		return inflate
	}
	return codec.For(syntax)
}

// plain decodes a frame that is not compressed.
func plain(data []byte, p codec.Params) ([]int32, error) {
	n := p.Rows * p.Columns
	if len(data) < n*p.Bits/8 {
		return nil, errShort
	}
	out := make([]int32, n)
	for i := range out {
		switch p.Bits {
		case 8:
			out[i] = int32(data[i])
		case 16:
			out[i] = int32(binary.LittleEndian.Uint16(data[2*i:]))
		default:
			out[i] = int32(binary.LittleEndian.Uint32(data[4*i:]))
		}
	}
	return out, nil
}

// inflate decodes a frame that is deflated, and no more of it than is wanted.
func inflate(data []byte, p codec.Params) ([]int32, error) {
	var w unwrapper
	raw, err := w.unwrap(deflatedFrames, data, p.Rows*p.Columns*p.Bits/8)
	if err != nil {
		return nil, err
	}
	return plain(raw, p)
}

// unwrapper takes the bytes of frames out of what they are wrapped in, one after
// the other. The zero value is ready.
type unwrapper struct {
	raw      []byte
	inflater io.ReadCloser
}

// unwrap returns the n bytes of a frame, deflated or plain; they are the callee's
// until the next call.
func (w *unwrapper) unwrap(syntax string, data []byte, n int) ([]byte, error) {
	if syntax != deflatedFrames {
		if len(data) < n {
			return nil, errShort
		}
		return data[:n], nil
	}
	if w.inflater == nil {
		w.inflater = flate.NewReader(nil)
	}
	if len(w.raw) != n {
		w.raw = make([]byte, n)
	}
	if err := w.inflater.(flate.Resetter).Reset(bytes.NewReader(data), nil); err != nil {
		return nil, damaged(err)
	}
	if _, err := io.ReadFull(w.inflater, w.raw); err != nil {
		return nil, damaged(err)
	}
	return w.raw, nil
}

// decompress reads frame i and returns what its words would be if it were not
// compressed.
func (im *Image) decompress(r io.ReaderAt, i int) ([]byte, error) {
	f := &im.format
	data, err := f.fragment(r, i)
	if err != nil {
		return nil, err
	}
	values, err := f.decoder(data, codec.Params{Rows: im.Rows, Columns: im.Columns, Bits: f.allocated, Signed: f.signed})
	if err != nil {
		return nil, err
	}
	return f.words(values), nil
}

// words writes values as words of the allocated bits.
func (f *format) words(values []int32) []byte {
	raw := make([]byte, len(values)*f.allocated/8)
	for p, v := range values {
		switch f.allocated {
		case 8:
			raw[p] = byte(v)
		case 16:
			binary.LittleEndian.PutUint16(raw[2*p:], uint16(v))
		default:
			binary.LittleEndian.PutUint32(raw[4*p:], uint32(v))
		}
	}
	return raw
}
