package export

import (
	"fmt"

	"groundglass/annotate/internal/leak"
)

// NamedLabel is the error of a label whose name tells whom a case shows, where that is not
// to leave.
type NamedLabel struct {
	Name string
	told error // completes a sentence
}

func (n *NamedLabel) Error() string {
	return fmt.Sprintf("the name of the label %q %s: give it another name, or keep the identity", n.Name, n.told)
}

// labelNames looks for what must not leave in the names and the coded meanings of a case's
// labels. What the vocabulary has is none, such as Glass.
func labelNames(c *Case, e *CaseEntry, d Identity) error {
	bare := *c
	bare.Labels = nil
	secret := secretsOf(&bare, e, d)
	for _, l := range c.Labels {
		for _, text := range []string{l.Name, l.Code.Value, l.Code.Meaning} {
			if told := secret.in([]byte(text), leak.InTexts); told != nil {
				return &NamedLabel{l.Name, told}
			}
		}
	}
	return nil
}
