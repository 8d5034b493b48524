package leak

import (
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lengths of values, in bytes as they are compared.
const (
	anywhere = 8   // from which they are found within words, too
	longest  = 128 // more of a value is not compared
)

// Lengths of values, in characters, from which they are looked for as whole words.
const (
	InNotes  = 2 // in the few words that people typed
	InTexts  = 3 // in texts and tables
	InPixels = 6 // in bytes that spell short words by chance

	InCompressed = 8 // in bytes that may be anything, and so many that they spell longer ones, too
)

// Finder looks for many values at once, in all their spellings. Values of eight
// letters and digits and more are found anywhere, shorter ones as whole words; numbers
// are found as whole numbers, and UIDs not as parts of others. It is for one goroutine
// at a time.
type Finder struct {
	values  []value
	whole   map[string][]int // short values
	lengths [anywhere]bool   // that short values have
	ends    map[uint64][]int // long values, by their last bytes, since UIDs begin alike
	filter  [1 << 12]uint64  // which ends there may be, by their hash
	folder  folder
}

type value struct {
	text   string // as it is compared
	length int    // of letters and digits, in characters
	number bool
	uid    bool // digits with dots between them
}

// New makes a finder of values, which it tells by their index. Those without a letter
// or digit are never found.
func New(values []string) *Finder {
	f := &Finder{whole: map[string][]int{}, ends: map[uint64][]int{}}
	for i, text := range values {
		v := valueOf(text)
		f.values = append(f.values, v)
		switch n := len(v.text); {
		case n == 0:
		case n < anywhere:
			f.whole[v.text] = append(f.whole[v.text], i)
			f.lengths[n] = true
		default:
			key := binary.BigEndian.Uint64([]byte(v.text[n-8:]))
			f.ends[key] = append(f.ends[key], i)
			word, bit := spread(key)
			f.filter[word] |= 1 << bit
		}
	}
	return f
}

func valueOf(text string) value {
	v := value{text: Fold(text), number: true, uid: true}
	if len(v.text) > longest {
		v.text = string([]byte(v.text[:longest]))
		for !utf8.ValidString(v.text) {
			v.text = v.text[:len(v.text)-1]
		}
	}
	dots := false
	for _, c := range v.text {
		digit := c >= '0' && c <= '9'
		v.number, v.uid, dots = v.number && digit, v.uid && (digit || c == '.'), dots || c == '.'
	}
	v.uid = v.uid && dots
	for _, w := range Words(text) {
		v.length += utf8.RuneCountInString(w)
	}
	return v
}

// spread is where a key is in the filter.
func spread(key uint64) (word, bit uint64) {
	h := key * 0x9e3779b97f4a7c15 >> 46
	return h >> 6, h & 63
}

// Find calls found for each value in a text; those of less than eight letters and digits
// only if they have as many as least characters.
func (f *Finder) Find(text []byte, least int, found func(i int)) {
	f.piece(text, true, true, least, found)
}

// In tells whether a text has one of the values.
func (f *Finder) In(text string, least int) (in bool) {
	f.Find([]byte(text), least, func(int) { in = true })
	return in
}

// inNames is from how many characters a value is looked for within the words of names:
// shorter ones are part of many.
const inNames = 5

// Named calls found once for each value in a name that somebody chose, as of a file or
// folder, where words may be run together as in AnnMiller2.
func (f *Finder) Named(name string, found func(i int)) {
	in := make([]bool, len(f.values))
	f.Find([]byte(name), InNotes, func(i int) { in[i] = true })
	f.Find([]byte(apart(name)), InNotes, func(i int) { in[i] = true })
	all := Fold(name)
	for i, v := range f.values {
		if in[i] || v.length >= inNames && strings.Contains(all, v.text) {
			found(i)
		}
	}
}

// Apart calls found for each value of at least so many characters in a text where words
// may be run together as in AnnMiller2. Numbers need one more, and those of scripts
// without small letters are found whatever their length.
func (f *Finder) Apart(text string, least int, found func(i int)) {
	other := apart(text)
	if other == text {
		return
	}
	f.Find([]byte(other), 0, func(i int) {
		v := &f.values[i]
		if v.length >= least && (!v.number || v.length > least) || v.text[0] >= utf8.RuneSelf {
			found(i)
		}
	})
}

// apart puts spaces between words that are run together: before capital letters that
// follow small ones, between letters and digits, and between scripts with and without
// capital letters.
func apart(name string) string {
	var out strings.Builder
	var before rune
	for _, r := range name {
		if unicode.IsLower(before) && unicode.IsUpper(r) || unicode.IsLetter(before) && unicode.IsDigit(r) || unicode.IsDigit(before) && unicode.IsLetter(r) ||
			unicode.IsLetter(before) && unicode.IsLetter(r) && unicode.Is(unicode.Lo, before) != unicode.Is(unicode.Lo, r) {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}

// Sizes of the pieces in which files are read, in bytes. They overlap by more than the
// longest value with gaps between all its characters would need in practice.
const (
	pieceSize = 256 << 10
	overlap   = 4 * longest
)

// Read is Find in all that r holds.
func (f *Finder) Read(r io.Reader, least int, found func(i int)) error {
	buf := make([]byte, pieceSize)
	kept := 0
	for first := true; ; first = false {
		n, err := io.ReadFull(r, buf[kept:])
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return err
		}
		piece := buf[:kept+n]
		f.piece(piece, first, last, least, found)
		if last {
			return nil
		}
		kept = copy(buf, piece[len(piece)-overlap:])
	}
}

// piece looks through a piece of a text.
func (f *Finder) piece(b []byte, first, last bool, least int, found func(i int)) {
	f.folder.fold(b, first, last)
	text, start := f.folder.text, f.folder.start
	key := uint64(0)
	for i, c := range text {
		key = key<<8 | uint64(c)
		if c == 0 {
			continue
		}
		if word, bit := spread(key); f.filter[word]>>bit&1 == 1 {
			for _, k := range f.ends[key] {
				if v := &f.values[k]; i+1 >= len(v.text) && string(text[i+1-len(v.text):i+1]) == v.text && v.stands(text, start, i+1) {
					found(k)
				}
			}
		}
		if start[i+1] {
			f.words(i+1, least, found)
		}
	}
}

// words looks for the short values that end at a byte.
func (f *Finder) words(end, least int, found func(i int)) {
	for n := 1; n <= end && n < anywhere; n++ {
		if !f.lengths[n] || !f.folder.start[end-n] {
			continue
		}
		for _, k := range f.whole[string(f.folder.text[end-n:end])] {
			if v := &f.values[k]; v.length >= least && v.stands(f.folder.text, f.folder.start, end) {
				found(k)
			}
		}
	}
}

// stands tells whether a value that ends at a byte stands for itself: whether a number is
// a whole number, and a UID no part of another.
func (v *value) stands(text []byte, start []bool, end int) bool {
	if !v.number && !v.uid {
		return true
	}
	begin := end - len(v.text)
	more := func(i, boundary int) bool {
		return i >= 0 && i < len(text) && !start[boundary] && (text[i] >= '0' && text[i] <= '9' || v.uid && text[i] == '.')
	}
	return !more(begin-1, begin) && !more(end, end)
}

// Distinct is how many values there are that differ as they are compared.
func (f *Finder) Distinct() int {
	var all []string
	for _, v := range f.values {
		all = append(all, v.text)
	}
	slices.Sort(all)
	return len(slices.Compact(all))
}
