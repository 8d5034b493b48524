package codec_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
)

// element is the value of a US element in a file with explicit VR; 1 where it is
// missing.
func element(file []byte, number uint16) int {
	tag := binary.LittleEndian.AppendUint16([]byte{0x28, 0}, number)
	if at := bytes.Index(file, append(tag, "US\x02\x00"...)); at >= 0 {
		return int(binary.LittleEndian.Uint16(file[at+8:]))
	}
	return 1
}

var syntax = regexp.MustCompile(`\x02\x00\x10\x00UI..([0-9.]+)`)

// describe reads what the header of a real file says.
func describe(file []byte) (p *picture, uid string) {
	if m := syntax.FindSubmatch(file[:min(len(file), 4096)]); m != nil {
		uid = string(m[1])
	}
	return &picture{
		h: element(file, 0x0010), w: element(file, 0x0011),
		bits: element(file, 0x0101), signed: element(file, 0x0103) == 1,
	}, uid
}

// uncompressed returns the pixels of a file with explicit VR that is not
// compressed.
func uncompressed(t *testing.T, file []byte, p *picture) []int32 {
	t.Helper()
	for _, vr := range []string{"OW", "OB"} {
		if at := bytes.LastIndex(file, []byte("\xe0\x7f\x10\x00"+vr+"\x00\x00")); at >= 0 {
			return unpack(t, file[at+12:], p, binary.LittleEndian)
		}
	}
	t.Fatal("the file has no pixels")
	return nil
}

// masked keeps the stored bits of what was decoded, as readers of the header do.
func masked(values []int32, p *picture) []int32 {
	shift := 32 - p.bits
	for i, v := range values {
		if p.signed {
			values[i] = v << shift >> shift
		} else {
			values[i] = int32(uint32(v) << shift >> shift)
		}
	}
	return values
}

// real are real files of one frame and how far gdcm, which judges them, may be
// off.
var real = map[string]int32{
	"syntaxes/CTImage.dcm_*.4.50.dcm": 1, "syntaxes/CTImage.dcm_*.4.51.dcm": 1,
	"syntaxes/CTImage.dcm_*.4.57.dcm": 0, "syntaxes/CTImage.dcm_*.4.70.dcm": 0,
	"syntaxes/CTImage.dcm_*.4.80.dcm": 0, "syntaxes/CTImage.dcm_*.4.81.dcm": 0,
	"syntaxes/CTImage.dcm_*.4.90.dcm": 0, "syntaxes/CTImage.dcm_*.4.91.dcm": 0,
	"syntaxes/CTImage.dcm_*.2.5.dcm": 0,
	"syntaxes/CT0012.*.51.dcm":       1,
	"wg04/*/CT*":                     0,
	"pydicom/JPEG-lossy.dcm":         1,
	"pydicom/JPEGLS*.dcm":            0,
	"pydicom/JPEG2000.dcm":           0,
	"pydicom/JPGExtended.dcm":        1,
	"pydicom/J2K_*.dcm":              0,
	"pydicom/693_J2KI.dcm":           0,
	"pydicom/MR_small_RLE.dcm":       0,
	"pydicom/MR_small_j*.dcm":        0,
}

func TestRealFiles(t *testing.T) {
	data := sharedData(t)
	need(t, "gdcmconv")
	for pattern, tolerance := range real {
		files, err := filepath.Glob(filepath.Join(data, filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no %s: %v", pattern, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, ".zst") {
				continue
			}
			t.Run(filepath.Base(path), func(t *testing.T) { judgeReal(t, path, tolerance) })
		}
	}
}

func judgeReal(t *testing.T, path string, tolerance int32) {
	file := read(t, path)
	p, uid := describe(file)
	decode := codec.For(uid)
	if decode == nil {
		t.Fatalf("there is no decoder for %s", uid)
	}
	got, err := decode(frame(t, file), p.params())
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.dcm")
	call(t, "gdcmconv", "--raw", path, out)
	compare(t, masked(got, p), uncompressed(t, read(t, out), p), tolerance)
}

// TestReferences compares files that were compressed without loss with the
// originals.
func TestReferences(t *testing.T) {
	data := sharedData(t)
	need(t, "zstd")
	for _, name := range []string{"CT1", "CT2"} {
		want := call(t, "zstd", "-dcq", filepath.Join(data, "wg04", "REF", name+"_UNC.zst"))
		for _, kind := range []string{"J2KR", "JLSL", "JPLL", "RLE"} {
			t.Run(name+"_"+kind, func(t *testing.T) {
				file := read(t, filepath.Join(data, "wg04", kind, name+"_"+kind))
				p, uid := describe(file)
				got, err := codec.For(uid)(frame(t, file), p.params())
				if err != nil {
					t.Fatal(err)
				}
				compare(t, masked(got, p), uncompressed(t, want, p), 0)
			})
		}
	}
}

// TestRealDamage refuses a codestream whose size was overwritten.
func TestRealDamage(t *testing.T) {
	file := read(t, filepath.Join(sharedData(t), "pydicom", "JPEG2000-embedded-sequence-delimiter.dcm"))
	p, _ := describe(file)
	if _, err := codec.DecodeJPEG2000(frame(t, file), p.params()); err == nil {
		t.Error("it was decoded")
	} else {
		t.Log(err)
	}
}

// TestRealColours refuses colour in words.
func TestRealColours(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData(t), "pydicom", "SC_rgb_*.dcm"))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, path := range files {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p, uid := describe(file)
		decode := codec.For(uid)
		if decode == nil || p.w == 1 { // not compressed, or in implicit VR
			continue
		}
		if _, err := decode(frame(t, file), p.params()); err == nil {
			t.Errorf("%s was decoded", filepath.Base(path))
		} else {
			refused++
			t.Logf("%s: %v", filepath.Base(path), err)
		}
	}
	if refused < 10 {
		t.Errorf("only %d files were refused", refused)
	}
}
