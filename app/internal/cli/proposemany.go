package cli

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/segment"
)

// proposalsFile says, in the folder of a case, what was proposed: it is written last.
const proposalsFile = "proposals.json"

// proposeCall is what propose was asked for.
type proposeCall struct {
	paths []string
	list  []listed
	dir   string
	cut   cutting
	model ModelChoice
	maps  bool // of uncertainty
	shard export.Shard
	json  bool
}

// proposedCase is what proposalsFile holds. Paths of what was written are within its folder.
type proposedCase struct {
	From   string            `json:"from"` // digest of all that the masks depend on, of the images by the state of their files
	Report proposeReport     `json:"report"`
	Sums   map[string]string `json:"sha256"` // by file
}

// proposeSummary is what propose prints with --json where there are many.
type proposeSummary struct {
	Dir     string           `json:"dir"`
	Model   string           `json:"model"`
	Device  string           `json:"device"`
	Cases   int              `json:"cases"`
	Earlier int              `json:"earlier_cases"` // that were there, whole
	Slices  int              `json:"slices"`
	LeftOut []export.LeftOut `json:"left_out"`
	Seconds float64          `json:"seconds"`
	Rate    float64          `json:"slices_per_second"` // of those that this call wrote
	fresh   int              // slices that this call wrote
}

// proposeMany proposes each series into a folder of its own. Those that are there, whole and of the same settings, are
// passed over.
func (p *Program) proposeMany(ctx context.Context, c *proposeCall) error {
	begun := time.Now()
	m, err := LoadModel(c.model)
	if err != nil {
		return err
	}
	defer m.Close()
	s := &exportSources{cut: c.cut}
	if len(c.paths) > 0 {
		if err := p.addFound(ctx, s, c.paths, &exportCall{dir: c.dir}); err != nil {
			return err
		}
	}
	for i := range c.list {
		s.addListed(&c.list[i], nil)
	}
	settings, err := c.settings()
	if err != nil {
		return err
	}
	names := s.names(export.Identity{})
	own := part(indices(len(s.all)), c.shard)
	out := proposeSummary{Dir: c.dir, Model: ModelName(m.Card()), Device: m.Device(), LeftOut: []export.LeftOut{}}
	meter := p.meter("proposing").of(1, "case")
	quiet := *p
	quiet.quiet = true
	for i, k := range own {
		n, earlier, err := quiet.proposeCase(ctx, m, c, s, &s.all[k], filepath.Join(c.dir, names[k]), settings)
		switch {
		case ctx.Err() != nil:
			meter.end()
			return interrupted{ctx.Err(), fmt.Sprintf("%d of %s are done and kept in %s; the same call goes on from there", out.Cases, ct.Count(len(own), "case"), c.dir)}
		case err != nil:
			out.LeftOut = append(out.LeftOut, export.LeftOut{Case: names[k], Reason: err.Error()})
			p.warn("%s is left out: %s", names[k], oneLine(err.Error()))
		case earlier:
			out.Earlier++
		default:
			out.fresh += n
		}
		if err == nil {
			out.Cases++
			out.Slices += n
		}
		meter.show(i+1, len(own))
	}
	meter.end()
	out.Seconds = time.Since(begun).Seconds()
	out.Rate = float64(out.fresh) / out.Seconds
	if err := p.tellProposed(out, c.json); err != nil {
		return err
	}
	if n := len(out.LeftOut); n > 0 {
		err = fmt.Errorf("%s could not be proposed", ct.Count(n, "case"))
	}
	return errors.Join(err, namedLeftOut(c.paths, s.left), lacking(int(s.broken.Load())))
}

func (p *Program) tellProposed(s proposeSummary, asJSON bool) error {
	if asJSON {
		return p.printJSON(s)
	}
	if s.Earlier > 0 {
		fmt.Fprintf(p.Stdout, "%s had been done before.\n", ct.Count(s.Earlier, "case"))
	}
	if s.Earlier == s.Cases && s.Cases > 0 {
		_, err := fmt.Fprintf(p.Stdout, "nothing was left to propose: %s\n", s.Dir)
		return err
	}
	_, err := fmt.Fprintf(p.Stdout, "proposed %s with %s, on %s: %s\n%.1f s, %.1f slices a second.\n",
		ct.Count(s.Cases-s.Earlier, "case"), ct.Count(s.fresh, "slice"), s.Device, s.Dir, s.Seconds, s.Rate)
	return err
}

// settings is a digest of all that the masks depend on but the images.
func (c *proposeCall) settings() (string, error) {
	model, card, err := c.model.ReadModel()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%+v %t %+v\n", c.cut, c.maps, card)
	h.Write(model)
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// proposeCase proposes a series into a folder and returns the number of its slices.
func (p *Program) proposeCase(ctx context.Context, m *segment.Model, c *proposeCall, s *exportSources, e *exportSource, dir, settings string) (slices int, earlier bool, err error) {
	from := fmt.Sprintf("%x", sha256.Sum256([]byte(settings+e.from+e.state())))
	if there, ok := wholeProposals(dir, from); ok {
		return len(there.Report.Slices), true, nil
	}
	series, err := p.take(ctx, s, e)
	if err != nil {
		return 0, false, err
	}
	os.Remove(filepath.Join(dir, proposalsFile))
	plans, err := planProposals([]*ct.Series{series}, dir, c.maps, len(m.Card().KindLabels()) > 0)
	if err != nil {
		return 0, false, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return 0, false, err
	}
	done, err := p.proposeSeries(ctx, m, plans[0], c.cut)
	if err != nil {
		return 0, false, err
	}
	out := proposedCase{From: from, Report: reportOn(m, done), Sums: map[string]string{}}
	for i := range out.Report.Slices {
		if err := out.Report.Slices[i].settle(out.Sums); err != nil {
			return 0, false, err
		}
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return 0, false, err
	}
	return len(done), false, export.WriteAtomic(filepath.Join(dir, proposalsFile), func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}

// settle makes the paths of a slice's files those within their folder, and notes their sums.
func (s *proposedSlice) settle(sums map[string]string) error {
	for _, file := range []*string{&s.Mask, &s.Probability, &s.Classes, &s.UncertaintyMap} {
		if *file == "" {
			continue
		}
		sum, err := sumOf(*file)
		if err != nil {
			return err
		}
		*file = filepath.Base(*file)
		sums[*file] = sum
	}
	return nil
}

// sumOf is the SHA-256 of a file.
func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// wholeProposals reads what a folder holds, where all of it is there as it was written, by the same settings.
func wholeProposals(dir, from string) (c proposedCase, whole bool) {
	data, err := os.ReadFile(filepath.Join(dir, proposalsFile))
	if err != nil || json.Unmarshal(data, &c) != nil || c.From != from {
		return c, false
	}
	for name, want := range c.Sums {
		if sum, err := sumOf(filepath.Join(dir, filepath.Base(name))); err != nil || sum != want {
			return c, false
		}
	}
	return c, true
}
