package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
	"groundglass/annotate/labels"
	"groundglass/annotate/project"
	"groundglass/app/internal/cli"
	"groundglass/segment"
	"groundglass/ui"
)

// newServices is what the window needs, with the model that was chosen.
func newServices(model cli.ModelChoice) ui.Services {
	k, noKeeper := newKeeper()
	if noKeeper != nil {
		log.Printf("work is not kept: %v", noKeeper)
	}
	e := &exporter{k: k, written: map[string]*ct.Series{}}
	s := ui.Services{Opener: opener{k}, Demo: demo, Labels: labelReader{}, Exporter: e, AutoPropose: true, Version: version, Connector: cli.Connector, FindLungs: findLungs}
	if k != nil {
		s.Keeper = k
	}
	p, err := newProposer(model)
	if err != nil {
		s.NoModel = err.Error()
		return s
	}
	e.model = cli.ModelName(p.card)
	if k != nil {
		k.options.Model = sync.OnceValue(func() project.Model { return auditModel(model, p.card) })
	}
	s.Proposer, s.About, s.Marks = p, p.about(), p.marks()
	return s
}

// auditModel names a model as the audit does.
func auditModel(model cli.ModelChoice, card segment.Card) project.Model {
	out := project.Model{Name: card.Name, Version: card.Version}
	if data, _, err := model.ReadModel(); err == nil {
		sum := sha256.Sum256(data)
		out.SHA256 = hex.EncodeToString(sum[:])
	}
	return out
}

// opener finds series, and those that projects name.
type opener struct{ k *keeper }

func (o opener) Open(ctx context.Context, paths []string, progress func(done, total int)) (*ct.Found, error) {
	if o.k != nil {
		var err error
		if paths, err = o.k.projectPaths(paths); err != nil {
			return nil, err
		}
	}
	return ct.Open(ctx, paths, progress)
}

// labelReader reads masks made elsewhere.
type labelReader struct{}

func (labelReader) ReadLabels(ctx context.Context, s *ct.Series, table []annotate.Label, paths []string, others bool, progress func(done, total int)) (ui.ReadLabels, error) {
	o := labels.Options{Table: table, OtherImages: others}
	if key, err := keyFile(); err == nil {
		o.Key = cli.LabelKey(key)
	}
	l, err := labels.Read(ctx, s, paths, o, progress)
	if err != nil {
		return ui.ReadLabels{}, err
	}
	return ui.ReadLabels{Labels: l.Import("Open labels"), Summary: l.Report.Summary(), Lines: l.Report.Lines(), OfOthers: l.Report.OfOthers}, nil
}

// demo is the demo case.
func demo(context.Context) (*ct.Found, error) {
	return &ct.Found{Series: []*ct.Series{phantom.New(phantom.Demo()).Series()}}, nil
}

// proposer is a model whose card is read at once. Its network is loaded when it is first used, since that takes time, and
// let go when it has rested, since that takes memory.
type proposer struct {
	card   segment.Card
	load   func() (*segment.Model, error)
	device atomic.Pointer[string] // what the loaded model runs on

	mu    sync.Mutex
	model *segment.Model // nil while not loaded
	users int
	rest  *time.Timer // since the last use
}

// modelRest is how long a model that nobody uses stays loaded.
const modelRest = 20 * time.Second

func newProposer(model cli.ModelChoice) (*proposer, error) {
	_, card, err := model.ReadModel()
	if err != nil {
		return nil, err
	}
	return &proposer{card: card, load: func() (*segment.Model, error) { return cli.LoadModel(model) }}, nil
}

// use gives the model to one who calls done afterwards.
func (p *proposer) use() (m *segment.Model, done func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.model == nil {
		if p.model, err = p.load(); err != nil {
			return nil, nil, err
		}
		device := p.model.Device()
		p.device.Store(&device)
	}
	if p.rest != nil {
		p.rest.Stop()
	}
	p.users++
	return p.model, p.unuse, nil
}

func (p *proposer) unuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.users--; p.users == 0 {
		p.rest = time.AfterFunc(modelRest, p.letGo)
	}
}

// letGo lets go of a model that nobody uses.
func (p *proposer) letGo() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.users == 0 && p.model != nil {
		p.model.Close()
		p.model = nil
	}
}

// Name is the model's, with the device once that has been chosen.
func (p *proposer) Name() string {
	if device := p.device.Load(); device != nil {
		return cli.ModelName(p.card) + ", " + *device
	}
	return cli.ModelName(p.card)
}

func (p *proposer) Propose(ctx context.Context, s *ct.Series, next func() int, each func(i int, g annotate.Guess), progress func(done, total int)) error {
	m, done, err := p.use()
	if err != nil {
		return err
	}
	defer done()
	return m.ProposeSeries(ctx, s, next, func(i int, p segment.Proposal) { each(i, cli.Guess(m.Card(), p)) }, progress)
}

// marks says what the proposals are, which may be more than the name of the label that they get.
func (p *proposer) marks() string { return "Proposals mark " + p.card.Marks() + "." }

// about is the model's card for people.
func (p *proposer) about() string {
	c := p.card
	text := fmt.Sprintf("%s\n%s\n\nTrained on: %s\nLicence: %s\n%s\n", cli.ModelName(c), c.Description, c.Data, c.Licence, c.Warning)
	if c.Through > 0 {
		text += fmt.Sprintf("\nA slice's proposal is a mean over the slices within %g mm.\n", segment.ThroughReach*c.Through)
	}
	for _, s := range c.Scores {
		text += fmt.Sprintf("\n%s, %d unseen images: Dice %.2f at %g, average precision %.2f", s.Data, s.Images, s.Dice, s.Threshold, s.Average)
	}
	return text
}

// exporter writes labels. Unasked it replaces an export only where it wrote that one itself from the same open
// series: whatever else a folder holds may be work that is nowhere else.
type exporter struct {
	model string  // names what proposed the masks
	k     *keeper // knows of the work on them; may be nil
	key   userKey

	mu      sync.Mutex
	written map[string]*ct.Series // by folder
}

func (e *exporter) Presets() []ui.Preset {
	var out []ui.Preset
	for _, p := range export.Presets() {
		out = append(out, ui.Preset{
			Name: p.Name, Title: p.Title, About: p.About, Many: p.Many,
			Images: p.Uses.Images, Values: p.Uses.Values, Window: p.Uses.Window, Named: p.Uses.Name,
			Square: p.Uses.Square, Limits: p.Uses.Limits,
		})
	}
	return out
}

// asked is what the dialog asked for, as the package export takes it.
func (e *exporter) asked(o ui.ExportOptions) (export.Preset, export.Options, error) {
	preset, err := export.PresetNamed(o.Preset)
	if err != nil {
		return preset, export.Options{}, err
	}
	out := export.Options{Images: o.Images, Values: o.Values, Window: o.Window, Name: o.Name, Overwrite: o.Replace,
		Square: o.Square, LeastConfidence: o.LeastConfidence, LargestDoubt: o.LargestDoubt,
	}
	if !o.Identity {
		key, err := e.key.open()
		if err != nil {
			return preset, out, err
		}
		out.Identity = cli.WithoutIdentity(key)
	}
	if !o.People {
		out.Identity = cli.WithoutPeople(out.Identity)
	}
	return preset, out, nil
}

// cases are the series to export, and their names.
func (e *exporter) cases(all []annotate.Snapshot, d export.Identity) (cases []*export.Case, names []string) {
	for _, s := range all {
		c := cli.CaseOf(s)
		if e.k != nil {
			c.Audit, c.Work = e.k.worked(s.Series)
		}
		cases = append(cases, c)
	}
	return cases, d.CaseNames(seriesOf(all))
}

func seriesOf(all []annotate.Snapshot) []*ct.Series {
	out := make([]*ct.Series, len(all))
	for i, s := range all {
		out[i] = s.Series
	}
	return out
}

func (e *exporter) Leaving(dir string, all []annotate.Snapshot, o ui.ExportOptions) ui.Leaving {
	preset, options, err := e.asked(o)
	if err != nil {
		return ui.Leaving{Warnings: []string{err.Error()}}
	}
	var out ui.Leaving
	cases, names := e.cases(all, options.Identity)
	for k, c := range cases {
		for _, f := range export.Leaving(names[k], c, preset, options) {
			if len(cases) > 1 {
				f.What = fmt.Sprintf("%s (%d)", f.What, k+1)
			}
			out.Fields = append(out.Fields, ui.LeavingField(f))
		}
		out.Warnings = withNew(out.Warnings, cli.Warnings(dir, c, preset, options))
		out.Notes = withNew(out.Notes, cli.IdentityNotes(c, options, "an export that does not leave it out"))
	}
	return out
}

// withNew are sentences, and those of more that are not among them.
func withNew(sentences, more []string) []string {
	for _, said := range more {
		if !slices.Contains(sentences, said) {
			sentences = append(sentences, said)
		}
	}
	return sentences
}

func (e *exporter) Export(ctx context.Context, dir string, all []annotate.Snapshot, o ui.ExportOptions, progress func(done, total int)) (out ui.Exported, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.Apart(dir, seriesOf(all), o.Identity); err != nil {
		return out, err
	}
	preset, options, err := e.asked(o)
	if err != nil {
		return out, err
	}
	options.Overwrite = options.Overwrite || e.written[dir] == all[0].Series && presetIn(dir) == preset.Name
	cases, names := e.cases(all, options.Identity)
	set := export.Set{
		Cases: names, Open: func(k int) (*export.Case, func(), error) { return cases[k], nil, nil },
		Labels: all[0].Labels, Threshold: all[0].Threshold, Model: e.model, Program: "Groundglass " + version,
		Patients: export.Patients(seriesOf(all)),
	}
	r, err := export.Write(ctx, dir, preset, set, options, progress)
	if errors.Is(err, export.ErrExists) {
		return out, fmt.Errorf("%s: %w", held(dir, err), ui.ErrExists)
	}
	if err != nil {
		return out, err
	}
	e.written[dir] = all[0].Series
	if !o.Identity {
		if out.Key, out.KeyMade, err = e.key.flush(); err != nil {
			return out, err
		}
	}
	out.Summary, out.Remarks = exportedText(r), r.Remarks
	return out, nil
}

// exportedText says how much an export is, and how it was checked.
func exportedText(r export.Report) string {
	what := ct.Count(r.Slices, "slice")
	if r.Cases > 1 {
		what += fmt.Sprintf(" of %d series", r.Cases)
	}
	return fmt.Sprintf("%s, in %s and their manifests. All was read back and compared with the labels.", what, ct.Count(r.Files, "file"))
}

// presetIn is the preset of the export in a folder; "" where there is none.
func presetIn(dir string) string {
	m, err := export.ReadManifest(dir)
	if err != nil {
		return ""
	}
	return m.Preset
}

// held says what a folder that cannot be exported to without a word holds.
func held(dir string, err error) string {
	m, unread := export.ReadManifest(dir)
	if unread != nil {
		return err.Error()
	}
	slices := 0
	for _, c := range m.Cases {
		slices += c.Slices
	}
	return fmt.Sprintf("%s holds an export of %s with %s", dir, m.Cases[0].Case, ct.Count(slices, "slice"))
}
