package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/segment"
)

var proposeCommand = command{
	name: "propose", args: "PATH... -o DIR [--list FILE] [--shard I/N] [--threshold 0.3] [--tv W] [--min-area A] [--fill-holes] [--model FILE.onnx] [flags]",
	summary: "Proposes ground glass on every slice: masks and probability maps",
	notes: "For each slice it writes NAME_mask.png (0 and 255) and NAME_probability.png (0 to 255) on the slice's own grid,\n" +
		"NAME being the source's file name without its ending. The mask is what the probabilities give at the threshold, made to\n" +
		"hang together by --tv, --min-area and --fill-holes, as in the window; the map is the model's own. A model that tells kinds\n" +
		"apart gets NAME_classes.png too: the number of the most probable kind, from 1, in the mask, and 0 outside. With\n" +
		"--uncertainty, NAME_uncertainty.png says how unsure each pixel is: 0 is sure, 255 is as likely as not. With --json each\n" +
		"slice's uncertainty is a number from 0 for sure to 1, by which slices can be sorted. DIR is not the folder of the\n" +
		"images. Files in it of the same names are replaced, but never pictures that are read, and never exported masks. For each\n" +
		"series it prints the share of the lungs that is proposed; with --json, for each slice too.\n" +
		"With --list, which is as for groundglass export, or --shard, each series gets a folder of its own in DIR, with what --json\n" +
		"would print in proposals.json. Series whose files are all there, unchanged and by the same settings, are passed over, so\n" +
		"that a call that was stopped goes on when it is made again.",
	kept: "what was written stays",
	prepare: func(p *Program, f *flag.FlagSet) action {
		out := f.String("o", "", "the folder `DIR` to write to; made if need be")
		cut, model, asJSON := cuttingFlags(f, annotate.DefaultConnectivity()), modelFlags(f), jsonFlag(f)
		maps := f.Bool("uncertainty", false, "write NAME_uncertainty.png too")
		list, shard := f.String("list", "", "a `FILE` that lists what to open"), shardFlags(f)
		return func(ctx context.Context, args []string) (err error) {
			switch {
			case len(args) == 0 && *list == "":
				return wrongUse("a file, a folder or --list is needed")
			case *out == "":
				return wrongUse("-o DIR is needed")
			}
			if *list != "" || shard.Count > 0 {
				c := &proposeCall{paths: args, dir: *out, cut: *cut, model: *model, maps: *maps, shard: *shard, json: *asJSON}
				if *list != "" {
					if c.list, err = readList(*list); err != nil {
						return err
					}
				}
				return p.proposeMany(ctx, c)
			}
			return p.propose(ctx, args, *out, *cut, *model, *maps, *asJSON)
		}
	},
}

// proposeReport is what propose prints with --json.
type proposeReport struct {
	Model  string          `json:"model"`
	Device string          `json:"device"`
	Kinds  []string        `json:"kinds"` // what the numbers in classes mean, from 1
	Slices []proposedSlice `json:"slices"`
	Series []*seriesLungs  `json:"series"`
}

type proposedSlice struct {
	Source         string  `json:"source"`
	Mask           string  `json:"mask"`
	Probability    string  `json:"probability"`
	Classes        string  `json:"classes,omitempty"`
	UncertaintyMap string  `json:"uncertainty_map,omitempty"`
	ForegroundPX   int     `json:"foreground_px"`
	Uncertainty    float64 `json:"uncertainty"`
	sliceLungs
}

func (p *Program) propose(ctx context.Context, paths []string, dir string, cut cutting, model ModelChoice, maps, asJSON bool) error {
	m, err := LoadModel(model)
	if err != nil {
		return err
	}
	defer m.Close()
	found, err := p.openImages(ctx, paths, "")
	if err != nil {
		return err
	}
	if err := p.skipOutput(paths, found, dir); err != nil {
		return err
	}
	plan, err := planProposals(found.Series, dir, maps, len(m.Card().KindLabels()) > 0)
	if err != nil {
		return err
	}
	for _, s := range plan {
		if source := s.series.Sources[0].File; resolved(filepath.Dir(source)) == resolved(dir) {
			return fmt.Errorf("%s holds the images that are read, %s among them: choose another folder to write to", dir, filepath.Base(source))
		}
	}
	found.Series = nil // proposeAll lets go of each when it is done
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return export.Explain(dir, err)
	}
	done, err := p.proposeAll(ctx, m, plan, cut)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if printErr := p.printProposals(done, m, dir, asJSON); printErr != nil {
		return printErr
	}
	return errors.Join(err, namedLeftOut(paths, found.LeftOut), lacking(len(broken(found.LeftOut))))
}

// seriesPlan says which files the slices of a series become.
type seriesPlan struct {
	series *ct.Series
	slices []proposedSlice
}

// planProposals names all files before any is written, and refuses to write over what is read.
func planProposals(series []*ct.Series, dir string, maps, kinds bool) ([]seriesPlan, error) {
	if _, err := os.Stat(filepath.Join(dir, export.ManifestFile)); err == nil {
		return nil, fmt.Errorf("%s holds exported masks, which proposals must not replace: choose another folder", dir)
	}
	var sources []ct.Source
	read := map[string]bool{}
	for _, s := range series {
		sources = append(sources, s.Sources...)
	}
	for _, s := range sources {
		read[ct.FullPath(s.File)] = true
	}
	names := export.Names(sources)
	var plans []seriesPlan
	for _, s := range series {
		plan := seriesPlan{series: s}
		for i, source := range s.Sources {
			base := filepath.Join(dir, names[i])
			out := proposedSlice{Source: source.File, Mask: base + "_mask.png", Probability: base + "_probability.png"}
			if kinds {
				out.Classes = base + "_classes.png"
			}
			if maps {
				out.UncertaintyMap = base + "_uncertainty.png"
			}
			for _, file := range out.files() {
				if read[ct.FullPath(file)] {
					return nil, fmt.Errorf("%s is among the pictures to read and would be replaced: choose another folder", file)
				}
			}
			plan.slices = append(plan.slices, out)
		}
		names = names[s.Len():]
		plans = append(plans, plan)
	}
	return plans, nil
}

// files are those that a slice becomes.
func (s proposedSlice) files() []string {
	all := []string{s.Mask, s.Probability, s.Classes, s.UncertaintyMap}
	return slices.DeleteFunc(all, func(file string) bool { return file == "" })
}

// proposeAll works through all series and returns the slices that were written. Slices that cannot be read do not keep
// it from the others; the error names them.
func (p *Program) proposeAll(ctx context.Context, m *segment.Model, plans []seriesPlan, cut cutting) ([]proposedSlice, error) {
	done := []proposedSlice{}
	var errs []error
	for i, plan := range plans {
		plans[i] = seriesPlan{} // so that a series' cached slices go with it
		written, err := p.proposeSeries(ctx, m, plan, cut)
		done = append(done, written...)
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	return done, errors.Join(errs...)
}

// proposeSeries proposes one series while two goroutines write the files.
func (p *Program) proposeSeries(ctx context.Context, m *segment.Model, plan seriesPlan, cut cutting) ([]proposedSlice, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	w := startWriters(plan, cut, stop)
	meter := p.meter("proposing")
	err := m.ProposeSeries(ctx, plan.series, nil, w.add, meter.show)
	meter.end()
	done := w.finish()
	unseen := 0
	for _, s := range done {
		if s.Uncertainty >= 1 {
			unseen++
		}
	}
	if unseen > 0 {
		p.warn("%s", export.NoLung(unseen, export.CaseName(plan.series)))
	}
	if err == nil {
		err = context.Cause(ctx) // an error of writing after the model's last slice
	}
	return done, err
}

func reportOn(m *segment.Model, done []proposedSlice) proposeReport {
	return proposeReport{ModelName(m.Card()), m.Device(), append([]string{}, m.Card().KindLabels()...), done, lungsOf(done)}
}

// printProposals says what was written.
func (p *Program) printProposals(done []proposedSlice, m *segment.Model, dir string, asJSON bool) error {
	if asJSON {
		return p.printJSON(reportOn(m, done))
	}
	marked := 0
	for _, s := range done {
		if s.ForegroundPX > 0 {
			marked++
		}
	}
	plural := "s"
	if len(done) == 1 {
		plural = ""
	}
	_, err := fmt.Fprintf(p.Stdout, "proposed %d slice%s, %d with foreground, on %s: %s\n", len(done), plural, marked, m.Device(), dir)
	return errors.Join(err, p.printLungs(lungsOf(done)))
}
