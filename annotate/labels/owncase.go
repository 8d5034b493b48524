package labels

import (
	"fmt"
	"io"
	"math"
	"os"
	"slices"
)

// ownCase is the manifest of a case.
type ownCase struct {
	Format string `json:"format"`
	Series struct {
		UID         string `json:"uid"`
		Rows        int    `json:"rows"`
		Columns     int    `json:"columns"`
		Uneven      bool   `json:"uneven"`
		Fingerprint string `json:"fingerprint"` // ct.Series.Fingerprint; "" up to version 5, and where it was not to be had
	} `json:"series"`
	Slices []ownSlice `json:"slices"`
	Files  []ownFile  `json:"files"`
}

// place is a slice of the series, from 0, and how it was found; number is -1 where the
// slice's own UID or name has to tell it.
type place struct {
	number int
	by     By
}

var nowhere = place{number: -1}

// Reasons why a case of an export is left out.
const (
	wrongImages = "it is of other images"
	wrongPixels = "it is of other images: the pixels of its slices are not those of the series"
	changed     = "it is of these images, but their pixels, or the values that a window.json gives them, were changed since: export the work anew"
	wrongStack  = "it is of other images, or of more or fewer of them: made without the identity, it finds single slices only "
	tampered    = "its manifest was changed since the export: nothing says what its masks are of"
	notTold     = "it was made without the identity, and does not tell whether it is of these images: export it anew from the work, or read it "
	withKey     = "with the key that it was made with"
	otherKey    = withKey + ", and the key in use finds none of its slices here: if another key made it, name that one"
)

// otherExport is why a mask whose case is, in part, of the series finds no slice.
const otherExport = "the export that it is of was made of other images"

// maskless says why no labels come of exports by a preset, whatever they are of.
var maskless = map[string]string{
	"probability":    "its probability maps hold no masks, but what the model said: export the work by a preset of masks, such as png or nifti",
	"csv":            "its measurements hold no masks: export the work by a preset of masks, such as png or nifti",
	"seg-fractional": "its segmentation holds what the model said, and not what a person drew: export the work as seg, or name the DICOM file itself to take all that reaches a threshold",
}

// maskless says why a case holds no masks; "" where it does.
func (c *ownCase) maskless(preset string) string {
	if why := maskless[preset]; why != "" {
		return why
	}
	if !slices.ContainsFunc(c.Files, func(f ownFile) bool { return f.Kind == "mask" }) {
		return "it has no masks in the export, which left out all of its slices"
	}
	return ""
}

// places are the slices of the series by those of the case. Reason says why the case is
// not of the series, or not known to be; a case that is alone is looked at slice by slice,
// unless its names and UIDs were taken out. Forced takes one that is of other images.
func (c *ownCase) places(t *target, anonymous, alone, forced bool) (places []place, reason string) {
	places = make([]place, len(c.Slices))
	for i := range places {
		places[i] = nowhere
	}
	if c.byUID(t) {
		return places, ""
	}
	if anonymous {
		for i := range c.Slices {
			c.Slices[i].Source = "" // which is a number, and may be another slice's name
		}
		reason = c.placeAll(t, places)
	} else {
		reason = c.named(t, places, alone)
	}
	if reason == "" || !forced {
		return places, reason
	}
	if c.fits(t) && (anonymous || !c.hasName(t)) {
		for i := range places {
			places[i] = place{i, ByOrder}
		}
	}
	return places, ""
}

// byUID reports whether any slice of the case is the series', by its UID.
func (c *ownCase) byUID(t *target) bool {
	return slices.ContainsFunc(c.Slices, func(s ownSlice) bool { _, ok := t.byUID(s.UID, s.Frame); return ok })
}

// hasName reports whether a slice of the case that has no UID finds one of the series by its name.
func (c *ownCase) hasName(t *target) bool {
	return slices.ContainsFunc(c.Slices, func(s ownSlice) bool {
		if s.UID != "" {
			return false
		}
		_, reason := t.byName(s.Source)
		return reason == ""
	})
}

// named says why a case whose names were kept is of other images; "" where nothing says so.
func (c *ownCase) named(t *target, places []place, alone bool) (reason string) {
	switch {
	case c.pictured(t, places):
	case !alone && !c.hasName(t):
		return wrongImages
	case c.differs(t):
		return wrongPixels
	case c.foreign(t, false):
		return wrongImages
	}
	return ""
}

// foreign reports whether the case is known to be of another series by its UID: one that
// was kept, or that the key at hand gave. Where pixels tell that it is of these images, they
// come first, as images may get new UIDs.
func (c *ownCase) foreign(t *target, anonymous bool) bool {
	uid := c.Series.UID
	if uid == "" || !t.hasUIDs() || !slices.ContainsFunc(c.Slices, func(s ownSlice) bool { return s.UID != "" }) {
		return false // as of pictures, whose UIDs are of their folder
	}
	if uid == t.s.UID || uid == t.uid || t.key.uid(uid) == t.s.UID || c.fits(t) && c.Series.Fingerprint != "" && c.Series.Fingerprint == t.fingerprint() {
		return false
	}
	return !anonymous || t.key.made(uid)
}

// placeAll finds the slices of a case whose names and UIDs tell nothing, as it was made
// without the identity and the key is not known. They are in the order of the series
// where that is of the same images, which numbers and sizes do not prove.
func (c *ownCase) placeAll(t *target, places []place) (reason string) {
	if c.pictured(t, places) {
		return ""
	}
	if !c.fits(t) {
		return wrongStack + t.withKey()
	}
	if c.foreign(t, true) && !c.differs(t) {
		return wrongImages
	}
	by, reason := c.same(t)
	if reason == "" {
		for i := range places {
			places[i] = place{i, by}
		}
	}
	return reason
}

// same tells how the case, which has as many slices of the same size, is known to be of
// the series, or why it is not.
func (c *ownCase) same(t *target) (by By, reason string) {
	mine := t.uid != "" && c.Series.UID == t.uid
	switch lies, told := c.lies(t); {
	case c.differs(t) && mine:
		return "", changed
	case c.differs(t):
		return "", wrongPixels
	case c.Series.Fingerprint != "" && t.fingerprint() != "":
		return ByImages, ""
	case mine:
		return ByUID, ""
	case !lies:
		return "", wrongImages
	case !told:
		return "", notTold + t.withKey()
	}
	return ByPosition, ""
}

// withKey is what to say of the key that a case was made with.
func (t *target) withKey() string {
	if t.key.UID != nil {
		return otherKey
	}
	return withKey
}

// fits reports whether the case has as many slices as the series, of the same size.
func (c *ownCase) fits(t *target) bool {
	return len(c.Slices) == t.s.Len() && c.Series.Rows == t.s.Rows && c.Series.Columns == t.s.Columns
}

// differs reports whether the case is known to be of other images, though it has as many
// slices of the same size.
func (c *ownCase) differs(t *target) bool {
	said := c.Series.Fingerprint
	return c.fits(t) && said != "" && t.fingerprint() != "" && said != t.fingerprint()
}

// lies reports whether each slice lies where that of the series does, as far as both
// say so; told, whether all do.
func (c *ownCase) lies(t *target) (lies, told bool) {
	told = true
	for i, s := range c.Slices {
		from := t.s.Sources[i]
		if s.MM == nil || !from.HasPosition {
			told = false
		} else if math.Abs(*s.MM-from.PositionMM) > 0.01 {
			return false, told
		}
	}
	return true, told
}

// pictured places a case whose pictures are the series' own: the files that the export
// wrote beside its masks.
func (c *ownCase) pictured(t *target, places []place) bool {
	at, sizes := map[string][]int{}, map[int64]bool{} // slices by what their pictures are
	for _, f := range c.Files {
		if f.Kind == "image" && f.Slice > 0 && f.Slice <= len(c.Slices) {
			at[f.SHA256], sizes[f.Bytes] = append(at[f.SHA256], f.Slice-1), true
		}
	}
	found := make([]int, t.s.Len())
	for i, from := range t.s.Sources {
		sum := t.sum(from.File, sizes)
		if sum == "" || len(at[sum]) == 0 {
			return false
		}
		found[i], at[sum] = at[sum][0], at[sum][1:]
	}
	for i, k := range found {
		places[k] = place{i, ByImages}
	}
	return true
}

// sum is the SHA-256 of a file, in hex, if it has one of the sizes; else, or where it
// cannot be read, "".
func (t *target) sum(path string, sizes map[int64]bool) string {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || !sizes[info.Size()] {
		return ""
	}
	if sum, ok := t.sums[path]; ok {
		return sum
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	sum, err := sumOf(io.LimitReader(f, info.Size()))
	if err != nil {
		return ""
	}
	t.sums[path] = sum
	return sum
}

// masks are the case's slices, by themselves.
func (c *ownCase) masks(places []place) []ownMask {
	out := make([]ownMask, len(c.Slices))
	for i, s := range c.Slices {
		out[i] = ownMask{ownSlice: s, place: places[i]}
	}
	return out
}

// slice finds the slice that a manifest names: by UID, by the case as a whole, or by the
// source's name.
func (m *ownMask) slice(t *target) (i int, by By, reason string) {
	if i, ok := t.byUID(m.UID, m.Frame); ok {
		return i, ByUID, ""
	}
	if m.number >= 0 {
		return m.number, m.place.by, ""
	}
	if m.UID != "" || m.Source == "" {
		return 0, "", otherExport
	}
	source := m.Source
	if m.Frame > 0 {
		source = fmt.Sprintf("%s_%04d", bare(source), m.Frame)
	}
	i, reason = t.byName(source)
	return i, ByName, reason
}
