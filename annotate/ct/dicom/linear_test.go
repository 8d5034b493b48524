package dicom

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
)

// Four words at once give what one at a time does, for every word.
func TestLinear(t *testing.T) {
	raw := make([]byte, 2<<16)
	for i := range 1 << 16 {
		binary.LittleEndian.PutUint16(raw[2*i:], uint16(i*40503)) // each once, neighbours far apart
	}
	raw = append(raw, 0xff, 0x7f, 0, 0x80, 1, 0)
	used := 0
	for _, stored := range []int{1, 8, 12, 15, 16} {
		for _, signed := range []bool{false, true} {
			for _, b := range []float64{0, -1, 5, -1024, -1000.5, -8192, 20000, -32768, 32767, -40000, 1e300, -1e300, -9.223372036854775808e18} {
				f := format{allocated: 16, stored: stored, high: stored - 1, signed: signed, order: binary.LittleEndian}
				frame := Frame{Slope: 1, Intercept: b}
				l, ok := f.linear(&frame)
				if !ok {
					continue
				}
				used++
				got, want := make([]int16, len(raw)/2), make([]int16, len(raw)/2)
				l.decode(raw, got)
				for p := range want {
					want[p] = frame.scale(f.value(f.word(raw, p)))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%d bits, signed %v, plus %g", stored, signed, b)
				}
			}
		}
	}
	if used < 60 {
		t.Errorf("%d cases alone are linear", used)
	}
}

// Looking at four words at once finds the same padding.
func TestPaddingOfFour(t *testing.T) {
	raw := make([]byte, 2<<16)
	for i := range 1 << 16 {
		binary.LittleEndian.PutUint16(raw[2*i:], uint16(i*40503))
	}
	for _, c := range []struct {
		stored    int
		signed    bool
		low, top  int64
		word, sum uint32
	}{
		{16, true, -2000, -2000, 63536, 1}, {16, false, 63536, 63536, 63536, 1}, {12, false, 0, 0, 0, 16}, {12, true, -2000, -2000, 63536, 16},
		{12, false, 63536, 63536, 63536, 1}, {16, true, -2000, -1990, 63536, 11},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			f := format{allocated: 16, stored: c.stored, high: c.stored - 1, signed: c.signed, order: binary.LittleEndian,
				padded: true, padLow: c.low, padTop: c.top, padWord: c.word}
			one, four := make([]int16, len(raw)/2), make([]int16, len(raw)/2)
			want := f.markPadding(raw, one, false)
			n := uint32(0)
			for _, p := range want {
				if p {
					n++
				}
			}
			if got := f.markPadding(raw, four, true); !slices.Equal(got, want) || !slices.Equal(one, four) || n != c.sum {
				t.Errorf("%d of padding, want %d", n, c.sum)
			}
		})
	}
}
