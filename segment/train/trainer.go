// Package train trains TV-UNet (arXiv 2007.12303) on ONNX Runtime alone: one
// ONNX graph is a whole training step. Start with ReadConfig and Run, which
// goes on from a checkpoint where there is one and leaves the model, its log
// and its learning curves in the configuration's output folder.
package train

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Files of a run, in its output folder.
const (
	CheckpointFile = "checkpoint.bin"
	ModelFile      = "model.onnx"
	LogFile        = "log.json"
	ScoresFile     = "scores.json"
	LossFile       = "loss.png"
	PrecisionFile  = "precision.png"
	RecallFile     = "recall.png"
	DiceFile       = "dice.png"
	ConfigFile     = "config.json"
)

// Entry is one line of a run's log, written at each validation.
type Entry struct {
	Step       int     `json:"step"`
	Size       int     `json:"size"`
	Rate       float64 `json:"rate"`
	Loss       float64 `json:"loss"`      // means over the steps since the last entry
	Fit        float64 `json:"fit"`       // the loss without total variation
	TV         float64 `json:"tv"`        // over the number of pixels
	Precision  float64 `json:"precision"` // of the first class at 0.5, over the same steps
	Recall     float64 `json:"recall"`
	Validation Score   `json:"validation"`
	Seconds    float64 `json:"seconds"` // of training so far, over all sessions
}

// Progress is told to the caller after each step.
type Progress struct {
	Step, Steps int
	Loss        float64
	Left        time.Duration
	Entry       *Entry   // after a validation
	LeftOut     []string // at a stage's start: training pictures that look like validation ones
}

// trainer is a run in memory.
type trainer struct {
	config  *Config
	loader  *loader
	point   *checkpoint
	pairs   []pair
	report  func(Progress)
	started time.Time // of this session, less the seconds of earlier ones
}

// Run trains as the configuration says. Where resume is true and the output
// folder has a checkpoint of the same configuration, it goes on from there;
// where it is false, a folder with a checkpoint is refused. Cancelling ctx
// leaves a checkpoint. The model is written at every new best validation.
func Run(ctx context.Context, c Config, resume bool, report func(Progress)) error {
	t := &trainer{config: &c, loader: &loader{Config: &c}, report: report}
	defer t.loader.teachers.close()
	if err := os.MkdirAll(c.Output, 0o755); err != nil {
		return err
	}
	if err := t.begin(resume); err != nil {
		return err
	}
	var err error
	if t.pairs, err = pairs(c.Sources); err != nil {
		return err
	}
	if !c.Last && !slices.ContainsFunc(t.pairs, func(p pair) bool { return p.validation }) {
		return errors.New("no picture validates, so that the best weights cannot be told: hold patients out, or set last to keep the last weights")
	}
	t.started = time.Now().Add(-time.Duration(t.point.Seconds * float64(time.Second)))
	for t.point.Step < c.steps() {
		if err := t.stage(ctx); err != nil {
			return err
		}
	}
	return t.finish(ctx)
}

func (t *trainer) path(name string) string { return filepath.Join(t.config.Output, name) }

func (t *trainer) begin(resume bool) error {
	point, err := loadCheckpoint(t.path(CheckpointFile))
	switch {
	case errors.Is(err, os.ErrNotExist):
		st, err := t.config.start()
		if err != nil {
			return err
		}
		t.point = &checkpoint{Progress: newProgress(), Config: *t.config, state: st, average: st.clone(), best: &state{}, BestMean: -1}
		return nil
	case err != nil:
		return err
	case !resume:
		return fmt.Errorf("%s holds a checkpoint already: resume it, or choose another output folder", t.config.Output)
	case !t.config.continues(point.Config):
		return fmt.Errorf("%s holds a checkpoint of another configuration", t.config.Output)
	}
	t.point = point
	t.point.Config = *t.config
	return nil
}

// stage runs what is left of the checkpoint's stage.
func (t *trainer) stage(ctx context.Context) error {
	index, first := t.config.stageAt(t.point.Step)
	stage := t.config.Stages[index]
	d, err := t.loader.load(ctx, t.pairs, stage.Size*5/4)
	if err != nil {
		return err
	}
	stepper, err := newStepper(t.config.Network, t.config.method(), stage, t.config.Threads, t.point.state)
	if err != nil {
		return err
	}
	defer stepper.close()
	t.report(Progress{Step: t.point.Step, Steps: t.config.steps(), LeftOut: d.dropped})
	if t.point.Step == first {
		t.point.Progress = newProgress()
	}
	r := &stageRun{trainer: t, stage: stage, first: first, data: d, stepper: stepper, sampler: newSampler(d.train)}
	for t.point.Step < first+stage.Steps {
		if err := r.next(ctx); err != nil {
			return errors.Join(err, t.save(stepper))
		}
	}
	return t.save(stepper)
}

func (t *trainer) save(s *stepper) error {
	t.point.state = s.state().clone()
	t.point.Seconds = time.Since(t.started).Seconds()
	return t.point.save(t.path(CheckpointFile))
}

// stageRun is a stage under way.
type stageRun struct {
	*trainer
	stage   Stage
	first   int
	data    *dataset
	stepper *stepper
	sampler *sampler
}

// saveEvery bounds what a killed run does again, in steps.
const saveEvery = 50

// next does one step, and what is due after it.
func (r *stageRun) next(ctx context.Context) error {
	p := r.point
	if err := ctx.Err(); err != nil {
		return err
	}
	rate := r.config.Schedule.rate(r.stage, p.Progress, p.Step, r.first)
	r.stepper.batch.fill(r.config, r.stage, r.data, r.sampler, p.Step)
	res, err := r.stepper.run(ctx, r.config.Loss.perPixel(r.stage.Size), rate, p.Count)
	if err != nil {
		return err
	}
	p.Step++
	p.Count++
	r.average()
	p.Sum.add(res)
	done := Progress{Step: p.Step, Steps: r.config.steps(), Loss: res.Loss, Left: r.left()}
	last := p.Step == r.first+r.stage.Steps
	if p.Step%r.config.Schedule.Validate == 0 || last {
		if done.Entry, err = r.validate(ctx, rate); err != nil {
			return err
		}
	}
	if p.Step%saveEvery == 0 {
		if err := r.save(r.stepper); err != nil {
			return err
		}
	}
	r.report(done)
	return nil
}

// left supposes that a step costs in proportion to its pixels.
func (r *stageRun) left() time.Duration {
	var all, done float64
	at := 0
	for _, s := range r.config.Stages {
		cost := float64(s.Size * s.Size * s.Batch)
		all += cost * float64(s.Steps)
		done += cost * float64(min(max(r.point.Step-at, 0), s.Steps))
		at += s.Steps
	}
	return time.Duration(float64(time.Since(r.started)) * (all - done) / max(done, 1))
}

// average moves the running averages of the weights and statistics.
func (r *stageRun) average() {
	keep := float32(min(r.config.Average, float64(r.point.Count)/float64(r.point.Count+9)))
	now := r.stepper.state()
	blend := func(mean, x []float32) {
		for i, v := range x {
			mean[i] += (1 - keep) * (v - mean[i])
		}
	}
	blend(r.point.average.theta, now.theta)
	blend(r.point.average.stats, now.stats)
}

// validate logs, keeps the best model, and tells the schedule.
func (r *stageRun) validate(ctx context.Context, rate float64) (*Entry, error) {
	p := r.point
	f := fold(r.config.Network, r.stepper.graph.layout, p.average.theta, p.average.stats)
	s, err := validate(ctx, f, r.data, r.stage.Size, r.config)
	if err != nil {
		return nil, err
	}
	n := float64(p.Sum.Steps)
	p.Log = append(p.Log, Entry{
		Step: p.Step, Size: r.stage.Size, Rate: rate, Loss: p.Sum.Loss / n, Fit: p.Sum.Fit / n, TV: p.Sum.TV / n,
		Precision: p.Sum.Counts.precision(), Recall: p.Sum.Counts.recall(), Validation: s, Seconds: time.Since(r.started).Seconds(),
	})
	p.Sum = losses{}
	if s.Mean > p.BestMean || p.Step == r.first+r.config.Schedule.Validate || r.config.Last {
		p.BestMean, p.best = s.Mean, p.average.clone()
		if err := r.export(0, nil); err != nil {
			return nil, err
		}
	}
	var stop bool
	if p.Progress, stop = r.config.Schedule.after(p.Progress, s.Loss); stop {
		p.Step = r.first + r.stage.Steps
	}
	return &p.Log[len(p.Log)-1], nil
}
