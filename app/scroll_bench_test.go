package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
)

// Bounds of what scrolling through a long series may take.
const (
	scrollSlices = 1000
	scrollMB     = 400 // beyond the empty window
	scrollTime   = 10 * time.Minute
	proposeTime  = 30 * time.Minute
)

// BenchmarkScrollMemory scrolls 1,000 slices of 512 x 512 end to end in a real window: without a model, and with the
// bundled model's proposals on all of them, the model itself still in memory; each then with the three views. It
// reports the peaks of resident memory meanwhile beyond that of the empty window, and fails over 400 MB for scrolling, with
// proposals or without: `go test ./app -run '^$' -bench ScrollMemory -benchtime 1x -timeout 60m`.
func BenchmarkScrollMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("resident memory is counted on Linux only")
	}
	binary, dir := build(b), writeLong(b)
	d := xtest.Start(b)
	for b.Loop() {
		p := d.Run(binary, "--model", "none.onnx")
		p.Wait("window", long, nil)
		time.Sleep(2 * time.Second)
		empty := p.PeakResident()
		p.Stop()
		b.ReportMetric(float64(empty>>20), "MB-empty")

		p = d.Run(binary, "--model", "none.onnx", dir)
		p.Wait("slice", long, nil)
		scrollAll(b, d, p, empty, "")
		p.Stop()

		p = d.Run(binary, dir)
		p.Wait("proposal", proposeTime, state("done"))
		b.ReportMetric(float64((p.PeakResident()-empty)>>20), "MB-proposing")
		p.ForgetPeak()
		scrollAll(b, d, p, empty, "-with-proposals")
		p.Stop()
	}
}

// scrollAll scrolls a series from its first slice to its last and then shows the three views.
func scrollAll(b *testing.B, d *xtest.Display, p *xtest.Program, empty int, how string) {
	b.Helper()
	d.Until("the window is managed", soon, func() bool { return len(d.Windows()) == 1 })
	d.Move(xtest.Point{X: 600, Y: 500})
	d.Key("home")
	p.Wait("slice", long, func(e xtest.Event) bool { return e.Number("index") == 0 })
	for end, at := time.Now().Add(scrollTime), 0; at < scrollSlices-1; at = int(p.Last("slice").Number("index")) {
		if time.Now().After(end) {
			b.Fatalf("the last slice is not shown in %v", scrollTime)
		}
		d.Wheel(min(100, scrollSlices-1-at)) // a display under load loses some notches
		time.Sleep(time.Second)
	}
	scrolled := (p.PeakResident() - empty) >> 20
	b.ReportMetric(float64(scrolled), "MB-scrolling"+how)
	b.Logf("scrolling%s: %d MB beyond the empty window's %d MB", how, scrolled, empty>>20)
	d.Key("t")
	p.Wait("volume", long, nil)
	b.ReportMetric(float64((p.PeakResident()-empty)>>20), "MB-three-views"+how)
	if scrolled > scrollMB {
		b.Errorf("scrolling %d slices%s takes %d MB beyond the empty window", scrollSlices, how, scrolled)
	}
}

// writeLong writes a series of many slices, which repeat those of a phantom.
func writeLong(b *testing.B) string {
	b.Helper()
	const different = 8
	patient := phantom.New(phantom.Options{Slices: different}).Series()
	var pixels [different][]uint16
	for i := range pixels {
		s, err := patient.Slice(i)
		if err != nil {
			b.Fatal(err)
		}
		for _, v := range s.HU {
			pixels[i] = append(pixels[i], uint16(v+1024))
		}
	}
	dir := b.TempDir()
	for i := range scrollSlices {
		file := dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.CT(512, 512, float64(i)*0.7, pixels[i%different]))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.dcm", i)), file, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}
