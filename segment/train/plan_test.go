package train

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPlan: a plan trains each variant from each seed with what it sets, does
// not train again what it has trained, goes on where it was stopped, and its
// table has a row a variant.
func TestPlan(t *testing.T) {
	dir := t.TempDir()
	c := smallRun(t)
	c.Stages = []Stage{{Size: 16, Batch: 2, Steps: 6, Rate: 3e-3}}
	c.Schedule.Validate = 3
	base := filepath.Join(dir, "base.json")
	write := func(path string, v any) {
		t.Helper()
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(base, c)
	path := filepath.Join(dir, "plan.json")
	write(path, Plan{
		Base: base, Output: filepath.Join(dir, "out"), Seeds: []uint64{1, 2}, Set: json.RawMessage(`{"average":0}`),
		Variants: []Variant{{Name: "plain", Set: json.RawMessage(`{"loss":{"lambda":0}}`)}, {Name: "tv"}},
	})
	p, err := ReadPlan(path)
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	ctx, stop := context.WithCancel(context.Background())
	report := func(name string, number, of int, at Progress) {
		if at.Loss != 0 {
			steps++
		}
		if steps == 9 {
			stop()
		}
	}
	if err := RunPlan(ctx, p, report); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "plain-2") {
		t.Fatalf("stopped in the second run: %v", err)
	}
	if err := RunPlan(context.Background(), p, report); err != nil {
		t.Fatal(err)
	}
	if err := RunPlan(context.Background(), p, report); err != nil || steps != 4*6 {
		t.Errorf("%d steps for four runs of 6, %v", steps, err)
	}
	tv, err := ReadConfig(filepath.Join(dir, "out", "tv-2", ConfigFile))
	if err != nil || tv.Loss.Lambda != c.Loss.Lambda || tv.Average != 0 || tv.Seed != 2 {
		t.Errorf("the last run is of %+v, %v", tv, err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", TableFile))
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(string(b), "\n")
	for _, name := range []string{"plain", "tv"} {
		if !slices.ContainsFunc(rows, func(r string) bool { return strings.HasPrefix(r, "| "+name+" | 2 | ") && strings.Contains(r, "±") }) {
			t.Errorf("no row of %s in\n%s", name, b)
		}
	}
}

// TestTable: variants that hold out different pictures are told apart from those
// that hold out the same.
func TestTable(t *testing.T) {
	of := func(n int) map[string]figures { return map[string]figures{"a": {N: n}, "b": {N: 3}} }
	got := string(table([]scored{{variant: "x", Groups: of(40)}, {variant: "y", Groups: of(7)}}))
	for _, want := range []string{"### a: 7 to 40 pictures, 0.00 components", "### b: 3 pictures, 0.00 components", "| x | 1 |", "| y | 1 |"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestMerge has the examples of RFC 7386, appendix A.
func TestMerge(t *testing.T) {
	for _, test := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		if got, err := patch([]byte(test[0]), json.RawMessage(test[1])); err != nil || string(got) != test[2] {
			t.Errorf("%s with %s is %s, %v, want %s", test[0], test[1], got, err, test[2])
		}
	}
}

// TestPlanRefusals name the plan and the variant.
func TestPlanRefusals(t *testing.T) {
	dir := t.TempDir()
	base := filepath.Join(dir, "base.json")
	c := smallRun(t)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(base, b, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string][2]string{
		"no variants":   {`{"base":"BASE","output":"o","variants":[]}`, "variants"},
		"unknown field": {`{"base":"BASE","output":"o","variants":[{"name":"a"}],"seed":1}`, "seed"},
		"names alike":   {`{"base":"BASE","output":"o","variants":[{"name":"a"},{"name":"a"}]}`, `"a"`},
		"path for name": {`{"base":"BASE","output":"o","variants":[{"name":"../a"}]}`, "../a"},
		"bad variant":   {`{"base":"BASE","output":"o","variants":[{"name":"a","set":{"loss":{"kind":"x"}}}]}`, "variant a"},
		"misspelt":      {`{"base":"BASE","output":"o","variants":[{"name":"a","set":{"los":1}}]}`, "variant a"},
		"no base":       {`{"base":"none.json","output":"o","variants":[{"name":"a"}]}`, "none.json"},
	} {
		path := filepath.Join(dir, "plan.json")
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(test[0], "BASE", filepath.ToSlash(base))), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPlan(path); err == nil || !strings.Contains(err.Error(), test[1]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
