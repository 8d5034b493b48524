package deid

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

// words.txt holds the words that descriptions may keep: of the body, of directions,
// of what scanners do. No word in it is a usual name.
//
//go:embed words.txt
var wordsText string

var safeWords = sync.OnceValue(func() map[string]bool {
	safe := map[string]bool{}
	for _, w := range strings.Fields(wordsText) {
		safe[w] = true
	}
	return safe
})

var (
	wordForm  = regexp.MustCompile(`[\pL\pN.,+]+`)
	safeForms = regexp.MustCompile(`^(\d{1,2}([.,]\d{1,3})?mm|b\d{2}[fhs]?|br\d{2}[a-z]?|bl\d{2}[a-z]?|i\d{2}[fs]|fc\d{2}|t[12]w?)$`)
)

// tidy keeps the words of a description that are known to say nothing of a person,
// thicknesses and names of kernels.
func tidy(text string) string {
	var out []string
	for _, w := range wordForm.FindAllString(text, -1) {
		low := strings.ToLower(strings.Trim(w, ".,+"))
		if safeWords()[low] || safeForms.MatchString(low) {
			out = append(out, strings.Trim(w, ".,+"))
		}
	}
	return strings.Join(out, " ")
}
