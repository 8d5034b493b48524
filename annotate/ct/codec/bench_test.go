package codec_test

import (
	"testing"

	"groundglass/annotate/ct/codec"
	"groundglass/annotate/ct/phantom"
)

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
func BenchmarkHTJ2K(b *testing.B) {
	benchmark(b, codec.DecodeJPEG2000, "ojph_compress", "-reversible", "true")
}

func benchmark(b *testing.B, decode codec.Decoder, program string, options ...string) {
	need(b, program)
	p := chests(b)[4]
	stream := streamsOf(b, []*picture{p}, program, options...)[0]
	b.SetBytes(int64(2 * len(p.pixels)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(stream, p.params()); err != nil {
			b.Fatal(err)
		}
	}
}

// chests are ten slices through the whole of the demo's chest, with 12 bits.
func chests(b *testing.B) (all []*picture) {
	b.Helper()
	series := phantom.New(phantom.Options{Slices: 10}).Series()
	for i := range 10 {
		s, err := series.Slice(i)
		if err != nil {
			b.Fatal(err)
		}
		p := &picture{name: "chest", w: s.W, h: s.H, bits: 12, pixels: make([]int32, s.W*s.H)}
		for i, hu := range s.HU {
			p.pixels[i] = min(4095, max(0, int32(hu)+1024))
		}
		all = append(all, p)
	}
	return all
}

// streamsOf returns what a program compresses pictures to.
func streamsOf(b *testing.B, all []*picture, program string, options ...string) (streams [][]byte) {
	for _, p := range all {
		var stream []byte
		switch program {
		case "opj_compress":
			stream, _ = compressJ2K(b, p, options...)
		case "ojph_compress":
			stream, _ = compressHT(b, p, options...)
		default:
			return compressAll(b, all, program, options...)
		}
		streams = append(streams, stream)
	}
	return streams
}
