package codec_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"groundglass/annotate/ct/codec"
	"groundglass/annotate/ct/phantom"
)

// chest is a slice of the phantom in Hounsfield units, 128 x 128.
var chest = sync.OnceValue(func() []int16 {
	s, err := phantom.New(phantom.Options{Size: 128, Slices: 8, Seed: 3}).Series().Slice(4)
	if err != nil {
		panic(err)
	}
	return s.HU
})

// newPicture cuts w x h pixels with the given number of bits out of the chest.
// Some of its pixels are noise, which takes all values.
func newPicture(w, h, bits int, signed bool) *picture {
	p := &picture{w: w, h: h, bits: bits, signed: signed, pixels: make([]int32, w*h)}
	sign := 'u'
	if signed {
		sign = 's'
	}
	p.name = fmt.Sprintf("%dx%d_%d%c", w, h, bits, sign)
	r := rand.New(rand.NewPCG(1, uint64(w*h*bits)))
	for i := range p.pixels {
		hu := chest()[(i/w%128)*128+i%w%128]
		v := (int32(hu) + 1100) << 4 >> (16 - bits)
		if i%w < 9 && i/w%16 < 5 {
			v = int32(r.Uint32())
		}
		v &= 1<<bits - 1
		if signed {
			v -= 1 << (bits - 1)
		}
		p.pixels[i] = v
	}
	return p
}

// sizes are odd, tiny and prime.
var sizes = [][2]int{{1, 1}, {1, 13}, {17, 1}, {2, 3}, {7, 5}, {31, 37}, {64, 48}, {97, 61}}

// wide names the variable that, set to anything, has every depth and sign tested
// at every size, which takes minutes.
const wide = "GROUNDGLASS_TEST_WIDE"

// pictures are of all depths, with and without sign, and of all sizes.
func pictures() (all []*picture) {
	for bits := 8; bits <= 16; bits++ {
		for _, signed := range []bool{false, true} {
			switch {
			case os.Getenv(wide) != "":
				for _, s := range sizes {
					all = append(all, newPicture(s[0], s[1], bits, signed))
				}
			case signed:
				all = append(all, newPicture(64, 48, bits, true))
			default:
				all = append(all, newPicture(97, 61, bits, false))
			}
		}
	}
	if os.Getenv(wide) != "" {
		return all
	}
	return append(all,
		newPicture(1, 1, 12, false), newPicture(1, 13, 16, true), newPicture(17, 1, 10, false),
		newPicture(2, 3, 12, true), newPicture(7, 5, 15, false), newPicture(31, 37, 8, true))
}

// noise returns a picture like another that takes all values alike.
func noise(like *picture) *picture {
	p := *like
	p.name += "_noise"
	p.pixels = make([]int32, p.w*p.h)
	r := rand.New(rand.NewPCG(2, uint64(p.w*p.h*p.bits)))
	for i := range p.pixels {
		p.pixels[i] = int32(r.Uint32()) >> (32 - p.bits)
		if !p.signed {
			p.pixels[i] &= 1<<p.bits - 1
		}
	}
	return &p
}

func (p *picture) params() codec.Params {
	return codec.Params{Rows: p.h, Columns: p.w, Bits: p.allocated(), Signed: p.signed}
}

// decodes checks that a stream decodes to a picture.
func (p *picture) decodes(t testing.TB, decode codec.Decoder, stream []byte, tolerance int32) {
	t.Helper()
	got, err := decode(stream, p.params())
	if err != nil {
		t.Errorf("%d bytes: %v", len(stream), err)
		return
	}
	compare(t, got, p.pixels, tolerance)
}
