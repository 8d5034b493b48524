package train

// ValidationPair is a picture that a configuration holds back from training,
// and its mask, above 0 in foreground.
type ValidationPair struct {
	Source, Patient string
	Image, Mask     string // files
	Transpose       bool   // stored with rows and columns exchanged
}

// ValidationPairs lists the pictures that the configuration's sources hold
// back, sorted by name within a source; weights don't matter. It fails where a
// source has no picture at all. Masks are not looked for.
func (c Config) ValidationPairs() ([]ValidationPair, error) {
	all, err := pairs(c.Sources)
	if err != nil {
		return nil, err
	}
	var held []ValidationPair
	for _, p := range all {
		if p.validation {
			s := p.source
			held = append(held, ValidationPair{s.Name, s.patient(p.image), p.image, p.mask, s.Transpose})
		}
	}
	return held, nil
}
