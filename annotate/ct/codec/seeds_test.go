package codec_test

import (
	"embed"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
)

// Seeds are small streams of seedPicture that other programs made, so that the
// decoders are tested where these are not installed. Lossy ones have the pixels
// that those programs decode beside them.
//
//go:embed testdata/seeds
var seedFiles embed.FS

var writeSeeds = flag.Bool("write-seeds", false, "make the seeds in testdata again")

// seed is how a stream was made.
type seed struct {
	name    string
	decode  codec.Decoder
	picture *picture
	program string
	options string
	lossy   bool
}

var seeds = []seed{
	{"rle", codec.DecodeRLE, seedPicture(24, 20, 16, true), "dcmcrle", "", false},
	{"rle8", codec.DecodeRLE, seedPicture(24, 20, 8, false), "dcmcrle", "", false},
	{"jpeg8", codec.DecodeJPEG, seedPicture(29, 23, 8, false), "dcmcjpeg", "+eb", true},
	{"jpeg12", codec.DecodeJPEG, seedPicture(29, 23, 12, false), "dcmcjpeg", "+ee", true},
	{"lossless1", codec.DecodeJPEG, seedPicture(24, 20, 16, true), "dcmcjpeg", "+e1", false},
	{"lossless4", codec.DecodeJPEG, seedPicture(23, 19, 12, false), "dcmcjpeg", "+el +sv 4", false},
	{"lossless7", codec.DecodeJPEG, seedPicture(23, 19, 16, false), "dcmcjpeg", "+el +sv 7", false},
	{"jls", codec.DecodeJPEGLS, seedPicture(23, 19, 12, true), "gdcmconv", "--jpegls", false},
	{"jls8", codec.DecodeJPEGLS, seedPicture(23, 19, 8, false), "dcmcjpls", "", false},
	{"jlsnear", codec.DecodeJPEGLS, seedPicture(23, 19, 16, false), "dcmcjpls", "+en +md 3", true},
	{"j2k", codec.DecodeJPEG2000, seedPicture(24, 20, 16, true), "opj_compress", "-n 3", false},
	{"j2kparts", codec.DecodeJPEG2000, seedPicture(32, 24, 12, true), "opj_compress", "-n 2 -t 20,13 -r 4,1 -SOP -EPH -p RPCL -TP L", false},
	{"j2kmodes", codec.DecodeJPEG2000, seedPicture(24, 20, 12, false), "opj_compress", "-n 3 -M 63 -b 16,8 -c [16,16] -p PCRL", false},
	{"j2kregion", codec.DecodeJPEG2000, seedPicture(24, 20, 10, false), "opj_compress", "-n 2 -ROI c=0,U=5 -d 5,3", false},
	{"j2klossy", codec.DecodeJPEG2000, seedPicture(32, 24, 12, true), "opj_compress", "-n 4 -I -r 12,5 -p RLCP", true},
	{"htj2k", codec.DecodeJPEG2000, seedPicture(24, 20, 12, true), "ojph_compress", "-reversible true -num_decomps 2 -block_size {8,16}", false},
	{"htj2klossy", codec.DecodeJPEG2000, seedPicture(32, 24, 12, false), "ojph_compress", "-qstep 0.01", true},
	{"htj2krefined", codec.DecodeJPEG2000, seedPicture(24, 20, 12, false), "refined", "", true},
	{"j2kcut", codec.DecodeJPEG2000, seedPicture(24, 20, 16, false), "opj_compress", "-n 3 -r 5", true},
}

// seedPicture is smooth with some noise. It never changes.
func seedPicture(w, h, bits int, signed bool) *picture {
	p := &picture{w: w, h: h, bits: bits, signed: signed, pixels: make([]int32, w*h)}
	noise := uint32(1)
	for i := range p.pixels {
		noise = noise*1664525 + 1013904223
		x, y := i%w, i/w
		v := int32((x*x+y*y)<<6&0xffff)>>(16-bits) + int32(noise>>29)
		if x > w/2 && y > h/2 {
			v = int32(noise >> 9)
		}
		if v &= 1<<bits - 1; signed {
			v -= 1 << (bits - 1)
		}
		p.pixels[i] = v
	}
	return p
}

func (s *seed) file(ending string) string { return "testdata/seeds/" + s.name + ending }

// stream reads a seed and the picture that it ought to decode to.
func (s *seed) stream(t testing.TB) ([]byte, *picture) {
	t.Helper()
	stream, err := seedFiles.ReadFile(s.file(".bin"))
	if err != nil {
		t.Fatal(err)
	}
	p := *s.picture
	if s.lossy {
		raw, err := seedFiles.ReadFile(s.file(".raw"))
		if err != nil {
			t.Fatal(err)
		}
		p.pixels = unpack(t, raw, &p, binary.LittleEndian)
	}
	return stream, &p
}

// make writes the seed and, where it is lossy, its pixels.
func (s *seed) make(t *testing.T) {
	options := strings.Fields(s.options)
	want := *s.picture
	var stream []byte
	if kind, ok := map[string]func(testing.TB, *picture, ...string) ([]byte, string){
		"opj_compress": compressJ2K, "ojph_compress": compressHT,
		"refined": func(t testing.TB, p *picture, _ ...string) ([]byte, string) {
			return compressRefined(t, p, rand.New(rand.NewPCG(9, 9)), 3, false)
		},
	}[s.program]; ok {
		var file string
		stream, file = kind(t, s.picture, options...)
		if s.lossy {
			want.pixels = openJPEG(t, s.picture, file)
		}
	} else {
		stream = compress(t, s.picture, s.program, options...)
		if s.lossy {
			in, out := filepath.Join(t.TempDir(), "in.dcm"), filepath.Join(t.TempDir(), "out.dcm")
			write(t, in, s.picture.wrap(map[string]string{
				"jpeg8": "1.2.840.10008.1.2.4.50", "jpeg12": "1.2.840.10008.1.2.4.51", "jlsnear": "1.2.840.10008.1.2.4.81",
			}[s.name], stream))
			call(t, strings.Replace(s.program, "dcmc", "dcmd", 1), in, out)
			want.pixels = native(t, read(t, out), s.picture)
		}
	}
	write(t, s.file(".bin"), stream)
	if s.lossy {
		write(t, s.file(".raw"), want.bytes(binary.LittleEndian))
	}
}

func TestSeeds(t *testing.T) {
	for _, s := range seeds {
		t.Run(s.name, func(t *testing.T) {
			if *writeSeeds {
				s.make(t)
				return
			}
			stream, p := s.stream(t)
			tolerance := int32(0)
			if strings.HasPrefix(s.name, "jpeg") {
				tolerance = 1
			}
			p.decodes(t, s.decode, stream, tolerance)
		})
	}
}

// TestCut cuts streams short, of which none may decode to other pixels without
// an error.
func TestCut(t *testing.T) {
	for _, s := range seeds {
		stream, p := s.stream(t)
		for n := range stream {
			got, err := s.decode(stream[:n], p.params())
			if err == nil && fmt.Sprint(got) != fmt.Sprint(p.pixels) && !strings.HasPrefix(s.name, "jpeg") {
				t.Errorf("%s: %d of %d bytes decode to other pixels", s.name, n, len(stream))
			}
		}
	}
}

// TestMismatch decodes streams as what they are not.
func TestMismatch(t *testing.T) {
	decoders := []codec.Decoder{codec.DecodeRLE, codec.DecodeJPEG, codec.DecodeJPEGLS, codec.DecodeJPEG2000}
	for _, s := range seeds {
		stream, p := s.stream(t)
		decoded := 0
		for _, decode := range decoders {
			if _, err := decode(stream, p.params()); err == nil {
				decoded++
			}
		}
		if decoded != 1 {
			t.Errorf("%s: %d decoders took it", s.name, decoded)
		}
		for _, wrong := range []codec.Params{
			{Rows: p.h + 1, Columns: p.w, Bits: 16}, {Rows: p.h, Columns: p.w - 1, Bits: 16},
			{Rows: 0, Columns: p.w, Bits: 16}, {Rows: 1 << 30, Columns: 1 << 30, Bits: 16}, {Rows: p.h, Columns: p.w, Bits: 12},
		} {
			if _, err := s.decode(stream, wrong); err == nil && !strings.HasPrefix(s.name, "rle") {
				t.Errorf("%s: decoded as %+v", s.name, wrong)
			}
		}
	}
}
