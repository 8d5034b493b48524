package ct

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"groundglass/annotate/ct/nifti"
)

// zipped compresses data as well as deflate can.
func zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a .nii.gz of 600 MB of zeros in less than a megabyte, whose slice at
// the feet is the last in the file.
func bomb(t *testing.T) []byte {
	const slice, together, times = 2 * 512 * 512, 16, 75
	h := nifti.Header{Dim: [3]int{512, 512, 1}, Affine: usual.Affine, Placed: true}
	h.Affine[2][2] = -1
	head := field(volume(t, h, false, func(int) int16 { return 0 })[:352], 46, together*times)
	return append(zipped(t, head), bytes.Repeat(zipped(t, make([]byte, together*slice)), times)...)
}

// TestNIfTIHostile opens files made to exhaust memory: what cannot be in a file
// is refused, and what is there is inflated without being kept so.
func TestNIfTIHostile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the address space can be limited on Linux only")
	}
	good := volume(t, usual, false, func(n int) int16 { return int16(-n) })
	large := field(field(field(good, 42, 4096), 44, 4096), 46, 32767)
	second := make([]byte, 600)
	binary.LittleEndian.PutUint32(second, 540)
	copy(second[4:], "n+2\x00\r\n\x1a\n\x04\x00")
	for i, d := range []uint64{4, 1 << 62, 4, 4, 1} {
		binary.LittleEndian.PutUint64(second[16+8*i:], d)
	}
	cases := []struct {
		name   string
		data   []byte
		series int
	}{
		{"bomb.nii.gz", bomb(t), 1},
		{"large.nii", large, 0},
		{"lie.nii.gz", zipped(t, large), 0},
		{"overflow.nii", second, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.name)
			if err := os.WriteFile(path, c.data, 0o644); err != nil {
				t.Fatal(err)
			}
			r := hostileReport(t, path)
			if r.Series != c.series || len(r.LeftOut) != 1-c.series || len(r.Failed) > 0 {
				t.Errorf("%d series; left out: %v; failed: %q", r.Series, r.LeftOut, r.Failed)
			}
		})
	}
}
