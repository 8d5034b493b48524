package deid

import (
	"errors"
	"slices"
	"strings"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/internal/leak"
)

// needed tells the attributes without which pixels, their places or labels cannot be
// read.
func needed(tag uint32) bool {
	switch tag {
	case 0x00281050, 0x00281051, 0x00281055, burnedIn: // windows are for people
		return false
	case classUID, modality, 0x00180050, 0x00180088, 0x00200032, 0x00200037, 0x00209157, 0x00620001, 0x00620004, 0x0062000b, 0x0062000e, 0x00720064,
		0x30060022, 0x30060042, 0x30060046, 0x30060050, 0x30060084, 0x00540081:
		return true
	}
	return tag>>16 == 0x0028
}

// type1 are coded attributes, besides needed ones, that must have a value (PS3.3, of
// images and their labels).
var type1 = map[uint32]bool{imageType: true, 0x00620008: true, 0x00620010: true, 0x00700080: true, 0x00189073: true, 0x00089205: true, 0x00089206: true, 0x00089207: true, 0x00089007: true}

// usualCodes are coded values of two and three letters that could be names.
var usualCodes = strings.Fields("YES NO ON OFF HFS HFP FFS FFP HFD FFD CT MR PT CR DX US NM HU HU_MOD OD LR RL CC CW CBR MAN")

var (
	errNeeded = errors.New("a name or number of a person is in it, without which the picture cannot be read")
	errBinary = errors.New("a name or number of a person is in it")
	errForm   = errors.New("it holds what its kind of value cannot, and the picture cannot be read without it")
)

// stayed is a value that the profile keeps: as it is, or without what tells a person of
// the file, and without what its VR does not allow.
func (c *cleaner) stayed(e dicom.Element) (*element, Action, error) {
	made := &element{tag: e.Tag, vr: e.VR}
	_, own := dicom.Describe(e.Tag)
	if e.VR == "UN" && isString(own) {
		e.VR = own // which the file does not say
	}
	value, err := c.kept(e)
	if err != nil {
		return nil, Keep, err
	}
	made.value = value
	switch {
	case e.VR == "CS" && (own == "CS" || isLegal(own, string(value))):
		return c.stayedCodes(e, made)
	case !isLegal(e.VR, string(value)) && e.VR == "UI":
		return gone(e, made, errForm)
	case !isLegal(e.VR, string(value)), isString(e.VR) && !isLegal(own, string(value)): // which nobody can read as what it should be
		made.value = nil
		return made, Zero, nil
	case isFree(e.Tag, e.VR):
		return c.stayedText(e, made)
	case isTime(e.VR):
	case e.VR == "UI":
		if c.o.KeepUIDs || !namesKind(nameOf(e.Tag)) || !c.inUIDs(string(value)) {
			break
		}
		made.value = []byte(mapUIDs(c.key, string(value)))
		return made, Map, nil
	case isString(e.VR) && e.VR != "DS" && e.VR != "IS":
		if !c.marks.in(readings(e), inCodes) {
			break
		}
		made.value = dummyOf(e.VR, e.Length)
		return made, Dummy, nil
	case c.marks.inNumbers(c.marks.numbersOf(e.VR, value), leastDigits(e.Tag)):
		return gone(e, made, errNeeded)
	case isBinary(e.VR) && c.marks.inBytes(value):
		return nil, Keep, errBinary
	}
	return made, Keep, nil
}

func leastDigits(tag uint32) int {
	if needed(tag) {
		return inNeeded
	}
	return inCounts
}

// isBinary tells the value representations of bytes and tables.
func isBinary(vr string) bool {
	switch vr {
	case "OB", "OD", "OF", "OL", "OV", "OW", "UN":
		return true
	}
	return false
}

// inUIDs tells whether a component of UIDs that are not the standard's is a number of a
// person.
func (c *cleaner) inUIDs(uids string) bool {
	for uid := range strings.SplitSeq(uids, `\`) {
		if uid = strings.Trim(uid, " \x00"); !known(uid) && c.marks.inNumbers(strings.Split(uid, "."), inNeeded) {
			return true
		}
	}
	return false
}

// gone is what is left of a value that cannot stay: nothing, or why the file cannot be
// written.
func gone(e dicom.Element, made *element, why error) (*element, Action, error) {
	if needed(e.Tag) {
		return nil, Keep, why
	}
	made.value = nil
	return made, Zero, nil
}

// stayedText is a text that stays, or a dummy.
func (c *cleaner) stayedText(e dicom.Element, made *element) (*element, Action, error) {
	least := leak.InNotes
	if needed(e.Tag) {
		least = inCodes // as HU is a unit, and a name
	}
	if !c.marks.in(readings(e), least) {
		return made, Keep, nil
	}
	made.value = []byte(anonymized)
	return made, Dummy, nil
}

// stayedCodes are coded values that stay. Of several, those that cannot are dummies; one
// alone is left empty where it may be.
func (c *cleaner) stayedCodes(e dicom.Element, made *element) (*element, Action, error) {
	values := strings.Split(strings.Trim(string(made.value), " \x00"), `\`)
	changed := false
	for i, v := range values {
		switch {
		case !c.tellsCode(e.Tag, v):
			continue
		case needed(e.Tag):
			return nil, Keep, errNeeded
		}
		values[i], changed = anonymized, true
	}
	switch {
	case !changed:
		return made, Keep, nil
	case len(values) == 1 && !type1[e.Tag]:
		made.value = nil
		return made, Zero, nil
	}
	made.value = []byte(strings.Join(values, `\`))
	return made, Dummy, nil
}

// tellsCode tells whether a coded value has a mark in it, or is none. What is made of
// words that say nothing of a person stays.
func (c *cleaner) tellsCode(tag uint32, value string) bool {
	value = strings.Trim(value, " ")
	if value == "" || isDummy(value) || slices.Contains(usualCodes, value) || sayNothing(value) {
		return false
	}
	least := leak.InNotes
	if needed(tag) {
		least = inCodes
	}
	return !isLegal("CS", value) || c.marks.in([]string{value}, least)
}

// sayNothing tells whether all words of a value say nothing of a person.
func sayNothing(value string) bool {
	words := leak.Words(value)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !safeWords()[w] })
}

// legal are the characters of values (PS3.5 6.2), and of files that are less strict.
var legal = map[string]string{
	"CS": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-+/.,()*:#%&=<>",
	"DS": "0123456789+-Ee. \\", "IS": "0123456789+-Ee. \\",
	"AS": "0123456789DWMYdwmy \\", "DA": "0123456789.- \\", "TM": "0123456789.:- \\", "DT": "0123456789.:+- \\",
	"UI": "0123456789. \\",
}

// isLegal tells whether a value has the characters of its VR alone.
func isLegal(vr, value string) bool {
	allowed, ok := legal[vr]
	return !ok || strings.Trim(value, allowed+"\x00") == ""
}
