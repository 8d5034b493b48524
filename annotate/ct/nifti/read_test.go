package nifti

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// written is a volume of 16-bit values that count up.
func written(t testing.TB, dim [3]int) []byte {
	t.Helper()
	var b bytes.Buffer
	n := int16(0)
	err := Write(&b, Header{Dim: dim, Affine: rotated(0.2, 0.1), Placed: true, Description: "a test"}, func(int) ([]int16, error) {
		s := make([]int16, dim[0]*dim[1])
		for i := range s {
			s[i] = n
			n++
		}
		return s, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRowsReadsBoxes(t *testing.T) {
	dim := [3]int{7, 6, 5}
	data := written(t, dim)
	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if m.Dim != dim || m.Volumes != 1 || m.Type != "int16" || m.Description != "a test" || !m.Placed || far(m.Affine, rotated(0.2, 0.1)) > 1e-5 {
		t.Errorf("the header says %+v", m)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var lo, hi [3]int
		for a := range 3 {
			lo[a] = random.IntN(dim[a])
			hi[a] = lo[a] + 1 + random.IntN(dim[a]-lo[a])
		}
		rows := 0
		err := m.Rows(bytes.NewReader(data), 0, lo, hi, func(j, k int, values []float64) error {
			if wantJ, wantK := lo[1]+rows%(hi[1]-lo[1]), lo[2]+rows/(hi[1]-lo[1]); j != wantJ || k != wantK || len(values) != hi[0]-lo[0] {
				t.Fatalf("box %v to %v: row (%d, %d) of %d values", lo, hi, j, k, len(values))
			}
			for i, v := range values {
				if v != float64(lo[0]+i+7*(j+6*k)) {
					t.Fatalf("voxel (%d, %d, %d) is %v", lo[0]+i, j, k, v)
				}
			}
			rows++
			return nil
		})
		if err != nil || rows != (hi[1]-lo[1])*(hi[2]-lo[2]) {
			t.Fatalf("box %v to %v: %d rows, %v", lo, hi, rows, err)
		}
	}
	stop := errors.New("enough")
	if err := m.Rows(bytes.NewReader(data), 0, [3]int{}, dim, func(int, int, []float64) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	for _, box := range [][2][3]int{{{0, 0, 0}, {8, 1, 1}}, {{-1, 0, 0}, {1, 1, 1}}, {{2, 0, 0}, {2, 1, 1}}} {
		if err := m.Rows(bytes.NewReader(data), 0, box[0], box[1], nil); err == nil {
			t.Errorf("box %v was read", box)
		}
	}
	if err := m.Rows(bytes.NewReader(data), 1, [3]int{}, dim, nil); err == nil {
		t.Error("a second volume was read")
	}
}

// A scale holds for each kind of number; 64-bit integers keep what fits a float.
func TestScale(t *testing.T) {
	data := written(t, [3]int{4, 1, 1})
	binary.LittleEndian.PutUint16(data[70:], 1024)
	binary.LittleEndian.PutUint32(data[112:], 0x3f000000) // 0.5
	binary.LittleEndian.PutUint32(data[116:], 0xc1200000) // -10
	data = data[:voxOffset]
	for _, v := range []int64{0, -6, 1 << 40, -1 << 52} {
		data = binary.LittleEndian.AppendUint64(data, uint64(v))
	}
	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	err = m.Rows(bytes.NewReader(data), 0, [3]int{}, m.Dim, func(_, _ int, values []float64) error {
		if want := []float64{-10, -13, 1<<39 - 10, -1<<51 - 10}; !slices.Equal(values, want) {
			t.Errorf("got %v, want %v", values, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// zip compresses in members, as bgzip does.
func zip(t testing.TB, parts ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		if _, err := z.Write(p); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// closing counts how often a file was opened and closed.
type closing struct {
	io.Reader
	closed *int
}

func (c closing) Close() error { *c.closed++; return nil }

func TestInflated(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	want := make([]byte, 3*blockBytes+1000)
	for i := range want {
		want[i] = byte(random.IntN(1 + i>>14))
	}
	zipped := zip(t, want[:blockBytes-3], want[blockBytes-3:])
	opened, closed := 0, 0
	z := Inflate(func() (io.ReadCloser, error) {
		if opened++; opened == 1 {
			return nil, errors.New("not now")
		}
		return closing{bytes.NewReader(zipped), &closed}, nil
	})
	p := make([]byte, 700)
	if _, err := z.ReadAt(p, 0); err == nil {
		t.Fatal("a file that cannot be opened was read")
	}
	for range 80 {
		at := random.IntN(len(want))
		n, err := z.ReadAt(p, int64(at))
		if end := min(len(want), at+len(p)); !bytes.Equal(p[:n], want[at:end]) || (n < len(p)) != (err == io.EOF) {
			t.Fatalf("at %d: %d bytes, %v", at, n, err)
		}
	}
	if n, err := z.ReadAt(p, int64(len(want))); n != 0 || err != io.EOF {
		t.Errorf("beyond the end: %d, %v", n, err)
	}
	if opened != 2 || closed != 1 {
		t.Errorf("opened %d times, closed %d times", opened, closed)
	}
	unread := Inflate(func() (io.ReadCloser, error) { return nil, errors.New("not to be opened") })
	if err := unread.Close(); err != nil {
		t.Errorf("closing before the first use: %v", err)
	}
	if _, err := unread.ReadAt(p, 0); err == nil {
		t.Error("a closed file can be read")
	}
	zipped[len(zipped)-8] ^= 1 // of the checksum
	bad := Inflate(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(zipped)), nil })
	if _, err := bad.ReadAt(p, int64(len(want)-len(p))); !errors.Is(err, gzip.ErrChecksum) {
		t.Errorf("a wrong checksum gives %v", err)
	}
}

// FuzzImage checks that no header makes the reader panic, or read rows that it
// was not asked for.
func FuzzImage(f *testing.F) {
	small := written(f, [3]int{3, 2, 2})
	f.Add(small)
	for _, change := range []struct {
		at    int
		value string
	}{{40, "\x04\x00"}, {70, "\x40\x00"}, {112, "\x00\x00\x80\x3f\x00\x00\x80\x44"}, {254, "\x00\x00"}, {252, "\x00\x00\x00\x00"}, {344, "ni1"}} {
		data := bytes.Clone(small)
		copy(data[change.at:], change.value)
		f.Add(data)
	}
	second := make([]byte, 560)
	binary.BigEndian.PutUint32(second, 540)
	copy(second[4:], "n+2\x00\r\n\x1a\n\x00\x04")
	for i, d := range []uint64{3, 2, 2, 1, 1} {
		binary.BigEndian.PutUint64(second[16+8*i:], d)
	}
	f.Add(second)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		m, err := Parse(data[:min(len(data), HeaderBytes)])
		if err != nil {
			return
		}
		if m.Bytes() <= 0 || m.Offset < 0 {
			t.Fatalf("%d bytes at %d", m.Bytes(), m.Offset)
		}
		var hi [3]int
		for a := range hi {
			hi[a] = min(m.Dim[a], 40)
		}
		rows := 0
		err = m.Rows(bytes.NewReader(data), m.Volumes-1, [3]int{}, hi, func(_, _ int, values []float64) error {
			if rows++; len(values) != hi[0] {
				t.Fatalf("a row of %d values", len(values))
			}
			return nil
		})
		if err == nil && rows != hi[1]*hi[2] {
			t.Fatalf("%d rows for %v", rows, hi)
		}
	})
}

// FuzzInflated checks that a damaged stream gives what gzip reads of it, or an
// error.
func FuzzInflated(f *testing.F) {
	f.Add(zip(f, written(f, [3]int{3, 2, 2})), uint16(20))
	f.Add(zip(f, make([]byte, 10*blockBytes)), uint16(65535))
	f.Add(zip(f, []byte("a"), []byte("b")), uint16(1))
	f.Fuzz(func(t *testing.T, data []byte, at uint16) {
		defer fuzzlimit.Start()()
		z := Inflate(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil })
		p := make([]byte, 100)
		n, err := z.ReadAt(p, int64(at))
		if (n < len(p)) == (err == nil) {
			t.Fatalf("%d bytes and %v", n, err)
		}
		if n == 0 {
			return
		}
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		want, _ := io.ReadAll(io.LimitReader(r, int64(at)+int64(n)))
		if !bytes.Equal(p[:n], want[at:]) {
			t.Fatal("other bytes than gzip's")
		}
	})
}
