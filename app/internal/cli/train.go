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
	name: "train", args: "--config FILE [--resume]",
	summary: "Trains a model, and writes it with its card, log, curves and configuration",
	notes: "The output folder is named in the configuration. Ctrl-C leaves a checkpoint there, from which --resume goes on.\n" +
		"Configurations to start from are in segment/train/configs.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		config := f.String("config", "", "the training's configuration, JSON in `FILE`")
		resume := f.Bool("resume", false, "go on from the checkpoint in the output folder")
		return func(ctx context.Context, args []string) error {
			if *config == "" || len(args) > 0 {
				return wrongUse("--config and nothing else is needed")
			}
			return p.train(ctx, *config, *resume)
		}
	},
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
	_, err = fmt.Fprintln(p.Stdout, filepath.Join(config.Output, train.ModelFile))
	return err
}

// A training reports at every so many steps or after so long, whichever comes first.
const (
	reportSteps = 20
	reportEvery = 10 * time.Second
)

// trainReport prints a training's progress.
type trainReport struct {
	out  io.Writer
	step0, steps int // what was last printed, and steps since
	loss float64 // summed over them
	last time.Time
}
