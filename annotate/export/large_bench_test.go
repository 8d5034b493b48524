package export

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
)

const (
	largeDir    = "GROUNDGLASS_TEST_LARGE_DIR"
	largePreset = "GROUNDGLASS_TEST_LARGE_PRESET"
	largeCount  = "GROUNDGLASS_TEST_LARGE_SLICES"
	largeSeries = 100 // slices in a series
	largeSide   = 512
)

// truths are the masks of a phantom's lesions, of a series of largeSeries slices.
func truths() [][]uint8 {
	p := phantom.New(phantom.Options{Size: largeSide, Slices: largeSeries, Seed: 1})
	out := make([][]uint8, largeSeries)
	for i := range out {
		out[i] = p.Truth(i)
	}
	return out
}

// largeSet is a set of n slices in series of largeSeries, whose masks are those of the
// phantom, each series from another slice on.
func largeSet(n int) Set {
	masks, origin := truths(), make([]annotate.Origin, largeSide*largeSide)
	meta := ct.Series{Rows: largeSide, Columns: largeSide, Sources: make([]ct.Source, largeSeries), Geometry: ct.Geometry{}}
	s := Set{Labels: annotate.DefaultLabels(), Program: "groundglass test"}
	for k := range n / largeSeries {
		s.Cases, s.Patients = append(s.Cases, fmt.Sprintf("case_%05d", k)), append(s.Patients, fmt.Sprint("P", k))
	}
	s.Open = func(k int) (*Case, func(), error) {
		mask := func(i int) *annotate.Mask {
			return &annotate.Mask{W: largeSide, H: largeSide, Label: masks[(i+k)%largeSeries], Origin: origin}
		}
		series := ct.NewSeries(meta, func(int) (*ct.Slice, error) {
			return &ct.Slice{W: largeSide, H: largeSide, HU: make([]int16, largeSide*largeSide)}, nil
		})
		return &Case{Patient: s.Patients[k], Series: series, Mask: mask, Labels: s.Labels}, nil, nil
	}
	return s
}

// TestLargeChild is the program that BenchmarkLarge measures.
func TestLargeChild(t *testing.T) {
	dir := os.Getenv(largeDir)
	if dir == "" {
		t.Skip("BenchmarkLarge runs this in a process of its own")
	}
	n, err := strconv.Atoi(os.Getenv(largeCount))
	if err != nil {
		t.Fatal(err)
	}
	p, err := PresetNamed(os.Getenv(largePreset))
	if err != nil {
		t.Fatal(err)
	}
	set := largeSet(n)
	begun := time.Now()
	r, err := Write(context.Background(), dir, p, set, Options{Resume: true, Workers: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	peak := 0 // KiB; Linux alone tells
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		_, after, _ := strings.Cut(string(status), "VmHWM:")
		_, _ = fmt.Sscan(after, &peak)
	}
	fmt.Printf("\nlarge %d %g %d\n", r.Slices, time.Since(begun).Seconds(), peak)
}

// large exports n slices in a process of its own, which is killed after a while unless
// that is 0. It returns the seconds and the peak memory in MiB.
func large(b *testing.B, dir, preset string, n int, kill time.Duration) (seconds, peak float64) {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestLargeChild$")
	cmd.Env = append(os.Environ(), largeDir+"="+dir, largePreset+"="+preset, fmt.Sprintf("%s=%d", largeCount, n))
	if kill > 0 {
		time.AfterFunc(kill, func() { _ = cmd.Process.Kill() })
	}
	out, err := cmd.CombinedOutput()
	if kill > 0 {
		return 0, 0
	}
	_, said, _ := strings.Cut(string(out), "\nlarge ")
	var slices int
	if got, _ := fmt.Sscan(said, &slices, &seconds, &peak); err != nil || got != 3 || slices != n {
		b.Fatalf("%v: %s", err, out)
	}
	return seconds, peak / 1024
}

// sumBelow is a digest of all files below dir and their names.
func sumBelow(b *testing.B, dir string) string {
	b.Helper()
	h := sha256.New()
	files, err := filesBelow(dir)
	for _, name := range files {
		var f *os.File
		if f, err = os.Open(filepath.Join(dir, name)); err != nil {
			break
		}
		fmt.Fprintf(h, "%s\n", name)
		_, err = io.Copy(h, f)
		f.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return string(h.Sum(nil))
}

// BenchmarkLarge exports 1,000 phantom slices of 512x512, and GROUNDGLASS_SLICES of them,
// 2,000 where it is not set, each in a process of its own: slices a second and peak
// memory. The larger one is then done again and killed three times on the way, and must
// end with the same bytes. As a peer, Pillow and NumPy write the same masks as PNG,
// without reading them back, sums or syncing.
func BenchmarkLarge(b *testing.B) {
	n := 2000
	if v, err := strconv.Atoi(os.Getenv("GROUNDGLASS_SLICES")); err == nil {
		n = v
	}
	for _, preset := range []string{"png", "nnunet"} {
		if _, err := PresetNamed(preset); err != nil {
			continue
		}
		b.Run(preset, func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				_, small := large(b, filepath.Join(dir, "small"), preset, 1000, 0)
				whole := filepath.Join(dir, "whole")
				seconds, peak := large(b, whole, preset, n, 0)
				b.ReportMetric(float64(n)/seconds, "slices/s")
				b.ReportMetric(small, "MiB-peak-1000")
				b.ReportMetric(peak, fmt.Sprintf("MiB-peak-%d", n))
				again := filepath.Join(dir, "again")
				for range 3 {
					large(b, again, preset, n, 2*time.Second+time.Duration(rand.Float64()*seconds*0.4*float64(time.Second)))
				}
				if _, err := os.Stat(filepath.Join(again, ManifestFile)); err != nil {
					large(b, again, preset, n, 0)
				}
				if sumBelow(b, whole) != sumBelow(b, again) {
					b.Error("an export that was killed and gone on with has other bytes")
				}
				if preset == "png" {
					if peer := pillow(b, dir, n); peer > 0 {
						b.ReportMetric(peer/seconds, "x-Pillow")
					}
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// pillow is how many seconds Pillow and NumPy take to write the masks of n slices; 0
// where they are not installed.
func pillow(b *testing.B, dir string, n int) float64 {
	b.Helper()
	raw, err := os.Create(filepath.Join(dir, "masks.raw"))
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range truths() {
		if _, err := raw.Write(m); err != nil {
			b.Fatal(err)
		}
	}
	if err := raw.Close(); err != nil {
		b.Fatal(err)
	}
	out, err := exec.Command("/usr/bin/python3", "testdata/large/pillow.py", raw.Name(), filepath.Join(dir, "pillow"), strconv.Itoa(n)).CombinedOutput()
	if err != nil {
		b.Logf("Pillow and NumPy are not here: %v: %s", err, out)
		return 0
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return seconds
}
