package codec

import "errors"

// decodeLossless decodes a grey picture of the lossless process (T.81 annex H).
func (h *jpegHeader) decodeLossless() ([]int32, error) {
	codes, err := h.table(0, h.dc)
	if err != nil {
		return nil, err
	}
	if h.predictor < 1 || h.predictor > 7 || int(h.low) >= h.precision {
		return nil, damaged("there is no predictor %d with point transform %d", h.predictor, h.low)
	}
	if h.interval%h.columns != 0 {
		// T.81 H.1.1 allows whole rows only
		return nil, errors.New("the compressed pixels are restarted inside rows, which JPEG forbids")
	}
	every := h.interval / h.columns // rows between restarts
	bits := jpegBits{data: h.scan}
	out := make([]int32, h.rows*h.columns)
	for y := range h.rows {
		row := out[y*h.columns:][:h.columns]
		fresh := y == 0 || every > 0 && y%every == 0
		if fresh && y > 0 {
			if err := bits.restart(y/every - 1); err != nil {
				return nil, err
			}
		}
		bits.differences(codes, row)
		if err := bits.check(); err != nil {
			return nil, err
		}
		if fresh {
			sumRow(row, 1<<(h.precision-int(h.low)-1))
		} else {
			above := out[(y-1)*h.columns:][:h.columns]
			row[0] = (row[0] + above[0]) & 0xffff
			predictRow(row, above, h.predictor)
		}
	}
	if h.low > 0 {
		for i := range out {
			out[i] <<= h.low
		}
	}
	return out, nil
}

// differences reads the differences between a row's pixels and what is
// predicted for them (T.81 H.1.2.2).
func (b *jpegBits) differences(codes *huffman, row []int32) {
	for x := range row {
		n := b.symbol(codes)
		switch {
		case n < 16:
			row[x] = b.number(uint(n))
		case n == 16:
			row[x] = 1 << 15 // no bits follow
		default:
			b.bad = true
		}
	}
}

// sumRow turns differences into pixels where nothing lies above.
func sumRow(row []int32, first int32) {
	a := first
	for x, d := range row {
		a = (a + d) & 0xffff
		row[x] = a
	}
}

// predictRow turns all differences but the first into pixels. The prediction is
// from the left, the upper and the upper left pixel (T.81 table H.1); sums are
// modulo 2^16 (H.1.2.1).
func predictRow(row, above []int32, predictor int) {
	a, c := row[0], above[0]
	above = above[:len(row)]
	for x := 1; x < len(row); x++ {
		b := above[x]
		var v int32
		switch predictor {
		case 1:
			v = a
		case 2:
			v = b
		case 3:
			v = c
		case 4:
			v = a + b - c
		case 5:
			v = a + (b-c)>>1
		case 6:
			v = b + (a-c)>>1
		case 7:
			v = (a + b) >> 1
		}
		a, c = (v+row[x])&0xffff, b
		row[x] = a
	}
}
