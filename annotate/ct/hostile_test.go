package ct

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/internal/testkit"
)

const (
	hostileFile = "GROUNDGLASS_TEST_HOSTILE" // the file that the child process opens
	residentKB  = 512 << 10
	hostileTime = 20 * time.Second // a hang, not a slow machine
)

// report is what the child tells about one file.
type report struct {
	LeftOut    []LeftOut
	Series     int
	Failed     []string // what went wrong with the first slices of series
	ResidentKB int      // at its highest
}

// TestHostileChild opens one file; it is run by TestHostile in a process with
// bounded memory.
func TestHostileChild(t *testing.T) {
	path := os.Getenv(hostileFile)
	if path == "" {
		t.Skip("run by TestHostile")
	}
	found, err := Open(context.Background(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := report{LeftOut: found.LeftOut, Series: len(found.Series)}
	for _, s := range found.Series {
		if _, err := s.Slice(0); err != nil {
			r.Failed = append(r.Failed, err.Error())
		}
	}
	r.ResidentKB = peakResident(t)
	testkit.Tell(t, r)
}

func peakResident(t *testing.T) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return kb
		}
	}
	t.Fatal("the system does not say how much memory was used")
	return 0
}

// hostiles writes files made to exhaust a reader, beyond those of the real data.
func hostiles(t *testing.T) (paths []string) {
	dir := t.TempDir()
	add := func(name string, data []byte) {
		path := filepath.Join(dir, name)
		writeFile(t, path, data)
		paths = append(paths, path)
	}
	empty := dicomtest.Write(dicomtest.Deflated, dicomtest.Dataset{})
	meta := empty[:len(empty)-len(dicomtest.Deflate(nil))]
	deflated := func(data []byte) []byte { return append(meta[:len(meta):len(meta)], dicomtest.Deflate(data)...) }

	const size = 100 << 20
	value := append([]byte{0x08, 0, 1, 0x10, 'O', 'B', 0, 0, 0, 0, size >> 16 & 0xff, size >> 24}, make([]byte, size)...)
	bomb := dicomtest.Deflate(bytes.Repeat(value, 6))
	add("bomb_values.dcm", append(meta[:len(meta):len(meta)], bomb...))
	for name, says := range map[string]uint64{"bomb.zip": 600 << 20, "bomb_within_limits.zip": 250 << 20} {
		add(name, packed(t, member{name: "IM1", data: bomb, flat: true, lie: func(h *zip.FileHeader) {
			h.Method, h.UncompressedSize64 = zip.Deflate, says
		}}))
	}

	var many []byte
	for range 2_000_000 {
		many = append(many, 0x09, 0, 1, 0x10, 'L', 'O', 2, 0, 'a', ' ')
	}
	add("elements.dcm", append(dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.Dataset{}), many...))
	add("bomb_elements.dcm", deflated(many))

	frames := dicomtest.CT(1, 1, 0, nil)
	delete(frames, 0x7fe00010)
	frames.Set(0x00080008, "CS", strings.Repeat(`\`, 60_000))
	frames.Set(0x00280008, "IS", "20000")
	frames.Set(0x00280100, "US", 8)
	frames.Set(0x00280101, "US", 8)
	frames.Set(0x00280102, "US", 7)
	pixels := dicomtest.Bare(dicomtest.ExplicitLittle, dicomtest.Dataset{0x7fe00010: {Tag: 0x7fe00010, VR: "OB", Value: make([]byte, 20_000)}})
	add("frames.dcm", slices.Concat(dicomtest.Write(dicomtest.ExplicitLittle, frames), many[:250_000*10], pixels))

	items := []byte{0x08, 0, 0x40, 0x11, 'S', 'Q', 0, 0, 0xff, 0xff, 0xff, 0xff}
	for range 3_000_000 {
		items = append(items, 0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0)
	}
	add("items.dcm", append(dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.Dataset{}), items...))
	return paths
}

func TestHostile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the address space can be limited on Linux only")
	}
	paths := hostiles(t)
	t.Run("real", func(t *testing.T) {
		real, err := filepath.Glob(filepath.Join(sharedData(t), "hostile", "*.dcm"))
		if err != nil || len(real) == 0 {
			t.Fatal("there are no hostile files", err)
		}
		for _, path := range real {
			t.Run(filepath.Base(path), func(t *testing.T) { openHostile(t, path) })
		}
	})
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { openHostile(t, path) })
	}
}

// openHostile checks that a file is refused with a reason, in bounded memory and
// time.
func openHostile(t *testing.T, path string) {
	if r := hostileReport(t, path); r.Series != 0 || len(r.LeftOut) != 1 || r.LeftOut[0].Reason == "" {
		t.Fatalf("%d series; left out: %v", r.Series, r.LeftOut)
	}
}

// hostileReport opens a file, and one slice of each series in it, in a process
// of bounded memory and time.
func hostileReport(t *testing.T, path string) report {
	start := time.Now()
	var r report
	testkit.Told(t, testkit.Bounded(t, "TestHostileChild", hostileFile+"="+path, hostileTime), &r)
	if r.ResidentKB > residentKB {
		t.Errorf("it took %d MB", r.ResidentKB>>10)
	}
	t.Logf("%v; %d MB, %v", r.LeftOut, r.ResidentKB>>10, time.Since(start).Round(time.Millisecond))
	return r
}
