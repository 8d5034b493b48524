package labels

import "testing"

// FOLDER_0001 is the first slice of the series where an export of this program wrote it,
// and the file 001 to others. Where these differ it is neither.
func TestNumberedNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []string
		want  int // slice of r_0001; -1 for none
	}{
		{"files from 1", []string{"/x/r/001.dcm", "/x/r/002.dcm"}, 0},
		{"files from 0", []string{"/x/r/000.dcm", "/x/r/001.dcm"}, -1},
		{"files from 0, of four digits", []string{"/x/r/0000.dcm", "/x/r/0001.dcm"}, -1},
		{"files against the order", []string{"/x/r/002.dcm", "/x/r/001.dcm"}, -1},
		{"a file's very name", []string{"/x/r/r_0000.png", "/x/r/r_0001.png"}, 1},
	} {
		s := straight(1, 1, len(c.files))
		for i, f := range c.files {
			s.Sources[i].File = f
		}
		i, reason := newTarget(s, Key{}).byName("/out/r_0001.png")
		if reason != "" {
			i = -1
		}
		if i != c.want {
			t.Errorf("%s: slice %d (%s), want %d", c.name, i, reason, c.want)
		}
	}
}
