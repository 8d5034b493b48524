package dicom

import (
	"strings"
	"unicode/utf8"

	"github.com/suyashkumar/dicom/pkg/charset"
)

// characters returns the function that turns a text of a file into UTF-8. Text
// in character sets that are not known, or that switch in mid-text, is shown as
// it is, with what is not UTF-8 replaced; it is never a reason to fail.
func characters(sets []string) func(string) string {
	return func(s string) (out string) {
		out = strings.ToValidUTF8(s, "\uFFFD")
		if len(sets) != 1 || sets[0] == "ISO_IR 192" || isASCII(s) {
			return out
		}
		defer func() { recover() }() // the library panics on some sets that it names itself
		set, err := charset.ParseSpecificCharacterSet(sets)
		if err != nil || set.Ideographic == nil {
			return out
		}
		if t, err := set.Ideographic.String(s); err == nil && utf8.ValidString(t) {
			return t
		}
		return out
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
