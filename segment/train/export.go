package train

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"groundglass/annotate/ct"
	"groundglass/segment"
	"groundglass/segment/metrics"
	"groundglass/segment/metrics/curve"
)

// export writes the best model so far with its card, the log, the learning
// curves, and the configuration.
func (t *trainer) export(shift float64, scores []segment.Score) error {
	model, err := t.model(shift, scores)
	if err != nil {
		return err
	}
	return errors.Join(
		writeFile(t.path(ModelFile), model),
		t.writeJSON(LogFile, t.point.Log),
		t.writeJSON(ConfigFile, t.config),
		t.writeChart(LossFile, lossCurves(t.point.Log)),
		t.writeChart(PrecisionFile, precisionCurves(t.point.Log)),
		t.writeChart(RecallFile, recallCurves(t.point.Log)),
		t.writeChart(DiceFile, diceCurves(t.point.Log)),
	)
}

func (t *trainer) writeJSON(name string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(t.path(name), append(b, '\n'))
}

func (t *trainer) writeChart(name string, c curve.Chart) error {
	var b bytes.Buffer
	if err := curve.Draw(&b, c); err != nil {
		return err
	}
	return writeFile(t.path(name), b.Bytes())
}

// model is the best network so far as an ONNX file, batch normalisation folded
// and the logits shifted. The same run gives the same bytes.
func (t *trainer) model(shift float64, scores []segment.Score) ([]byte, error) {
	c := t.config
	best := t.point.best
	l := layoutOf(c.Network)
	f := fold(c.Network, l, best.theta, best.stats)
	f.keep(c.Classes)
	f.shift(shift)
	g := f.graph()
	labels := []string{"background"}
	for _, k := range c.exported() {
		labels = append(labels, k.Name)
	}
	card := segment.Card{
		Name: c.Name, Version: "1", Description: c.Card.Description, Architecture: c.architecture(), Filters: c.Network.Filters,
		Size: c.Stages[len(c.Stages)-1].Size, Window: ct.Lung, LungBox: true, Labels: labels, Mirror: c.Mirror, Through: c.Through,
		Threshold: c.Threshold, Lambda: c.Loss.Lambda, Data: c.Card.Data, Scores: scores, Licence: c.Card.Licence,
	}
	text, err := card.Encode()
	if err != nil {
		return nil, err
	}
	g.Metadata[segment.CardKey] = text
	g.Metadata[normsKey] = l.normsText(best.theta, best.stats)
	return g.Bytes(), nil
}

func (c *Config) architecture() string {
	if c.Loss.Lambda > 0 {
		return "TV-UNet"
	}
	return "U-Net"
}

// calibrations is how often the best cut-off is looked for at most. Once is not enough where
// probabilities are averaged, over slices or mirrored pictures: a shift before that moves the mean otherwise.
const calibrations = 4

// finish scores the best model on the validation pictures at their own
// resolution, as a user gets it, calibrates it if so configured, and writes it
// with those scores in its card.
func (t *trainer) finish(ctx context.Context) error {
	if len(t.point.best.theta) == 0 {
		return errors.New("the run ended before its first validation")
	}
	found, err := t.scores(ctx, 0)
	shift := 0.0
	for round := 0; err == nil && t.config.Calibrate && round < calibrations; round++ {
		more := calibration(t.config.apart(found), t.config.Threshold)
		if more == 0 {
			break
		}
		shift += more
		found, err = t.scores(ctx, shift)
	}
	if err != nil {
		return fmt.Errorf("scoring the model: %w", err)
	}
	return errors.Join(t.export(shift, t.config.cardScores(found)), t.writeJSON(ScoresFile, found))
}

// apart are the results of the sources whose patients are told apart, so that none of
// the held-out ones was trained on; of all sources where there is no such.
func (c *Config) apart(s Scores) []metrics.Result {
	var apart, all []metrics.Result
	for _, source := range c.Sources {
		r, ok := s.Groups[source.Name]
		if !ok {
			continue
		}
		if all = append(all, r.Result); source.Patient != patientFile && source.ValidationShare == 0 {
			apart = append(apart, r.Result)
		}
	}
	if len(apart) == 0 {
		return all
	}
	return apart
}

// calibration finds the cut-off at which the mean over the results of pooled
// Dice is highest, and returns how far to move the foreground's logits for
// threshold to become that cut-off. It moves no pixel past another: average
// precision and the precision-recall curve of each pass stay as they are.
func calibration(all []metrics.Result, threshold float64) float64 {
	best, cut := -1.0, threshold
	for percent := 5; percent <= 95; percent++ {
		at, mean := float64(percent)/100, 0.0
		for _, r := range all {
			mean += diceAt(r.Curve, at)
		}
		if mean > best {
			best, cut = mean, at
		}
	}
	return logit(threshold) - logit(cut)
}

// diceAt is the pooled Dice at a threshold; curve goes from high thresholds to low.
func diceAt(curve []metrics.Point, threshold float64) float64 {
	dice := 0.0
	for _, p := range curve {
		if p.Threshold < threshold {
			break
		}
		dice = 2 * p.Precision * p.Recall / max(p.Precision+p.Recall, 1e-12)
	}
	return dice
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }
