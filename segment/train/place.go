package train

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// Place reads positions from the names of files.
type Place struct {
	Number string  `json:"number"` // regular expression, whose first group is the slice's number
	MM     float64 `json:"mm"`     // from a number to the next
}

func (p *Place) check() error {
	if p == nil {
		return nil
	}
	r, err := regexp.Compile(p.Number)
	switch {
	case err != nil:
		return fmt.Errorf("place.number: %w", err)
	case r.NumSubexp() != 1:
		return errors.New("place.number must have one group, the slice's number")
	case !(p.MM > 0 && p.MM <= 1000):
		return fmt.Errorf("place.mm is %g, must be above 0 and at most 1000", p.MM)
	}
	return nil
}

// of is the position of a file in mm, or nil where its name tells none.
func (p *Place) of(file string) *float64 {
	if p == nil {
		return nil
	}
	found := regexp.MustCompile(p.Number).FindStringSubmatch(filepath.Base(file))
	if found == nil {
		return nil
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		return nil
	}
	at := float64(n) * p.MM
	return &at
}

// unplaced are sources without their places, which training does not heed.
func unplaced(all []Source) []Source {
	all = slices.Clone(all)
	for i := range all {
		all[i].Place = nil
	}
	return all
}

// stacks parts pairs into those that follow each other through one patient, and single ones.
func stacks(all []pair) [][]pair {
	var out [][]pair
	for _, p := range all {
		if last := len(out) - 1; last >= 0 && p.place != nil && out[last][0].place != nil && out[last][0].source == p.source && out[last][0].patient == p.patient {
			out[last] = append(out[last], p)
			continue
		}
		out = append(out, []pair{p})
	}
	return out
}
