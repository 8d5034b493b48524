package main

import (
	"path/filepath"
	"testing"

	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
)

// TestWorkSurvivesAKill kills the program in the middle of the work. Started again on the same images it has every
// stroke, and what can be undone.
func TestWorkSurvivesAKill(t *testing.T) {
	binary := build(t)
	series := writePhantom(t, phantom.Options{Size: 256, Slices: 4, Seed: 5})
	model, home := writeModel(t), t.TempDir()
	d := xtest.Start(t)
	k := startIn(t, d, home, binary, "--model", model, series)
	k.d.Until("a slice is shown", long, func() bool { return k.p.Last("slice") != nil && k.p.Last("view") != nil })
	k.p.Wait("proposal", long, state("done"))
	k.settle()
	k.threshold(0.35)
	k.d.Key("b")
	k.paint([]point{{90, 90}, {130, 100}, {120, 150}})
	k.d.Key("e")
	k.paint([]point{{100, 70}, {110, 170}})
	k.settle()
	k.p.Stop()

	again := startIn(t, d, home, binary, "--model", model, series)
	again.d.Until("a slice is shown", long, func() bool { return again.p.Last("slice") != nil && again.p.Last("view") != nil })
	again.strokes, again.level, again.tv = k.strokes, k.level, k.tv
	restored := again.p.Last("restored")
	if found, _ := restored["found"].(bool); !found || restored.Number("steps") == 0 {
		t.Fatalf("started again, the program tells of %v", restored)
	}
	again.settle()
	again.shoot("recovered")
	again.undo()
	dir := filepath.Join(t.TempDir(), "labels")
	again.export(dir)
	again.compare(dir, again.proposed(binary, model, series))
}
