package export

import (
	"context"
	"fmt"
	"slices"
)

// Compare compares the masks of an export with cases as they are now, pixel by pixel,
// and returns what differs as sentences. Cases are found by the UID of their series,
// which d maps as it did for the export. Of several programs, each compares its part of
// the cases. Whether the files hold what the export says is for [Verify].
func Compare(ctx context.Context, dir string, cases []*Case, d Identity, shard Shard) ([]string, error) {
	m, fault := ReadChanged(dir)
	if m == nil {
		return nil, fault
	}
	byUID := map[string]*Case{}
	for _, c := range cases {
		byUID[with(d.UID, c.Series.UID)] = c // up to version 5, of de-identified images too
		byUID[with(d.of(c).UID, c.Series.UID)] = c
	}
	met := map[*Case]bool{}
	var problems []string
	for k, ref := range m.Cases {
		e, _ := readChangedCase(dir, ref) // whose faults are for Verify to say
		if e == nil {
			continue
		}
		if c := byUID[e.Series.UID]; c != nil && !met[c] {
			met[c] = true
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if shard.has(k) {
				problems = append(problems, m.compare(e, c)...)
			}
		}
	}
	for _, c := range cases {
		if shard.Index > 0 || met[c] {
			continue
		}
		problems = append(problems, fmt.Sprintf("the project has work on %s, of which the export has no case.", CaseName(c.Series)))
	}
	return problems, nil
}

// compare compares the masks of a case.
func (m *Manifest) compare(e *CaseEntry, c *Case) (problems []string) {
	if len(e.Slices) != c.Series.Len() {
		return []string{fmt.Sprintf("%s has %d slices, and the project %d.", e.Case, len(e.Slices), c.Series.Len())}
	}
	value, known := m.values()
	o := m.options()
	for i, s := range e.Slices {
		mask, err := c.mask(i)
		switch {
		case len(problems) == maxProblems:
			return problems
		case err != nil:
			problems = append(problems, fmt.Sprintf("%s: %v.", e.Case, err))
		case !allKnown(mask.Label, &known) || digest(o.plane(mask, &value)) != s.Pixels:
			problems = append(problems, fmt.Sprintf("%s: the mask of slice %d differs from the project's.", e.Case, s.Slice))
		case c.Status != nil && s.Status != "" && c.Status(i).String() != s.Status:
			problems = append(problems, fmt.Sprintf("%s: slice %d is %s, and in the project %s.", e.Case, s.Slice, s.Status, c.Status(i)))
		}
	}
	return problems
}

// values are what files hold for each label of the program, and which labels there are.
func (m *Manifest) values() (value [256]uint8, known [256]bool) {
	known[0] = true
	for _, l := range slices.Concat(m.Labels, m.Without) {
		v := l.Value
		if l.Program != 0 {
			v = l.Program
		}
		value[v], known[v] = l.InFiles, true
	}
	return value, known
}

// allKnown reports whether all labels are known ones.
func allKnown(labels []uint8, known *[256]bool) bool {
	for _, l := range labels {
		if !known[l] {
			return false
		}
	}
	return true
}
