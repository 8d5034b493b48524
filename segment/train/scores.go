package train

import (
	"context"
	"errors"

	"groundglass/annotate/ct"
	"groundglass/segment"
	"groundglass/segment/metrics"
)

// Scores are what a finished model is worth on the validation pictures, at their
// own resolution, the sources being the groups.
type Scores struct {
	metrics.StudyReport
	// Kinds are the further classes that the model keeps, measured at the same
	// threshold where masks tell them apart.
	Kinds map[string]metrics.StudyReport `json:"kinds,omitempty"`
}

// scorer measures one model.
type scorer struct {
	config *Config
	model  *segment.Model
	first  *metrics.Study
	kinds  []*metrics.Study // of the exported classes after the first
}

// intervalSeed is that of the bootstrap, so that a run's scores repeat.
const intervalSeed = 1

// scores measures the model, shifted, on the validation pictures.
func (t *trainer) scores(ctx context.Context, shift float64) (Scores, error) {
	data, err := t.model(shift, nil)
	if err != nil {
		return Scores{}, err
	}
	m, err := segment.LoadWith(data, segment.LoadOptions{Device: "cpu"}) // whose figures repeat
	if err != nil {
		return Scores{}, err
	}
	defer m.Close()
	settings := metrics.Settings{Threshold: t.config.Threshold, Bootstrap: metrics.Bootstrap{Seed: intervalSeed}}
	s := &scorer{config: t.config, model: m, first: metrics.NewStudy(settings)}
	for range t.config.exported()[1:] {
		s.kinds = append(s.kinds, metrics.NewStudy(settings))
	}
	var held []pair
	for _, p := range t.pairs {
		if p.validation {
			held = append(held, p)
		}
	}
	for _, stack := range stacks(held) {
		if err := s.add(ctx, stack); err != nil {
			return Scores{}, err
		}
	}
	return s.report()
}

// add measures the model on pictures that follow each other through a patient, or on a single one.
func (s *scorer) add(ctx context.Context, stack []pair) error {
	var places []segment.Place
	if len(stack) > 1 {
		for _, p := range stack {
			places = append(places, segment.Place{File: p.image, MM: *p.place})
		}
	}
	read := func(i int) (*ct.Slice, *Mask, error) { return stack[i].read() }
	return segment.ProposePlaced(ctx, s.model, places, read, func(i int, mask *Mask, proposal segment.Proposal) error {
		return s.measure(stack[i], mask, proposal)
	})
}

func (s *scorer) measure(p pair, mask *Mask, proposal segment.Proposal) error {
	image := metrics.Image{Group: p.source.Name, Patient: p.source.Name + "/" + p.patient, W: mask.W, H: mask.H}
	image.Probability, image.Truth = proposal.Foreground, s.truth(p, mask, 0)
	_, err := s.first.Add(image)
	if len(p.source.Labels) == 0 {
		return err
	}
	for k, class := range s.config.exported()[1:] {
		image.Probability, image.Truth = proposal.Kinds[k], s.truth(p, mask, s.config.class(class.Name))
		_, kindErr := s.kinds[k].Add(image)
		err = errors.Join(err, kindErr)
	}
	return err
}

// truth is 1 where a mask is of a class.
func (s *scorer) truth(p pair, m *Mask, class int) []uint8 {
	is, _ := s.config.meaning(p.source, class)
	out := make([]uint8, len(m.Pixels))
	for i, v := range m.Pixels {
		out[i] = is[v] & 1
	}
	return out
}

func (s *scorer) report() (Scores, error) {
	report, err := s.first.Report()
	all := Scores{StudyReport: report, Kinds: map[string]metrics.StudyReport{}}
	for k, class := range s.config.exported()[1:] {
		report, kindErr := s.kinds[k].Report()
		err = errors.Join(err, kindErr)
		if len(report.Groups) > 0 {
			all.Kinds[class.Name] = report
		}
	}
	return all, err
}

// cardScores is what the card says of each source.
func (c *Config) cardScores(s Scores) []segment.Score {
	var scores []segment.Score
	for _, source := range c.Sources {
		if r, ok := s.Groups[source.Name]; ok {
			scores = append(scores, segment.Score{Data: source.Name, Images: r.N, Threshold: c.Threshold, Dice: r.Dice, Average: r.AveragePrecision})
		}
	}
	return scores
}
