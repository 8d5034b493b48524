package derived

import (
	"encoding/binary"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// element is a data element.
type element struct {
	tag   tag.Tag
	vr    string
	value []byte
	items iter.Seq[dataset] // of a sequence
	bulk  *bulk             // in place of value
}

// dataset is elements in any order.
type dataset []element

// text is an element of one or more values of text, which hold no backslash.
func text(t tag.Tag, values ...string) element {
	return element{tag: t, vr: vrOf(t), value: []byte(strings.Join(values, `\`))}
}

// short is an element of 16-bit numbers (US), long of 32-bit ones (UL).
func short(t tag.Tag, values ...uint16) element {
	e := element{tag: t, vr: "US"}
	for _, v := range values {
		e.value = binary.LittleEndian.AppendUint16(e.value, v)
	}
	return e
}

func long(t tag.Tag, values ...uint32) element {
	e := element{tag: t, vr: "UL"}
	for _, v := range values {
		e.value = binary.LittleEndian.AppendUint32(e.value, v)
	}
	return e
}

// pointer is an element that names another by its tag.
func pointer(t, to tag.Tag) element {
	e := element{tag: t, vr: "AT"}
	e.value = binary.LittleEndian.AppendUint16(e.value, to.Group)
	e.value = binary.LittleEndian.AppendUint16(e.value, to.Element)
	return e
}

// sequence is a sequence of items, which may be made while it is written.
func sequence(t tag.Tag, items iter.Seq[dataset]) element {
	return element{tag: t, vr: "SQ", items: items}
}

func sequenceOf(t tag.Tag, items ...dataset) element { return sequence(t, slices.Values(items)) }

// decimals is an element of decimal strings.
func decimals(t tag.Tag, values ...float64) element {
	e := element{tag: t, vr: "DS"}
	for i, v := range values {
		if i > 0 {
			e.value = append(e.value, '\\')
		}
		e.value = appendDecimal(e.value, v, 17)
	}
	return e
}

// appendDecimal appends a number as a decimal string of at most digits significant
// digits, and of at most 16 characters (PS3.5 6.2).
func appendDecimal(b []byte, v float64, digits int) []byte {
	if v == 0 {
		v = 0 // not -0
	}
	start := len(b)
	if digits >= 17 {
		if b = strconv.AppendFloat(b, v, 'f', -1, 64); len(b)-start <= 16 {
			return b
		}
	}
	for ; ; digits-- {
		if b = strconv.AppendFloat(b[:start], v, 'g', digits, 64); len(b)-start <= 16 {
			return b
		}
	}
}

func integer(t tag.Tag, values ...int) element {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = strconv.Itoa(v)
	}
	return text(t, words...)
}

// cleaned is an element of text that people typed.
func cleaned(t tag.Tag, value string) element { return text(t, Clean(value, longest[vrOf(t)])) }

// vrOf is an element's VR, as the dictionary has it.
func vrOf(t tag.Tag) string { return tag.MustFind(t).VRs[0] }

// longest are the most characters of a value (PS3.5 6.2).
var longest = map[string]int{"SH": 16, "LO": 64, "PN": 64, "CS": 16, "UI": 64, "ST": 1024}

// Clean is text without what a value cannot have, control characters and
// backslashes, and of at most so many characters.
func Clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\\' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > most {
		s = strings.TrimSpace(string(r[:most]))
	}
	return s
}
