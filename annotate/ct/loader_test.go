package ct_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
)

const scanSlices = 8

// scan is the files of a phantom, by slice.
type scan [][]byte

func newScan(t *testing.T, p *phantom.Phantom) scan {
	t.Helper()
	dir := t.TempDir()
	if err := p.WriteDICOM(context.Background(), dir, nil); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.dcm"))
	if err != nil || len(paths) != scanSlices {
		t.Fatal(paths, err)
	}
	var s scan
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s = append(s, data)
	}
	return s
}

// set gives a file's element, of a short VR, another value; it is added where it
// is missing.
func set(file []byte, group, element uint16, vr, value string) []byte {
	le := binary.LittleEndian
	header := append(le.AppendUint16(le.AppendUint16(nil, group), element), vr...)
	value += strings.Repeat(" ", len(value)%2)
	full := append(le.AppendUint16(bytes.Clone(header), uint16(len(value))), value...)
	at, end := bytes.Index(file, header), 0
	if at < 0 {
		at = bytes.LastIndex(file, []byte("\xe0\x7f\x10\x00OW"))
		end = at
	} else {
		end = at + 8 + int(le.Uint16(file[at+6:]))
	}
	return slices.Concat(file[:at], full, file[end:])
}

func (s scan) clone() scan {
	c := make(scan, len(s))
	for i := range s {
		c[i] = bytes.Clone(s[i])
	}
	return c
}

// each changes every file.
func (s scan) each(change func(i int, file []byte) []byte) {
	for i := range s {
		s[i] = change(i, s[i])
	}
}

func (s scan) position(i int, p *phantom.Phantom, move [3]float64) {
	at := p.Series().Geometry.At(0, 0, float64(i))
	s[i] = set(s[i], 0x0020, 0x0032, "DS", fmt.Sprintf(`%.6f\%.6f\%.6f`, at[0]+move[0], at[1]+move[1], at[2]+move[2]))
}

// TestLoaderOnThePhantom does to the files of a scan what scanners, archives and
// people do, and compares what is read with the scan itself.
func TestLoaderOnThePhantom(t *testing.T) {
	p := phantom.New(phantom.Options{Size: 64, Slices: scanSlices, Seed: 3})
	whole, truth := newScan(t, p), p.Series()
	step := truth.Geometry.Step[2]
	all := []int{0, 1, 2, 3, 4, 5, 6, 7}
	cases := []struct {
		name     string
		change   func(s scan) scan
		series   [][]int // slices of the phantom
		left     []string
		warnings []string // of the first series
		uneven   bool
	}{
		{"as it is", func(s scan) scan { return s }, [][]int{all}, nil, nil, false},
		{"numbered against its order", func(s scan) scan {
			s.each(func(i int, f []byte) []byte { return set(f, 0x0020, 0x0013, "IS", fmt.Sprint(99-i)) })
			slices.Reverse(s)
			return s
		}, [][]int{all}, nil, nil, false},
		{"gaps", func(s scan) scan { return scan{s[0], s[1], s[2], s[4], s[5], s[7]} },
			[][]int{{0, 1, 2, 4, 5, 7}}, nil, []string{"slices are missing: 1 after slice 3, 1 after slice 5"}, true},
		{"variable spacing", func(s scan) scan {
			s.position(3, p, [3]float64{0, 0, step / 3})
			return s
		}, [][]int{all}, nil, []string{"the distance between slices varies"}, true},
		{"tilt", func(s scan) scan {
			for i := range s {
				s.position(i, p, [3]float64{0, 0.25 * step * float64(i), 0})
			}
			return s
		}, [][]int{all}, nil, []string{"slant of 14.0 degrees"}, false},
		{"duplicates", func(s scan) scan { return append(s, s[2], s[5]) },
			[][]int{all}, []string{"it lies at the position of", "it lies at the position of"}, []string{"2 images at the position of another one were left out"}, false},
		{"two acquisitions", func(s scan) scan {
			for i := range scanSlices {
				s = append(s, set(s[i], 0x0020, 0x0012, "IS", "2"))
			}
			return s
		}, [][]int{all, all}, nil, []string{"2 stacks"}, false},
		{"a localizer", func(s scan) scan {
			s[7] = set(s[7], 0x0008, 0x0008, "CS", `ORIGINAL\PRIMARY\LOCALIZER`)
			return s
		}, [][]int{all[:7]}, []string{"a localizer"}, nil, false},
		{"a dose report without a place", func(s scan) scan {
			s[0] = set(s[0], 0x0020, 0x0032, "DS", "")
			return s
		}, [][]int{all[1:]}, []string{"no usable position"}, nil, false},
		{"overlays in the high bits", func(s scan) scan {
			s.each(func(i int, f []byte) []byte {
				pixels := f[len(f)-2*64*64:]
				for k := 1; k < len(pixels); k += 2 {
					pixels[k] |= 0xa0
				}
				return f
			})
			return s
		}, [][]int{all}, nil, nil, false},
		{"other scales, each its own", func(s scan) scan {
			s.each(func(i int, f []byte) []byte {
				pixels := f[len(f)-2*64*64:]
				for k := 0; k < len(pixels); k += 2 {
					v := binary.LittleEndian.Uint16(pixels[k:])
					binary.LittleEndian.PutUint16(pixels[k:], v+uint16(i)&0xfff)
				}
				return set(set(f, 0x0028, 0x1052, "DS", fmt.Sprintf(" %dE0 ", -1024-i)), 0x0028, 0x0101, "US", "\x10\x00")
			})
			s.each(func(i int, f []byte) []byte { return set(f, 0x0028, 0x0102, "US", "\x0f\x00") })
			return s
		}, [][]int{all}, nil, []string{"differs between slices"}, false},
		{"black and white exchanged", func(s scan) scan {
			s.each(func(i int, f []byte) []byte { return set(f, 0x0028, 0x0004, "CS", "MONOCHROME1") })
			return s
		}, [][]int{all}, nil, []string{"MONOCHROME1"}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := openScan(t, c.change(whole.clone()))
			if len(found.Series) != len(c.series) || len(found.LeftOut) != len(c.left) {
				t.Fatalf("%d series, left out %v", len(found.Series), found.LeftOut)
			}
			for k, want := range c.series {
				wantSlices(t, found.Series[k], truth, want)
			}
			for i, l := range found.LeftOut {
				if !strings.Contains(l.Reason, c.left[i]) {
					t.Errorf("left out %v, want %q", l, c.left[i])
				}
			}
			s := found.Series[0]
			if len(s.Warnings) != len(c.warnings) || s.Geometry.Uneven != c.uneven {
				t.Fatalf("warnings %q, uneven %v", s.Warnings, s.Geometry.Uneven)
			}
			for i, w := range c.warnings {
				if !strings.Contains(s.Warnings[i], w) {
					t.Errorf("warning %q, want %q", s.Warnings[i], w)
				}
			}
		})
	}
}

// openScan writes files under names that say nothing, in nested folders, and
// opens them.
func openScan(t *testing.T, s scan) *ct.Found {
	t.Helper()
	dir := t.TempDir()
	for i, data := range s {
		folder := filepath.Join(dir, fmt.Sprint(i%3))
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%08X", i*2654435761)), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	found, err := ct.Open(context.Background(), []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wantSlices compares a series with slices of the phantom.
func wantSlices(t *testing.T, s, truth *ct.Series, want []int) {
	t.Helper()
	if s.Len() != len(want) {
		t.Fatalf("%d slices instead of %d", s.Len(), len(want))
	}
	for i, k := range want {
		got, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		v, err := truth.Slice(k)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.HU, v.HU) {
			t.Errorf("slice %d is not slice %d of the phantom", i, k)
		}
	}
}

// TestLoaderWithoutRescaleAndWithPadding checks values that are not the
// phantom's.
func TestLoaderWithoutRescaleAndWithPadding(t *testing.T) {
	p := phantom.New(phantom.Options{Size: 64, Slices: scanSlices, Seed: 3})
	whole := newScan(t, p)
	s := whole.clone()
	v, err := p.Series().Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	s.each(func(i int, f []byte) []byte { return set(f, 0x0028, 0x1053, "DS", "") })
	found := openScan(t, s)
	if len(found.Series) != 1 || !slices.ContainsFunc(found.Series[0].Warnings, func(w string) bool { return strings.Contains(w, "8 slices without rescale") }) {
		t.Fatalf("warnings %q", found.Series[0].Warnings)
	}
	raw, err := found.Series[0].Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw.HU {
		if raw.HU[i] != v.HU[i]+1024 {
			t.Fatalf("pixel %d is %d, stored as %d", i, raw.HU[i], v.HU[i]+1024)
		}
	}
	s = whole.clone()
	stored := uint16(v.HU[2000] + 1024)
	s.each(func(i int, f []byte) []byte {
		return set(f, 0x0028, 0x0120, "US", string(binary.LittleEndian.AppendUint16(nil, stored)))
	})
	padded, err := openScan(t, s).Series[0].Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	for i, hu := range v.HU {
		pad := hu == v.HU[2000]
		if pad {
			hu = ct.Air
		}
		if padded.HU[i] != hu || padded.Pad[i] != pad {
			t.Fatalf("pixel %d is %d HU, padding %v", i, padded.HU[i], padded.Pad[i])
		}
	}
}
