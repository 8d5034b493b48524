package codec_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct/codec"
)

// layout is a way to write byte planes as segments (PS3.5 G.4), all of which
// mean the same.
type layout struct {
	name     string
	longest  int  // literal or run
	nothings bool // bytes that stand for nothing between the others
	padding  int  // zeros behind each segment
}

var layouts = []layout{
	{"long", 128, false, 0},
	{"short", 3, false, 1},
	{"single", 1, false, 0},
	{"nothings", 20, true, 0},
	{"padded", 128, false, 6},
}

// encode writes a picture's byte planes, the highest first. Runs go on over the
// ends of rows.
func (l *layout) encode(p *picture) []byte {
	r := rand.New(rand.NewPCG(3, uint64(l.longest)))
	var planes [][]byte
	for shift := p.allocated() - 8; shift >= 0; shift -= 8 {
		plane := make([]byte, len(p.pixels))
		for i, v := range p.pixels {
			plane[i] = byte(v >> shift)
		}
		segment := l.pack(r, plane)
		if segment = append(segment, make([]byte, l.padding)...); len(segment)%2 == 1 {
			segment = append(segment, 0)
		}
		planes = append(planes, segment)
	}
	return rle(planes...)
}

func (l *layout) pack(r *rand.Rand, plane []byte) (out []byte) {
	for len(plane) > 0 {
		run := 1
		for run < min(len(plane), l.longest) && plane[run] == plane[0] {
			run++
		}
		if l.nothings && r.IntN(3) == 0 {
			out = append(out, 0x80)
		}
		if run > 1 {
			out = append(out, byte(1-run), plane[0])
		} else {
			run = 1 + r.IntN(min(len(plane), l.longest))
			out = append(append(out, byte(run-1)), plane[:run]...)
		}
		plane = plane[run:]
	}
	return out
}

// TestRLELayouts has gdcm judge what the layouts mean.
func TestRLELayouts(t *testing.T) {
	need(t, "gdcmconv")
	for i, l := range layouts {
		for _, p := range []*picture{newPicture(97, 62, 16-i, i%2 == 1), newPicture(61, 30+2*i, 8, false)} {
			t.Run(l.name+"_"+p.name, func(t *testing.T) {
				stream := l.encode(p)
				p.decodes(t, codec.DecodeRLE, stream, 0)
				in, out := filepath.Join(t.TempDir(), "in.dcm"), filepath.Join(t.TempDir(), "out.dcm")
				write(t, in, p.wrap("1.2.840.10008.1.2.5", stream))
				call(t, "gdcmconv", "--raw", in, out)
				compare(t, native(t, read(t, out), p), p.pixels, 0)
			})
		}
	}
}

// pydicomRLE compresses pictures, given as lines of columns, rows, bytes a pixel
// and file, and writes the streams beside them.
const pydicomRLE = `
import sys, numpy
from pydicom.pixel_data_handlers.rle_handler import rle_encode_frame
for line in sys.stdin:
    w, h, n, path = line.split()
    pixels = numpy.fromfile(path, "<u" + n).reshape(int(h), int(w))
    open(path + ".rle", "wb").write(rle_encode_frame(pixels))
`

func TestRLEPydicom(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import pydicom, numpy").Run(); err != nil {
		t.Skip("pydicom is not installed (Debian package python3-pydicom)")
	}
	dir := t.TempDir()
	var all []*picture
	var lines bytes.Buffer
	for _, p := range pictures() {
		for _, p := range []*picture{p, noise(p)} {
			path := filepath.Join(dir, p.name)
			write(t, path, p.bytes(binary.LittleEndian))
			fmt.Fprintln(&lines, p.w, p.h, p.allocated()/8, path)
			all = append(all, p)
		}
	}
	cmd := exec.Command(python, "-c", pydicomRLE)
	cmd.Stdin = &lines
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			p.decodes(t, codec.DecodeRLE, read(t, filepath.Join(dir, p.name+".rle")), 0)
		})
	}
}
