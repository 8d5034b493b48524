package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
	"groundglass/assets"
)

// Limits of what a loaded machine with a software renderer may take.
const (
	soon = 20 * time.Second
	long = 3 * time.Minute
)

// TestWindow does the whole job as a person does it: opens a series, waits for the proposals, moves the threshold
// and the connectivity, paints, erases, takes back, scrolls, exports and closes; and compares the exported masks, to the
// pixel, with what follows from the masks that `groundglass propose` writes at the same settings and from the strokes.
func TestWindow(t *testing.T) {
	binary := build(t)
	series := writePhantom(t, phantom.Options{Size: 256, Slices: 8, Seed: 3})
	model := writeModel(t)
	d := xtest.Start(t)
	k := openWindow(t, d, binary, "--model", model, series)

	k.p.Wait("proposal", long, state("done"))
	k.settle()
	k.shoot("proposed")

	k.threshold(0.6)
	k.shoot("threshold")
	k.connectivity(1)
	k.shoot("connectivity")

	first := k.slice()
	k.d.Key("b")
	k.paint([]point{{90, 90}, {130, 100}, {120, 150}})
	k.shoot("painted")
	k.d.Key("e")
	k.paint([]point{{100, 70}, {110, 170}})
	k.shoot("erased")
	k.threshold(0.35) // moves no pixel that a stroke has set
	k.connectivity(0.5)

	k.d.Key("b")
	k.paint([]point{{170, 60}, {180, 180}})
	k.undo()
	k.shoot("undone")

	k.d.Move(k.at(point{128, 128}))
	k.d.Wheel(2)
	k.p.Wait("slice", soon, func(e xtest.Event) bool { return int(e.Number("index")) == first+2 })
	k.d.Key("ctrl+=")
	k.settle()
	k.d.Key("]")
	k.paint([]point{{140, 110}, {160, 140}, {150, 150}})
	k.undo()
	k.d.Key("ctrl+shift+z")
	k.p.Wait("redo", soon, nil)
	k.redone()
	k.shoot("zoomed")

	dir := filepath.Join(t.TempDir(), "labels")
	k.export(dir)
	k.compare(dir, k.proposed(binary, model, series))

	k.d.Key("e")
	k.paint([]point{{120, 120}, {140, 120}})
	k.d.CloseWindow(k.window) // all is kept: nothing is asked
	k.d.Until("the program ends", soon, func() bool { ended, _ := k.p.Ended(); return ended })
	if _, err := k.p.Ended(); err != nil {
		t.Errorf("the program ends with %v", err)
	}
}

// TestFastCircle draws a circle with a thin brush at 600 pixels a second: it must close, without a gap.
func TestFastCircle(t *testing.T) {
	binary := build(t)
	series := writePhantom(t, phantom.Options{Size: 256, Slices: 1, Seed: 3, Healthy: true})
	d := xtest.Start(t)
	k := openWindow(t, d, binary, "--model", writeModel(t), series)
	k.p.Wait("proposal", long, state("done"))
	k.settle()
	k.threshold(1)
	k.d.Key("b")
	for range 20 { // to the thinnest brush
		k.d.Key("[")
	}
	centre, radius := point{128, 128}, 60.
	before := len(k.strokes)
	k.path(xtest.Circle(k.at(centre), radius*k.zoom(), 360), 600)
	k.shoot("circle")
	s := k.strokes[before]
	if s.radius != 0.5 {
		t.Fatalf("the brush has the radius %g", s.radius)
	}
	for _, q := range s.points {
		if r := math.Hypot(q.x-centre.x, q.y-centre.y); math.Abs(r-radius) > 1 {
			t.Errorf("the program saw the pointer at %v, %.2f image pixels off the circle", q, r-radius)
		}
	}
	dir := filepath.Join(t.TempDir(), "labels")
	k.export(dir)
	files, err := filepath.Glob(filepath.Join(dir, "*_mask.png"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%d masks are exported, not 1: %v", len(files), err)
	}
	if m := readGray(t, files[0]); leaks(m, centre) {
		t.Errorf("the circle of %d points has a gap", len(s.points))
	}
	t.Logf("the program drew a circle of %.0f pixels from %d moves", 2*math.Pi*radius*k.zoom(), len(s.points))
}

// TestStates keeps a picture of every state that the other tests do not pass through.
func TestStates(t *testing.T) {
	binary := build(t)
	d := xtest.Start(t)
	t.Run("empty", func(t *testing.T) {
		k := start(t, d, binary)
		k.shoot("empty")
		k.d.Key("f1")
		k.dialog("keys")
	})
	t.Run("reading", func(t *testing.T) {
		k := start(t, d, binary, writePhantom(t, phantom.Options{Size: 64, Slices: 800}))
		k.shoot("reading")
	})
	t.Run("nothing to read", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("no picture"), 0o600); err != nil {
			t.Fatal(err)
		}
		k := start(t, d, binary, dir)
		k.p.Wait("error", soon, nil)
		k.dialog("error-nothing")
	})
	t.Run("damaged files", func(t *testing.T) {
		dir := writePhantom(t, phantom.Options{Size: 64, Slices: 3})
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) != 3 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		if err := os.Truncate(files[1], 3000); err != nil {
			t.Fatal(err)
		}
		k := openWindow(t, d, binary, "--model", writeModel(t), dir)
		k.shoot("left-out")
		k.d.Key("ctrl+i")
		k.dialog("left-out-report")
	})
	t.Run("no such model", func(t *testing.T) {
		k := openWindow(t, d, binary, "--model", "none.onnx", writePhantom(t, phantom.Options{Size: 64, Slices: 2}))
		k.shoot("error-no-model")
	})
	t.Run("export in the way", func(t *testing.T) {
		k := openWindow(t, d, binary, "--model", writeModel(t), writePhantom(t, phantom.Options{Size: 64, Slices: 2}))
		k.p.Wait("proposal", long, state("done"))
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		k.fillExport(file)
		k.press("dialog.Go on")
		k.dialog("")
		k.press("dialog.Export")
		k.p.Wait("export", soon, state("failed"))
		k.dialog("error-export")
	})
}

// TestScreenshot takes the README's picture: the demo case with the program's own model.
func TestScreenshot(t *testing.T) {
	if assets.Model() == nil {
		t.Skip("this build carries no model")
	}
	d := xtest.Start(t)
	k := openWindow(t, d, build(t), "demo")
	k.p.Wait("task", long, func(e xtest.Event) bool { return e.Number("total") == 40 && e.Number("done") >= 12 })
	k.shoot("proposing")
	k.p.Wait("proposal", long, state("done"))
	d.Until("the lungs' share", long, func() bool {
		return slices.ContainsFunc(k.p.Events(), func(e xtest.Event) bool { return e.Text("event") == "involved" && e.Text("text") != "" })
	})
	for range 9 { // to where both lungs have lesions
		k.d.Key("pageup")
	}
	k.settle()
	k.d.Move(k.at(point{388, 262}))
	k.settle()
	k.d.ScreenshotOf(k.window, "screenshot")
}
