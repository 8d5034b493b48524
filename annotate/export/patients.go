package export

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// heldOut tells which cases are held out for testing: those of one fold of the
// patients, but of the second, so that none are where there is one patient alone.
func heldOut(patients, cases []string, folds int) []bool {
	out := make([]bool, len(cases))
	for k, fold := range drawn(patients, cases, folds) {
		out[k] = fold == 1
	}
	return out
}

// drawn is the fold, of so many, that each case's patient is in: patients are dealt out
// in an order that is as good as drawn, and the same for the same patients. A case of
// nobody that is known is taken for a patient of its own.
func drawn(patients, cases []string, folds int) []int {
	who := make([]string, len(cases))
	for k, p := range patients {
		if who[k] = "patient " + p; p == "" {
			who[k] = "case " + cases[k]
		}
	}
	order := slices.Clone(who)
	slices.SortFunc(order, func(a, b string) int {
		x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
		return cmp.Or(slices.Compare(x[:], y[:]), strings.Compare(a, b))
	})
	fold := map[string]int{}
	for rank, p := range slices.Compact(order) {
		fold[p] = rank % folds
	}
	out := make([]int, len(cases))
	for k, p := range who {
		out[k] = fold[p]
	}
	return out
}

// heldTwice names patients who are both held out and not.
func heldTwice(m *Manifest) (problems []string) {
	first := map[string]bool{}
	for _, c := range m.Cases {
		held, seen := first[c.Patient]
		if c.Patient == "" || seen && held == c.Held {
			continue
		}
		if seen {
			problems = append(problems, fmt.Sprintf("the patient %s is held out, and not.", c.Patient))
		}
		first[c.Patient] = c.Held
	}
	return problems
}

// Patients are whom each of several series shows, for a Set.
func Patients(all []*ct.Series) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.Patient.ID
	}
	return out
}
