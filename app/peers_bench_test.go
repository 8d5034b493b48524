package main

import (
	"encoding/json"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
)

// peersVariable names the Python that has napari and labelme.
const peersVariable = "GROUNDGLASS_PEERS"

const (
	peerStrokes = 8 // of which the first warms up
	peerMoves   = 45
	peerStep    = 8    // pixels
	peerRate    = 125. // moves a second
)

// BenchmarkEventToFrame draws strokes with injected events and watches the screen from outside: the time from a move to
// the first change of the screen at its point, for this program and for others on the same display. The others run with
// the Python that GROUNDGLASS_PEERS names: `GROUNDGLASS_PEERS=venv/bin/python go test ./app -run '^$' -bench EventToFrame
// -benchtime 1x`, after `pip install "napari[pyqt5]" labelme` into venv.
func BenchmarkEventToFrame(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("needs Xvfb")
	}
	binary := build(b)
	d := xtest.Start(b)
	b.Run("groundglass", func(b *testing.B) { eventToFrame(b, d.For(b), startOurs(b, d.For(b), binary)) })
	for _, peer := range []string{"napari", "labelme"} {
		b.Run(peer, func(b *testing.B) {
			python := os.Getenv(peersVariable)
			if python == "" {
				b.Skip(peersVariable + " does not name a Python that has " + peer)
			}
			eventToFrame(b, d.For(b), startPeer(b, d.For(b), python, peer))
		})
	}
}

// canvas is where a program shows a slice, on the display.
type canvas struct {
	p  *xtest.Program
	at image.Rectangle
}

func startOurs(b *testing.B, d *xtest.Display, binary string) canvas {
	dir := b.TempDir()
	if err := phantom.New(phantom.Options{Slices: 40, Healthy: true}).WriteDICOM(b.Context(), dir, nil); err != nil {
		b.Fatal(err)
	}
	p := d.Run(binary, "--model", "none.onnx", dir)
	p.Wait("slice", long, nil)
	d.Until("the window is managed", soon, func() bool { return len(d.Windows()) == 1 })
	time.Sleep(3 * time.Second)
	for range 40 {
		d.Key("[")
	}
	d.Key("]")
	d.Key("]")
	items, _ := p.Last("layout")["items"].(map[string]any)
	v, _ := items["viewport"].([]any)
	if len(v) != 4 {
		b.Fatalf("the window has no viewport: %v", items)
	}
	r := rectangle(v, p.Last("layout").Number("scale"))
	return canvas{p, r.Add(d.Place(d.Windows()[0]).Min)}
}

func startPeer(b *testing.B, d *xtest.Display, python, peer string) canvas {
	python, err := filepath.Abs(python)
	if err != nil {
		b.Fatal(err)
	}
	script, err := filepath.Abs(filepath.Join("testdata", "peers", peer+"_peer.py"))
	if err != nil {
		b.Fatal(err)
	}
	p := d.RunOther(python, script)
	var at []any
	d.Until(peer+" is shown", long, func() bool {
		if ended, err := p.Ended(); ended {
			b.Fatalf("%s ended: %v\n%s", peer, err, p.Output())
		}
		for line := range strings.Lines(p.Output()) {
			if json.Unmarshal([]byte(line), &at) == nil && len(at) == 4 {
				return true
			}
		}
		return false
	})
	return canvas{p, rectangle(at, 1)}
}

// rectangle is [x, y, width, height] in units of scale pixels.
func rectangle(v []any, scale float64) image.Rectangle {
	n := func(i int) int { f, _ := v[i].(float64); return int(f * scale) }
	return image.Rect(n(0), n(1), n(0)+n(2), n(1)+n(3))
}

func eventToFrame(b *testing.B, d *xtest.Display, c canvas) {
	defer c.p.Stop()
	middle := c.at.Min.Add(c.at.Max).Div(2)
	var all []time.Duration
	var missed int
	polls := 1e9
	for n := 0; b.Loop(); n++ {
		if n > 0 {
			b.Fatal("what is drawn once is not seen to change again: -benchtime 1x")
		}
		for i := range peerStrokes {
			from := xtest.Point{X: float64(middle.X - peerStep*peerMoves/2), Y: float64(middle.Y + 20*(i-peerStrokes/2))}
			l := d.Latencies(from, peerStep, peerMoves, peerRate)
			if i > 0 {
				all = append(all, l.Seen...)
				missed += l.Moves - len(l.Seen)
				polls = min(polls, l.Polls)
			}
		}
	}
	d.Screenshot("strokes-" + b.Name()[strings.LastIndex(b.Name(), "/")+1:])
	if len(all) < (peerStrokes-1)*peerMoves/2 {
		b.Fatalf("only %d moves were seen, %d were not", len(all), missed)
	}
	slices.Sort(all)
	ms := func(share float64) float64 {
		return float64(all[int(share*float64(len(all)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "ms-median")
	b.ReportMetric(ms(0.95), "ms-p95")
	b.ReportMetric(float64(missed), "unseen")
	b.ReportMetric(polls, "polls/s")
	b.ReportMetric(0, "ns/op")
}
