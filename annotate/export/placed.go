package export

import (
	"fmt"
	"slices"
)

// placed compares the files of slice i with those that there should be, by their paths
// with their kinds.
func placed(r *Reader, i int, want map[string]string) (problems []string) {
	for _, e := range r.Entry.Files {
		switch {
		case e.Slice != i+1:
		case want[e.File] == e.Kind:
			delete(want, e.File)
		default:
			problems = append(problems, fmt.Sprintf("%s is not where the %s of slice %d belongs.", e.File, e.Kind, i+1))
		}
	}
	missing := make([]string, 0, len(want))
	for name, kind := range want {
		missing = append(missing, fmt.Sprintf("slice %d has no %s: %s is not there.", i+1, kind, name))
	}
	slices.Sort(missing)
	return append(problems, missing...)
}
