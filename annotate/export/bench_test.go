package export

import (
	"context"
	"path/filepath"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// BenchmarkPNG exports, reads back and verifies 40 masks of 512x512.
func BenchmarkPNG(b *testing.B) {
	const size = 512
	meta := ct.Series{Rows: size, Columns: size, Sources: make([]ct.Source, 40)}
	mask := annotate.NewMask(size, size)
	for y := 150; y < 300; y++ {
		for x := 100; x < 200+y%17; x++ {
			mask.Label[y*size+x] = 1
		}
	}
	in := &Case{Series: ct.NewSeries(meta, nil), Mask: func(int) *annotate.Mask { return mask }, Labels: annotate.DefaultLabels()}
	dir := filepath.Join(b.TempDir(), "out")
	for b.Loop() {
		if _, err := writePNG(context.Background(), dir, in, Options{Overwrite: true}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
