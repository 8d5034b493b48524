package deid

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/internal/leak"
)

// cleaner cleans one file.
type cleaner struct {
	ctx    context.Context
	object *dicom.Object
	key    Mapper
	o      Options
	id     string // what the patient goes by
	marks  *marks // of the people of the file
	collector
	report Report
}

func newCleaner(ctx context.Context, object *dicom.Object, key Mapper, o Options) *cleaner {
	c := &cleaner{ctx: ctx, object: object, key: key, o: o, collector: collector{manySpellings, map[Secret]bool{}}}
	c.report.Class, c.report.Modality = object.Text(classUID), object.Text(modality)
	c.report.Was = Identity{object.Text(patientID), object.Text(studyUID), object.Text(seriesUID), object.Text(instanceUID)}
	c.report.Person = dicom.PersonOf(object)
	c.id = c.report.Person.Whom()
	c.report.Patient = key.Patient(c.id)
	c.report.Study, c.report.Series, c.report.Instance = c.uid(c.report.Was.Study), c.uid(c.report.Was.Series), c.uid(c.report.Was.Instance)
	c.report.LeaveOut, c.report.Warnings = leaveOut(object), warnings(object)
	return c
}

func (c *cleaner) uid(uid string) string {
	if c.o.KeepUIDs {
		return uid
	}
	return mapUIDs(c.key, uid)
}

// clean returns the data set without identities.
func (c *cleaner) clean() (dataset, error) {
	named := slices.DeleteFunc(c.collector.people(c.object.Item), func(s Secret) bool {
		return s.Value == c.report.Patient // the pseudonym, in a file that was cleaned before
	})
	if err := c.secret(named); err != nil {
		return nil, err
	}
	c.marks = newMarks(c.object, c.report.Secrets, c.o.Dates)
	set, err := c.items(c.object.Item, "", false)
	if err != nil {
		return nil, err
	}
	for i := range c.report.Secrets {
		if c.report.Secrets[i].Patient == thisPatient {
			c.report.Secrets[i].Patient = c.report.Patient
		}
	}
	return append(set, c.methods()...).sorted(), nil
}

// items cleans a data set. Inside a sequence that a dummy stands for, all values
// are dummies.
func (c *cleaner) items(item dicom.Item, path string, dummy bool) (out dataset, err error) {
	if err := c.ctx.Err(); err != nil {
		return nil, err
	}
	for _, e := range item.Elements() {
		if e.Tag&0xffff == 0 || replaced(e.Tag) {
			continue
		}
		action := decide(e.Tag, e.VR, c.o)
		if dummy && (action == Keep || action == Tidy) && e.VR != "CS" && e.VR != "UI" {
			action = Dummy
		}
		made, err := c.element(e, action, path)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be cleaned: %w", place(path, e.Tag), err)
		}
		if made != nil {
			out = append(out, *made)
		}
	}
	return out, nil
}

// element does to an element what its action says; nil where nothing is left.
func (c *cleaner) element(e dicom.Element, action Action, path string) (*element, error) {
	if e.VR == "SQ" {
		if action == Remove || action == Zero {
			if err := c.secret(c.secrets(e)); err != nil {
				return nil, err
			}
		}
		return c.sequence(e, action, path)
	}
	made, action, err := c.value(e, action)
	if err != nil {
		return nil, err
	}
	if action == Keep || made != nil && stays(e, made) {
		c.report.Kept++
		return made, nil
	}
	if err := c.secret(c.secrets(e)); err != nil {
		return nil, err
	}
	c.note(e, action, made, path)
	return made, nil
}

// secret notes what must not be in the file any more.
func (c *cleaner) secret(more []Secret) (err error) {
	c.report.Secrets, err = c.take(c.report.Secrets, more)
	return err
}

// stays tells whether a value is what it was, as it is in a file that was cleaned before.
func stays(e dicom.Element, made *element) bool {
	text, err := e.Text()
	return err == nil && isString(e.VR) && text == string(made.value)
}

// sequence cleans a sequence. One that is kept, or whose UIDs are mapped, stays with
// clean items.
func (c *cleaner) sequence(e dicom.Element, action Action, path string) (*element, error) {
	if action == Tidy {
		action = otherwise(e.Tag, e.VR, c.o)
	}
	made := &element{tag: e.Tag, vr: "SQ"}
	if action == Keep {
		c.report.Kept++
	} else {
		c.note(e, action, made, path)
	}
	switch action {
	case Remove:
		return nil, nil
	case Zero:
		return made, nil
	}
	for i, item := range e.Items {
		set, err := c.items(item, fmt.Sprintf("%s[%d]", place(path, e.Tag), i+1), action == Dummy)
		if err != nil {
			return nil, err
		}
		made.items = append(made.items, set.sorted())
	}
	return made, nil
}

// value does to a value what its action says, and says what was done in the end.
func (c *cleaner) value(e dicom.Element, action Action) (*element, Action, error) {
	made := &element{tag: e.Tag, vr: e.VR}
	if e.Length < 0 {
		return nil, Remove, nil // pixels in fragments that are not the file's own
	}
	switch action {
	case Remove:
		return nil, Remove, nil
	case Zero, Dummy:
		made.value = c.standIn(e, action)
		return made, action, nil
	case Map:
		text, err := e.Text()
		made.vr, made.value = "UI", []byte(mapUIDs(c.key, text))
		return made, Map, err
	case Tidy:
		return c.tidied(e)
	}
	return c.stayed(e)
}

// kept is a value that stays, with its text in UTF-8.
func (c *cleaner) kept(e dicom.Element) ([]byte, error) {
	if !isText(e.VR) {
		return e.Bytes()
	}
	text, err := e.Text()
	return []byte(text), err
}

// standIn is what stands in the place of a value: nothing, a dummy, or the
// patient's pseudonym.
func (c *cleaner) standIn(e dicom.Element, action Action) []byte {
	switch {
	case e.Tag == patientName || e.Tag == patientID || e.Tag == trialSubjectID:
		return []byte(c.report.Patient)
	case action == Zero:
		return nil
	}
	return dummyOf(e.VR, e.Length)
}

// tidied shifts a date or cleans a description. What cannot be is treated as the
// profile says.
func (c *cleaner) tidied(e dicom.Element) (*element, Action, error) {
	text, err := e.Text()
	if err != nil {
		return nil, Tidy, err
	}
	row := rowOf(e.Tag)
	made, ok := &element{tag: e.Tag, vr: e.VR}, false
	switch {
	case e.VR == "DA" || e.VR == "DT":
		text, ok = shift(e.VR, text, c.days())
	case e.VR == "TM":
		ok = isLegal(e.VR, text) // whole days leave it as it is
	case isText(e.VR) && !(c.o.Dates == ShiftDates && row != nil && row.Shifted != ""):
		text = tidy(text)
		ok = text != "" && !c.marks.in([]string{text}, leak.InNotes)
	}
	if made.value = []byte(text); ok {
		return made, Tidy, nil
	}
	return c.value(e, otherwise(e.Tag, e.VR, c.o))
}

// note reports a change.
func (c *cleaner) note(e dicom.Element, action Action, made *element, path string) {
	change := Change{Tag: e.Tag, Keyword: nameOf(e.Tag), Path: path, Action: action, Original: original(e)}
	if made == nil {
		change.Action = Remove
	} else if isString(made.vr) {
		change.New = shorten(string(made.value))
	}
	c.report.Changes = append(c.report.Changes, change)
}

// original shows a value as people read it.
func original(e dicom.Element) string {
	switch {
	case e.VR == "SQ":
		if len(e.Items) == 1 {
			return "1 item"
		}
		return fmt.Sprintf("%d items", len(e.Items))
	case e.Length < 0 || e.Length > 64<<10 || !isString(e.VR):
		return fmt.Sprintf("%d bytes", max(e.Length, 0))
	}
	text, err := e.Text()
	if err != nil {
		return fmt.Sprintf("%d bytes", e.Length)
	}
	return shorten(text)
}

// shorten cuts what is shown of a value.
func shorten(s string) string {
	if r := []rune(s); len(r) > 100 {
		return string(r[:100]) + "..."
	}
	return s
}

// place names an attribute in its sequences.
func place(path string, tag uint32) string {
	name := nameOf(tag)
	if name == "" {
		name = fmt.Sprintf("(%04X,%04X)", tag>>16, tag&0xffff)
	}
	return strings.TrimPrefix(path+"/"+name, "/")
}
