package ct

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// BenchmarkNative measures in one run how long this package, gdcm, pydicom and
// SimpleITK take to open the same folder of 300 uncompressed slices of 512x512 and
// to read every pixel. The times, in milliseconds a slice, are what one processor
// works, once the files are in memory, so that what else runs on the machine
// matters little; Python's start is not in them. This package and SimpleITK,
// which reads by gdcm, make Hounsfield units, and so does numpy of what gdcm reads;
// gdcm alone brings the file's bytes to memory, pydicom makes an array of stored
// values. SimpleITK is not in Debian: PYTHONPATH may name where it is.
// Compressed slices are measured by the benchmark of this name in codec.
func BenchmarkNative(b *testing.B) {
	dir := b.TempDir()
	writeSlices(b, dir, 300)
	var files []string
	for b.Loop() {
		files = readAll(b, dir)
		start := processorTime(b)
		readAll(b, dir)
		ours := (processorTime(b) - start) * 1000 / float64(len(files))
		b.ReportMetric(ours, "ms/slice")
		for modules, body := range readers {
			if theirs, ok := readBy(b, modules, body, files); ok {
				name := strings.ReplaceAll(modules, ", ", "+")
				b.ReportMetric(theirs, name+"-ms/slice")
				b.ReportMetric(ours/theirs, "times-"+name)
			}
		}
	}
}

// readAll reads a series to its end and returns its files in their order.
func readAll(b *testing.B, dir string) (files []string) {
	found, err := Open(context.Background(), []string{dir}, nil)
	if err != nil || len(found.Series) != 1 {
		b.Fatal(len(found.Series), err)
	}
	s := found.Series[0]
	for i := range s.Len() {
		if _, err := s.Slice(i); err != nil {
			b.Fatal(err)
		}
		files = append(files, s.Sources[i].File)
	}
	return files
}

// readers are bodies of Python functions that read the pixels of files.
var readers = map[string]string{
	"gdcm": `
    for f in files:
        r = gdcm.ImageReader()
        r.SetFileName(f)
        assert r.Read()`,
	"gdcm, numpy": `
    for f in files:
        r = gdcm.ImageReader()
        r.SetFileName(f)
        assert r.Read()
        numpy.frombuffer(r.GetImage().GetBuffer().encode("utf-8", "surrogateescape"), numpy.int16) - numpy.int16(1024)`,
	"pydicom": `
    for f in files:
        pydicom.dcmread(f).pixel_array`,
	"SimpleITK": `
    SimpleITK.ReadImage(files)`,
}

// readBy is how many milliseconds another program works on a slice; false where it
// is not installed.
func readBy(b *testing.B, modules, body string, files []string) (ms float64, ok bool) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import "+modules).Run(); err != nil {
		b.Logf("%s is not installed", modules)
		return 0, false
	}
	script := "import sys, time, " + modules + "\nfiles = sys.argv[1:]\ndef read():" + body +
		"\nread()\nstart = time.process_time()\nread()\nprint((time.process_time() - start) * 1000 / len(files))"
	out, err := exec.Command(python, append([]string{"-c", script}, files...)...).Output()
	if err != nil {
		b.Fatal(modules, err)
	}
	ms, err = strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(modules, err)
	}
	return ms, true
}

// processorTime is what the process has used, in seconds.
func processorTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
