package codec_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// BenchmarkGdcm measures how long gdcm, a library in C and C++, takes for what
// the other benchmarks do. It decodes a file of many frames and writes it, which
// is the little that it does more.
func BenchmarkGdcm(b *testing.B) {
	need(b, "gdcmconv")
	const frames = 40
	for _, c := range []struct {
		name, syntax, program string
		options               []string
	}{
		{"RLE", "5", "dcmcrle", nil},
		{"JPEGBaseline", "4.50", "dcmcjpeg", []string{"+eb"}},
		{"JPEGExtended", "4.51", "dcmcjpeg", []string{"+ee"}},
		{"JPEGLossless", "4.70", "dcmcjpeg", []string{"+e1"}},
		{"JPEGLS", "4.80", "dcmcjpls", nil},
		{"JPEG2000", "4.90", "opj_compress", nil},
		{"JPEG2000Lossy", "4.91", "opj_compress", []string{"-I", "-r", "10"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			need(b, c.program)
			p := slice(b)
			stream := stream(b, p, c.program, c.options...)
			in, out := filepath.Join(b.TempDir(), "in.dcm"), filepath.Join(b.TempDir(), "out.dcm")
			if c.syntax == "4.50" {
				p.bits = 8
			}
			d := p.header()
			d.Set(0x00280008, "IS", "40")
			write(b, in, dicomtest.Encapsulated("1.2.840.10008.1.2."+c.syntax, d, nil, slices.Repeat([][]byte{stream}, frames)...))
			for b.Loop() {
				start := time.Now()
				call(b, "gdcmconv", "--raw", in, out)
				b.ReportMetric(float64(time.Since(start).Microseconds())/1000/frames, "ms/frame")
			}
		})
	}
}
