package codec_test

import (
	"testing"

	"groundglass/annotate/ct/codec"
	"groundglass/annotate/fuzzlimit"
)

// fuzz feeds a decoder with damaged streams: it must come to an end soon, with
// as many pixels as were asked for, each in its range, or with an error.
func fuzz(f *testing.F, decode codec.Decoder) {
	for i, s := range seeds {
		stream, p := s.stream(f)
		f.Add(stream, uint8(p.h), uint8(p.w), uint8(i%3), p.signed)
	}
	f.Add(encodeLossless(seedPicture(5, 9, 12, false), 4, 2), uint8(9), uint8(5), uint8(1), false)
	f.Fuzz(func(t *testing.T, data []byte, rows, columns, words uint8, signed bool) {
		defer fuzzlimit.Start()()
		p := codec.Params{Rows: int(rows), Columns: int(columns), Bits: 8 << (words % 3), Signed: signed}
		out, err := decode(data, p)
		if err != nil {
			if out != nil {
				t.Error("pixels came with an error")
			}
			return
		}
		if len(out) != p.Rows*p.Columns {
			t.Fatalf("%d pixels, want %dx%d", len(out), p.Columns, p.Rows)
		}
		low, high := -1<<(p.Bits-1), 1<<p.Bits-1
		for _, v := range out {
			if p.Bits < 32 && (int(v) < low || int(v) > high) {
				t.Fatalf("pixel %d does not fit %d bits", v, p.Bits)
			}
		}
	})
}

func FuzzRLE(f *testing.F)      { fuzz(f, codec.DecodeRLE) }
func FuzzJPEG(f *testing.F)     { fuzz(f, codec.DecodeJPEG) }
func FuzzJPEGLS(f *testing.F)   { fuzz(f, codec.DecodeJPEGLS) }
func FuzzJPEG2000(f *testing.F) { fuzz(f, codec.DecodeJPEG2000) }
