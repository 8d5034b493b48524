package codec_test

import (
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
	"groundglass/annotate/ct/phantom"
)

// slice is one of the demo's slices with 12 bits, 512 x 512.
func slice(b *testing.B) *picture {
	s, err := phantom.New(phantom.Options{Slices: 3}).Series().Slice(1)
	if err != nil {
		b.Fatal(err)
	}
	p := &picture{name: "chest", w: s.W, h: s.H, bits: 12, pixels: make([]int32, s.W*s.H)}
	for i, hu := range s.HU {
		p.pixels[i] = min(4095, max(0, int32(hu)+1024))
	}
	return p
}

func BenchmarkRLE(b *testing.B)          { benchmark(b, codec.DecodeRLE, "dcmcrle") }
func BenchmarkJPEGBaseline(b *testing.B) { benchmark(b, codec.DecodeJPEG, "dcmcjpeg", "+eb") }
func BenchmarkJPEGExtended(b *testing.B) { benchmark(b, codec.DecodeJPEG, "dcmcjpeg", "+ee") }
func BenchmarkJPEGLossless(b *testing.B) { benchmark(b, codec.DecodeJPEG, "dcmcjpeg", "+e1") }
func BenchmarkJPEGLS(b *testing.B)       { benchmark(b, codec.DecodeJPEGLS, "dcmcjpls") }
func BenchmarkJPEGLSNear(b *testing.B)   { benchmark(b, codec.DecodeJPEGLS, "dcmcjpls", "+en") }
func BenchmarkJPEG2000(b *testing.B)     { benchmark(b, codec.DecodeJPEG2000, "opj_compress") }
func BenchmarkJPEG2000Lossy(b *testing.B) {
	benchmark(b, codec.DecodeJPEG2000, "opj_compress", "-I", "-r", "10")
}

func benchmark(b *testing.B, decode codec.Decoder, program string, options ...string) {
	need(b, program)
	p := slice(b)
	stream := stream(b, p, program, options...)
	b.SetBytes(int64(2 * len(p.pixels)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(stream, p.params()); err != nil {
			b.Fatal(err)
		}
	}
}

// stream returns what a program compresses a picture to.
func stream(b *testing.B, p *picture, program string, options ...string) []byte {
	if strings.HasPrefix(program, "opj") {
		stream, _ := compressJ2K(b, p, options...)
		return stream
	}
	return compress(b, p, program, options...)
}
