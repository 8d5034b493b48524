package train

import "groundglass/annotate/ct"

// Picture is one of a configuration's pictures with its mask.
type Picture struct {
	Source      string // its name in the configuration
	Image, Mask string // files
	Validation  bool   // of a patient that is held out from training
	Trained     bool   // training may draw it: not held out, and of a source with some weight

	pair  pair
	first [256]uint8 // not 0 for the values of the mask that are the first class
}

// Pictures lists the pictures of a configuration's sources, in their order and
// sorted by name within a source. A source without pictures is an error.
func Pictures(c Config) ([]Picture, error) {
	all, err := pairs(c.Sources)
	if err != nil {
		return nil, err
	}
	list := make([]Picture, len(all))
	for i, p := range all {
		first, _ := c.meaning(p.source, 0)
		list[i] = Picture{p.source.Name, p.image, p.mask, p.validation, !p.validation && p.source.Weight > 0, p, first}
	}
	return list, nil
}

// Read reads the picture and its mask, both the right way up and of one size. The
// mask is 0 where the configuration's first class is not.
func (p Picture) Read() (*ct.Slice, *Mask, error) {
	s, m, err := p.pair.read()
	if err != nil {
		return nil, nil, err
	}
	for i, v := range m.Pixels {
		m.Pixels[i] = p.first[v]
	}
	return s, m, nil
}
