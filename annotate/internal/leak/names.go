package leak

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is made of one name.
const (
	manyWords = 8 // of a name that are put together two by two
	together  = 4 // bytes of the shortest words that are put together
	withOne   = 4 // characters of the shortest family name that an initial is put to
)

// Names are the words of a person's name (DICOM VR PN: components with a caret between
// them, in up to three groups), and what becomes of them where they are written without
// anything between them: of two words and of whole components, in either order, and of a
// family name and an initial.
func Names(name string) (out []string) {
	for group := range strings.SplitSeq(name, "=") {
		out = append(out, Words(group)...)
		out = append(out, joined(group)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// joined are words of a group of components, put together.
func joined(group string) (out []string) {
	add := func(parts ...string) {
		if v := strings.Join(parts, " "); len(Fold(v)) >= together {
			out = append(out, v)
		}
	}
	var parts []string // components, of those that tell who it is: family, given and middle name
	var words []string
	for i, component := range strings.Split(group, "^") {
		of := Words(component)
		if len(of) == 0 || i > 2 {
			continue
		}
		words = append(words, of...)
		parts = append(parts, strings.Join(of[:min(len(of), manyWords)], " "))
	}
	for i, a := range words[:min(len(words), manyWords)] {
		for j, b := range words[:min(len(words), manyWords)] {
			if i != j {
				add(a, b)
			}
		}
	}
	if len(parts) == 0 {
		return out
	}
	family, rest := parts[0], parts[1:]
	add(family)
	add(strings.Join(rest, " "), family)
	for _, p := range rest {
		add(family, p)
		add(p, family)
		if first, _ := utf8.DecodeRuneInString(p); utf8.RuneCountInString(family) >= withOne && unicode.IsLower(first) {
			add(family, string(first))
			add(string(first), family)
		}
	}
	return out
}

// monthNames are those of English.
var monthNames = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}

// Day are the ways to write a day that is given as YYYYMMDD; none where it is no day.
func Day(date string) []string {
	if len(date) != 8 || strings.Trim(date, "0123456789") != "" {
		return nil
	}
	y, m, d := date[:4], date[4:6], date[6:]
	number, err := strconv.Atoi(m)
	if err != nil || number < 1 || number > len(monthNames) {
		return nil
	}
	month := monthNames[number-1]
	return []string{date, d + "." + m + "." + y, y + "." + m + "." + d, d + "/" + m + "/" + y, m + "/" + d + "/" + y, d + "-" + month + "-" + y,
		strings.TrimLeft(d, "0") + "." + strings.TrimLeft(m, "0") + "." + y}
}
