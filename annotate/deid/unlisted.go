package deid

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"
	"sync"

	"groundglass/annotate/ct/dicom"
)

// texts.csv holds the texts that are not in Table E.1-1 and are not emptied, with what
// becomes of them and why: K stays, C keeps the words that say nothing of a person, or
// becomes what is behind the slash where none is left.
//
//go:embed texts.csv
var textsCSV string

// texts are the actions of texts.csv.
var texts = sync.OnceValue(func() map[uint32][]Action {
	lines, err := csv.NewReader(strings.NewReader(textsCSV)).ReadAll()
	if err != nil {
		panic(err) // a test reads it
	}
	out := map[uint32][]Action{}
	for _, l := range lines[1:] {
		tag, _ := strconv.ParseUint(l[0], 16, 32)
		for a := range strings.SplitSeq(l[2], "/") {
			out[uint32(tag)] = append(out[uint32(tag)], Action(a))
		}
	}
	return out
})

// unlisted decides on what the table does not list, first on what to try. The profile
// would keep it all. But a text that people type may hold anything, whatever its
// attribute is for, and a short name in it could not be told from other words: so texts
// are emptied, which is valid for the types 2 and 3, unless texts.csv says that they are
// of a device, a program or a code, or need a value. With Clean Descriptors their safe
// words stay. What is of an unknown attribute, and foreign names, go. A text is what the
// file or the dictionary says is one, since a file may mark it as another thing.
func unlisted(tag uint32, vr string, o Options) []Action {
	keyword, own := dicom.Describe(tag)
	switch {
	case keyword == "", vr == "PN", own == "PN":
		return []Action{Remove}
	case (vr == "UI" || own == "UI") && !o.KeepUIDs && !namesKind(keyword):
		return []Action{Map}
	case isTime(vr) || isTime(own):
		return map[Dates][]Action{RemoveDates: {Remove}, ShiftDates: {Tidy, Remove}, KeepDates: {Keep}}[o.Dates]
	case !isTyped(vr) && !isTyped(own):
		return []Action{Keep}
	}
	if does := texts()[tag]; does != nil {
		return does
	}
	if o.CleanDescriptors && isText(vr) {
		return []Action{Tidy, Zero}
	}
	return []Action{Zero}
}

// isTyped tells the value representations of what people may have typed.
func isTyped(vr string) bool { return isText(vr) || vr == "AE" || vr == "UR" }

// namesKind tells the attributes whose UIDs name kinds of things, not things.
func namesKind(keyword string) bool {
	for _, part := range []string{"SOPClass", "TransferSyntax", "CodingScheme", "Mapping", "ContextUID", "ContextGroup"} {
		if strings.Contains(keyword, part) {
			return true
		}
	}
	return false
}

// otherwise is what becomes of a value that cannot be cleaned.
func otherwise(tag uint32, vr string, o Options) Action {
	if row := rowOf(tag); row != nil {
		return row.basic()
	}
	does := unlisted(tag, vr, o)
	return does[len(does)-1]
}
