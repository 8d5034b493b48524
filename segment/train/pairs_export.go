package train

import (
	"fmt"
	"slices"
	"strings"
)

// ValidationPair is a picture that a configuration holds back from training,
// and its mask.
type ValidationPair struct {
	Source, Patient string
	Image, Mask     string  // files
	Transpose       bool    // both are stored with rows and columns exchanged
	Foreground      []uint8 // values of the mask that are the class, ascending; nil: all above 0
	// Place is where the picture lies in mm along its patient, nil where that is not known.
	Place *float64
}

// ValidationPairs lists the pictures that the configuration's sources hold
// back, sorted by name within a source, and which values of their masks are a
// class, named in any case; "" is the first one. Sources whose masks don't tell
// the class are left out and named in silent. It fails where there is no such
// class, and where a source has no picture at all. Masks are not looked for.
func (c Config) ValidationPairs(class string) (held []ValidationPair, silent []string, err error) {
	k := slices.IndexFunc(c.Classes, func(k Class) bool { return strings.EqualFold(k.Name, class) })
	if class == "" {
		k = 0
	} else if k < 0 {
		var names []string
		for _, k := range c.Classes {
			names = append(names, k.Name)
		}
		return nil, nil, fmt.Errorf("the configuration has no class %q, only %s", class, strings.Join(names, ", "))
	}
	all, err := pairs(c.Sources)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		if !p.validation {
			continue
		}
		s := p.source
		foreground, told := c.valuesOf(s, k)
		if told {
			held = append(held, ValidationPair{s.Name, p.patient, p.image, p.mask, s.Transpose, foreground, p.place})
		} else if !slices.Contains(silent, s.Name) {
			silent = append(silent, s.Name)
		}
	}
	return held, silent, nil
}

// valuesOf lists the values of a source's masks that are a class, nil for all
// above 0, and whether the masks tell the class at all.
func (c *Config) valuesOf(s *Source, class int) (values []uint8, told bool) {
	if class == 0 && len(s.Labels) == 0 {
		return nil, true
	}
	is, known := c.meaning(s, class)
	if slices.Contains(known[:], 0) {
		return nil, false
	}
	values = []uint8{}
	for v, yes := range is {
		if yes != 0 {
			values = append(values, uint8(v))
		}
	}
	return values, true
}
