package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"groundglass/segment/train"
)

var trainCommand = command{
	name: "train", args: "--config FILE [--resume] | --plan FILE",
	summary: "Trains a model, and writes it with its card, log, curves and configuration",
	notes: "The output folder is named in the configuration. Ctrl-C leaves a checkpoint there, from which --resume goes on.\n" +
		"A plan is an experiment: it trains variants of a configuration, each from several seeds, and writes a table of their\n" +
		"scores; called again it goes on where it was. Configurations and plans to start from are in segment/train/configs.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		config := f.String("config", "", "the training's configuration, JSON in `FILE`")
		plan := f.String("plan", "", "the experiment's plan, JSON in `FILE`")
		resume := f.Bool("resume", false, "go on from the checkpoint in the output folder")
		return func(ctx context.Context, args []string) error {
			switch {
			case (*config == "") == (*plan == "") || len(args) > 0:
				return wrongUse("either --config or --plan is needed, and nothing else")
			case *plan != "" && *resume:
				return wrongUse("a plan always goes on where it was: leave --resume out")
			case *plan != "":
				return p.trainPlan(ctx, *plan)
			}
			return p.train(ctx, *config, *resume)
		}
	},
}

func (p *Program) trainPlan(ctx context.Context, path string) error {
	plan, err := train.ReadPlan(path)
	if err != nil {
		return err
	}
	var r *trainReport
	err = train.RunPlan(ctx, plan, func(name string, number, of int, at train.Progress) {
		if r == nil || r.run != number {
			fmt.Fprintf(p.Stderr, "run %d/%d: %s\n", number, of, name)
			r = &trainReport{out: p.Stderr, run: number}
		}
		r.step(at)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.Stdout, filepath.Join(plan.Output, train.TableFile))
	return err
}

func (p *Program) train(ctx context.Context, path string, resume bool) error {
	config, err := train.ReadConfig(path)
	if err != nil {
		return err
	}
	r := &trainReport{out: p.Stderr}
	err = train.Run(ctx, config, resume, r.step)
	if ctx.Err() != nil {
		fmt.Fprintf(p.Stderr, "%s holds a checkpoint; --resume goes on from it\n", config.Output)
	}
	if err != nil {
		return err
	}
	if r.took > 0 {
		fmt.Fprintf(p.Stderr, "trained for %s in all\n", r.took.Round(time.Second))
	}
	_, err = fmt.Fprintln(p.Stdout, filepath.Join(config.Output, train.ModelFile))
	return err
}

// A training reports after so many steps or so long, whichever comes first.
const (
	reportSteps = 20
	reportEvery = 10 * time.Second
)

// trainReport prints a training's progress.
type trainReport struct {
	out   io.Writer
	run   int // of a plan
	begun bool
	from  int       // step of the last line
	at    time.Time // of the last line
	loss  float64   // summed over the steps since then
	took  time.Duration
}

// step takes what the trainer says after every step and before each stage.
func (r *trainReport) step(p train.Progress) {
	if len(p.LeftOut) > 0 {
		fmt.Fprintf(r.out, "left out of training, since they look like validation pictures: %s\n", strings.Join(p.LeftOut, ", "))
	}
	if !r.begun || p.Step == r.from {
		fmt.Fprintf(r.out, "step %d/%d\n", p.Step, p.Steps)
		*r = trainReport{out: r.out, run: r.run, begun: true, from: p.Step, at: time.Now()}
		return
	}
	r.loss += p.Loss
	n, took := p.Step-r.from, time.Since(r.at)
	if n >= reportSteps || took >= reportEvery || p.Entry != nil {
		fmt.Fprintf(r.out, "step %d/%d  loss %.4f  %.2f s a step  %s left\n",
			p.Step, p.Steps, r.loss/float64(n), took.Seconds()/float64(n), p.Left.Round(time.Second))
		r.from, r.at, r.loss = p.Step, time.Now(), 0
	}
	if e := p.Entry; e != nil {
		fmt.Fprintln(r.out, validationLine(e))
		r.at, r.took = time.Now(), time.Duration(e.Seconds*float64(time.Second))
	}
}

// validationLine says what a validation measured.
func validationLine(e *train.Entry) string {
	if len(e.Validation.Dice) == 0 {
		return fmt.Sprintf("at step %d: size %d  rate %.2g  loss %.4f  no picture validates", e.Step, e.Size, e.Rate, e.Loss)
	}
	line := fmt.Sprintf("validation at step %d: size %d  rate %.2g  loss %.4f  validation loss %.4f  mean dice %.4f ",
		e.Step, e.Size, e.Rate, e.Loss, e.Validation.Loss, e.Validation.Mean)
	for _, name := range slices.Sorted(maps.Keys(e.Validation.Dice)) {
		line += fmt.Sprintf(" %s %.4f", name, e.Validation.Dice[name])
	}
	return line
}
