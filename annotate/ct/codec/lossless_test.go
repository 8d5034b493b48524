package codec_test

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct/codec"
)

// losslessEncoder writes lossless JPEG (T.81 annex H), with restarts, which the
// programs that judge the decoder do not write.
type losslessEncoder struct {
	out   []byte
	bits  uint64
	count int
}

// encodeLossless compresses a picture; every is the number of rows between
// restarts, 0 for none. All Huffman codes have five bits.
func encodeLossless(p *picture, predictor byte, every int) []byte {
	e := &losslessEncoder{out: []byte{0xff, 0xd8}}
	e.segment(0xc3, byte(p.bits), byte(p.h>>8), byte(p.h), byte(p.w>>8), byte(p.w), 1, 1, 0x11, 0)
	codes := make([]byte, 17)
	codes[5] = 17
	for s := range byte(17) {
		codes = append(codes, s)
	}
	e.segment(0xc4, codes...)
	if every > 0 {
		e.segment(0xdd, byte(every*p.w>>8), byte(every*p.w))
	}
	e.segment(0xda, 1, 1, 0, predictor, 0, 0)
	at := func(x, y int) int32 { return p.pixels[y*p.w+x] & (1<<p.bits - 1) }
	for y := range p.h {
		fresh := y == 0 || every > 0 && y%every == 0
		if fresh && y > 0 {
			e.flush()
			e.out = append(e.out, 0xff, 0xd0+byte((y/every-1)&7))
		}
		for x := range p.w {
			var v int32
			switch {
			case fresh && x == 0:
				v = 1 << (p.bits - 1)
			case fresh:
				v = at(x-1, y)
			case x == 0:
				v = at(0, y-1)
			default:
				a, b, c := at(x-1, y), at(x, y-1), at(x-1, y-1)
				v = [...]int32{0, a, b, c, a + b - c, a + (b-c)>>1, b + (a-c)>>1, (a + b) >> 1}[predictor]
			}
			e.difference(int16(at(x, y) - v))
		}
	}
	e.flush()
	return append(e.out, 0xff, 0xd9)
}

func (e *losslessEncoder) segment(marker byte, body ...byte) {
	e.out = append(e.out, 0xff, marker)
	e.out = binary.BigEndian.AppendUint16(e.out, uint16(len(body)+2))
	e.out = append(e.out, body...)
}

func (e *losslessEncoder) difference(d int16) {
	if d == -1<<15 {
		e.put(16, 5)
		return
	}
	v := int(d)
	n := bits.Len(uint(max(v, -v)))
	if v < 0 {
		v += 1<<n - 1
	}
	e.put(uint64(n), 5)
	e.put(uint64(v), n)
}

func (e *losslessEncoder) put(v uint64, n int) {
	e.bits = e.bits<<n | v
	for e.count += n; e.count >= 8; e.count -= 8 {
		b := byte(e.bits >> (e.count - 8))
		if e.out = append(e.out, b); b == 0xff {
			e.out = append(e.out, 0)
		}
	}
}

// flush fills the last byte with ones.
func (e *losslessEncoder) flush() {
	if n := (8 - e.count) % 8; n > 0 {
		e.put(1<<n-1, n)
	}
}

func TestJPEGLosslessRestarts(t *testing.T) {
	for predictor := byte(1); predictor <= 7; predictor++ {
		for _, every := range []int{0, 1, 3} {
			p := newPicture(97, 61, 9+int(predictor), predictor%2 == 0)
			t.Run(fmt.Sprint(p.name, "_", predictor, "_", every), func(t *testing.T) {
				stream := encodeLossless(p, predictor, every)
				p.decodes(t, codec.DecodeJPEG, stream, 0)
				if predictor != 4 {
					return
				}
				// what the encoder writes is judged, too
				need(t, "dcmdjpeg")
				in, out := filepath.Join(t.TempDir(), "in.dcm"), filepath.Join(t.TempDir(), "out.dcm")
				write(t, in, p.wrap("1.2.840.10008.1.2.4.57", stream))
				call(t, "dcmdjpeg", in, out)
				compare(t, native(t, read(t, out), p), p.pixels, 0)
			})
		}
	}
}
