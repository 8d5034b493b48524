package phantom

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"runtime"
	"testing"

	"groundglass/annotate/ct"
)

var update = flag.Bool("update", false, "write the golden picture anew")

// goldenHash is the SHA-256 of the golden slice's HU as little-endian 16-bit numbers.
const goldenHash = "7eac848163c44c75eb577d5573255a59bad1d441e1eafebd9ab1e2851da0d030"

// TestGolden compares a small slice with testdata/slice.png, at the lung
// window: picture by eye, pixels by hash. Other machines than amd64 may fuse
// multiplications with additions and round a rare pixel differently, so that
// there the picture may differ by one step.
func TestGolden(t *testing.T) {
	const path = "testdata/slice.png"
	p := New(Options{Size: 192, Slices: 20, Seed: 7})
	pixels := hu(t, p, 9)
	picture := image.NewGray(image.Rect(0, 0, 192, 192))
	var raw []byte
	for k, v := range pixels {
		picture.Pix[k] = uint8(ct.Lung.Unit(float64(v))*255 + 0.5)
		raw = binary.LittleEndian.AppendUint16(raw, uint16(v))
	}
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, picture); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	want := m.(*image.Gray)
	different := 0
	for k, v := range picture.Pix {
		if d := int(v) - int(want.Pix[k]); d < -1 || d > 1 {
			different++
		}
	}
	if different > 0 {
		t.Errorf("%d pixels differ from %s; look at them, then run the test with -update", different, path)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(raw)); runtime.GOARCH == "amd64" && sum != goldenHash {
		t.Errorf("the slice's hash is %s, want %s", sum, goldenHash)
	}
}
