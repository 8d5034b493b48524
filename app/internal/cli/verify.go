package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
)

var verifyCommand = command{
	name: "verify", args: "DIR... [--project DIR] [--shard I/N] [--json]",
	summary: "Reads exports back and compares every file with their manifests",
	notes: "DIR is what groundglass export, or the window, wrote. Each file is compared with the manifests and with the rules of the\n" +
		"preset, and each mask, pixel by pixel, with the one that was exported. Files and folders that are not of the export are\n" +
		"problems, too, since training code may take them; what systems and training code leave by themselves (.DS_Store, Thumbs.db,\n" +
		"nnUNet_preprocessed, labels/*.cache of YOLO) is only told. Where a manifest is damaged or missing, the rest is still checked.\n" +
		"With --project every mask is also compared, pixel by pixel, with what the project holds now. Cases are read several at a\n" +
		"time; with --shard, several programs share the cases of each DIR. The exit status is 1 where anything differs. With --json\n" +
		"it prints {\"ok\", \"cases\", \"slices\", \"files\", \"foreground_px\", \"left_out\", \"problems\", \"remarks\", \"seconds\"}.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		var projects []string
		f.Func("project", "compare with the project in `DIR`, too; repeat the flag for more", func(dir string) error {
			projects = append(projects, dir)
			return nil
		})
		asJSON, shard := jsonFlag(f), shardFlags(f)
		var key string
		f.StringVar(&key, "key", "", "the `FILE` of the key by which the export has its pseudonyms, for --project (default: with the user's data)")
		return func(ctx context.Context, args []string) error {
			if len(args) == 0 {
				return wrongUse("a folder is needed")
			}
			return p.verify(ctx, args, comparison{projects, key}, *shard, *asJSON)
		}
	},
}

// verifyReport is what verify prints with --json.
type verifyReport struct {
	OK         bool             `json:"ok"`
	Cases      int              `json:"cases"`
	Slices     int              `json:"slices"`
	Files      int              `json:"files"`
	Foreground int              `json:"foreground_px"`
	LeftOut    []export.LeftOut `json:"left_out"` // of the exports, when they were made
	Problems   []string         `json:"problems"`
	Remarks    []string         `json:"remarks"`
	Seconds    float64          `json:"seconds"`
}

// comparison is what exports are compared with, beside themselves.
type comparison struct {
	projects []string
	key      string // of pseudonyms
}

func (p *Program) verify(ctx context.Context, dirs []string, a comparison, shard export.Shard, asJSON bool) error {
	begun := time.Now()
	all := verifyReport{LeftOut: []export.LeftOut{}, Problems: []string{}, Remarks: []string{}}
	var said []string
	for _, dir := range dirs {
		r, err := p.verifyOne(ctx, dir, a, shard)
		switch {
		case err != nil && (len(dirs) == 1 || ctx.Err() != nil):
			return err
		case err != nil:
			all.Problems = append(all.Problems, err.Error()+".")
			continue
		}
		all.Cases, all.Slices, all.Files, all.Foreground = all.Cases+r.Cases, all.Slices+r.Slices, all.Files+r.Files, all.Foreground+r.Foreground
		all.LeftOut = append(all.LeftOut, r.LeftOut...)
		if len(dirs) > 1 {
			r.Problems, r.Remarks = each(dir, r.Problems), each(dir, r.Remarks)
		}
		all.Remarks = append(all.Remarks, r.Remarks...)
		all.Problems, said = append(all.Problems, r.Problems...), append(said, r.String())
	}
	all.OK, all.Seconds = len(all.Problems) == 0, time.Since(begun).Seconds()
	if err := p.tellVerified(all, said, asJSON); err != nil {
		return err
	}
	if !all.OK {
		return errors.New(ct.Count(len(all.Problems), "problem"))
	}
	return nil
}

// each puts the folder that they are of before sentences.
func each(dir string, sentences []string) []string {
	out := make([]string, len(sentences))
	for k, s := range sentences {
		out[k] = dir + ": " + s
	}
	return out
}

func (p *Program) tellVerified(r verifyReport, said []string, asJSON bool) error {
	if asJSON {
		return p.printJSON(r)
	}
	for _, remark := range r.Remarks {
		fmt.Fprintln(p.Stderr, remark)
	}
	for _, line := range append(r.Problems, said...) {
		if _, err := fmt.Fprintln(p.Stdout, line); err != nil {
			return err
		}
	}
	return nil
}

// verifyOne verifies an export, and compares it with projects.
func (p *Program) verifyOne(ctx context.Context, dir string, a comparison, shard export.Shard) (export.Report, error) {
	meter := p.meter("verifying")
	r, err := export.VerifyShard(ctx, dir, shard, meter.show)
	meter.end()
	if err != nil {
		return r, err
	}
	if m, _ := export.ReadChanged(dir); m == nil && len(a.projects) > 0 {
		r.Problems = append(r.Problems, "the masks cannot be compared with the project's, since the manifest does not say what they hold.")
		return r, nil
	}
	for _, path := range a.projects {
		d, err := p.identityOf(dir, a.key)
		if err != nil {
			return r, err
		}
		works, err := p.OpenProject(ctx, path)
		if err != nil {
			return r, err
		}
		var cases []*export.Case
		for _, w := range works {
			cases = append(cases, w.exported())
		}
		problems, err := export.Compare(ctx, dir, cases, d, shard)
		if err != nil {
			return r, err
		}
		r.Problems = append(r.Problems, problems...)
	}
	return r, nil
}

// identityOf is the identity by which an export was made.
func (p *Program) identityOf(dir, key string) (export.Identity, error) {
	m, fault := export.ReadChanged(dir)
	switch {
	case m == nil:
		return export.Identity{}, fault
	case m.Identity == "":
		return export.Identity{}, nil
	}
	k, err := p.openKey(key, true)
	if err != nil {
		return export.Identity{}, err
	}
	return WithoutIdentity(k), nil
}
