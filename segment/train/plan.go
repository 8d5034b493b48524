package train

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
)

// Plan is an experiment: variants of one configuration, each trained from
// several seeds, and a table of their scores.
type Plan struct {
	Base     string          `json:"base"`          // the configuration, from the working directory
	Output   string          `json:"output"`        // folder of a folder for each run, and of the table
	Seeds    []uint64        `json:"seeds"`         // none stands for the configuration's
	Set      json.RawMessage `json:"set,omitempty"` // what differs from Base in all runs: a merge patch (RFC 7386)
	Variants []Variant       `json:"variants"`
}

// Variant is what is compared with its siblings.
type Variant struct {
	Name string          `json:"name"`
	Set  json.RawMessage `json:"set,omitempty"` // what differs further
}

// TableFile is a plan's table, in its output folder.
const TableFile = "table.md"

// ReadPlan reads a plan, and all of its configurations.
func ReadPlan(path string) (Plan, error) {
	var p Plan
	b, err := os.ReadFile(path)
	if err != nil {
		return p, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err = d.Decode(&p); err == nil {
		_, err = p.runs()
	}
	if err != nil {
		return p, fmt.Errorf("plan %s: %w", path, err)
	}
	return p, nil
}

// planRun is one training of a plan.
type planRun struct {
	variant string
	config  Config
}

// runs lists a plan's trainings, variant by variant.
func (p Plan) runs() ([]planRun, error) {
	if p.Output == "" || len(p.Variants) == 0 {
		return nil, errors.New("output and variants are needed")
	}
	base, err := os.ReadFile(p.Base)
	if err != nil {
		return nil, err
	}
	var all []planRun
	seen := map[string]bool{}
	for _, v := range p.Variants {
		if v.Name == "" || v.Name != filepath.Base(v.Name) || seen[v.Name] {
			return nil, fmt.Errorf("a variant is named %q: names must be single, and fit for a folder", v.Name)
		}
		seen[v.Name] = true
		text, err := patch(base, p.Set, v.Set)
		if err != nil {
			return nil, fmt.Errorf("variant %s: %w", v.Name, err)
		}
		c, err := parseConfig(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("variant %s: %w", v.Name, err)
		}
		for _, seed := range p.seeds(c) {
			c.Seed, c.Name = seed, fmt.Sprintf("%s-%d", v.Name, seed)
			c.Output = filepath.Join(p.Output, c.Name)
			all = append(all, planRun{v.Name, c})
		}
	}
	return all, nil
}

func (p Plan) seeds(c Config) []uint64 {
	if len(p.Seeds) == 0 {
		return []uint64{c.Seed}
	}
	return p.Seeds
}

// patch applies JSON merge patches to a text.
func patch(base []byte, patches ...json.RawMessage) ([]byte, error) {
	var v any
	if err := json.Unmarshal(base, &v); err != nil {
		return nil, err
	}
	for _, text := range patches {
		if len(text) == 0 {
			continue
		}
		var p any
		if err := json.Unmarshal(text, &p); err != nil {
			return nil, err
		}
		v = merge(v, p)
	}
	return json.Marshal(v)
}

// merge is MergePatch of RFC 7386.
func merge(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	t, ok := target.(map[string]any)
	if !ok {
		t = map[string]any{}
	}
	for key, v := range p {
		if v == nil {
			delete(t, key)
		} else {
			t[key] = merge(t[key], v)
		}
	}
	return t
}

// RunPlan trains what of a plan is not trained yet, going on from checkpoints,
// and writes the table after each run. report is told the run's name and number.
func RunPlan(ctx context.Context, p Plan, report func(name string, number, of int, p Progress)) error {
	runs, err := p.runs()
	if err != nil {
		return err
	}
	var done []scored
	for i, r := range runs {
		if !r.finished() {
			err := Run(ctx, r.config, true, func(at Progress) { report(r.config.Name, i+1, len(runs), at) })
			if err != nil {
				return fmt.Errorf("run %s: %w", r.config.Name, err)
			}
		}
		s, err := r.scores()
		if err != nil {
			return err
		}
		done = append(done, s)
		if err := writeFile(filepath.Join(p.Output, TableFile), table(done)); err != nil {
			return err
		}
	}
	return nil
}

// finished tells whether a run of the same configuration has left its scores.
func (r planRun) finished() bool {
	if _, err := os.Stat(filepath.Join(r.config.Output, ScoresFile)); err != nil {
		return false
	}
	c, err := ReadConfig(filepath.Join(r.config.Output, ConfigFile))
	return err == nil && reflect.DeepEqual(c, r.config)
}

func (r planRun) scores() (scored, error) {
	b, err := os.ReadFile(filepath.Join(r.config.Output, ScoresFile))
	if err != nil {
		return scored{}, err
	}
	s := scored{variant: r.variant}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("%s of run %s: %w", ScoresFile, r.config.Name, err)
	}
	return s, nil
}
