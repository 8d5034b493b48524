package export

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Suspicious says which of the texts that people chose, such as the name of a folder,
// hold a part of the patient's name or ID, as sentences. Texts are by what they are.
func Suspicious(c *Case, texts map[string]string) []string {
	var out []string
	for what, text := range texts {
		for _, secret := range append(secretWords(c), shortIDs(c)...) {
			if holds(text, secret) {
				out = append(out, fmt.Sprintf("%s has %q in it, which is part of the patient's name or ID.", what, secret))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// longWord is from how many letters a word is looked for within others, too: shorter
// ones are part of many.
const longWord = 5

// holds reports whether a text has words in it, which are in lower case, one after the
// other; a single one may be run together with others, as in AnnMiller2.
func holds(text, secret string) bool {
	all := wordsOf(text)
	for _, words := range [][]string{all, wordsOf(apart(text))} {
		if strings.Contains(" "+strings.Join(words, " ")+" ", " "+strings.Join(wordsOf(secret), " ")+" ") {
			return true
		}
	}
	return len([]rune(secret)) >= longWord && slices.ContainsFunc(all, func(w string) bool { return strings.Contains(w, secret) })
}

// apart puts spaces between words that are run together: before capital letters that
// follow small ones, and between letters and digits.
func apart(text string) string {
	var out strings.Builder
	var before rune
	for _, r := range text {
		if unicode.IsLower(before) && unicode.IsUpper(r) || unicode.IsLetter(before) && unicode.IsDigit(r) || unicode.IsDigit(before) && unicode.IsLetter(r) {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}

// shortIDs are the patient's IDs of which secretWords has nothing, since they are made
// of short words, as in MR-77.
func shortIDs(c *Case) []string {
	var out []string
	for _, id := range []string{c.Patient, c.Series.Patient.ID} {
		words := wordsOf(id)
		if len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return len([]rune(w)) >= 3 }) {
			out = append(out, strings.ToLower(id))
		}
	}
	return out
}
