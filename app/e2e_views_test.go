package main

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
)

// TestViews measures in a slice and moves through the three views with a real pointer: what is measured is the phantom's
// true size, all views show the point that was clicked, and a stroke leaves its trace in the slice that the cut showed.
func TestViews(t *testing.T) {
	binary := build(t)
	const size, slices = 256, 40
	options := phantom.Options{Size: size, Slices: slices, Seed: 3}
	spacing := phantom.New(options).Series().Geometry.Spacing
	d := xtest.Start(t)
	k := openWindow(t, d, binary, "--model", writeModel(t), writePhantom(t, options))
	k.p.Wait("proposal", long, state("done"))
	k.settle()

	k.d.Key("m")
	k.d.Drag([]xtest.Point{k.at(point{60, 80}), k.at(point{160, 120})}, xtest.Left, 400)
	e := k.p.Wait("measure", soon, nil)
	text, want := fmt.Sprint(e["text"]), math.Hypot(100*spacing[1], 40*spacing[0])
	var got float64
	if _, err := fmt.Sscanf(text, "[%f mm]", &got); err != nil || math.Abs(got-want) > 2*spacing[0] {
		t.Errorf("measured %s, want about %.1f mm", text, want)
	}
	k.d.Key("i")
	k.d.Drag([]xtest.Point{k.at(point{170, 60}), k.at(point{200, 100})}, xtest.Left, 400)
	k.p.Wait("measure", soon, nil)
	k.settle()
	k.shoot("measuring")
	k.d.Key("escape")

	k.d.Key("t")
	k.p.Wait("volume", long, nil)
	k.settle()
	k.shoot("three-views")
	x, y, w, h := k.item("coronal")
	k.d.Click(xtest.Point{X: x + w*0.35, Y: y + h*0.4}, xtest.Left)
	c := k.p.Last("cursor")
	k.settle()
	slice := k.slice()
	if c = k.p.Last("cursor"); int(c.Number("slice")) != slice || slice <= slices/2 {
		t.Fatalf("a click above the middle of the coronal cut leads to slice %d, %v", slice, c)
	}
	before := c.Number("coronal")
	k.d.Wheel(5)
	k.d.Until("the wheel moves through the coronal cuts", soon, func() bool { return k.p.Last("cursor").Number("coronal") == before+5 })
	if k.slice() != slice {
		t.Error("the wheel over a cut left the slice")
	}
	k.d.Key("b")
	at := point{c.Number("x"), c.Number("y")}
	k.paint([]point{at, {at.x + 30, at.y}, {at.x + 30, at.y + 20}})
	k.shoot("three-views-painted")
	if s := k.strokes[len(k.strokes)-1]; s.slice != slice {
		t.Errorf("the stroke is in slice %d, not %d", s.slice, slice)
	}
	k.d.Key("t")
	k.settle()
	k.d.Key("ctrl+i")
	k.dialog("report")
	k.d.Key("escape")
	k.d.CloseWindow(k.window) // without a question, since all is saved
	k.d.Until("the program ends", soon, func() bool { ended, _ := k.p.Ended(); return ended })
}

// TestPicker opens a folder with two studies and picks one by the keys.
func TestPicker(t *testing.T) {
	binary := build(t)
	dir := t.TempDir()
	for i, slices := range []int{4, 9} {
		p := phantom.New(phantom.Options{Size: 64, Slices: slices, Seed: uint64(i)})
		if err := p.WriteDICOM(t.Context(), filepath.Join(dir, fmt.Sprint(i)), nil); err != nil {
			t.Fatal(err)
		}
	}
	d := xtest.Start(t)
	k := openWindow(t, d, binary, "--model", writeModel(t), dir)
	k.dialog("picker")
	k.d.Key("down")
	k.d.Key("return")
	k.p.Wait("opened", soon, func(e xtest.Event) bool { return e.Number("slices") == 4 })
	k.p.Wait("proposal", long, state("done"))
}
