package metrics

// Scores is all that a Study measures over a set of slices.
type Scores struct {
	Result
	Parts        Parts   `json:"components"`
	Lesions      int     `json:"lesions"`       // components of the truth
	LesionRecall float64 `json:"lesion_recall"` // see Lesions.Recall
	*Surfaces            // nil where no image's spacing is known

	Patients  int                 `json:"patients,omitempty"`  // that intervals were drawn from
	Intervals map[string]Interval `json:"intervals,omitempty"` // by the measure's name; see Bootstrap
}

// Parts are the mean numbers of components a slice, connected across corners
// too (8 neighbours), of the proposal at the threshold and of the truth, and
// the mean of how far they are apart; see Lesions.
type Parts struct {
	Proposed      float64 `json:"proposed"`
	True          float64 `json:"true"`
	Fragmentation float64 `json:"fragmentation"`
}

// Surfaces compares surfaces slice by slice, each a Surface, where the size of
// pixels is known.
type Surfaces struct {
	SurfaceImages int `json:"surface_images"` // of known pixel size
	// Hausdorff95 is the mean in mm over the HausdorffImages in which neither
	// mask is empty; nil where there is none.
	Hausdorff95     *float64 `json:"hausdorff95_mm,omitempty"`
	HausdorffImages int      `json:"hausdorff95_images"`
	// SurfaceDice is the share of the surface pixels of all slices that lie
	// within Tolerance mm of the other mask's surface; 1 without any.
	SurfaceDice float64 `json:"surface_dice"`
	Tolerance   float64 `json:"surface_tolerance_mm"`
}

// tally gathers what Scores says.
type tally struct {
	settings Settings
	pixels   *Accumulator
	lesions  Lesions
	surfaces surfaceSums
}

func newTally(s Settings) *tally {
	return &tally{settings: s, pixels: New(s.Threshold), lesions: Lesions{Overlap: s.Overlap}}
}

// add counts an image. Where it fails the tally is of no more use.
func (t *tally) add(m Image) error {
	if err := t.pixels.Add(m.Probability, m.Truth); err != nil {
		return err
	}
	prediction, truth, g := reaching(m.Probability, Level(t.settings.Threshold)), reaching(m.Truth, 1), m.grid()
	if err := t.lesions.Add(prediction, truth, g); err != nil {
		return err
	}
	if !m.measured() {
		return nil
	}
	s, err := NewSurface(prediction, truth, g)
	if err == nil {
		t.surfaces.add(s, t.settings.Tolerance)
	}
	return err
}

// reaching is where values are at least level.
func reaching(values []uint8, level uint8) []bool {
	out := make([]bool, len(values))
	for i, v := range values {
		out[i] = v >= level
	}
	return out
}

// merge adds the images of o, which has the same settings.
func (t *tally) merge(o *tally) {
	t.pixels.merge(o.pixels)
	t.lesions.merge(o.lesions)
	t.surfaces.merge(o.surfaces)
}

func (t *tally) scores() Scores {
	s := Scores{Result: t.pixels.Result(), Lesions: t.lesions.True, LesionRecall: t.lesions.Recall()}
	s.Parts.Proposed, s.Parts.True = t.lesions.PerImage()
	s.Parts.Fragmentation = t.lesions.Fragmentation()
	s.Surfaces = t.surfaces.result(t.settings.Tolerance)
	return s
}
