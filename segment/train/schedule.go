package train

import (
	"fmt"
	"math"
)

// Schedule lowers the learning rate. "plateau" is the paper's: times Factor
// after Patience validations without a better loss, down to MinRate, and the
// stage ends after Stop of them. "cosine" falls from the stage's rate to
// MinRate over the stage's steps, for runs of a fixed budget.
type Schedule struct {
	Kind     string  `json:"kind"`
	Validate int     `json:"validate"` // steps between validations
	Warmup   int     `json:"warmup"`   // steps of the first stage over which the rate rises from 0
	Factor   float64 `json:"factor"`
	Patience int     `json:"patience"`
	Stop     int     `json:"stop"`
	MinRate  float64 `json:"min_rate"`
}

const (
	plateau = "plateau"
	cosine  = "cosine"
)

func (s Schedule) check() error {
	switch {
	case s.Kind != plateau && s.Kind != cosine:
		return fmt.Errorf("schedule.kind is %q, must be %q or %q", s.Kind, plateau, cosine)
	case s.Validate < 1:
		return fmt.Errorf("schedule.validate is %d, must be at least 1", s.Validate)
	case s.MinRate < 0 || s.Warmup < 0:
		return fmt.Errorf("schedule.min_rate and schedule.warmup must not be negative")
	case s.Kind == plateau && (s.Factor <= 0 || s.Factor >= 1 || s.Patience < 1 || s.Stop < 1):
		return fmt.Errorf("schedule: a plateau needs factor between 0 and 1, patience and stop of at least 1")
	}
	return nil
}

// progress is what a schedule remembers; it is part of the checkpoint.
type progress struct {
	Best  float64 `json:"best"`  // lowest validation loss of the stage
	Stale int     `json:"stale"` // validations since then
	Drops int     `json:"drops"` // times the rate was lowered
}

func newProgress() progress { return progress{Best: math.MaxFloat64} }

// rate of a step of a stage that began at step first; all counted from 0.
func (s Schedule) rate(stage Stage, p progress, step, first int) float64 {
	rate := stage.Rate
	switch s.Kind {
	case plateau:
		rate = max(s.MinRate, rate*math.Pow(s.Factor, float64(p.Drops)))
	case cosine:
		done := float64(step-first) / float64(stage.Steps)
		rate = s.MinRate + (rate-s.MinRate)*(1+math.Cos(math.Pi*done))/2
	}
	if step < s.Warmup {
		rate *= float64(step+1) / float64(s.Warmup)
	}
	return rate
}

// after takes a validation's loss and says whether the stage should end.
func (s Schedule) after(p progress, loss float64) (progress, bool) {
	if loss < p.Best {
		p.Best, p.Stale = loss, 0
		return p, false
	}
	p.Stale++
	if s.Kind != plateau {
		return p, false
	}
	if p.Stale%s.Patience == 0 {
		p.Drops++
	}
	return p, p.Stale >= s.Stop
}
