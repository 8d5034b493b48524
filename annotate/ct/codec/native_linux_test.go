package codec_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"groundglass/annotate/ct/codec"
	"groundglass/annotate/ct/dicom/dicomtest"
)

var frames = flag.Int("frames", 300, "how many frames BenchmarkNative decodes")

// BenchmarkNative measures in one run how long this package, gdcm and OpenJPEG
// take to decode the same 512 x 512 frames, one after the other. The times, in
// milliseconds a frame, are what one processor works, so that what else runs on
// the machine matters little; reading the file is not in gdcm's.
func BenchmarkNative(b *testing.B) {
	for _, c := range []struct {
		name, syntax string
		decode       codec.Decoder
		program      string
		options      []string
	}{
		{"RLE", "5", codec.DecodeRLE, "dcmcrle", nil},
		{"JPEGBaseline", "4.50", codec.DecodeJPEG, "dcmcjpeg", []string{"+eb"}},
		{"JPEGExtended", "4.51", codec.DecodeJPEG, "dcmcjpeg", []string{"+ee"}},
		{"JPEGLossless", "4.70", codec.DecodeJPEG, "dcmcjpeg", []string{"+e1"}},
		{"JPEGLS", "4.80", codec.DecodeJPEGLS, "dcmcjpls", nil},
		{"JPEGLSNear", "4.81", codec.DecodeJPEGLS, "dcmcjpls", []string{"+en", "+md", "2"}},
		{"JPEG2000", "4.90", codec.DecodeJPEG2000, "opj_compress", nil},
		{"JPEG2000Lossy", "4.91", codec.DecodeJPEG2000, "opj_compress", []string{"-I", "-r", "10"}},
		{"HTJ2K", "4.201", codec.DecodeJPEG2000, "ojph_compress", []string{"-reversible", "true"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			need(b, c.program)
			dir := b.TempDir()
			chest := chests(b)
			streams := streamsOf(b, chest, c.program, c.options...)
			if c.syntax == "4.50" {
				chest[0].bits = 8
			}
			file := filepath.Join(dir, "in.dcm")
			writeFrames(b, file, c.syntax, chest[0], streams)
			for b.Loop() {
				ours := decodeAll(b, c.decode, chest[0], streams)
				b.ReportMetric(ours, "ms/frame")
				if c.program != "ojph_compress" { // which gdcm does not know
					theirs := gdcm(b, file)
					b.ReportMetric(theirs, "gdcm-ms/frame")
					b.ReportMetric(ours/theirs, "times-gdcm")
				}
				if strings.HasPrefix(c.program, "o") {
					theirs := openJPEGTime(b, streams)
					b.ReportMetric(theirs, "OpenJPEG-ms/frame")
					b.ReportMetric(ours/theirs, "times-OpenJPEG")
				}
			}
		})
	}
}

// writeFrames writes a file of many frames, which are the streams again and again.
func writeFrames(b *testing.B, path, syntax string, like *picture, streams [][]byte) {
	d := like.header()
	d.Set(0x00280008, "IS", strconv.Itoa(*frames))
	var all [][]byte
	table := []byte{}
	at := 0
	for i := range *frames {
		s := streams[i%len(streams)]
		if len(s)%2 == 1 {
			s = append(slices.Clone(s), 0)
		}
		table = binary.LittleEndian.AppendUint32(table, uint32(at))
		at += len(s) + 8
		all = append(all, s)
	}
	write(b, path, dicomtest.Encapsulated("1.2.840.10008.1.2."+syntax, d, table, all...))
}

// decodeAll returns the milliseconds that a frame takes.
func decodeAll(b *testing.B, decode codec.Decoder, p *picture, streams [][]byte) float64 {
	params := codec.Params{Rows: p.h, Columns: p.w, Bits: p.allocated()}
	start := processorTime(b)
	for i := range *frames {
		if _, err := decode(streams[i%len(streams)], params); err != nil {
			b.Fatal(err)
		}
	}
	return (processorTime(b) - start) * 1000 / float64(*frames)
}

// processorTime is what the process has used, in seconds.
func processorTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// gdcmScript decodes all frames of a file and prints how many seconds of the
// processor a frame takes.
const gdcmScript = `
import sys, time, gdcm
reader = gdcm.ImageReader()
reader.SetFileName(sys.argv[1])
assert reader.Read()
change = gdcm.ImageChangeTransferSyntax()
change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.ExplicitVRLittleEndian))
change.SetInput(reader.GetImage())
start = time.process_time()
assert change.Change()
print((time.process_time() - start) / int(sys.argv[2]))
`

func gdcm(b *testing.B, file string) float64 {
	b.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import gdcm").Run(); err != nil {
		b.Skip("gdcm is not installed (Debian package python3-gdcm)")
	}
	out, err := exec.Command(python, "-c", gdcmScript, file, strconv.Itoa(*frames)).Output()
	if err != nil {
		b.Fatal(err)
	}
	seconds, err := strconv.ParseFloat(string(bytes.TrimSpace(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return seconds * 1000
}

// openJPEGTime is how long OpenJPEG takes a frame, its writing of what it decodes
// included.
func openJPEGTime(b *testing.B, streams [][]byte) float64 {
	need(b, "opj_decompress")
	dir := b.TempDir()
	for i := range *frames {
		write(b, filepath.Join(dir, fmt.Sprint(i, ".j2k")), streams[i%len(streams)])
	}
	cmd := exec.Command("opj_decompress", "-ImgDir", dir, "-OutFor", "pgx", "-threads", "1")
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return used.Seconds() * 1000 / float64(*frames)
}
