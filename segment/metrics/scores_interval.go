package metrics

import "math"

// Measure is one figure of Scores, by its name in tables and in Intervals; not a
// number where it is unknown.
type Measure struct {
	Name  string
	Value float64
}

// Measures are the figures of s that are single numbers, always the same ones in
// the same order.
func (s *Scores) Measures() []Measure {
	out := make([]Measure, len(intervalMeasures))
	for i, v := range s.measures() {
		out[i] = Measure{intervalMeasures[i].name, v}
	}
	return out
}

// intervalMeasures are the measures that get intervals, by their names.
var intervalMeasures = []struct {
	name string
	of   func(*Scores) float64 // not a number where it is unknown
}{
	{"dice", func(s *Scores) float64 { return s.Dice }},
	{"precision", func(s *Scores) float64 { return s.Precision }},
	{"recall", func(s *Scores) float64 { return s.Recall }},
	{"iou", func(s *Scores) float64 { return s.IoU }},
	{"specificity", func(s *Scores) float64 { return s.Specificity }},
	{"mean_iou", func(s *Scores) float64 { return s.MeanIoU }},
	{"average_precision", func(s *Scores) float64 { return s.AveragePrecision }},
	{"per_image_dice", func(s *Scores) float64 { return s.PerImageDice }},
	{"paper_miou", func(s *Scores) float64 { return s.PaperMIoU }},
	{"infnet_mean_dice", func(s *Scores) float64 { return s.InfNet.MeanDice }},
	{"infnet_max_dice", func(s *Scores) float64 { return s.InfNet.MaxDice }},
	{"infnet_mean_sensitivity", func(s *Scores) float64 { return s.InfNet.MeanSensitivity }},
	{"infnet_mean_specificity", func(s *Scores) float64 { return s.InfNet.MeanSpecificity }},
	{"precision_at_recall_0.7", func(s *Scores) float64 { return s.atRecall(0) }},
	{"precision_at_recall_0.8", func(s *Scores) float64 { return s.atRecall(1) }},
	{"precision_at_recall_0.9", func(s *Scores) float64 { return s.atRecall(2) }},
	{"components_proposed", func(s *Scores) float64 { return s.Parts.Proposed }},
	{"components_true", func(s *Scores) float64 { return s.Parts.True }},
	{"fragmentation", func(s *Scores) float64 { return s.Parts.Fragmentation }},
	{"lesion_recall", func(s *Scores) float64 { return s.LesionRecall }},
	{"hausdorff95_mm", func(s *Scores) float64 {
		if s.Surfaces == nil || s.Hausdorff95 == nil {
			return math.NaN()
		}
		return *s.Hausdorff95
	}},
	{"surface_dice", func(s *Scores) float64 {
		if s.Surfaces == nil {
			return math.NaN()
		}
		return s.SurfaceDice
	}},
}

// atRecall is the precision at the recall of a number in Recalls.
func (s *Scores) atRecall(i int) float64 {
	if i >= len(s.AtRecall) {
		return math.NaN()
	}
	return s.AtRecall[i].Precision
}

// measures are the values of intervalMeasures.
func (s *Scores) measures() []float64 {
	out := make([]float64, len(intervalMeasures))
	for i, m := range intervalMeasures {
		out[i] = m.of(s)
	}
	return out
}

// setIntervals names the intervals of measures, and leaves out those that are
// not known in every draw.
func (s *Scores) setIntervals(found []Interval) {
	s.Intervals = map[string]Interval{}
	for i, m := range intervalMeasures {
		if !math.IsNaN(found[i].Low) {
			s.Intervals[m.name] = found[i]
		}
	}
}
