package deid

import (
	"strings"

	"groundglass/annotate/ct/dicom"
)

// code is a coded method of PS3.16 CID 7050.
type code struct{ value, meaning string }

// codes are the methods that the options stand for.
func (o Options) codes() []code {
	out := []code{{"113100", "Basic Application Confidentiality Profile"}}
	for _, option := range []struct {
		used bool
		code
	}{
		{o.CleanDescriptors, code{"113105", "Clean Descriptors Option"}},
		{o.Dates == KeepDates, code{"113106", "Retain Longitudinal Temporal Information Full Dates Option"}},
		{o.Dates == ShiftDates, code{"113107", "Retain Longitudinal Temporal Information Modified Dates Option"}},
		{o.KeepPatient, code{"113108", "Retain Patient Characteristics Option"}},
		{o.KeepDevice, code{"113109", "Retain Device Identity Option"}},
		{o.KeepUIDs, code{"113110", "Retain UIDs Option"}},
	} {
		if option.used {
			out = append(out, option.code)
		}
	}
	return out
}

// Method says in one line what was done, as the file does.
const Method = maker + Edition + " Table E.1-1"

// maker begins Method, whatever the edition.
const maker = "Groundglass: DICOM PS3.15 "

// Made reports whether a file whose De-identification Method is this one was cleaned by
// this package.
func Made(method string) bool { return strings.HasPrefix(method, maker) }

// methods are the attributes that say how the file was cleaned.
func (c *cleaner) methods() dataset {
	var items []dataset
	for _, k := range c.o.codes() {
		items = append(items, dataset{
			{tag: 0x00080100, vr: "SH", value: []byte(k.value)},
			{tag: 0x00080102, vr: "SH", value: []byte("DCM")},
			{tag: 0x00080104, vr: "LO", value: []byte(k.meaning)},
		})
	}
	return dataset{
		{tag: characterSet, vr: "CS", value: []byte("ISO_IR 192")},
		{tag: identityRemoved, vr: "CS", value: []byte("YES")},
		{tag: method, vr: "LO", value: []byte(Method)},
		{tag: methodCodes, vr: "SQ", items: items},
		{tag: datesModified, vr: "CS", value: []byte(temporal(c.object, c.o.Dates))},
	}
}

// temporal is the file's Longitudinal Temporal Information Modified: what was done
// to its dates, now or before.
func temporal(o *dicom.Object, d Dates) string {
	before := o.Text(datesModified)
	switch {
	case d == RemoveDates || before == "REMOVED":
		return "REMOVED"
	case d == ShiftDates || before == "MODIFIED":
		return "MODIFIED"
	}
	return "UNMODIFIED"
}
