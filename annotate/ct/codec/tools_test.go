package codec_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/internal/testkit"
)

// packages are the Debian packages of the programs that make streams and judge
// how they are decoded.
var packages = map[string]string{
	"dcmcjpeg": "dcmtk", "dcmdjpeg": "dcmtk", "dcmcjpls": "dcmtk", "dcmdjpls": "dcmtk", "dcmcrle": "dcmtk",
	"gdcmconv":     "libgdcm-tools",
	"opj_compress": "libopenjp2-tools", "opj_decompress": "libopenjp2-tools",
	"ojph_compress": "openjph-tools",
	"cjpeg":         "libjpeg-turbo-progs", "djpeg": "libjpeg-turbo-progs",
	"zstd": "zstd",
}

// need skips a test whose programs are not installed.
func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("the program %s is not installed (Debian package %s)", p, packages[p])
		}
	}
}

// call runs a program and returns what it wrote.
func call(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	out, err := try(program, args...)
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return out
}

func try(program string, args ...string) ([]byte, error) {
	return exec.Command(program, args...).CombinedOutput()
}

// picture is what a stream was made from, or ought to decode to.
type picture struct {
	name   string
	w, h   int
	bits   int // stored
	signed bool
	pixels []int32
}

// allocated is the number of bits in which the picture's pixels are stored.
func (p *picture) allocated() int {
	if p.bits <= 8 {
		return 8
	}
	return 16
}

// bytes returns the pixels in the given byte order.
func (p *picture) bytes(order binary.AppendByteOrder) (b []byte) {
	for _, v := range p.pixels {
		if p.allocated() == 8 {
			b = append(b, byte(v))
		} else {
			b = order.AppendUint16(b, uint16(v))
		}
	}
	return b
}

// header returns a CT image without pixels.
func (p *picture) header() dicomtest.Dataset {
	d := dicomtest.CT(p.w, p.h, 0, nil)
	d.Set(0x00280100, "US", p.allocated())
	d.Set(0x00280101, "US", p.bits)
	d.Set(0x00280102, "US", p.bits-1)
	signed := 0
	if p.signed {
		signed = 1
	}
	d.Set(0x00280103, "US", signed)
	return d
}

// writeDICOM writes pictures of one kind as the frames of a CT image.
func writeDICOM(t testing.TB, path string, frames ...*picture) {
	t.Helper()
	d := frames[0].header()
	var pixels []byte
	for _, p := range frames {
		pixels = append(pixels, p.bytes(binary.LittleEndian)...)
	}
	if len(frames) > 1 {
		d.Set(0x00280008, "IS", strconv.Itoa(len(frames)))
	}
	if len(pixels)%2 == 1 {
		pixels = append(pixels, 0)
	}
	d.Set(0x7fe00010, "OW", pixels)
	write(t, path, dicomtest.Write(dicomtest.ExplicitLittle, d))
}

// wrap returns a DICOM file whose only frame is a compressed stream.
func (p *picture) wrap(syntax string, stream []byte) []byte {
	return dicomtest.Encapsulated(syntax, p.header(), nil, stream)
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// frame returns the stream of the only frame in a DICOM file with explicit VR.
func frame(t testing.TB, file []byte) []byte {
	t.Helper()
	return slices.Concat(fragments(t, file)...)
}

// fragments returns the fragments of the compressed pixels in a DICOM file with
// explicit VR.
func fragments(t testing.TB, file []byte) (all [][]byte) {
	t.Helper()
	head := func(vr string) int {
		return bytes.LastIndex(file, []byte("\xe0\x7f\x10\x00"+vr+"\x00\x00\xff\xff\xff\xff"))
	}
	at := max(head("OB"), head("OW"))
	if at < 0 {
		t.Fatal("the file has no compressed pixels")
	}
	file = file[at+12:]
	for i := 0; bytes.HasPrefix(file, []byte{0xfe, 0xff, 0x00, 0xe0}); i++ {
		n := int(binary.LittleEndian.Uint32(file[4:]))
		if i > 0 { // the first item is the offset table
			all = append(all, file[8:8+n])
		}
		file = file[8+n:]
	}
	return all
}

// native returns the pixels at the end of a DICOM file that is not compressed.
func native(t testing.TB, file []byte, like *picture) []int32 {
	t.Helper()
	return natives(t, file, like, 1)[0]
}

// natives is native for several frames.
func natives(t testing.TB, file []byte, like *picture, frames int) (all [][]int32) {
	t.Helper()
	n := like.w * like.h * like.allocated() / 8
	raw := file[len(file)-frames*n-frames*n%2:]
	for i := range frames {
		all = append(all, unpack(t, raw[i*n:][:n], like, binary.LittleEndian))
	}
	return all
}

// unpack reads stored pixels, with their sign.
func unpack(t testing.TB, raw []byte, like *picture, order binary.ByteOrder) []int32 {
	t.Helper()
	step := like.allocated() / 8
	if len(raw) < like.w*like.h*step {
		t.Fatalf("%d bytes for %dx%d pixels", len(raw), like.w, like.h)
	}
	out := make([]int32, like.w*like.h)
	shift := 32 - like.bits
	for i := range out {
		v := int32(raw[i*step])
		if step == 2 {
			v = int32(order.Uint16(raw[2*i:]))
		}
		if like.signed {
			out[i] = v << shift >> shift
		} else {
			out[i] = int32(uint32(v) << shift >> shift)
		}
	}
	return out
}

// compare fails where pixels differ by more than a tolerance.
func compare(t testing.TB, got, want []int32, tolerance int32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d pixels, want %d", len(got), len(want))
	}
	wrong := 0
	for i, v := range got {
		if d := v - want[i]; d > tolerance || d < -tolerance {
			if wrong++; wrong == 1 {
				t.Errorf("pixel %d is %d, want %d", i, v, want[i])
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d pixels are wrong", wrong, len(want))
	}
}

// sharedData finds the folder of real DICOM data beside the repository.
func sharedData(t testing.TB) string {
	t.Helper()
	return testkit.Data(t, "dicom")
}
