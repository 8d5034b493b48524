package export

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// orientations gathers how the pictures of an export lie in the patient, which have the
// stored order of pixels.
type orientations struct {
	kinds []string            // in words, in the order in which they came
	cases map[string][]string // by them
}

// add notes a case that was exported as pictures, if it is known how they lie.
func (o *orientations) add(e *CaseEntry) {
	lies := e.Series.Orientation
	if lies == nil || !slices.ContainsFunc(e.Files, func(f FileEntry) bool { return path.Ext(f.File) == ".png" }) {
		return
	}
	kind := fmt.Sprintf("%s on the left and %s at the top", lies.Left, lies.Top)
	if o.cases == nil {
		o.cases = map[string][]string{}
	}
	if o.cases[kind] == nil {
		o.kinds = append(o.kinds, kind)
	}
	o.cases[kind] = append(o.cases[kind], e.Case)
}

// usualOrientation is how slices lie that are seen from the feet, the front up.
const usualOrientation = "R on the left and A at the top"

// remarks says where pictures lie otherwise than usual, or than each other.
func (o *orientations) remarks() []string {
	if len(o.kinds) == 0 || len(o.kinds) == 1 && o.kinds[0] == usualOrientation {
		return nil
	}
	var each []string
	for _, kind := range o.kinds {
		each = append(each, fmt.Sprintf("%s in %s", kind, few(o.cases[kind])))
	}
	what := "pictures lie otherwise than with " + usualOrientation
	if len(o.kinds) > 1 {
		what = "pictures of the cases lie differently"
	}
	return []string{fmt.Sprintf("%s, since they have the stored order of pixels: they have %s.", what, strings.Join(each, "; "))}
}
