package train

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"groundglass/annotate/ct"
	"groundglass/segment"
	"groundglass/segment/metrics"
	"groundglass/segment/metrics/curve"
)

// export writes the best model so far with its card, the log, the learning
// curves, and the configuration.
func (t *trainer) export(scores []segment.Score) error {
	model, err := t.model(scores)
	if err != nil {
		return err
	}
	return errors.Join(
		writeFile(t.path(ModelFile), model),
		t.writeJSON(LogFile, t.point.Log),
		t.writeJSON(ConfigFile, t.config),
		t.writeChart(LossFile, lossCurves(t.point.Log)),
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

// model is the best network so far as an ONNX file, batch normalisation folded.
// The same run gives the same bytes.
func (t *trainer) model(scores []segment.Score) ([]byte, error) {
	c := t.config
	best := t.point.best
	g := fold(c.Network, layoutOf(c.Network), best.theta, best.stats).graph()
	card := segment.Card{
		Name: c.Name, Version: "1", Description: c.Card.Description, Architecture: c.architecture(), Filters: c.Network.Filters,
		Size: c.Stages[len(c.Stages)-1].Size, Window: ct.Lung, LungBox: true, Labels: []string{"background", "ground glass"},
		Threshold: c.Threshold, Lambda: c.Lambda, Data: c.Card.Data, Scores: scores, Licence: c.Card.Licence,
	}
	text, err := card.Encode()
	if err != nil {
		return nil, err
	}
	g.Metadata[segment.CardKey] = text
	return g.Bytes(), nil
}

func (c *Config) architecture() string {
	if c.Lambda > 0 {
		return "TV-UNet"
	}
	return "U-Net"
}

// finish scores the best model on the validation pictures at their own
// resolution, as a user gets it, and writes it with those scores in its card.
func (t *trainer) finish(ctx context.Context) error {
	if len(t.point.best.theta) == 0 {
		return errors.New("the run ended before its first validation")
	}
	report, err := t.scores(ctx)
	if err != nil {
		return fmt.Errorf("scoring the model: %w", err)
	}
	var scores []segment.Score
	for _, s := range t.config.Sources {
		if r, ok := report.Groups[s.Name]; ok {
			scores = append(scores, segment.Score{Data: s.Name, Images: r.N, Threshold: t.config.Threshold, Dice: r.Dice, Average: r.AveragePrecision})
		}
	}
	return errors.Join(t.export(scores), t.writeJSON(ScoresFile, report))
}

func (t *trainer) scores(ctx context.Context) (metrics.Report, error) {
	data, err := t.model(nil)
	if err != nil {
		return metrics.Report{}, err
	}
	m, err := segment.Load(data)
	if err != nil {
		return metrics.Report{}, err
	}
	defer m.Close()
	groups := metrics.NewGroups(t.config.Threshold)
	for _, p := range t.pairs {
		if !p.validation {
			continue
		}
		s, mask, err := p.read()
		if err != nil {
			return metrics.Report{}, err
		}
		prob, err := m.Propose(ctx, s)
		if err != nil {
			return metrics.Report{}, err
		}
		if err := groups.Add(p.source.Name, prob, mask.Pixels); err != nil {
			return metrics.Report{}, err
		}
	}
	return groups.Report(), nil
}
