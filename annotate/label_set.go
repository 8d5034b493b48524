package annotate

// LabelSet is a set of label values; 0, the background, may be in it. The zero
// value is empty, and sets can be compared with ==.
type LabelSet [4]uint64

// SetOf is the set of some values.
func SetOf(values ...uint8) (s LabelSet) {
	for _, v := range values {
		s.Put(v, true)
	}
	return s
}

// Has reports whether a value is in the set.
func (s *LabelSet) Has(v uint8) bool { return s[v>>6]>>(v&63)&1 != 0 }

// Put takes a value in or out.
func (s *LabelSet) Put(v uint8, in bool) {
	if in {
		s[v>>6] |= 1 << (v & 63)
	} else {
		s[v>>6] &^= 1 << (v & 63)
	}
}

// Or is the union of two sets.
func (s LabelSet) Or(o LabelSet) LabelSet {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}
