package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
)

// writeSemisupervised exports four phantoms, each with slices that are accepted, in
// work, proposed and new.
func writeSemisupervised(t *testing.T, dir string) {
	t.Helper()
	set := export.Set{Labels: annotate.DefaultLabels(), Threshold: annotate.DefaultThreshold, Program: "test"}
	for k := range 4 {
		set.Cases, set.Patients = append(set.Cases, fmt.Sprintf("case%d", k)), append(set.Patients, fmt.Sprintf("P%d", k))
	}
	set.Open = func(k int) (*export.Case, func(), error) {
		p := phantom.New(phantom.Options{Size: side, Slices: 4, Seed: uint64(k + 1)})
		s := annotate.NewSession(p.Series())
		g := s.BeginProposal()
		for i := range 3 {
			prob := p.Truth(i)
			for j, v := range prob {
				prob[j] = []uint8{20, 230, 240, 230}[v]
			}
			s.Propose(i, g, annotate.Guess{Prob: prob, Doubt: 0.1})
		}
		s.SetCurrent(1)
		s.SetTool(annotate.Brush{Radius: 3, Label: 1})
		s.Press(annotate.Point{X: 20, Y: 30})
		s.Release()
		s.Accept(0)
		c := export.FromSnapshot(s.Snapshot())
		c.Patient = set.Patients[k]
		return c, nil, nil
	}
	preset, err := export.PresetNamed("semisupervised")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := export.Write(t.Context(), dir, preset, set, export.Options{Square: side}, nil); err != nil {
		t.Fatal(err)
	}
}

// TestTrainOnAnExportedSet trains on exactly the folder that the program exports.
func TestTrainOnAnExportedSet(t *testing.T) {
	dir := t.TempDir()
	set, config, out := filepath.Join(dir, "set"), filepath.Join(dir, "config.json"), filepath.Join(dir, "out")
	writeSemisupervised(t, set)
	call(t, "verify", set).want(t, 0, "4 cases with 16 slices", "")
	f, err := os.Open(filepath.Join(set, "slices.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	split := slices.Index(rows[0], "split")
	if n := len(slices.DeleteFunc(rows[1:], func(r []string) bool { return r[split] != "validation" })); n != 4 {
		t.Fatalf("%d slices are of a patient that is held out", n)
	}
	source := map[string]any{"name": "exported", "slices": filepath.Join(set, "slices.csv"), "weight": 1, "empty_weight": 1}
	settings := map[string]any{
		"name": "tiny", "output": out, "seed": 1, "threads": 1,
		"network": map[string]any{"filters": 2, "levels": 1, "dropout": 0}, "loss": map[string]any{"lambda": 0.1},
		"stages":   []any{map[string]any{"size": 32, "batch": 2, "steps": 6, "rate": 0.001}},
		"schedule": map[string]any{"kind": "cosine", "validate": 3}, "threshold": 0.3, "sources": []any{source},
	}
	run := func() called {
		t.Helper()
		data, err := json.Marshal(settings)
		if err != nil {
			t.Fatal(err)
		}
		write(t, config, data)
		return call(t, "train", "--config", config)
	}
	c := run()
	c.want(t, 0, filepath.Join(out, "model.onnx"), "validation at step 6")
	c.want(t, 0, "", " exported ")
	source["teacher"], settings["output"] = map[string]any{"model": filepath.Join(out, "model.onnx"), "weigh": true}, filepath.Join(dir, "taught")
	run().want(t, 0, filepath.Join(dir, "taught", "model.onnx"), "validation at step 6")
	if err := os.Remove(filepath.Join(set, "unlabelled", "images", "case0_0004.png")); err != nil {
		t.Fatal(err)
	}
	settings["output"] = filepath.Join(dir, "third")
	run().want(t, 1, "", "case0_0004.png")
}
