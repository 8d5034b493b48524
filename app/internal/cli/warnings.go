package cli

import (
	"fmt"
	"path/filepath"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
	"groundglass/annotate/export"
)

// lookedAt is how many slices of a series are looked at for text.
const lookedAt = 16

// Warnings says what else may tell whom a case shows when it is exported to a folder: words of the patient's name or ID in
// names that people chose, and text in the pictures that leave.
func Warnings(dir string, c *export.Case, p export.Preset, o export.Options) []string {
	out := NameWarnings(dir, o.Name, c)
	if i := textLike(c.Series, p.Pictures(o)); i >= 0 {
		out = append(out, fmt.Sprintf("There seems to be text in the picture of slice %d, which leaves with it.", i+1))
	}
	return out
}

// NameWarnings says which words of the patient's name or ID are in the name of a folder, in those of the folders around it,
// in a data set's name, or in those of labels. It takes no time.
func NameWarnings(dir, name string, c *export.Case) []string {
	if pseudonymous(c.Series) && c.Patient == c.Series.Patient.ID {
		return nil // it is a pseudonym
	}
	texts := map[string]string{
		"The folder's name": filepath.Base(dir), "The path to the folder": filepath.Dir(dir), "The data set's name": name,
	}
	for i, l := range c.Labels {
		texts[fmt.Sprintf("The name of label %d", i+1)] = l.Name
	}
	return export.Suspicious(c, texts)
}

// textLike is a slice that seems to have text in it, of some that are spread over the series whose
// pictures leave; -1 for none.
func textLike(s *ct.Series, leaves bool) int {
	n := min(s.Len(), lookedAt)
	if !leaves {
		return -1
	}
	for k := range n {
		i := k * s.Len() / n
		if slice, err := s.Slice(i); err == nil && deid.TextLike(slice.HU, slice.W, slice.H) {
			return i
		}
	}
	return -1
}
