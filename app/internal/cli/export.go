package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/segment"
)

var exportCommand = command{
	name: "export", args: "PATH|PROJECT... --preset png -o DIR [--list FILE] [--shard I/N] [flags]",
	summary: "Exports masks for training, read back and compared before it says done",
	notes: "PATH is a file or folder of images: the model proposes masks, which are exported as the window would export them. Of a\n" +
		"PROJECT's folder the masks, the status of each slice and the log of the work are exported, without the model, and another\n" +
		"program may have it open. Each series is a case, but for what seems to be masks of images beside it, which is left out and\n" +
		"named, and of a folder that this program exported the images alone are taken. --list names many, a path a line, or as a CSV\n" +
		"with the columns path and, if wished, case, patient and series (a UID): they are opened one at a time.\n" +
		"Every preset writes manifest.json, by which groundglass verify checks the folder. The presets, and the flags that they heed\n" +
		"of those that not all do, are\n" +
		presetNotes() +
		"Several cases that are stopped, or killed, go on when the same call is made again, and end with the same bytes; with\n" +
		"--restart they begin anew. With --shard, several programs, on several machines that have DIR on one file system, share the\n" +
		"work: the one that is done last makes DIR appear. Cases that cannot be exported, and images that are damaged, are left\n" +
		"out and named; the exit status is then 1. Patients get pseudonyms, unless --keep-identity is given, and --dry-run tells beforehand what leaves.",
	kept: "nothing was kept",
	prepare: func(p *Program, f *flag.FlagSet) action {
		var c exportCall
		preset := ""
		f.Func("preset", "what to write: a `PRESET` of those above (default png)", func(name string) error {
			if preset != "" && preset != name {
				return fmt.Errorf("%s and %s are two exports, each of which needs a call", preset, name)
			}
			preset = name
			return nil
		})
		f.StringVar(&c.dir, "o", "", "the folder `DIR` to write to; made if need be")
		f.StringVar(&c.uid, "series", "", "export the series of this `UID` only")
		list := f.String("list", "", "a `FILE` that lists what to export")
		f.Func("labels", "export the labels `NAME,NAME` only, by their names or values: pixels of others are background (default: all)", func(names string) error {
			for name := range strings.SplitSeq(names, ",") {
				if name = strings.TrimSpace(name); name == "" {
					return errors.New("names or values of labels are needed, with commas between them")
				}
				c.labels = append(c.labels, name)
			}
			return nil
		})
		f.BoolVar(&c.o.Images, "images", false, "write the slices as pictures too, at the window of --window")
		f.BoolVar(&c.o.Values, "values", false, "write label values, or with --values=false 0 and 255 whatever the label (default: label values where there are several labels)")
		f.BoolVar(&c.o.Overwrite, "overwrite", false, "replace an export that is already in DIR")
		f.BoolVar(&c.o.Restart, "restart", false, "begin anew where an earlier call was stopped")
		f.Var(&whole{&c.o.Workers, 1, mostWorkers}, "workers", "write `N` cases at a time (default: one a core for projects, one in all where the model runs)")
		shard := shardFlags(f)
		f.BoolVar(&c.dry, "dry-run", false, "tell what of identities would leave, field by field, and write nothing")
		setFlags(f, &c.o)
		identity := identityFlags(f)
		cut, model, asJSON := cuttingFlags(f, annotate.DefaultConnectivity()), modelFlags(f), jsonFlag(f)
		return func(ctx context.Context, args []string) (err error) {
			switch {
			case len(args) == 0 && *list == "":
				return wrongUse("a file, a folder, a project or --list is needed")
			case c.dir == "":
				return wrongUse("-o DIR is needed")
			case c.uid != "" && *list != "":
				return wrongUse("--series is not for lists, which have a column of that name")
			case c.o.Restart && shard.Count > 1:
				return wrongUse("--restart is not for parts of a whole: it would take away what others did")
			case c.o.Overwrite && shard.Count > 1:
				return wrongUse("--overwrite is not for parts of a whole: they need a new folder")
			case identity.keep && identity.key != "":
				return wrongUse("--keep-identity makes no pseudonyms, for which --key is")
			}
			if c.preset, err = presetFlags(f, cmp.Or(preset, "png"), c.o); err != nil {
				return err
			}
			c.valuesSaid, c.ofProposals = given(f, "values"), givenOf(f, proposalFlags)
			if *list != "" {
				if c.list, err = readList(*list); err != nil {
					return err
				}
			}
			c.paths, c.cut, c.model, c.json, c.o.Shard, c.identity = args, *cut, *model, *asJSON, *shard, *identity
			return p.export(ctx, &c)
		}
	},
}

// exportCall is what export was asked for.
type exportCall struct {
	paths    []string
	list     []listed
	dir, uid string
	preset   export.Preset
	cut      cutting
	model    ModelChoice
	o        export.Options
	json     bool
	dry      bool
	identity identityCall

	labels      []string // that are exported, by their names or values; none for all
	valuesSaid  bool     // whether masks are to hold label values
	ofProposals []string // flags that were given and are for proposals
}

// mostWorkers bounds how many cases are written at a time.
const mostWorkers = 1024

// places are the files and folders that the export is made of.
func (c *exportCall) places() []string {
	out := slices.Clone(c.paths)
	for _, l := range c.list {
		out = append(out, l.path)
	}
	return out
}

func (p *Program) export(ctx context.Context, c *exportCall) error {
	begun := time.Now()
	if err := p.exportApart(c.identity, c.places(), c.dir); err != nil {
		return err
	}
	sources, err := p.sources(ctx, c)
	if err != nil {
		return err
	}
	defer sources.close()
	if len(c.ofProposals) > 0 && sources.proposed == 0 {
		return wrongUse("%s: nothing is proposed here, since a project holds its masks", strings.Join(c.ofProposals, " "))
	}
	if sources.labels, sources.without, err = onlyLabels(sources.labels, c.labels); err != nil {
		return err
	}
	for _, l := range sources.without {
		sources.used[l.Value] = false
	}
	if c.preset.Uses.Values && !c.valuesSaid && sources.severalLabels() {
		c.o.Values = true
		p.warn("masks hold label values, since there are several labels; --values=false writes 0 and 255")
	}
	var done func() error
	if c.o.Identity, done, err = p.identity(c.identity, c.dry); err != nil {
		return err
	}
	set := p.set(ctx, sources, c)
	o := c.o
	if several := len(set.Cases) > 1; several {
		o.Resume, o.Skip = true, true
	}
	if o.Workers < 1 && sources.model == nil {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if c.dry {
		return p.dryRun(ctx, c, sources, set)
	}
	report, err := p.write(ctx, c.dir, c.preset, set, o)
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	if err := p.tellExported(c, report, int(sources.slices.Load()), time.Since(begun)); err != nil {
		return err
	}
	return errors.Join(leftOutOf(report, set, o.Shard), namedLeftOut(c.paths, sources.left), lacking(int(sources.broken.Load())))
}

// leftOutOf is an error where cases of the own part are left out.
func leftOutOf(r export.Report, s export.Set, shard export.Shard) error {
	own, n := part(s.Cases, shard), 0
	for _, l := range r.LeftOut {
		if slices.Contains(own, l.Case) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%s could not be exported", ct.Count(n, "case"))
}

// exportSummary is what export prints with --json.
type exportSummary struct {
	Dir        string           `json:"dir"`
	Preset     string           `json:"preset"`
	Finished   bool             `json:"finished"` // the export is at dir; otherwise other programs are to do their parts
	Cases      int              `json:"cases"`
	Missing    int              `json:"missing_cases"` // that others are to do
	Earlier    int              `json:"earlier_cases"` // that were there already
	Anew       int              `json:"anew_cases"`    // that were there, of images that changed since
	Slices     int              `json:"slices"`
	Files      int              `json:"files"`
	Foreground int              `json:"foreground_px"`
	LeftOut    []export.LeftOut `json:"left_out"`
	Remarks    []string         `json:"remarks"`
	Seconds    float64          `json:"seconds"`
	Rate       float64          `json:"slices_per_second"` // of those that this call wrote
}

// tellExported prints what was exported; written is how many slices this call wrote.
func (p *Program) tellExported(c *exportCall, r export.Report, written int, took time.Duration) error {
	s := exportSummary{
		Dir: r.Dir, Preset: c.preset.Name, Finished: !r.Unfinished, Cases: r.Cases, Missing: r.Missing, Earlier: r.Earlier, Anew: r.Anew, Slices: r.Slices, Files: r.Files,
		Foreground: r.Foreground, LeftOut: append([]export.LeftOut{}, r.LeftOut...), Remarks: append([]string{}, r.Remarks...),
		Seconds: took.Seconds(), Rate: float64(written) / took.Seconds(),
	}
	if c.json {
		return p.printJSON(s)
	}
	for k, l := range r.LeftOut {
		if k == maxListed {
			p.warn("%d more cases are left out; the manifest lists them all", len(r.LeftOut)-k)
			break
		}
		p.warn("%s is left out: %s", l.Case, oneLine(l.Reason))
	}
	if r.Earlier > 0 {
		fmt.Fprintf(p.Stdout, "%s had been done before.\n", ct.Count(r.Earlier, "case"))
	}
	if r.Anew > 0 {
		p.warn("the images of %s changed since it was begun: those were done anew", ct.Count(r.Anew, "case"))
	}
	_, err := fmt.Fprintf(p.Stdout, "%s\n%.1f s, %.1f slices a second.\n", r, s.Seconds, s.Rate)
	return err
}

// write exports a set by a preset.
func (p *Program) write(ctx context.Context, dir string, by export.Preset, s export.Set, o export.Options) (export.Report, error) {
	meter := p.meter("exporting").of(1000, "case")
	report, err := export.Write(ctx, dir, by, s, o, meter.show)
	meter.end()
	for k, remark := range report.Remarks {
		if k == maxListed {
			p.warn("%d more remarks are in the manifests", len(report.Remarks)-k)
			break
		}
		fmt.Fprintln(p.Stderr, remark)
	}
	return report, orOverwrite(err, o.Shard)
}

// writePNG exports a set as PNG masks.
func (p *Program) writePNG(ctx context.Context, dir string, s export.Set, o export.Options) (export.Report, error) {
	by, err := export.PresetNamed("png")
	if err != nil {
		return export.Report{}, err
	}
	return p.write(ctx, dir, by, s, o)
}

// orOverwrite names the way out where an export is in the way.
func orOverwrite(err error, shard export.Shard) error {
	switch {
	case errors.Is(err, export.ErrExists) && shard.Count > 1:
		return fmt.Errorf("%w; choose another folder", err)
	case errors.Is(err, export.ErrExists):
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
