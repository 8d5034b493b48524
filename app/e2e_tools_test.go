package main

import (
	"testing"
	"time"

	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
)

// work is a tool, the key that takes it in hand, the name of its edit, and what a hand does with it around a lesion.
type work struct {
	tool, key, edit string
	draw            func(k *desk, q point)
	finish          bool // by Enter
	erased          bool // before it
}

// TestToolsAtWork uses each tool once on a lesion in a real window, keeps a picture of it, and takes its edit back.
func TestToolsAtWork(t *testing.T) {
	binary := build(t)
	options := phantom.Options{Size: 256, Slices: 5, Seed: 3}
	q, slice := lesionOf(t, phantom.New(options), options)
	d := xtest.Start(t)
	k := openWindow(t, d, binary, "--model", writeModel(t), writePhantom(t, options))
	k.p.Wait("proposal", long, state("done"))
	k.d.Key("home")
	for i := range slice {
		k.goTo("down", i+1)
	}
	k.settle()
	first := k.p.Last("state").Text("undo") // the proposal
	for _, w := range works() {
		k.work(w, q, first)
	}
}

// lesionOf is a point as far within a lesion as there is one, and its slice.
func lesionOf(t *testing.T, p *phantom.Phantom, o phantom.Options) (point, int) {
	t.Helper()
	for margin := 8; margin > 1; margin-- {
		for i := 1; i < o.Slices-1; i++ {
			truth := p.Truth(i)
			for at, v := range truth {
				x, y := at%o.Size, at/o.Size
				if v == phantom.GroundGlass && inside(truth, o.Size, x, y, margin) {
					return point{float64(x), float64(y)}, i
				}
			}
		}
	}
	t.Fatal("the phantom has no large lesion")
	return point{}, 0
}

// inside tells whether all pixels as near as a margin are of the same lesion.
func inside(truth []uint8, size, x, y, margin int) bool {
	for v := y - margin; v <= y+margin; v++ {
		for u := x - margin; u <= x+margin; u++ {
			if u < 0 || v < 0 || u >= size || v >= size || truth[v*size+u] != truth[y*size+x] {
				return false
			}
		}
	}
	return true
}

func works() []work {
	line := func(k *desk, q point) { k.line(q, point{q.x + 12, q.y + 8}) }
	long := func(k *desk, q point) { k.line(point{q.x - 14, q.y}, point{q.x + 30, q.y + 10}) }
	click := func(k *desk, q point) { k.d.Click(k.at(q), xtest.Left) }
	other := func(k *desk, q point) { // a region of one label gets another
		k.d.Key("2")
		click(k, q)
		k.d.Key("1")
	}
	ring := func(k *desk, q point) { k.circle(q, 16) }
	return []work{
		{tool: "tool.brush", key: "b", edit: "Brush", draw: long},
		{tool: "tool.eraser", key: "e", edit: "Eraser", draw: long},
		{tool: "tool.range", key: "r", edit: "Range brush", draw: long},
		{tool: "tool.sphere", key: "shift+b", edit: "Sphere brush", draw: line},
		{tool: "tool.proposal", key: "j", edit: "Proposal brush", draw: long},
		{tool: "tool.restore", key: "shift+j", edit: "Restore brush", draw: long, erased: true},
		{tool: "tool.edge", key: "k", edit: "Edge brush", draw: line},
		{tool: "tool.fill", key: "f", edit: "Fill", draw: other},
		{tool: "tool.wand", key: "w", edit: "Wand", draw: click},
		{tool: "tool.grow", key: "shift+f", edit: "Region growing", draw: click},
		{tool: "tool.wire", key: "shift+w", edit: "Livewire", draw: corners, finish: true},
		{tool: "tool.scribble", key: "y", edit: "Scribble", draw: line, finish: true},
		{tool: "tool.polygon", key: "p", edit: "Polygon", draw: corners, finish: true},
		{tool: "tool.lasso", key: "l", edit: "Lasso", draw: ring},
		{tool: "tool.box", key: "shift+p", edit: "Rectangle", draw: long},
		{tool: "tool.oval", key: "shift+l", edit: "Ellipse", draw: long},
		{tool: "tool.move", key: "g", edit: "Move", draw: line},
	}
}

// work does a tool's work, which must make its edit and no other, and takes it back: the edit that was the newest first
// is so again.
func (k *desk) work(w work, q point, first string) {
	k.t.Helper()
	before := first
	if w.erased {
		before = "Eraser"
		k.d.Key("e")
		k.line(point{q.x - 20, q.y}, point{q.x + 20, q.y})
		k.named(before)
	}
	k.d.Key(w.key)
	k.did(w.tool)
	w.draw(k, q)
	if w.finish {
		k.rest()
		k.shoot("tool-" + w.tool[len("tool."):])
		k.d.Key("return")
	}
	k.named(w.edit)
	if !w.finish {
		k.rest()
		k.shoot("tool-" + w.tool[len("tool."):])
	}
	k.takeBack(w.edit)
	k.named(before)
	if before != first {
		k.takeBack(before)
		k.named(first)
	}
}

// rest lets the picture follow.
func (k *desk) rest() { time.Sleep(glance) }

func (k *desk) line(from, to point) {
	k.d.Drag([]xtest.Point{k.at(from), k.at(to)}, xtest.Left, 600)
}

func (k *desk) circle(q point, radius float64) {
	k.d.Drag(xtest.Circle(k.at(q), radius*k.zoom(), 40), xtest.Left, 500)
}

// corners clicks around a point.
func corners(k *desk, q point) {
	for _, c := range []point{{-18, -14}, {18, -16}, {24, 12}, {-10, 20}} {
		k.d.Click(k.at(point{q.x + c.x, q.y + c.y}), xtest.Left)
	}
}
