//go:build unix

package segment

import (
	"math/rand/v2"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
)

// BenchmarkLungMask finds the lungs of slices of 512x512, or only whether there
// are any, and reports the time of the processor that one takes: of a sick
// phantom, and of the worst pictures that were thought of.
func BenchmarkLungMask(b *testing.B) {
	p := phantom.New(phantom.Demo()).Series()
	var chest []*ct.Slice
	for i := 4; i < p.Len(); i += 6 {
		s, err := p.Slice(i)
		if err != nil {
			b.Fatal(err)
		}
		chest = append(chest, s)
	}
	random := rand.New(rand.NewPCG(7, 8))
	noise, stripes := drawing(512, 512), drawing(512, 512)
	for i := range noise.HU {
		noise.HU[i] = int16(random.IntN(1200) - 1000)
		if (i%512+i/512)%8 < 4 {
			stripes.HU[i] = 40
		}
	}
	for _, c := range []struct {
		name   string
		slices []*ct.Slice
	}{{"phantom", chest}, {"noise", []*ct.Slice{noise}}, {"stripes", []*ct.Slice{stripes}}} {
		for _, task := range []struct {
			name string
			do   func(*ct.Slice)
		}{{"mask", func(s *ct.Slice) { LungMask(s) }}, {"barren", func(s *ct.Slice) { barren(s) }}} {
			b.Run(c.name+"/"+task.name, func(b *testing.B) {
				cpu := processorTime()
				for b.Loop() {
					for _, s := range c.slices {
						task.do(s)
					}
				}
				b.ReportMetric(1000*(processorTime()-cpu)/float64(b.N*len(c.slices)), "cpu-ms/slice")
			})
		}
	}
}
