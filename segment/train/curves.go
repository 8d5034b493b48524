package train

import (
	"maps"
	"slices"

	"groundglass/segment/metrics/curve"
)

// lossCurves shows the loss of training and of validation over the steps.
func lossCurves(log []Entry) curve.Chart {
	training, validation := curve.Line{Name: "training"}, curve.Line{Name: "validation"}
	for _, e := range log {
		x := float64(e.Step)
		training.X, training.Y = append(training.X, x), append(training.Y, e.Loss)
		validation.X, validation.Y = append(validation.X, x), append(validation.Y, e.Validation.Loss)
	}
	return curve.Chart{Title: "Loss", XLabel: "step", YLabel: "loss", Lines: []curve.Line{training, validation}}
}

// diceCurves shows the pooled Dice of each source's validation pictures.
func diceCurves(log []Entry) curve.Chart {
	lines := map[string]*curve.Line{}
	for _, e := range log {
		for name, dice := range e.Validation.Dice {
			if lines[name] == nil {
				lines[name] = &curve.Line{Name: name}
			}
			l := lines[name]
			l.X, l.Y = append(l.X, float64(e.Step)), append(l.Y, dice)
		}
	}
	c := curve.Chart{Title: "Dice on validation pictures", XLabel: "step", YLabel: "pooled Dice", YMax: 1}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		c.Lines = append(c.Lines, *lines[name])
	}
	return c
}
