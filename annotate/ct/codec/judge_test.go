package codec_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
)

// lossless compresses all pictures, and noise like each, with a program that
// turns one DICOM file into another and compares what is decoded with what was
// compressed.
func lossless(t *testing.T, decode codec.Decoder, all []*picture, program string, options ...string) {
	t.Run(strings.TrimSuffix(program+"_"+strings.Join(options, "_"), "_"), func(t *testing.T) {
		need(t, program)
		for _, p := range all {
			t.Run(p.name, func(t *testing.T) {
				frames := []*picture{p, noise(p)}
				for i, stream := range compressAll(t, frames, program, options...) {
					frames[i].decodes(t, decode, stream, 0)
				}
			})
		}
	})
}

// compress returns the stream that a program makes of a picture.
func compress(t testing.TB, p *picture, program string, options ...string) []byte {
	t.Helper()
	return compressAll(t, []*picture{p}, program, options...)[0]
}

// compressAll returns the streams that a program makes of pictures of one kind.
func compressAll(t testing.TB, frames []*picture, program string, options ...string) [][]byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.dcm"), filepath.Join(dir, "out.dcm")
	writeDICOM(t, in, frames...)
	call(t, program, append(options, in, out)...)
	streams := fragments(t, read(t, out))
	if len(streams) != len(frames) {
		t.Fatalf("%s made %d streams of %d frames", program, len(streams), len(frames))
	}
	return streams
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
	for i, low := range []int{1, 2, 4, 7} {
		for _, p := range []*picture{newPicture(97, 61, 16, false), newPicture(33, 20, 12, false)} {
			predictor := strconv.Itoa(1 + (2*i+p.bits/4)%7)
			t.Run(fmt.Sprint(p.name, "_", low, "_", predictor), func(t *testing.T) {
				stream := compress(t, p, "dcmcjpeg", "+el", "+sv", predictor, "+pt", strconv.Itoa(low))
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
	// in this mode, dcmtk compresses words, not values, cuts noise of nearly all
	// their bits short and breaks down over single pixels
	lossless(t, codec.DecodeJPEGLS, only(func(p *picture) bool {
		return !p.signed && p.bits < p.allocated()-1 && p.w*p.h > 1
	}), "dcmcjpls", "+pc")
	// gdcm refuses single columns
	lossless(t, codec.DecodeJPEGLS, only(func(p *picture) bool { return p.w*p.h > 6 && p.w > 1 }), "gdcmconv", "--jpegls")
	few := []*picture{newPicture(97, 61, 12, false), newPicture(64, 50, 8, false)}
	lossless(t, codec.DecodeJPEGLS, few, "dcmcjpls", "+t1", "5", "+t2", "9", "+t3", "40", "+rs", "31")
}

// judged compares what is decoded of a picture, and of noise like it, with what
// another program decodes.
func judged(t *testing.T, p *picture, decode codec.Decoder, tolerance int32, judge, program string, options ...string) {
	t.Run(strings.Join(append([]string{p.name, program}, options...), "_"), func(t *testing.T) {
		args := strings.Fields(judge)
		need(t, program, args[0])
		dir := t.TempDir()
		in, out, back := filepath.Join(dir, "in.dcm"), filepath.Join(dir, "out.dcm"), filepath.Join(dir, "back.dcm")
		writeDICOM(t, in, p, noise(p))
		call(t, program, append(options, in, out)...)
		call(t, args[0], append(args[1:], out, back)...)
		streams := fragments(t, read(t, out))
		for i, pixels := range natives(t, read(t, back), p, len(streams)) {
			want := *p
			want.pixels = pixels
			want.decodes(t, decode, streams[i], tolerance)
		}
	})
}

func TestJPEGLSNear(t *testing.T) {
	for i, near := range []string{"1", "2", "9", "60"} {
		for _, p := range []*picture{
			newPicture(97, 61, 8, false), newPicture(64, 48, 12, false), newPicture(61, 40, 16, false),
			newPicture(13+i, 1, 16-i, false), newPicture(7, 5, 10+i, false),
		} {
			judged(t, p, codec.DecodeJPEGLS, 0, "dcmdjpls", "dcmcjpls", "+en", "+md", near)
		}
		p := newPicture(53, 37, 16-8*(i%2), false)
		judged(t, p, codec.DecodeJPEGLS, 0, "gdcmconv --raw", "gdcmconv", "--jpegls", "--lossy", "-e", near)
	}
}

func TestJPEGLossy(t *testing.T) {
	for _, quality := range []string{"100", "90", "30"} {
		for _, p := range []*picture{newPicture(97, 61, 8, false), newPicture(1, 1, 8, false), newPicture(17, 1, 8, false)} {
			judged(t, p, codec.DecodeJPEG, 1, "dcmdjpeg", "dcmcjpeg", "+eb", "+q", quality)
		}
		for _, p := range []*picture{newPicture(97, 61, 12, false), newPicture(1, 13, 12, false), newPicture(64, 8, 8, false)} {
			judged(t, p, codec.DecodeJPEG, 1, "dcmdjpeg", "dcmcjpeg", "+ee", "+q", quality)
		}
		judged(t, newPicture(7, 9, 12, false), codec.DecodeJPEG, 1, "dcmdjpeg", "dcmcjpeg", "+ee", "-ho", "+q", quality)
		// of more bits gdcm makes what is no JPEG: lossy with 16
		judged(t, newPicture(61, 97, 8, false), codec.DecodeJPEG, 1, "gdcmconv --raw", "gdcmconv", "--jpeg", "--lossy", "-q", quality)
	}
}

// TestJPEGRestarts restarts after every few blocks and after every row of them,
// more often than there are restart markers.
func TestJPEGRestarts(t *testing.T) {
	for _, p := range []*picture{newPicture(97, 61, 8, false), noise(newPicture(61, 23, 8, false))} {
		for _, interval := range []string{"1B", "5B", "1", "2"} {
			stream, pixels := libjpeg(t, p, "-restart", interval, "-quality", "85")
			want := *p
			want.pixels = pixels
			want.decodes(t, codec.DecodeJPEG, stream, 1)
		}
	}
}

// libjpeg returns the stream that libjpeg-turbo makes of an 8-bit picture, and
// its pixels.
func libjpeg(t *testing.T, p *picture, options ...string) ([]byte, []int32) {
	t.Helper()
	need(t, "cjpeg", "djpeg")
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pgm"), filepath.Join(dir, "out.jpg")
	write(t, in, append(fmt.Appendf(nil, "P5 %d %d 255\n", p.w, p.h), p.bytes(nil)...))
	call(t, "cjpeg", append(options, "-grayscale", "-outfile", out, in)...)
	back := call(t, "djpeg", "-grayscale", "-pnm", out)
	return read(t, out), unpack(t, back[len(back)-p.w*p.h:], p, nil)
}

// TestJPEGProgressive refuses what DICOM has retired, by name.
func TestJPEGProgressive(t *testing.T) {
	stream, _ := libjpeg(t, newPicture(97, 61, 8, false), "-progressive")
	streams := [][]byte{stream}
	need(t, "dcmcjpeg")
	for _, option := range []string{"+es", "+ep"} {
		streams = append(streams, compress(t, newPicture(97, 61, 12, false), "dcmcjpeg", option))
	}
	for i, stream := range streams {
		_, err := codec.DecodeJPEG(stream, codec.Params{Rows: 61, Columns: 97, Bits: 16})
		if err == nil || !strings.Contains(err.Error(), "progressive JPEG") {
			t.Errorf("stream %d: %v", i, err)
		}
	}
}
