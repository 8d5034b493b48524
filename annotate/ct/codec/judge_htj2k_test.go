package codec_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
)

// compressHT returns the codestream that OpenJPH makes of a picture, and the file
// that it is in.
func compressHT(t testing.TB, p *picture, options ...string) (stream []byte, file string) {
	t.Helper()
	need(t, "ojph_compress")
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pgm"), filepath.Join(dir, "out.j2c")
	shifted := *p
	if p.signed {
		// OpenJPH reads no negative values; a codestream of those lacks the level
		// shift alone (T.800 G.1)
		shifted.pixels = slices.Clone(p.pixels)
		for i := range shifted.pixels {
			shifted.pixels[i] += 1 << (p.bits - 1)
		}
	}
	head := fmt.Appendf(nil, "P5 %d %d %d\n", p.w, p.h, 1<<p.bits-1)
	write(t, in, append(head, shifted.bytes(binary.BigEndian)...))
	call(t, "ojph_compress", append([]string{"-i", in, "-o", out}, options...)...)
	stream = read(t, out)
	if p.signed {
		stream[42] |= 0x80
		write(t, out, stream)
	}
	return stream, out
}

// htOptions are ways to compress without loss.
var htOptions = []string{
	"",
	"-num_decomps 0",
	"-num_decomps 1 -block_size {4,4}",
	"-num_decomps 3 -block_size {8,512}",
	"-block_size {1024,4} -prog_order LRCP",
	"-block_size {32,32} -prog_order RLCP -tile_size {40,33}",
	"-prog_order PCRL -precincts {64,64},{32,32} -block_size {16,64}",
	"-prog_order CPRL -tile_size {50,50} -tile_offset {3,5} -image_offset {11,7}",
}

func TestHTJ2K(t *testing.T) {
	for i, options := range htOptions {
		for _, p := range []*picture{newPicture(97, 61, 8+i, false), newPicture(61, 96, 16-i, false), newPicture(64, 48, 16-i, true)} {
			for _, p := range []*picture{p, noise(p)} {
				t.Run(strings.ReplaceAll(p.name+" "+options, " ", "_"), func(t *testing.T) {
					stream, _ := compressHT(t, p, append(strings.Fields(options), "-reversible", "true")...)
					p.decodes(t, codec.DecodeJPEG2000, stream, 0)
				})
			}
		}
	}
}

func TestHTJ2KSizes(t *testing.T) {
	for _, p := range pictures() {
		t.Run(p.name, func(t *testing.T) {
			stream, _ := compressHT(t, p, "-reversible", "true", "-num_decomps", "2")
			p.decodes(t, codec.DecodeJPEG2000, stream, 0)
		})
	}
}

func TestHTJ2KLossy(t *testing.T) {
	for i, options := range []string{"-qstep 0.001", "-qstep 0.01 -block_size {16,16}", "-qstep 0.1 -tile_size {33,21}", "-qstep 0.00002"} {
		for _, p := range []*picture{newPicture(97, 61, 8+2*i, false), newPicture(61, 96, 16-i, true)} {
			t.Run(strings.ReplaceAll(p.name+" "+options, " ", "_"), func(t *testing.T) {
				stream, file := compressHT(t, p, strings.Fields(options)...)
				want := *p
				want.pixels = openJPEG(t, p, file)
				want.decodes(t, codec.DecodeJPEG2000, stream, 0)
			})
		}
	}
}

// TestHTJ2KRefinement adds significance propagation and magnitude refinement
// passes of any bits, which mean something whatever they are, to code blocks,
// and has OpenJPEG judge what they mean.
func TestHTJ2KRefinement(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, size := range [][2]int{{64, 64}, {37, 50}, {1, 9}, {6, 5}, {3, 3}, {61, 7}, {9, 62}, {4, 8}} {
		for passes := 2; passes <= 3; passes++ {
			for _, vertical := range []bool{false, true} {
				p := &picture{w: size[0], h: size[1], bits: 12, pixels: make([]int32, size[0]*size[1])}
				for i := range p.pixels {
					p.pixels[i] = 2048
					if i == 0 || r.IntN(7) == 0 {
						p.pixels[i] += int32(r.IntN(80)) - 40
					}
				}
				stream, file := compressRefined(t, p, r, passes, vertical)
				want := *p
				want.pixels = openJPEG(t, p, file)
				want.decodes(t, codec.DecodeJPEG2000, stream, 0)
			}
		}
	}
}

// TestHTJ2KSets refuses more passes than one set has.
func TestHTJ2KSets(t *testing.T) {
	p := newPicture(40, 40, 12, false)
	stream, _ := compressRefined(t, p, rand.New(rand.NewPCG(1, 8)), 5, false)
	if _, err := codec.DecodeJPEG2000(stream, p.params()); err == nil || !strings.Contains(err.Error(), "sets of passes") {
		t.Errorf("%v", err)
	}
}

// compressRefined returns a codestream of one code block with any refinement
// passes, and the file that it is in.
func compressRefined(t testing.TB, p *picture, r *rand.Rand, passes int, vertical bool) ([]byte, string) {
	t.Helper()
	stream, file := compressHT(t, p, "-reversible", "true", "-num_decomps", "0")
	stream = refined(t, stream, passes, vertical, pass(r, 20+len(p.pixels)/3))
	write(t, file, stream)
	return stream, file
}

// pass returns bytes as they may stand in a pass.
func pass(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
		if r.IntN(4) == 0 {
			b[i] = 0xff
		}
		if i > 0 && b[i-1] == 0xff {
			b[i] &= 0x7f
		}
	}
	b[n-1] &= 0x7f
	return b
}

// refined adds passes to the only code block of a codestream, which gets a lower
// bit plane for them.
func refined(t testing.TB, stream []byte, passes int, vertical bool, refinement []byte) []byte {
	t.Helper()
	stream = slices.Clone(stream)
	stream[bytes.Index(stream, []byte{0xff, 0x5c})+5] += 1 << 3 // the subband's exponent
	if vertical {
		stream[bytes.Index(stream, []byte{0xff, 0x52})+12] |= 8
	}
	clear(stream[bytes.Index(stream, []byte{0xff, 0x90})+6:][:4]) // the tile ends where the codestream does
	start := bytes.Index(stream, []byte{0xff, 0x93}) + 2
	b := headerBits{data: stream[start:]}
	b.bit() // there is a packet
	b.bit() // with the block
	missing := 0
	for b.bit() == 0 {
		missing++
	}
	if b.bit() != 0 {
		t.Fatal("there are several passes already")
	}
	bits := 3
	for b.bit() == 1 {
		bits++
	}
	length := b.number(bits)
	first := start + b.pos
	block := stream[first : first+length]

	var w headerBits
	w.put(3, 2)
	w.put(1, missing+1)
	if passes == 2 {
		w.put(2, 2)
	} else {
		w.put(12+passes-3, 4)
	}
	w.put(1<<20-2, 20) // more bits of length, 22 in all
	w.put(length, 22)
	w.put(len(refinement), 22+passes-2)
	return slices.Concat(stream[:start], w.end(), block, refinement, []byte{0xff, 0xd9})
}

// headerBits reads or writes a packet header, where a zero bit is stuffed behind
// a byte FF.
type headerBits struct {
	data []byte
	pos  int
	last byte
	n    int // bits of last
}

func (b *headerBits) bit() int {
	if b.n == 0 {
		b.n = 8
		if b.last == 0xff {
			b.n = 7
		}
		b.last = b.data[b.pos]
		b.pos++
	}
	b.n--
	return int(b.last >> b.n & 1)
}

func (b *headerBits) number(n int) (v int) {
	for range n {
		v = v<<1 | b.bit()
	}
	return v
}

func (b *headerBits) put(v, n int) {
	for n--; n >= 0; n-- {
		b.last = b.last<<1 | byte(v>>n&1)
		room := 8
		if len(b.data) > 0 && b.data[len(b.data)-1] == 0xff {
			room = 7
		}
		if b.n++; b.n == room {
			b.data, b.last, b.n = append(b.data, b.last), 0, 0
		}
	}
}

func (b *headerBits) end() []byte {
	for b.n > 0 {
		b.put(0, 1)
	}
	return b.data
}
