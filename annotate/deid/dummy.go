package deid

import "strings"

// anonymized stands in the place of texts.
const anonymized = "ANONYMIZED"

// dummyOf returns a value that is valid for a value representation and says
// nothing: of numbers as many zero bytes as there were.
func dummyOf(vr string, length int64) []byte {
	switch vr {
	case "AS":
		return []byte("000Y")
	case "DA":
		return []byte("19000101")
	case "TM":
		return []byte("000000")
	case "DT":
		return []byte("19000101000000")
	case "DS", "IS":
		return []byte("0")
	case "UR":
		return []byte("urn:anonymized")
	case "UI":
		return []byte("2.25.0")
	}
	if isString(vr) {
		return []byte(anonymized)
	}
	return make([]byte, min(max(length, 2), 64)/2*2)
}

// isDummy tells texts that stand in the place of others.
func isDummy(text string) bool {
	switch text {
	case "000Y", "19000101", "000000", "19000101000000", "urn:anonymized", "2.25.0":
		return true
	}
	return strings.EqualFold(text, anonymized)
}

// known tells the UIDs that are the standard's own, which name kinds of things.
func known(uid string) bool {
	return strings.HasPrefix(uid, "1.2.840.10008.") && strings.Trim(uid, "0123456789.") == ""
}

// mapUIDs maps each of the UIDs of a value.
func mapUIDs(key Mapper, value string) string {
	uids := strings.Split(value, `\`)
	for i, u := range uids {
		if u = strings.Trim(u, " \x00"); u != "" && !known(u) {
			u = key.UID(u)
		}
		uids[i] = u
	}
	return strings.Join(uids, `\`)
}
