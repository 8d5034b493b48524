package train

import (
	"maps"
	"slices"

	"groundglass/segment/metrics/curve"
)

// lossCurves, precisionCurves and recallCurves show training and validation over
// the steps (the paper's figures 8 to 10); precision and recall are at 0.5.
func lossCurves(log []Entry) curve.Chart {
	return both(log, "Loss", "loss", 0, func(e Entry) (float64, float64) { return e.Loss, e.Validation.Loss })
}

func precisionCurves(log []Entry) curve.Chart {
	return both(log, "Precision at 0.5", "pooled precision", 1, func(e Entry) (float64, float64) { return e.Precision, e.Validation.Precision })
}

func recallCurves(log []Entry) curve.Chart {
	return both(log, "Recall at 0.5", "pooled recall", 1, func(e Entry) (float64, float64) { return e.Recall, e.Validation.Recall })
}

// both is a chart of one figure in training and in validation.
func both(log []Entry, title, label string, most float64, of func(Entry) (training, validation float64)) curve.Chart {
	training, validation := curve.Line{Name: "training"}, curve.Line{Name: "validation"}
	for _, e := range log {
		x := float64(e.Step)
		t, v := of(e)
		training.X, training.Y = append(training.X, x), append(training.Y, t)
		validation.X, validation.Y = append(validation.X, x), append(validation.Y, v)
	}
	return curve.Chart{Title: title, XLabel: "step", YLabel: label, YMax: most, Lines: []curve.Line{training, validation}}
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
