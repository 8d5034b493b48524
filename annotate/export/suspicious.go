package export

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"groundglass/annotate/internal/leak"
)

// Suspicious says which of the texts that people chose, such as the name of a folder,
// hold a part of the patient's name or ID, however it is spelt, as sentences. Texts are by
// what they are.
func Suspicious(c *Case, texts map[string]string) []string {
	var out []string
	for what, text := range texts {
		found := namedIn(text, secretWords(c))
		if len(found) == 0 {
			found = namedIn(text, wholeSecrets(c))
		}
		for _, secret := range found {
			out = append(out, fmt.Sprintf("%s has %q in it, which is part of the patient's name or ID.", what, secret))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// namedIn are those of some words that are in a name.
func namedIn(name string, words []string) (found []string) {
	leak.New(words).Named(name, func(i int) { found = append(found, words[i]) })
	return found
}

// secretWords are the words of the patient's name and ID, in lower case, that are long
// enough to tell.
func secretWords(c *Case) (out []string) {
	for text, least := range map[string]int{c.Series.Patient.Name: leak.InNotes, c.Patient + " " + c.Series.Patient.ID: leak.InTexts} {
		for _, w := range leak.Words(text) {
			if utf8.RuneCountInString(w) >= least && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// wholeSecrets are the patient's name and IDs of several words, as the words of an ID may
// be too short to tell.
func wholeSecrets(c *Case) (out []string) {
	for _, v := range []string{c.Series.Patient.Name, c.Patient, c.Series.Patient.ID} {
		if len(leak.Words(v)) > 1 {
			out = append(out, v)
		}
	}
	return out
}
