package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"testing"
)

// pillow resizes each of a list of pictures with Python's Pillow in mode F.
const pillow = `
import sys, struct
import numpy as np
from PIL import Image
for line in sys.argv[1:]:
    w, h, ow, oh, kernel = line.split()
    w, h, ow, oh = int(w), int(h), int(ow), int(oh)
    a = np.frombuffer(sys.stdin.buffer.read(4 * w * h), '<f4').reshape(h, w)
    k = {'0': Image.BILINEAR, '1': Image.BOX, '2': Image.BICUBIC}[kernel]
    sys.stdout.buffer.write(np.asarray(Image.fromarray(a, 'F').resize((ow, oh), k)).astype('<f4').tobytes())
`

func TestResizeAgainstPillow(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import PIL, numpy").Run(); err != nil {
		t.Skip("no Pillow to compare with: install python3-pil and python3-numpy")
	}
	sizes := [][4]int{{512, 512, 128, 128}, {128, 128, 512, 512}, {337, 211, 256, 256}, {160, 160, 371, 243},
		{64, 48, 64, 31}, {64, 48, 97, 48}, {5, 3, 17, 29}, {200, 1, 7, 1}, {1, 1, 4, 4}, {99, 101, 1, 1}}
	random := rand.New(rand.NewPCG(1, 2))
	args := []string{"-c", pillow}
	var input bytes.Buffer
	var ours [][]float32
	for _, z := range sizes {
		for _, k := range []Kernel{Bilinear, Box, Bicubic} {
			src := make([]float32, z[0]*z[1])
			for i := range src {
				src[i] = random.Float32()
			}
			args = append(args, fmt.Sprint(z[0], z[1], z[2], z[3], k))
			if err := binary.Write(&input, binary.LittleEndian, src); err != nil {
				t.Fatal(err)
			}
			ours = append(ours, Resize(src, z[0], z[1], z[2], z[3], k))
		}
	}
	cmd := exec.Command(python, args...)
	cmd.Stdin = &input
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	reader, same, n := bytes.NewReader(out), 0, 0
	for i, got := range ours {
		want := make([]float32, len(got))
		if err := binary.Read(reader, binary.LittleEndian, want); err != nil {
			t.Fatal(err)
		}
		for j := range got {
			if d := math.Abs(float64(got[j] - want[j])); d > 1e-6 {
				t.Fatalf("%s: pixel %d is %v, Pillow says %v", args[i+2], j, got[j], want[j])
			}
			if got[j] == want[j] {
				same++
			}
			n++
		}
	}
	t.Logf("%d of %d pixels equal to the last bit", same, n)
}

func TestResizeKeepsConstantsAndSource(t *testing.T) {
	src := make([]float32, 31*17)
	for i := range src {
		src[i] = 0.7
	}
	for _, k := range []Kernel{Bilinear, Box, Bicubic} {
		for _, z := range [][2]int{{31, 17}, {8, 40}, {100, 3}} {
			out := Resize(src, 31, 17, z[0], z[1], k)
			if len(out) != z[0]*z[1] {
				t.Fatalf("%v: %d pixels", z, len(out))
			}
			for _, v := range out {
				if math.Abs(float64(v)-0.7) > 1e-6 {
					t.Fatalf("kernel %d to %v: a constant picture becomes %v", k, z, v)
				}
			}
			out[0] = 5
			if src[0] != 0.7 {
				t.Fatalf("kernel %d to %v: the source is shared", k, z)
			}
		}
	}
}

func TestResizeRefusesImpossibleSizes(t *testing.T) {
	for _, z := range [][4]int{{0, 4, 4, 4}, {4, 4, 0, 4}, {4, 4, 4, -1}, {5, 4, 2, 2}} {
		if Resize(make([]float32, 16), z[0], z[1], z[2], z[3], Bilinear) != nil {
			t.Errorf("sizes %v give a picture", z)
		}
	}
}

func BenchmarkResize(b *testing.B) {
	for _, z := range [][4]int{{512, 512, 128, 128}, {360, 240, 256, 256}, {256, 256, 360, 240}} {
		src := make([]float32, z[0]*z[1])
		b.Run(fmt.Sprintf("%dx%d to %dx%d", z[0], z[1], z[2], z[3]), func(b *testing.B) {
			for b.Loop() {
				Resize(src, z[0], z[1], z[2], z[3], Bilinear)
			}
		})
	}
}
