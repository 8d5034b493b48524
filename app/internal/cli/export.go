package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/segment"
)

var exportCommand = command{
	name: "export", args: "PATH|PROJECT --preset png -o DIR [flags]",
	summary: "Exports masks for training, read back and compared before it says done",
	notes: "PATH is a file or folder of images: the model proposes masks, which are exported as the window would export them.\n" +
		"Every preset writes manifest.json, by which groundglass verify checks the folder; png writes NAME_mask.png for each\n" +
		"slice, NAME_image.png with --images, and each of several series to a folder of its own in DIR. The presets are\n" +
		presetNotes() +
		"This version has no projects yet.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		preset := f.String("preset", "png", "what to write; the `PRESET` is one of "+presetNames())
		out := f.String("o", "", "the folder `DIR` to write to")
		uid := f.String("series", "", "export the series of this `UID` only")
		var o export.Options
		f.BoolVar(&o.Images, "images", false, "write the slices as pictures too, at the lung window")
		f.BoolVar(&o.Values, "values", false, "write label values instead of 0 and 255")
		f.BoolVar(&o.Overwrite, "overwrite", false, "replace an export that is already in DIR")
		setFlags(f, &o)
		cut, model := cuttingFlags(f, annotate.DefaultConnectivity()), modelFlags(f)
		return func(ctx context.Context, args []string) error {
			switch {
			case len(args) == 0:
				return wrongUse("a file or folder is needed")
			case *out == "":
				return wrongUse("-o DIR is needed")
			}
			if _, err := presetFlags(f, *preset); err != nil {
				return err
			}
			return p.export(ctx, args, *out, *uid, *preset, *cut, *model, o)
		}
	},
}

func (p *Program) export(ctx context.Context, paths []string, dir, uid, preset string, cut cutting, model ModelChoice, o export.Options) error {
	m, err := LoadModel(model)
	if err != nil {
		return err
	}
	defer m.Close()
	found, err := p.open(ctx, paths)
	if err != nil {
		return err
	}
	if err := p.skipOutput(paths, found, dir); err != nil {
		return err
	}
	chosen := found.Series
	if uid != "" {
		s, err := choose(found, uid)
		if err != nil {
			return err
		}
		chosen = []*ct.Series{s}
	}
	set := export.Set{
		Cases: export.CaseNames(chosen), Patients: export.Patients(chosen), Labels: annotate.DefaultLabels(), Threshold: float64(cut.at), Program: p.name(), Model: ModelName(m.Card()),
		Open: func(k int) (*export.Case, func(), error) {
			snapshot, err := p.proposed(ctx, m, chosen[k], cut)
			chosen[k] = nil // so that a series' cached slices go with it
			return export.FromSnapshot(snapshot), nil, err
		},
	}
	report, err := p.write(ctx, dir, preset, set, o)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, report)
	return namedLeftOut(paths, found.LeftOut)
}

// write exports a set by the named preset.
func (p *Program) write(ctx context.Context, dir, preset string, s export.Set, o export.Options) (export.Report, error) {
	by, err := export.PresetNamed(preset)
	if err != nil {
		return export.Report{}, err
	}
	meter := p.meter("exporting")
	report, err := export.Write(ctx, dir, by, s, o, meter.show)
	meter.end()
	for _, remark := range report.Remarks {
		fmt.Fprintln(p.Stderr, remark)
	}
	return report, orOverwrite(err)
}

// orOverwrite names the way out where an export is in the way.
func orOverwrite(err error) error {
	if errors.Is(err, export.ErrExists) {
		return fmt.Errorf("%w; choose another folder, or replace what is there with --overwrite", err)
	}
	return err
}

// proposed is a session on a series, all of it proposed and nothing corrected.
func (p *Program) proposed(ctx context.Context, m *segment.Model, s *ct.Series, cut cutting) (annotate.Snapshot, error) {
	session := annotate.NewSession(s)
	session.SetConnector(Connector(s))
	session.SetThreshold(float64(cut.at))
	session.SetConnectivity(cut.Connectivity)
	generation := session.BeginProposal()
	meter := p.meter("proposing")
	defer meter.end()
	err := m.ProposeSeries(ctx, s, nil, func(i int, q segment.Proposal) { session.Propose(i, generation, Guess(m.Card(), q)) }, meter.show)
	return session.Snapshot(), err
}

// Guess is the proposal of a model with this card as a session takes it.
func Guess(c segment.Card, p segment.Proposal) annotate.Guess {
	return annotate.Guess{Prob: p.Foreground, Doubt: p.Doubt, Kind: p.Kind(), Kinds: c.KindLabels()}
}

// name is the program as files that it writes name it.
func (p *Program) name() string { return "Groundglass " + p.Version }
