package ct

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// writeSlices writes a series of n uncompressed slices of 512x512.
func writeSlices(b *testing.B, dir string, n int) {
	pixels := make([]uint16, 512*512)
	for i := range pixels {
		pixels[i] = uint16(i * 7919 % 4096)
	}
	for i := range n {
		d := dicomtest.CT(512, 512, float64(i), pixels)
		writeFile(b, filepath.Join(dir, fmt.Sprintf("%04d.dcm", i)), dicomtest.Write(dicomtest.ExplicitLittle, d))
	}
}

// BenchmarkFirstSlice is the time from naming a folder of 300 slices of 512x512
// to the pixels of the one that is shown first. The aim is at most 150 ms.
func BenchmarkFirstSlice(b *testing.B) {
	dir := b.TempDir()
	writeSlices(b, dir, 300)
	for b.Loop() {
		found, err := Open(context.Background(), []string{dir}, nil)
		if err != nil || len(found.Series) != 1 {
			b.Fatal(len(found.Series), err)
		}
		if _, err := found.Series[0].Slice(150); err != nil {
			b.Fatal(err)
		}
	}
}
