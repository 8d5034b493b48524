package export

import (
	"fmt"
	"slices"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// without is the case with the pixels of some labels as background: those that a person
// set are ruled out by a person, and the model's are untouched.
func (c *Case) without(labels []annotate.Label) *Case {
	if len(labels) == 0 {
		return c
	}
	var drop [256]bool
	for _, l := range labels {
		drop[l.Value] = true
	}
	out := *c
	out.Labels = slices.DeleteFunc(slices.Clone(c.Labels), func(l annotate.Label) bool { return drop[l.Value] })
	out.Mask = func(i int) *annotate.Mask {
		m, err := c.mask(i)
		if err != nil {
			return nil // of which mask says the same
		}
		m = m.Clone()
		for k, l := range m.Label {
			if !drop[l] {
				continue
			}
			if m.Label[k] = 0; m.Origin[k].Human() {
				m.Origin[k] = annotate.HumanRemoved
			} else {
				m.Origin[k] = annotate.Untouched
			}
		}
		return m
	}
	return &out
}

// remarkWithout says how much of each label is left out of a case.
func (e *CaseEntry) remarkWithout(c *Case, labels []annotate.Label) error {
	if len(labels) == 0 {
		return nil
	}
	var px [256]int
	for i := range c.Series.Len() {
		m, err := c.mask(i)
		if err != nil {
			return err
		}
		for _, l := range m.Label {
			px[l]++
		}
	}
	for _, l := range labels {
		if n := px[l.Value]; n > 0 {
			e.Remarks = append(e.Remarks, fmt.Sprintf("%s: %s of %s left out, as was asked for.", e.Case, ct.Count(n, "pixel"), l.Name))
		}
	}
	return nil
}
