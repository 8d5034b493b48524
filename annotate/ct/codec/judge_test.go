package codec_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
)

// lossless compresses all pictures with a program that turns one DICOM file
// into another and compares what is decoded with what was compressed.
func lossless(t *testing.T, decode codec.Decoder, all []*picture, program string, options ...string) {
	t.Run(strings.TrimSuffix(program+"_"+strings.Join(options, "_"), "_"), func(t *testing.T) {
		need(t, program)
		for _, p := range all {
			t.Run(p.name, func(t *testing.T) {
				p.decodes(t, decode, compress(t, p, program, options...), 0)
			})
		}
	})
}

// compress returns the stream that a program makes of a picture.
func compress(t testing.TB, p *picture, program string, options ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.dcm"), filepath.Join(dir, "out.dcm")
	p.writeDICOM(t, in)
	call(t, program, append(options, in, out)...)
	return frame(t, read(t, out))
}

// only returns the pictures that a program can compress.
func only(keep func(*picture) bool) (some []*picture) {
	for _, p := range pictures() {
		if keep(p) {
			some = append(some, p)
		}
	}
	return some
}

func TestRLE(t *testing.T) {
	lossless(t, codec.DecodeRLE, pictures(), "dcmcrle")
	// gdcm gives up on byte planes of odd length
	lossless(t, codec.DecodeRLE, only(func(p *picture) bool { return p.w*p.h*p.allocated()/8%2 == 0 }), "gdcmconv", "--rle")
}

func TestJPEGLossless(t *testing.T) {
	lossless(t, codec.DecodeJPEG, pictures(), "dcmcjpeg", "+e1")
	lossless(t, codec.DecodeJPEG, pictures(), "gdcmconv", "--jpeg")
	few := []*picture{newPicture(97, 61, 16, true), newPicture(61, 97, 12, false), newPicture(33, 7, 8, false)}
	for predictor := 1; predictor <= 7; predictor++ {
		lossless(t, codec.DecodeJPEG, few, "dcmcjpeg", "+el", "+sv", strconv.Itoa(predictor))
	}
}

// TestJPEGPointTransform drops low bits, which are then zero.
func TestJPEGPointTransform(t *testing.T) {
	need(t, "dcmcjpeg")
	for _, low := range []int{1, 4} {
		for _, p := range []*picture{newPicture(97, 61, 16, false), newPicture(33, 20, 12, false)} {
			t.Run(fmt.Sprint(p.name, "_", low), func(t *testing.T) {
				stream := compress(t, p, "dcmcjpeg", "+el", "+sv", "4", "+pt", strconv.Itoa(low))
				for i := range p.pixels {
					p.pixels[i] = p.pixels[i] >> low << low
				}
				p.decodes(t, codec.DecodeJPEG, stream, 0)
			})
		}
	}
}

func TestJPEGLS(t *testing.T) {
	lossless(t, codec.DecodeJPEGLS, pictures(), "dcmcjpls")
	// dcmtk compresses words, not values, in this mode; gdcm refuses single columns
	lossless(t, codec.DecodeJPEGLS, only(func(p *picture) bool { return !p.signed }), "dcmcjpls", "+pc")
	lossless(t, codec.DecodeJPEGLS, only(func(p *picture) bool { return p.w > 1 }), "gdcmconv", "--jpegls")
	few := []*picture{newPicture(97, 61, 12, false), newPicture(64, 50, 8, false)}
	lossless(t, codec.DecodeJPEGLS, few, "dcmcjpls", "+t1", "5", "+t2", "9", "+t3", "40", "+rs", "31")
}

// judged compares what is decoded with what another program decodes.
func judged(t *testing.T, p *picture, decode codec.Decoder, tolerance int32, judge, program string, options ...string) {
	t.Run(p.name+"_"+strings.Join(options, "_"), func(t *testing.T) {
		need(t, program, judge)
		dir := t.TempDir()
		in, out, back := filepath.Join(dir, "in.dcm"), filepath.Join(dir, "out.dcm"), filepath.Join(dir, "back.dcm")
		p.writeDICOM(t, in)
		call(t, program, append(options, in, out)...)
		call(t, judge, out, back)
		want := *p
		want.pixels = native(t, read(t, back), p)
		want.decodes(t, decode, frame(t, read(t, out)), tolerance)
	})
}

func TestJPEGLSNear(t *testing.T) {
	for _, near := range []string{"1", "2", "9", "60"} {
		for _, p := range []*picture{
			newPicture(97, 61, 8, false), newPicture(64, 48, 12, false), newPicture(61, 40, 16, false),
		} {
			judged(t, p, codec.DecodeJPEGLS, 0, "dcmdjpls", "dcmcjpls", "+en", "+md", near)
		}
	}
}

func TestJPEGLossy(t *testing.T) {
	for _, quality := range []string{"100", "90", "30"} {
		judged(t, newPicture(97, 61, 8, false), codec.DecodeJPEG, 1, "dcmdjpeg", "dcmcjpeg", "+eb", "+q", quality)
		judged(t, newPicture(97, 61, 12, false), codec.DecodeJPEG, 1, "dcmdjpeg", "dcmcjpeg", "+ee", "+q", quality)
		judged(t, newPicture(64, 8, 8, false), codec.DecodeJPEG, 1, "dcmdjpeg", "dcmcjpeg", "+ee", "+q", quality)
		judged(t, newPicture(7, 9, 12, false), codec.DecodeJPEG, 1, "dcmdjpeg", "dcmcjpeg", "+ee", "-ho", "+q", quality)
	}
}

// TestJPEGRestarts restarts after every few blocks and after every row of them.
func TestJPEGRestarts(t *testing.T) {
	need(t, "cjpeg", "djpeg")
	for _, interval := range []string{"1B", "5B", "1", "2"} {
		p := newPicture(97, 61, 8, false)
		dir := t.TempDir()
		in, out := filepath.Join(dir, "in.pgm"), filepath.Join(dir, "out.jpg")
		write(t, in, append(fmt.Appendf(nil, "P5 %d %d 255\n", p.w, p.h), p.bytes(nil)...))
		call(t, "cjpeg", "-grayscale", "-restart", interval, "-quality", "85", "-outfile", out, in)
		back := call(t, "djpeg", "-grayscale", "-pnm", out)
		p.pixels = unpack(t, back[len(back)-p.w*p.h:], p, nil)
		p.decodes(t, codec.DecodeJPEG, read(t, out), 1)
	}
}
