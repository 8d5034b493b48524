package train

import (
	"errors"
	"fmt"
	"slices"
)

// Class is what one of the network's output channels marks, from channel
// Foreground on, in the order of the configuration; channel 0 is what the first
// class leaves. Each channel has a sigmoid of its own, so that a pixel may be of
// several classes: ground glass is within infection, and infection within the
// lung.
type Class struct {
	Name string `json:"name"`
	// Weight multiplies the class's part of the loss; 0 stands for 1.
	Weight float64 `json:"weight,omitempty"`
	// Positive multiplies it where the class is (class weighting); 0 stands for 1.
	Positive float64 `json:"positive,omitempty"`
	// Auxiliary classes teach the network, and are left out of the model.
	Auxiliary bool `json:"auxiliary,omitempty"`
}

// defaultClass is the only class of a configuration without any.
const defaultClass = "ground glass and consolidation"

// Label says which classes a value of a mask stands for. Of all others it says
// that they are not there.
type Label struct {
	Value int      `json:"value"`
	Is    []string `json:"is"`
}

// Layer is a further mask beside a picture, of one class: above 0 the class is
// there. Where the file is missing, nothing is known of the class.
type Layer struct {
	Class string      `json:"class"`
	Masks [][2]string `json:"masks"` // as in Source
}

func (c *Config) checkClasses() error {
	if len(c.Classes) == 0 || len(c.Classes) > maxClasses {
		return fmt.Errorf("there are %d classes, must be 1 to %d", len(c.Classes), maxClasses)
	}
	if c.Classes[0].Auxiliary {
		return errors.New("the first class is what the model proposes and cannot be auxiliary")
	}
	for i, k := range c.Classes {
		switch {
		case k.Name == "":
			return fmt.Errorf("class %d has no name", i+1)
		case c.class(k.Name) != i:
			return fmt.Errorf("two classes are named %q", k.Name)
		case k.Weight < 0 || k.Positive < 0:
			return fmt.Errorf("class %q: weights must not be negative", k.Name)
		}
	}
	for _, s := range c.Sources {
		if err := c.checkLabels(s); err != nil {
			return fmt.Errorf("source %s: %w", s.Name, err)
		}
	}
	return nil
}

// maxClasses bounds the network's outputs.
const maxClasses = 16

func (c *Config) checkLabels(s Source) error {
	for _, l := range s.Labels {
		if l.Value < 1 || l.Value > 255 {
			return fmt.Errorf("label value %d is not within 1 to 255", l.Value)
		}
		for _, name := range l.Is {
			if c.class(name) < 0 {
				return fmt.Errorf("there is no class %q", name)
			}
		}
	}
	for _, l := range s.Layers {
		if c.class(l.Class) < 0 {
			return fmt.Errorf("there is no class %q", l.Class)
		}
		if len(l.Masks) == 0 {
			return fmt.Errorf("the layer of class %q has no masks", l.Class)
		}
	}
	return nil
}

// class is the index of a class, or -1.
func (c *Config) class(name string) int {
	return slices.IndexFunc(c.Classes, func(k Class) bool { return k.Name == name })
}

// exported lists the classes that the model keeps.
func (c *Config) exported() []Class {
	return slices.DeleteFunc(slices.Clone(c.Classes), func(k Class) bool { return k.Auxiliary })
}

// truth is what is known of one class in a picture: the share of each pixel
// that is of the class, and how far that is known, both 0..255. A nil is is
// nowhere, a nil known is known throughout.
type truth struct{ is, known []uint8 }

// truth is what a mask's values say of a class.
func (c *Config) truth(s *Source, class int, mask []uint8) truth {
	is, known := c.meaning(s, class)
	return truth{translate(mask, &is, 0), translate(mask, &known, 255)}
}

// translate replaces values by a table; nil where all become the usual one.
func translate(values []uint8, table *[256]uint8, usual uint8) []uint8 {
	out, odd := make([]uint8, len(values)), false
	for i, v := range values {
		out[i] = table[v]
		odd = odd || out[i] != usual
	}
	if !odd {
		return nil
	}
	return out
}

// meaning tells, for each value of a source's masks, whether it is of a class,
// and whether that is known: 255 or 0. Where the first class is not, its parts
// are not either; a class that is no part of it is for layers to tell.
func (c *Config) meaning(s *Source, class int) (is, known [256]uint8) {
	if class > 0 && !c.part(class) {
		return is, known
	}
	known[0] = 255
	for v := 1; v < 256 && (class == 0 || len(s.Labels) > 0); v++ {
		known[v] = 255
		switch {
		case s.Teacher != nil && s.Teacher.Soft:
			is[v] = uint8(v)
		case len(s.Labels) == 0:
			is[v] = 255
		}
	}
	for _, l := range s.Labels {
		if slices.Contains(l.Is, c.Classes[class].Name) {
			is[l.Value] = 255
		}
	}
	return is, known
}

// part tells whether a class is a part of the first one: it is, where some
// source's labels name it.
func (c *Config) part(class int) bool {
	return slices.ContainsFunc(c.Sources, func(s Source) bool {
		return slices.ContainsFunc(s.Labels, func(l Label) bool { return slices.Contains(l.Is, c.Classes[class].Name) })
	})
}
