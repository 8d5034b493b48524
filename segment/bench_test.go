//go:build unix

package segment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/assets"
	"groundglass/segment/onnx"
)

// BenchmarkProposeSeries proposes 300 slices of 512x512 read from DICOM files
// with the bundled model, or one of the same size with random weights where
// none is bundled. It reports the seconds, and the share of the processor's
// time that is not ONNX Runtime's, whose own time comes from running the
// network alone as often and on as many threads.
func BenchmarkProposeSeries(b *testing.B) {
	const slices = 300
	data := assets.Model()
	if data == nil {
		b.Log("no model is bundled: a network of 16 filters with random weights at 256x256 stands in")
		data = unet(b, 256, 16)
	}
	m, err := Load(data)
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	p := phantom.New(phantom.Options{Slices: slices, Seed: 7})
	dir := b.TempDir()
	if err := p.WriteDICOM(b.Context(), dir, nil); err != nil {
		b.Fatal(err)
	}
	var wall, all, network float64
	for b.Loop() {
		found, err := ct.Open(b.Context(), []string{dir}, nil)
		if err != nil || len(found.Series) != 1 || found.Series[0].Len() != slices {
			b.Fatalf("the phantom does not open: %v, %+v", err, found)
		}
		runtime.GC()
		start, cpu := time.Now(), processorTime()
		if err := m.ProposeSeries(b.Context(), found.Series[0], nil, nil, nil); err != nil {
			b.Fatal(err)
		}
		wall += time.Since(start).Seconds()
		all += processorTime() - cpu
		cpu = processorTime()
		runAlone(b, m, slices)
		network += processorTime() - cpu
	}
	n := float64(b.N)
	b.ReportMetric(wall/n, "s/series")
	b.ReportMetric(all/n, "cpu-s/series")
	b.ReportMetric(100*(1-network/all), "%not-onnx-runtime")
	b.ReportMetric(0, "ns/op")
	b.Logf("%s, %s, %s", m.Card().Name, Runtime(), m.Device())
}

// runAlone runs the network n times, without a slice, as ProposeSeries does.
func runAlone(b *testing.B, m *Model, n int) {
	workers := min(maxWorkers, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			t, err := m.take(m.card.Size)
			if err != nil {
				b.Error(err)
				return
			}
			defer m.put(t)
			for i := w; i < n; i += workers {
				if err := m.runner.Run(b.Context(), t.in, t.out); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// processorTime is the time in seconds that this process has kept processors
// busy.
func processorTime() float64 {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return math.NaN()
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}

// unet is a U-Net of four levels with random weights and a card.
func unet(t testing.TB, size, filters int) []byte {
	t.Helper()
	card := testCard()
	card.Name, card.Size, card.Filters = "random weights", size, filters
	text, err := card.Encode()
	if err != nil {
		t.Fatal(err)
	}
	g := onnx.New("unet", 17)
	g.Metadata[CardKey] = text
	random := rand.New(rand.NewPCG(1, 2))
	conv := func(x string, in, out, side int) string {
		v := make([]float32, out*in*side*side)
		for i := range v {
			v[i] = float32(random.NormFloat64() * math.Sqrt(2/float64(in*side*side)))
		}
		w := g.Weights(g.Fresh("w"), []int64{int64(out), int64(in), int64(side), int64(side)}, v)
		pad := int64(side / 2)
		return g.Op("Conv", []string{x, w}, onnx.Attr{Name: "pads", Value: []int64{pad, pad, pad, pad}})
	}
	block := func(x string, in, out int) string {
		x = g.Op("Relu", []string{conv(x, in, out, 3)})
		return g.Op("Relu", []string{conv(x, out, out, 3)})
	}
	two := onnx.Attr{Name: "strides", Value: []int64{2, 2}}
	x := g.Input(ModelInput, onnx.Float, 1, 1, int64(size), int64(size))
	var skips []string
	channels := 1
	for level := range 4 {
		x, channels = block(x, channels, filters<<level), filters<<level
		skips = append(skips, x)
		x = g.Op("MaxPool", []string{x}, onnx.Attr{Name: "kernel_shape", Value: []int64{2, 2}}, two)
	}
	x, channels = block(x, channels, 2*channels), 2*channels
	for level := 3; level >= 0; level-- {
		half := filters << level
		w := g.Weights(fmt.Sprintf("up%d", level), []int64{int64(channels), int64(half), 2, 2}, make([]float32, channels*half*4))
		x = g.Op("ConvTranspose", []string{x, w}, two)
		x = g.Op("Concat", []string{skips[level], x}, onnx.Attr{Name: "axis", Value: int64(1)})
		x, channels = block(x, 2*half, half), half
	}
	g.OpTo(ModelOutput, "Sigmoid", []string{conv(x, channels, 2, 1)})
	g.Output(ModelOutput, onnx.Float, 1, 2, int64(size), int64(size))
	return g.Bytes()
}
