package codec

import "errors"

// lookBits is how many bits of a Huffman code are looked up at once.
const lookBits = 11

// huffman is a table of Huffman codes (T.81 annex C).
type huffman struct {
	defined bool
	look    [1 << lookBits]uint16 // length<<8 | symbol of short codes, 0 for long ones
	// canonical decoding of long codes (T.81 F.2.2.3)
	least, most [17]int32 // first and last code of each length; most is -1 without codes
	first       [17]int32 // index in symbols of the first code of each length
	symbols     [256]byte
}

var errHuffman = errors.New("the compressed pixels are damaged: a Huffman table contradicts itself")

// set builds the table from the number of codes of each length 1 to 16 and
// their symbols, of which there must be enough.
func (h *huffman) set(counts *[16]byte, symbols []byte) error {
	if len(symbols) > len(h.symbols) {
		return errHuffman
	}
	*h = huffman{defined: true}
	copy(h.symbols[:], symbols)
	code, k := int32(0), int32(0)
	for length := 1; length <= 16; length++ {
		n := int32(counts[length-1])
		if code+n > 1<<length {
			return errHuffman
		}
		h.first[length], h.least[length], h.most[length] = k, code, -1
		if n > 0 {
			h.most[length] = code + n - 1
		}
		for range n {
			h.lookup(code, length, symbols[k])
			code++
			k++
		}
		code <<= 1
	}
	return nil
}

// lookup enters a short code under all bits that may follow it.
func (h *huffman) lookup(code int32, length int, symbol byte) {
	if length > lookBits {
		return
	}
	base, span := code<<(lookBits-length), int32(1)<<(lookBits-length)
	for i := base; i < base+span; i++ {
		h.look[i] = uint16(length)<<8 | uint16(symbol)
	}
}

// long finds the code longer than lookBits at the front of 16 bits; length 0
// where there is none.
func (h *huffman) long(bits int32) (symbol byte, length uint) {
	for length = lookBits + 1; length <= 16; length++ {
		if code := bits >> (16 - length); h.least[length] <= code && code <= h.most[length] {
			return h.symbols[(h.first[length]+code-h.least[length])&255], length
		}
	}
	return 0, 0
}
