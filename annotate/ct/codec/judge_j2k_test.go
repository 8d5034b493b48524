package codec_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
)

// compressJ2K returns the codestream that OpenJPEG makes of a picture, and the
// file that it is in.
func compressJ2K(t testing.TB, p *picture, options ...string) (stream []byte, file string) {
	t.Helper()
	need(t, "opj_compress")
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.raw"), filepath.Join(dir, "out.j2k")
	data := p.bytes(binary.BigEndian)
	sign := "u"
	if p.signed {
		sign = "s"
	}
	args := append([]string{"-F", fmt.Sprintf("%d,%d,1,%d,%s", p.w, p.h, p.bits, sign)}, options...)
	if p.w*p.h*p.bits%8 != 0 {
		// raw pixels have to fill bytes; the other format is read wrong where signed
		if p.signed {
			t.Fatalf("OpenJPEG cannot read %s", p.name)
		}
		in, args = filepath.Join(dir, "in.pgx"), options
		data = append(fmt.Appendf(nil, "PG ML + %d %d %d\n", p.bits, p.w, p.h), data...)
	}
	write(t, in, data)
	args = append([]string{"-i", in, "-o", out}, args...)
	call(t, "opj_compress", args...)
	return read(t, out), out
}

// openJPEG returns the pixels that OpenJPEG decodes.
func openJPEG(t testing.TB, p *picture, file string) []int32 {
	t.Helper()
	need(t, "opj_decompress")
	out := filepath.Join(t.TempDir(), "out.pgx")
	call(t, "opj_decompress", "-i", file, "-o", out)
	pgx := read(t, strings.TrimSuffix(out, ".pgx")+"_0.pgx")
	return unpack(t, pgx[len(pgx)-p.w*p.h*p.allocated()/8:], p, binary.BigEndian)
}

// losslessOptions are ways to compress without loss. They are combined with each
// other in TestJPEG2000.
var losslessOptions = []string{
	"",
	"-n 1",
	"-n 6",
	"-b 4,4 -n 3",
	"-b 64,16",
	"-b 4,1024 -n 2",
	"-t 32,32",
	"-t 45,23 -n 4",
	"-t 33,61 -p RPCL -r 20,5,1",
	"-c [32,32],[16,16]",
	"-c [16,8],[8,16],[4,4] -n 4 -b 8,8 -p PCRL",
	"-c [32,32] -p CPRL -t 50,50 -r 10,1",
	"-c [64,16],[16,64] -p RLCP -r 40,20,10,5,1",
	"-r 30,10,3,1",
	"-r 100,50,25,12,6,3,2,1 -p RPCL -SOP -EPH",
	"-SOP",
	"-EPH",
	"-SOP -EPH -c [32,32] -t 64,64",
	"-M 1",
	"-M 2",
	"-M 4",
	"-M 8",
	"-M 16",
	"-M 32",
	"-M 5 -r 8,1",
	"-M 1 -r 9,4,2,1 -p RLCP",
	"-M 13 -b 16,16",
	"-M 63 -r 5,1",
	"-M 62 -SOP -EPH -b 8,64",
	"-d 13,7",
	"-d 131,77 -t 40,41 -T 111,50",
	"-d 33,65 -t 32,64 -T 5,9 -n 4 -p PCRL -c [16,16]",
	"-TP R -PLT",
	"-TP L -r 12,4,1 -t 32,64",
	"-TLM -t 60,60",
	"-ROI c=0,U=3",
	"-GuardBits 4",
}

func TestJPEG2000(t *testing.T) {
	for i, options := range losslessOptions {
		// each way meets two of the depths, and over all ways each depth both signs
		for _, p := range []*picture{newPicture(97, 56, 8+i%9, i%2 == 0), newPicture(119, 104, 16-i%9, i%2 == 1)} {
			t.Run(strings.ReplaceAll(p.name+" "+options, " ", "_"), func(t *testing.T) {
				stream, _ := compressJ2K(t, p, strings.Fields(options)...)
				p.decodes(t, codec.DecodeJPEG2000, stream, 0)
			})
		}
	}
}

func TestJPEG2000Depths(t *testing.T) {
	// OpenJPEG reads signed pixels in whole bytes only
	for _, p := range only(func(p *picture) bool { return !p.signed || p.w*p.h*p.bits%8 == 0 }) {
		t.Run(p.name, func(t *testing.T) {
			stream, _ := compressJ2K(t, p, "-n", "1")
			p.decodes(t, codec.DecodeJPEG2000, stream, 0)
			if p.w > 32 && p.h > 32 {
				noise := noise(p)
				stream, _ = compressJ2K(t, noise)
				noise.decodes(t, codec.DecodeJPEG2000, stream, 0)
			}
		})
	}
	lossless(t, codec.DecodeJPEG2000, only(func(p *picture) bool { return p.w > 32 && p.h > 32 }), "gdcmconv", "--j2k")
}

// lossyOptions are ways to compress with loss, whose decoding is judged by
// OpenJPEG's.
var lossyOptions = []string{
	"-I",
	"-I -r 10",
	"-I -r 80,20,5 -t 40,40",
	"-I -q 30,40,50 -p RPCL -c [32,32]",
	"-I -r 4 -M 1 -n 3",
	"-I -r 6 -M 63 -d 21,5",
	"-I -n 1 -r 3",
	"-I -n 6 -b 8,8 -r 8",
	"-I -ROI c=0,U=2",
	"-I -t 33,1 -n 1",
	"-I -t 1,31 -n 1",
	"-I -t 33,4 -n 3",
	"-I -t 2,31 -n 2",
	"-POC T1=0,0,1,3,1,LRCP/T1=0,0,2,6,1,RLCP/T1=0,0,3,6,1,RPCL -r 20,5,1", // leaves some packets out
	"-POC T1=2,0,1,6,1,PCRL/T1=0,0,2,6,1,LRCP -r 7,1 -c [32,32]",
	"-r 10",
	"-r 20,8 -t 48,64 -SOP -EPH",
	"-q 35,45",
}

func TestJPEG2000Lossy(t *testing.T) {
	for i, options := range lossyOptions {
		for _, p := range []*picture{newPicture(97-i%2, 61, 8+i%9, i%2 == 1), newPicture(64, 128, 16-i%9, i%2 == 0)} {
			t.Run(strings.ReplaceAll(p.name+" "+options, " ", "_"), func(t *testing.T) {
				stream, file := compressJ2K(t, p, strings.Fields(options)...)
				want := *p
				want.pixels = openJPEG(t, p, file)
				want.decodes(t, codec.DecodeJPEG2000, stream, 0)
			})
		}
	}
}

// TestJPEG2000MaxShift has a region of interest of some coefficients of each
// block (T.800 annex H): those from a power of two on, as in streams without a
// region if one is stated. With bypass, too, OpenJPEG counts bit planes wrong.
func TestJPEG2000MaxShift(t *testing.T) {
	for i, options := range []string{"", "-n 3 -r 10,1 -t 40,40", "-I", "-I -r 5", "-M 46"} {
		for shift := 1; shift <= 7; shift += 2 {
			p := newPicture(96, 61, 8+2*i, i%2 == 1)
			stream, file := compressJ2K(t, p, strings.Fields(options)...)
			end := 4 + binary.BigEndian.Uint16(stream[4:]) // of SIZ
			stream = slices.Concat(stream[:end], []byte{0xff, 0x5e, 0, 5, 0, 0, byte(shift)}, stream[end:])
			write(t, file, stream)
			want := *p
			want.pixels = openJPEG(t, p, file)
			want.decodes(t, codec.DecodeJPEG2000, stream, 0)
		}
	}
}

// TestJPEG2000File has the codestream in a JP2 file.
func TestJPEG2000File(t *testing.T) {
	need(t, "opj_compress")
	p := newPicture(97, 61, 12, false)
	stream, file := compressJ2K(t, p)
	in := filepath.Join(filepath.Dir(file), "in.pgx")
	out := filepath.Join(filepath.Dir(file), "out.jp2")
	call(t, "opj_compress", "-i", in, "-o", out)
	boxed := read(t, out)
	if len(boxed) <= len(stream) {
		t.Fatal("there are no boxes")
	}
	p.decodes(t, codec.DecodeJPEG2000, boxed, 0)
}

// orders are progressions that describe the packets of a plain order another
// way, some of them with packets that come again: first level, layers, end of
// levels and order of each.
var orders = []struct {
	options string
	changes [][4]byte
}{
	{"-p LRCP -r 20,5,1", [][4]byte{{0, 1, 6, 0}, {0, 3, 6, 0}}},
	{"-p LRCP -r 20,5,1", [][4]byte{{0, 1, 3, 1}, {3, 1, 6, 1}, {0, 2, 6, 0}, {0, 9, 33, 0}}},
	{"-p RLCP -r 20,5,1", [][4]byte{{0, 3, 2, 1}, {0, 3, 5, 1}, {5, 3, 6, 2}}},
	{"-p RPCL -r 20,5,1 -c [32,32]", [][4]byte{{0, 3, 3, 2}, {3, 3, 4, 3}, {4, 3, 5, 4}, {5, 3, 6, 2}}},
}

func TestJPEG2000OrderChanges(t *testing.T) {
	for _, o := range orders {
		p := newPicture(97, 64, 12, false)
		stream, _ := compressJ2K(t, p, strings.Fields(o.options)...)
		poc := binary.BigEndian.AppendUint16([]byte{0xff, 0x5f}, uint16(2+7*len(o.changes)))
		for _, c := range o.changes {
			poc = append(poc, c[0], 0, 0, c[1], c[2], 1, c[3])
		}
		end := 4 + binary.BigEndian.Uint16(stream[4:]) // of SIZ
		p.decodes(t, codec.DecodeJPEG2000, slices.Concat(stream[:end], poc, stream[end:]), 0)
	}
}

// TestJPEG2000Noise has as many code blocks, passes and segments as there can
// be, which must not be taken for an attack.
func TestJPEG2000Noise(t *testing.T) {
	p := &picture{w: 256, h: 256, bits: 16, pixels: make([]int32, 256*256)}
	r := rand.New(rand.NewPCG(5, 6))
	for i := range p.pixels {
		p.pixels[i] = int32(r.Uint32() & 0xff) // more is too much for OpenJPEG's own buffers
	}
	for _, options := range []string{"-b 4,4 -M 63", "-b 4,4 -M 4 -t 16,16 -n 3 -r 5,4,3,2,1", "-b 4,4 -n 3 -c [16,16],[8,8] -p PCRL -ROI c=0,U=4"} {
		t.Run(strings.ReplaceAll(options, " ", "_"), func(t *testing.T) {
			stream, _ := compressJ2K(t, p, strings.Fields(options)...)
			p.decodes(t, codec.DecodeJPEG2000, stream, 0)
		})
	}
}
