package deid

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// finder looks for many values at once, whatever the case of their ASCII letters. A
// value is found by its last bytes, since UIDs begin alike.
type finder struct {
	values []Secret // without repetition, letters made small
	short  map[uint32][]int
	long   map[uint64][]int
	filter [1 << 12]uint64 // which keys there may be, by their hash
}

func newFinder(all []Secret) *finder {
	f := &finder{short: map[uint32][]int{}, long: map[uint64][]int{}}
	seen := map[Secret]bool{}
	for _, s := range all {
		v := fold([]byte(s.Value))
		if s.Value = string(v); seen[s] {
			continue
		}
		seen[s] = true
		i := len(f.values)
		f.values = append(f.values, s)
		if len(v) < wordsOnly {
			key := binary.BigEndian.Uint32(v[len(v)-4:])
			f.short[key] = append(f.short[key], i)
			f.mark(uint64(key))
			continue
		}
		key := binary.BigEndian.Uint64(v[len(v)-8:])
		f.long[key] = append(f.long[key], i)
		f.mark(key)
	}
	return f
}

// spread is where a key is in the filter.
func spread(key uint64) (word, bit uint64) {
	h := key * 0x9e3779b97f4a7c15 >> 46
	return h >> 6, h & 63
}

func (f *finder) mark(key uint64) {
	word, bit := spread(key)
	f.filter[word] |= 1 << bit
}

func (f *finder) maybe(key uint64) bool {
	word, bit := spread(key)
	return f.filter[word]>>bit&1 == 1
}

// find calls found for each value in b; short values are looked for only where short
// is set.
func (f *finder) find(b []byte, short bool, found func(s Secret)) {
	key := uint64(0)
	for i, c := range b {
		key = key<<8 | uint64(small(c))
		if i >= 7 && f.maybe(key) {
			f.check(b, i+1, f.long[key], found)
		}
		if last := key & 0xffffffff; short && i >= 3 && f.maybe(last) {
			f.check(b, i+1, f.short[uint32(last)], found)
		}
	}
}

// check calls found for those of the values that end at end.
func (f *finder) check(b []byte, end int, candidates []int, found func(s Secret)) {
	for _, i := range candidates {
		v := f.values[i].Value
		if end >= len(v) && string(fold(b[end-len(v):end])) == v && stands(b, end-len(v), end) {
			found(f.values[i])
		}
	}
}

// in tells whether a text has one of the values.
func (f *finder) in(text []byte) (found bool) {
	f.find(text, true, func(Secret) { found = true })
	return found
}

// small makes an ASCII letter small.
func small(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func fold(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = small(c)
	}
	return out
}

// stands tells whether a value that b has from i to end stands for itself: whether a
// short one is a whole word, a number a whole number, and a UID no part of another.
func stands(b []byte, i, end int) bool {
	v := b[i:end]
	if inUID(b, i, end) {
		return false
	}
	part := func(r rune) bool { return false }
	switch {
	case len(v) < wordsOnly:
		part = func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	case isNumber(v):
		part = func(r rune) bool { return r >= '0' && r <= '9' }
	}
	before, _ := utf8.DecodeLastRune(b[:i])
	after, _ := utf8.DecodeRune(b[end:])
	return !(i > 0 && part(before)) && !(end < len(b) && part(after))
}

// inUID tells whether digits and dots from i to end are a part of longer ones. A dot
// after them may also end a sentence.
func inUID(b []byte, i, end int) bool {
	digit := func(k int) bool { return k >= 0 && k < len(b) && b[k] >= '0' && b[k] <= '9' }
	dots := 0
	for k, c := range b[i:end] {
		if c == '.' {
			dots++
		} else if !digit(i + k) {
			return false
		}
	}
	return dots > 0 && (i > 0 && (digit(i-1) || b[i-1] == '.') || digit(end) || end < len(b) && b[end] == '.' && digit(end+1))
}

func isNumber(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
