// Package leak looks for what must not leave, such as names, numbers and UIDs of a
// patient, in files and in their names: one searcher for all that leaves. Start with
// [New].
//
// Texts are compared in a form in which spellings of one name are alike: letters are
// small and without diacritics, ae, oe and ue are a, o and u, as they stand for ä or æ, ö
// or ø and ü, aa is a, as it stands for å, ß is ss, and what stands between the words of a name, such as a hyphen, a space or
// a caret, is left out.
package leak

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// latin are the letters from U+00C0 to U+017F without diacritics; an x stands for one of
// two letters, and for a sign.
const latin = "aaaaaaxceeeeiiii" + "dnoooooxouuuuyxx" + "aaaaaaxceeeeiiii" + "dnoooooxouuuuyxy" +
	"aaaaaaccccccccdd" + "ddeeeeeeeeeegggg" + "gggghhhhiiiiiiii" + "iixxjjkkklllllll" + "lllnnnnnnnnnoooo" + "ooxxrrrrrrssssss" +
	"ssttttttuuuuuuuu" + "uuuuwwyyyzzzzzzs"

// pairs are the letters of latin that stand for two.
var pairs = map[rune]string{'Æ': "a", 'æ': "a", 'ß': "ss", 'Þ': "th", 'þ': "th", 'Ĳ': "ij", 'ĳ': "ij", 'Œ': "o", 'œ': "o"}

// Kinds of bytes that are no letters or digits.
const (
	joins  = 1 << iota // may stand between the words of a name
	parts              // may stand between the numbers of a date
	splits             // ends what is compared
)

// between says what a character between words does.
func between(c rune) int {
	switch c {
	case ' ', '_', '\'', '’', '^', ',', '.':
		return joins
	case '-':
		return joins | parts
	case '/':
		return parts
	}
	return splits
}

// letter is between for letters.
const letter = 1 << 7

// ascii is letter or between for bytes that are characters, and splits for those that
// begin none; 0 for the others.
var ascii = func() (out [256]uint8) {
	for i := range out {
		switch c := rune(i); {
		case c >= utf8.RuneSelf && !utf8.RuneStart(byte(i)), c == 0xc0, c == 0xc1, c > 0xf4:
			out[i] = splits
		case c >= utf8.RuneSelf, c >= '0' && c <= '9':
		case unicode.IsLetter(c):
			out[i] = letter
		default:
			out[i] = uint8(between(c))
		}
	}
	return out
}()

// longestGap is how many characters there may be between words of one name.
const longestGap = 3

// folder makes texts as they are compared.
type folder struct {
	text  []byte // with a zero byte where it is split
	start []bool // whether a word begins at a byte of text, or ended before it; one more, for its end

	gap   int  // characters since the last letter or digit
	kind  int  // of them
	digit bool // whether that was a digit
	open  bool // what comes first may be the rest of a word
}

// fold makes a text of a piece of one, which may go on before and after it. Bytes that
// are no UTF-8 split it.
func (f *folder) fold(b []byte, first, last bool) {
	f.text, f.start = f.text[:0], f.start[:0]
	f.gap, f.kind, f.digit, f.open = 0, 0, false, !first
	for k := 0; !first && k < utf8.UTFMax-1 && len(b) > 0 && !utf8.RuneStart(b[0]); k++ {
		b = b[1:]
	}
	for k := 1; !last && k < utf8.UTFMax && k <= len(b); k++ {
		if end := len(b) - k; utf8.RuneStart(b[end]) && !utf8.FullRune(b[end:]) {
			b = b[:end]
			break
		}
	}
	for i := 0; i < len(b); {
		c, n := rune(b[i]), 1
		switch ascii[b[i]] {
		case splits: // as most bytes of pixels do
			f.gap++
			f.kind |= splits
			i++
			continue
		case letter:
			f.letter(b[i] | 0x20)
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if i+1 < len(b) && utf8.RuneStart(b[i+1]) {
				f.separate(splits)
				i++
				continue
			}
			c, n = utf8.DecodeRune(b[i:])
		}
		next := byte(0)
		if i+n < len(b) {
			next = b[i+n]
		}
		f.character(c, n, next)
		i += n
	}
	f.start = append(f.start, last || f.gap > 0)
}

// character adds a character of n bytes; next is the byte behind it.
func (f *folder) character(c rune, n int, next byte) {
	switch {
	case c >= '0' && c <= '9':
		f.begin(true)
		f.put(byte(c))
	case c == '.' && f.gap == 0 && f.digit && next >= '0' && next <= '9':
		f.put('.')
	case c < utf8.RuneSelf:
		f.separate(between(c))
	case c == utf8.RuneError && n == 1:
		f.separate(splits)
	case unicode.Is(unicode.Mn, c): // a diacritic by itself
	case c >= 0xc0 && c <= 0x17f && c != '×' && c != '÷':
		f.fromLatin(c)
	case unicode.IsLetter(c) || unicode.IsDigit(c):
		f.other(unicode.ToLower(c))
	default:
		f.separate(between(c))
	}
}

// other adds a small letter, or digit, that is not of ASCII or latin, without its marks.
func (f *folder) other(c rune) {
	if base, ok := plain[c]; ok {
		c = base
	}
	if c < utf8.RuneSelf {
		f.letter(byte(c))
		return
	}
	f.begin(false)
	var b [utf8.UTFMax]byte
	for _, v := range b[:utf8.EncodeRune(b[:], c)] {
		f.put(v)
	}
}

// fromLatin adds a letter with a diacritic.
func (f *folder) fromLatin(c rune) {
	if two, ok := pairs[c]; ok {
		f.begin(false)
		for _, b := range []byte(two) {
			f.put(b)
		}
		return
	}
	f.letter(latin[c-0xc0])
}

// letter adds a small letter; an e behind a, o or u, and an a behind an a, are left out.
func (f *folder) letter(c byte) {
	if k := len(f.text) - 1; f.gap == 0 && k >= 0 {
		switch before := f.text[k]; {
		case c == 'e' && (before == 'a' || before == 'o' || before == 'u'), c == 'a' && before == 'a':
			return
		}
	}
	f.begin(false)
	f.put(c)
}

// begin ends a gap before a letter or digit.
func (f *folder) begin(digit bool) {
	if f.gap > 0 {
		f.end(digit)
	}
	f.digit = digit
}

// end ends a gap: the words at its sides stay apart where nothing that names have is
// between them, or where both are numbers.
func (f *folder) end(digit bool) {
	apart := f.gap > longestGap || f.kind&splits == splits || f.kind&joins == 0
	if digit && f.digit {
		apart = f.gap > 1 || f.kind&parts == 0 || f.kind&splits == splits
	}
	if apart && len(f.text) > 0 {
		f.start = append(f.start, true)
		f.text = append(f.text, 0)
	}
}

// put adds a byte of what is compared.
func (f *folder) put(c byte) {
	f.start = append(f.start, f.gap > 0 || len(f.text) == 0 && !f.open)
	f.text = append(f.text, c)
	f.gap, f.kind = 0, 0
}

func (f *folder) separate(kind int) {
	f.gap++
	f.kind |= kind
}

// Fold returns a text as it is compared.
func Fold(text string) string {
	var f folder
	f.fold([]byte(text), true, true)
	return string(f.text)
}

// Words are the runs of letters and digits of a text, in lower case.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) })
}
