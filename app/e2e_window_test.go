package main

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
	"groundglass/segment"
	"groundglass/segment/onnx"
)

// built is the program, built once for all tests of a run.
var built struct {
	once sync.Once
	dir  string
	log  []byte
	err  error
}

func TestMain(m *testing.M) {
	status := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(status)
}

// build returns the program's path.
func build(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("drives a real window")
	}
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "groundglass"); built.err == nil {
			built.log, built.err = exec.Command("go", "build", "-o", filepath.Join(built.dir, "groundglass"), ".").CombinedOutput()
		}
	})
	if built.err != nil {
		t.Fatalf("%v\n%s", built.err, built.log)
	}
	return filepath.Join(built.dir, "groundglass")
}

func writePhantom(t testing.TB, o phantom.Options) string {
	t.Helper()
	dir := t.TempDir()
	if err := phantom.New(o).WriteDICOM(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// writeModel writes a model that takes no training: it proposes what is about as dense as ground glass.
func writeModel(t *testing.T) string {
	t.Helper()
	const size = 128
	card := segment.Card{Name: "density", Version: "1", Description: "proposes by density alone", Architecture: "none",
		Created: "2026-01-01T00:00:00Z", Filters: 1, Size: size, Window: ct.Lung, LungBox: true,
		Labels: []string{"background", "infection"}, Threshold: 0.3, Data: "none", Licence: "Apache-2.0"}
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	g := onnx.New("density", 17)
	g.Metadata[segment.CardKey] = text
	x := g.Input(segment.ModelInput, onnx.Float, 1, 1, size, size)
	far := g.Op("Abs", []string{g.Op("Sub", []string{x, g.Scalar(0.52)})})
	p := g.Op("Sigmoid", []string{g.Op("Mul", []string{g.Op("Sub", []string{g.Scalar(0.12), far}), g.Scalar(30)})})
	rest := g.Op("Sub", []string{g.Scalar(1), p})
	g.OpTo(segment.ModelOutput, "Concat", []string{rest, p}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Output(segment.ModelOutput, onnx.Float, 1, 2, size, size)
	file := filepath.Join(t.TempDir(), "density.onnx")
	if err := os.WriteFile(file, g.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// point is a point of a slice in image pixels.
type point struct{ x, y float64 }

// stroke is what the program says of a stroke that it drew.
type stroke struct {
	slice  int
	radius float64
	erase  bool
	points []point
}

// desk is the program in its window, as a user has it before them.
type desk struct {
	t       *testing.T
	d       *xtest.Display
	p       *xtest.Program
	window  xproto.Window
	at0     image.Point // the window's corner on the display
	strokes []stroke    // those that count, oldest first
	undone  []stroke
	level   float64 // the threshold
	tv      float64 // the weight of total variation
}

// start starts the program and waits for its window.
func start(t *testing.T, d *xtest.Display, binary string, args ...string) *desk {
	t.Helper()
	return startIn(t, d, t.TempDir(), binary, args...)
}

// startIn is start with a home folder that may be that of a program before.
func startIn(t *testing.T, d *xtest.Display, home, binary string, args ...string) *desk {
	t.Helper()
	d = d.For(t)
	k := &desk{t: t, d: d, level: annotate.DefaultThreshold, tv: annotate.DefaultConnectivity().TV}
	k.p = d.RunIn(home, binary, args...)
	d.Until("the window is shown", long, func() bool { return k.p.Last("window") != nil })
	d.Until("the window is managed", soon, func() bool { return len(d.Windows()) == 1 })
	k.window = d.Windows()[0]
	k.d.Until("the window is laid out", soon, func() bool { return k.p.Last("layout") != nil })
	k.at0 = d.Place(k.window).Min
	return k
}

// openWindow starts the program with a series and waits until a slice is shown.
func openWindow(t *testing.T, d *xtest.Display, binary string, args ...string) *desk {
	t.Helper()
	k := start(t, d, binary, args...)
	k.d.Until("a slice is shown", long, func() bool { return k.p.Last("slice") != nil && k.p.Last("view") != nil })
	return k
}

// settle waits until the program has told nothing new for a while, and so has come to rest.
func (k *desk) settle() {
	const quiet = 500 * time.Millisecond
	seen, since := -1, time.Now()
	k.d.Until("the window comes to rest", long, func() bool {
		if n := len(k.p.Events()); n != seen {
			seen, since = n, time.Now()
		}
		return time.Since(since) > quiet
	})
}

// shoot keeps a screenshot.
func (k *desk) shoot(name string) { k.d.ScreenshotOf(k.window, name) }

func state(name string) func(xtest.Event) bool {
	return func(e xtest.Event) bool { return e.Text("state") == name }
}

// item is where a part of the window is, on the display, once it is there.
func (k *desk) item(name string) (x, y, w, h float64) {
	k.t.Helper()
	var e xtest.Event
	var r []any
	k.d.Until("the window shows "+name, soon, func() bool {
		e = k.p.Last("layout")
		items, _ := e["items"].(map[string]any)
		r, _ = items[name].([]any)
		return len(r) == 4
	})
	scale, v := e.Number("scale"), [4]float64{}
	for i := range v {
		v[i], _ = r[i].(float64)
		v[i] *= scale
	}
	return v[0] + float64(k.at0.X), v[1] + float64(k.at0.Y), v[2], v[3]
}

// press clicks on a part of the window.
func (k *desk) press(name string) {
	k.t.Helper()
	x, y, w, h := k.item(name)
	k.d.Click(xtest.Point{X: x + w/2, Y: y + h/2}, xtest.Left)
}

// dialog waits until a dialog is there and keeps a screenshot of it.
func (k *desk) dialog(name string) {
	k.t.Helper()
	k.d.Until("a dialog", soon, func() bool { shown, _ := k.p.Last("dialog")["shown"].(bool); return shown })
	k.settle()
	if name != "" {
		k.shoot(name)
	}
}

// zoom is the number of screen pixels to an image pixel.
func (k *desk) zoom() float64 {
	return k.p.Last("view").Number("zoom") * k.p.Last("window").Number("scale")
}

// at is where an image point is on the display.
func (k *desk) at(q point) xtest.Point {
	k.t.Helper()
	x, y, w, h := k.item("viewport")
	v, zoom := k.p.Last("view"), k.zoom()
	return xtest.Point{X: x + w/2 + (q.x-v.Number("cx"))*zoom, Y: y + h/2 + (q.y-v.Number("cy"))*zoom*v.Number("aspect")}
}

// slice is the index of the slice in view.
func (k *desk) slice() int { return int(k.p.Last("slice").Number("index")) }

// threshold drags the threshold's slider until it shows a value, to within a step.
func (k *desk) threshold(to float64) {
	k.t.Helper()
	k.drag("threshold", "threshold", k.level, to)
	k.level = k.p.Last("threshold").Number("value")
	if math.Abs(k.level-to) > 0.04 {
		k.t.Fatalf("the slider was dragged to %.2f and shows %.2f", to, k.level)
	}
}

// connectivity drags the slider of the weight of total variation, and waits until all slices have followed.
func (k *desk) connectivity(to float64) {
	k.t.Helper()
	place := func(v float64) float64 { return math.Sqrt(v / annotate.MaxTV) }
	k.drag("tv", "connectivity", place(k.tv), place(to))
	k.p.Wait("settled", long, nil)
	k.tv = k.p.Last("connectivity").Number("tv")
	if math.Abs(k.tv-to) > 0.12 {
		k.t.Fatalf("the slider was dragged to %.2f and shows %.2f", to, k.tv)
	}
}

// drag drags a slider from one place to another, each a share of its length, and waits for the event that tells of it.
func (k *desk) drag(slider, event string, from, to float64) {
	k.t.Helper()
	x, y, w, h := k.item(slider)
	pad := h / 2 // the slider's ends lie within it by about the handle's radius
	place := func(v float64) xtest.Point { return xtest.Point{X: x + pad + v*(w-2*pad), Y: y + h/2} }
	k.d.Drag([]xtest.Point{place(from), place(to)}, xtest.Left, 300)
	k.p.Wait(event, soon, nil)
	k.settle()
}

// paint draws a stroke along image points with the tool in hand.
func (k *desk) paint(points []point) {
	k.t.Helper()
	path := make([]xtest.Point, len(points))
	for i, q := range points {
		path[i] = k.at(q)
	}
	k.path(path, 400)
}

// path draws along a path on the display and takes down what the program says of it, which must be about the same.
func (k *desk) path(path []xtest.Point, speed float64) {
	k.t.Helper()
	k.d.Drag(path, xtest.Left, speed)
	e := k.p.Wait("stroke", soon, state("end"))
	s := stroke{slice: int(e.Number("slice")), radius: e.Number("radius"), erase: e["erase"] == true}
	list, _ := e["points"].([]any)
	for _, q := range list {
		if xy, ok := q.([]any); ok && len(xy) == 2 {
			x, _ := xy[0].(float64)
			y, _ := xy[1].(float64)
			s.points = append(s.points, point{x, y})
		}
	}
	if len(s.points) < 2 {
		k.t.Fatalf("the program saw a stroke of %d points", len(s.points))
	}
	for _, end := range []struct{ saw, was xtest.Point }{
		{k.at(s.points[0]), path[0]}, {k.at(s.points[len(s.points)-1]), path[len(path)-1]},
	} {
		if math.Hypot(end.saw.X-end.was.X, end.saw.Y-end.was.Y) > 1.5 {
			k.t.Errorf("the pointer was at %v, and the program saw it at %v", end.was, end.saw)
		}
	}
	k.strokes, k.undone = append(k.strokes, s), nil
	k.settle()
}

// undo takes back the last stroke by its key, and redone counts it again.
func (k *desk) undo() {
	k.t.Helper()
	k.d.Key("ctrl+z")
	k.p.Wait("undo", soon, func(e xtest.Event) bool { return e["done"] == true })
	last := len(k.strokes) - 1
	k.undone, k.strokes = append(k.undone, k.strokes[last]), k.strokes[:last]
	k.settle()
}

func (k *desk) redone() {
	last := len(k.undone) - 1
	k.strokes, k.undone = append(k.strokes, k.undone[last]), k.undone[:last]
	k.settle()
}

// fillExport opens the export dialog and types a folder.
func (k *desk) fillExport(dir string) {
	k.t.Helper()
	k.d.Key("ctrl+e")
	k.dialog("")
	k.press("export.folder")
	k.d.Key("ctrl+a")
	k.d.Type(dir)
	k.settle()
}

// export exports masks and images to dir by the dialog.
func (k *desk) export(dir string) {
	k.t.Helper()
	k.fillExport(dir)
	x, y, _, h := k.item("export.images")
	k.d.Click(xtest.Point{X: x + h/2, Y: y + h/2}, xtest.Left) // the box, left in its row
	k.settle()
	k.shoot("exporting")
	k.press("dialog.Go on")
	k.dialog("leaving")
	k.press("dialog.Export")
	e := k.p.Wait("export", long, func(e xtest.Event) bool { return e.Text("state") != "begin" })
	if e.Text("state") != "done" || e.Text("dir") != dir {
		k.t.Fatalf("exporting to %s ends with %v", dir, e)
	}
	k.dialog("exported")
	k.press("dialog.OK")
	k.settle()
}

// proposed are the masks that `groundglass propose` writes for a series with the window's settings, by the slices' names,
// in the slices' order.
func (k *desk) proposed(binary, model, series string) []proposal {
	t := k.t
	t.Helper()
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	out, err := exec.Command(binary, "propose", series, "-o", t.TempDir(), "--model", model, "--json",
		"--threshold", number(k.level), "--tv", number(k.tv)).Output()
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Slices []struct{ Source, Mask string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	var all []proposal
	for _, s := range report.Slices {
		all = append(all, proposal{fmt.Sprintf("slice_%04d", len(all)+1), readGray(t, s.Mask)})
	}
	return all
}
