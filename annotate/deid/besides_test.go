package deid

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/internal/testkit"
)

const note = "Rabinowitz Ruth 23.08.1947"

// bytes behind the last pixel go, and the pixels stay.
func TestBehindTheLastPixel(t *testing.T) {
	for _, syntax := range []string{dicomtest.ImplicitLittle, dicomtest.ExplicitLittle, dicomtest.Deflated} {
		d := ctImage()
		want := bytes.Repeat([]byte{1, 2}, 8)
		d.Set(pixelData, "OW", append(bytes.Clone(want), note...))
		object, out, r := cleaned(t, dicomtest.Write(syntax, d), NewKey(), Options{})
		if got := pixelsOf(t, object); !bytes.Equal(got, want) || bytes.Contains(out, []byte("Ruth")) {
			t.Errorf("the pixels are %q", got)
		}
		if !slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Tag == pixelData && strings.Contains(c.Original, "26 bytes") }) {
			t.Errorf("%+v", r.Changes)
		}
	}
}

// Frames whose number cannot be read are not taken for what is behind the last one.
func TestUnknownFrames(t *testing.T) {
	d := ctImage()
	d.Set(frameCount, "IS", "1A")
	want := bytes.Repeat([]byte{1, 2}, 32)
	d.Set(pixelData, "OW", want)
	object, _, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	if got := pixelsOf(t, object); !bytes.Equal(got, want) {
		t.Errorf("%d bytes of pixels are left", len(got))
	}
}

// withNotes is a compressed frame with notes where its kind may have them: behind its
// first marker segment, and behind its end.
func withNotes(frame []byte, jpeg2000 bool) []byte {
	segment := func(marker byte, text string) []byte {
		b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(text)))
		return append(b, text...)
	}
	var notes []byte
	at := 2
	if jpeg2000 {
		at = 4 + int(binary.BigEndian.Uint16(frame[4:])) // behind SIZ
		notes = segment(0x64, "\x00\x01"+note)
	} else {
		for _, marker := range []byte{0xe1, 0xfe, 0xed, 0xe2} {
			notes = append(notes, segment(marker, note)...)
		}
	}
	return slices.Concat(frame[:at], notes, frame[at:], []byte(note))
}

// Comments and application data of compressed frames go, in one fragment or several, and
// the pixels stay the same, as our decoders and gdcm's find them.
func TestCommentsInCompressedPixels(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(testkit.Data(t, "dicom/syntaxes"), "CTImage.dcm_JPEG*"))
	if err != nil {
		t.Fatal(err)
	}
	judged, read := 0, 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		o, err := dicom.ReadObject(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			continue // retired kinds of JPEG, which are refused
		}
		read++
		syntax := o.Encoding().Syntax
		was := frameOf(t, o)
		noted := withNotes(was, bytes.HasPrefix(was, []byte("\xff\x4f")))
		d := dicomtest.CT(o.Integer(pictureColumns, 0), o.Integer(pictureRows, 0), 5, nil)
		for _, tag := range []uint32{bitsAllocated, bitsStored, highBit, pixelSign} {
			d.Set(tag, "US", o.Integer(tag, 0))
		}
		for k := range 600 {
			codec.Blank(bytes.Clone(noted[:k])) // which is bounded, whatever is missing
		}
		for _, cut := range [][][]byte{{noted}, {noted[:20], noted[20:]}} {
			file := dicomtest.Encapsulated(syntax, d, nil, cut...)
			object, out, _ := cleaned(t, file, NewKey(), Options{})
			if bytes.Contains(out, []byte("Ruth")) {
				t.Errorf("%s: the notes are still there", path)
			}
			if decode := codec.For(syntax); decode != nil {
				p := codec.Params{Rows: o.Integer(pictureRows, 0), Columns: o.Integer(pictureColumns, 0), Bits: o.Integer(bitsAllocated, 0)}
				a, err := decode(was, p)
				b, err2 := decode(frameOf(t, object), p)
				if err != nil || err2 != nil || !slices.Equal(a, b) {
					t.Errorf("%s: other pixels: %v, %v", path, err, err2)
				}
			}
			if a := byGDCM(t, file); a != nil {
				judged++
				if b := byGDCM(t, out); !bytes.Equal(a, b) {
					t.Errorf("%s: gdcm finds %d bytes of other pixels", path, len(b))
				}
			}
		}
	}
	if read < 8 {
		t.Errorf("%d files were read", read)
	}
	t.Logf("%d files; gdcm judged %d", read, judged)
}

// frameOf is the compressed picture of a file of one frame.
func frameOf(t *testing.T, o *dicom.Object) (frame []byte) {
	t.Helper()
	var b bytes.Buffer
	if _, err := o.WriteFragments(&b, false); err != nil {
		t.Fatal(err)
	}
	items := b.Bytes()
	for first := true; len(items) >= 8; first = false {
		n := 8 + int(binary.LittleEndian.Uint32(items[4:]))
		if !first {
			frame = append(frame, items[8:n]...)
		}
		items = items[n:]
	}
	return frame
}

// byGDCM are the pixels that gdcm decodes; nil where it is not installed, or cannot.
func byGDCM(t *testing.T, file []byte) []byte {
	t.Helper()
	tool, err := exec.LookPath("gdcmconv")
	if err != nil {
		return nil
	}
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a.dcm"), filepath.Join(dir, "b.dcm")
	if err := os.WriteFile(from, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if exec.Command(tool, "--raw", from, to).Run() != nil {
		return nil
	}
	data, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	o, err := dicom.ReadObject(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return pixelsOf(t, o)
}

// What was cleaned has nothing more to blank.
func TestBlankedAgain(t *testing.T) {
	d := ctImage()
	frame := "\xff\xd8\xff\xe0\x00\x12JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00XY\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00\xff\xfe\x00\x06Ruth\xff\xd9Anna"
	key := NewKey()
	object, once, _ := cleaned(t, dicomtest.Encapsulated("1.2.840.10008.1.2.4.50", d, nil, []byte(frame)), key, Options{})
	want := strings.NewReplacer("XY", "\x00\x00", "Ruth", "\x00\x00\x00\x00", "Anna", "\x00\x00\x00\x00").Replace(frame)
	if got := frameOf(t, object); strings.TrimRight(string(got), "\x00") != strings.TrimRight(want, "\x00") {
		t.Errorf("the frame is %q", got)
	}
	var out bytes.Buffer
	r, err := Clean(context.Background(), bytes.NewReader(once), int64(len(once)), &out, key, Options{})
	if err != nil || !bytes.Equal(out.Bytes(), once) || slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Tag == pixelData }) {
		t.Errorf("it changes again: %v, %v", fmt.Sprint(r.Changes), err)
	}
}
