package main

import (
	"runtime"
	"testing"

	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
)

// Bounds of what editing may take.
const (
	editSlices  = 300
	editStrokes = 1000
	editMB      = 450 // resident, of the whole program
)

// BenchmarkEditMemory paints 1,000 strokes with three labels over 300 slices of 512 x 512, which the bundled model has
// proposed on, in a real window, and reports the peak of resident memory. It fails over 450 MB:
// `go test ./app -run '^$' -bench EditMemory -benchtime 1x`.
func BenchmarkEditMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("resident memory is counted on Linux only")
	}
	binary, series := build(b), writePhantom(b, phantom.Options{Slices: editSlices})
	d := xtest.Start(b)
	for b.Loop() {
		p := d.Run(binary, series)
		p.Wait("proposal", long, state("done"))
		proposed := p.PeakResident()
		d.Until("the window is managed", soon, func() bool { return len(d.Windows()) == 1 })
		d.Move(xtest.Point{X: 600, Y: 400})
		d.Key("home")
		d.Key("b")
		for i := range editStrokes {
			if i%3 == 0 {
				d.Key(string(rune('1' + i/3%3))) // another label
			}
			from := xtest.Point{X: 480 + float64(i*37%200), Y: 300 + float64(i*53%220)}
			d.Drag([]xtest.Point{from, {X: from.X + 60, Y: from.Y + 20}, {X: from.X + 20, Y: from.Y + 60}}, xtest.Left, 2000)
			p.Wait("stroke", soon, state("end"))
			d.Wheel(i%3%2 + i%50/49)
		}
		painted := 0
		for _, e := range p.Events() {
			if e["event"] == "stroke" && e["state"] == "end" {
				painted++
			}
		}
		if painted < editStrokes {
			b.Fatalf("%d of %d strokes were painted", painted, editStrokes)
		}
		b.ReportMetric(float64(proposed>>20), "MB-proposed")
		peak := p.PeakResident() >> 20
		b.ReportMetric(float64(peak), "MB-painted")
		p.Stop()
		if peak > editMB {
			b.Errorf("the program takes %d MB after %d strokes", peak, editStrokes)
		}
	}
}
