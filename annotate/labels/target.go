package labels

import (
	"sync"

	"groundglass/annotate/ct"
)

// target finds the slices of a series.
type target struct {
	s            *ct.Series
	instances    map[instance]int
	exact, loose nameIndex
	origins      []vector // centre of the first pixel, by slice
	uid          string   // what files have in place of the series' UID; "" where no key is known
	key          Key
	fingerprint  func() string
	sums         map[string]string // SHA-256 of files that were looked at
}

// instance is a picture as other objects refer to it: frames count from 1, and
// are 0 in files of a single one.
type instance struct {
	uid   string
	frame int
}

func newTarget(s *ct.Series, key Key) *target {
	t := &target{s: s, instances: map[instance]int{}, exact: nameIndex{}, loose: nameIndex{}, key: key, sums: map[string]string{}}
	t.fingerprint = sync.OnceValue(s.Fingerprint)
	if key.UID != nil && s.UID != "" {
		t.uid = key.UID(s.UID)
	}
	for i, src := range s.Sources {
		t.origins = append(t.origins, s.At(0, 0, i))
		if src.SOPInstanceUID != "" {
			t.instances[instance{src.SOPInstanceUID, src.Frame}] = i
			if key.UID != nil {
				t.instances[instance{key.UID(src.SOPInstanceUID), src.Frame}] = i
			}
		}
		t.addSlice(i, src)
	}
	return t
}

// byUID finds the slice that an object refers to. A reference to a file of one
// frame may name that frame.
func (t *target) byUID(uid string, frame int) (int, bool) {
	if uid == "" {
		return 0, false
	}
	i, ok := t.instances[instance{uid, frame}]
	if !ok && frame == 1 {
		i, ok = t.instances[instance{uid, 0}]
	}
	return i, ok
}

// hasUIDs reports whether the series is of files that have UIDs, as DICOM's.
func (t *target) hasUIDs() bool { return t.s.Len() > 0 && t.s.Sources[0].SOPInstanceUID != "" }
