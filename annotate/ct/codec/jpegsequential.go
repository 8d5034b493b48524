package codec

import (
	"errors"
	"fmt"
)

// sequential decodes the blocks of the sequential processes (T.81 F.2).
type sequential struct {
	bits     jpegBits
	dc, ac   *huffman
	quant    *[64]int32
	previous int32 // DC coefficient
	block    [64]int32
}

// decodeSequential decodes a grey picture of the baseline or the extended
// process.
func (h *jpegHeader) decodeSequential() ([]int32, error) {
	if h.precision != 8 && h.precision != 12 {
		return nil, fmt.Errorf("JPEG of %d bits a pixel is not possible", h.precision)
	}
	s, err := h.newSequential()
	if err != nil {
		return nil, err
	}
	out := make([]int32, h.rows*h.columns)
	across, down := (h.columns+7)/8, (h.rows+7)/8
	for i := range across * down {
		if h.interval > 0 && i > 0 && i%h.interval == 0 {
			if err := s.bits.restart(i/h.interval - 1); err != nil {
				return nil, err
			}
			s.previous = 0
		}
		if err := s.read(); err != nil {
			return nil, err
		}
		inverseDCT(&s.block, h.precision)
		h.place(out, &s.block, i%across*8, i/across*8)
	}
	return out, s.bits.check()
}

func (h *jpegHeader) newSequential() (*sequential, error) {
	dc, err := h.table(0, h.dc)
	if err != nil {
		return nil, err
	}
	ac, err := h.table(1, h.ac)
	if err != nil {
		return nil, err
	}
	q := &h.quants[h.quantization]
	if !q.defined {
		return nil, errors.New("the compressed pixels lack a quantization table")
	}
	return &sequential{bits: jpegBits{data: h.scan}, dc: dc, ac: ac, quant: &q.step}, nil
}

// read decodes the coefficients of the next block and multiplies them by their
// steps (T.81 F.2.2.1, F.2.2.2).
func (s *sequential) read() error {
	s.block = [64]int32{}
	n := s.bits.symbol(s.dc)
	if n > 15 {
		return damaged("a coefficient has %d bits", n)
	}
	s.previous += s.bits.number(uint(n))
	s.block[0] = s.previous * s.quant[0]
	for k := 1; k < 64; k++ {
		symbol := s.bits.symbol(s.ac)
		run, n := int(symbol>>4), uint(symbol&15)
		if n == 0 {
			if run != 15 {
				break
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			return damaged("a block has more than 64 coefficients")
		}
		place := zigzag[k]
		s.block[place] = s.bits.number(n) * s.quant[place]
	}
	return s.bits.check()
}

// place copies what of a block lies in the picture.
func (h *jpegHeader) place(out []int32, block *[64]int32, x, y int) {
	n := min(8, h.columns-x)
	for i := range min(8, h.rows-y) {
		copy(out[(y+i)*h.columns+x:][:n], block[8*i:])
	}
}
