package ct

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
)

// member is a file to pack.
type member struct {
	name string
	data []byte
	flat bool                  // not compressed
	lie  func(*zip.FileHeader) // changes what the archive says of it
}

// packed returns a zip archive.
func packed(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		if strings.HasSuffix(m.name, "/") {
			if _, err := z.Create(m.name); err != nil {
				t.Fatal(err)
			}
			continue
		}
		data := dicomtest.Deflate(m.data)
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(m.data), UncompressedSize64: uint64(len(m.data))}
		if m.flat {
			h.Method, data = zip.Store, m.data
		}
		h.CompressedSize64 = uint64(len(data))
		if m.lie != nil {
			m.lie(h)
		}
		w, err := z.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ctAt(z float64) []byte {
	return dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.CT(4, 4, z, slices.Repeat([]uint16{uint16(z)}, 16)))
}

func openBytes(t *testing.T, data []byte) (*Found, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "study.zip")
	writeFile(t, path, data)
	found, err := Open(context.Background(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found, path
}

func TestArchiveIsLikeAFolder(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	d := dicomtest.CT(4, 4, 15, nil)
	rle := append([]byte{2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0}, make([]byte, 52)...)
	rle = append(rle, 0xf1, 0, 0xf1, 15) // 16 times the high byte, then the low one
	found, path := openBytes(t, packed(t,
		member{name: "a/"},
		member{name: "a/IM3", data: ctAt(10)},
		member{name: "a/IM1", data: ctAt(0), flat: true},
		member{name: `b\IM2`, data: ctAt(5)},
		member{name: "IM4", data: dicomtest.Encapsulated("1.2.840.10008.1.2.5", d, nil, rle)},
		member{name: "grey.png", data: picture.Bytes()},
		member{name: "notes.txt", data: []byte("notes")},
		member{name: "empty", data: nil},
		member{name: "inner.zip", data: packed(t, member{name: "IM9", data: ctAt(20)})},
	))
	if len(found.Series) != 2 || found.Series[0].Len() != 4 || found.Series[1].Len() != 1 {
		t.Fatalf("%d series, left out %v", len(found.Series), found.LeftOut)
	}
	s := found.Series[0]
	for i, name := range []string{"a/IM1", "b/IM2", "a/IM3", "IM4"} {
		v, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Sources[i].File; got != filepath.Join(path, filepath.FromSlash(name)) || v.HU[0] != int16(5*i-1024) || v.HU[15] != v.HU[0] {
			t.Errorf("slice %d is %s with %v", i, got, v.HU)
		}
		headed := ""
		if err := s.Header(i, func(o *dicom.Object) error { headed = o.Text(0x00080018); return nil }); err != nil || headed != s.Sources[i].SOPInstanceUID {
			t.Errorf("the header of slice %d is of %q, not %q: %v", i, headed, s.Sources[i].SOPInstanceUID, err)
		}
	}
	if err := found.Series[1].Header(0, func(*dicom.Object) error { return nil }); err == nil {
		t.Error("a picture has a DICOM header")
	}
	if v, err := found.Series[1].Slice(0); err != nil || v.W != 3 || v.H != 2 || v.HU[0] != -1350 {
		t.Errorf("the picture: %+v, %v", v, err)
	}
	var left []string
	for _, l := range found.LeftOut {
		left = append(left, strings.TrimPrefix(l.File, path+string(filepath.Separator))+": "+l.Reason)
	}
	want := []string{"empty: the file is empty", "inner.zip: an archive in an archive; unpack the outer one first", "notes.txt: not an image that can be read in an archive (DICOM, NIfTI, PNG or JPEG)"}
	if !slices.Equal(left, want) {
		t.Errorf("left out %q", left)
	}
}

func TestArchiveWithDirectory(t *testing.T) {
	found, _ := openBytes(t, packed(t, member{name: "cd/DICOMDIR", data: directoryOf("IM1")}, member{name: "cd/im1", data: ctAt(0)}))
	if len(found.Series) != 1 || len(found.LeftOut) > 0 {
		t.Errorf("%d series, left out %v", len(found.Series), found.LeftOut)
	}
	found, _ = openBytes(t, packed(t, member{name: "cd/DICOMDIR", data: directoryOf("IM1", "IM2")}, member{name: "cd/im1", data: ctAt(0)}))
	if len(found.Series) != 1 || len(found.LeftOut) != 1 || !strings.Contains(found.LeftOut[0].Reason, "1 of the 2 files") {
		t.Errorf("%d series, left out %v", len(found.Series), found.LeftOut)
	}
}

// TestArchiveNamesStayInside opens entries whose names lead elsewhere.
func TestArchiveNamesStayInside(t *testing.T) {
	found, path := openBytes(t, packed(t, member{name: "../../../etc/IM1", data: ctAt(0)}, member{name: `..\..\IM2`, data: ctAt(5)}, member{name: "/abs/IM3", data: ctAt(10)}, member{name: "..", data: ctAt(15)}))
	if len(found.Series) != 1 || found.Series[0].Len() != 4 {
		t.Fatalf("left out %v", found.LeftOut)
	}
	for _, src := range found.Series[0].Sources {
		if !strings.HasPrefix(src.File, path+string(filepath.Separator)) {
			t.Errorf("a slice is named %s", src.File)
		}
	}
}

func TestArchiveRefusals(t *testing.T) {
	one := member{name: "IM1", data: ctAt(0), flat: true}
	with := func(lie func(*zip.FileHeader)) []byte {
		m := one
		m.lie = lie
		return packed(t, m)
	}
	whole := packed(t, one)
	cases := []struct {
		name string
		data []byte
		want string
	}{
		{"encrypted", with(func(h *zip.FileHeader) { h.Flags |= 1 }), "it is encrypted"},
		{"another method", with(func(h *zip.FileHeader) { h.Method = 12 }), "method 12"},
		{"much larger than it is", with(func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 40 }), "unpacks to more than 200 times its size"},
		{"too large an entry", append(whole[:len(whole):len(whole)], packed(t, member{name: "x", lie: func(h *zip.FileHeader) { h.CompressedSize64 = 3 << 30 }})...), "larger than 2048 MB"},
		{"cut short", whole[:len(whole)-10], "damaged or cut short"},
		{"no entries", packed(t), "an archive of 0 files"},
		{"only text", packed(t, member{name: "a.txt", data: []byte("text")}), "an archive of 1 file without an image"},
		{"an archive in it", packed(t, member{name: "b.zip", data: whole}), "an archive of 1 file without an image"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found, path := openBytes(t, c.data)
			if len(found.Series) > 0 || len(found.LeftOut) != 1 || found.LeftOut[0].File != path || !strings.Contains(found.LeftOut[0].Reason, c.want) {
				t.Errorf("%d series, left out %v", len(found.Series), found.LeftOut)
			}
		})
	}
}

// TestArchiveDamage changes packed pixels, which a checksum guards.
func TestArchiveDamage(t *testing.T) {
	big := dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.CT(64, 64, 0, make([]uint16, 4096)))
	for name, m := range map[string]member{
		"flat":                 {name: "IM1", data: bytes.Clone(big), flat: true, lie: func(h *zip.FileHeader) { h.CRC32++ }},
		"compressed":           {name: "IM1", data: big, lie: func(h *zip.FileHeader) { h.CRC32++ }},
		"shorter than it says": {name: "IM1", data: big[:len(big)-100], lie: func(h *zip.FileHeader) { h.UncompressedSize64 += 100 }},
		"longer than it says":  {name: "IM1", data: append(bytes.Clone(big), make([]byte, 1<<20)...), lie: func(h *zip.FileHeader) { h.UncompressedSize64 = uint64(len(big)) }},
	} {
		found, _ := openBytes(t, packed(t, m))
		if len(found.Series) != 1 {
			t.Errorf("%s: left out %v", name, found.LeftOut)
			continue
		}
		if _, err := found.Series[0].Slice(0); err == nil {
			t.Errorf("%s: damaged pixels were read", name)
		}
	}
}

// TestArchiveIndexIsBounded writes an endless list of entries.
func TestArchiveIndexIsBounded(t *testing.T) {
	defer func(n int64) { archiveLimits.index = n }(archiveLimits.index)
	archiveLimits.index = 1 << 20
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	long := strings.Repeat("n", 60_000)
	for i := range 20 {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: long + fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	found, _ := openBytes(t, b.Bytes())
	if len(found.LeftOut) != 1 || !strings.Contains(found.LeftOut[0].Reason, "an archive of more than") {
		t.Errorf("left out %.300v", found.LeftOut)
	}
}

// TestUnpackerReadsAnywhere reads an entry back and forth.
func TestUnpackerReadsAnywhere(t *testing.T) {
	data := make([]byte, 10_000)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	path := filepath.Join(t.TempDir(), "a.zip")
	writeFile(t, path, packed(t, member{name: "x", data: data}))
	entries, _, err := listArchive(path)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	u, err := entries[0].open()
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	for _, at := range []int64{9000, 0, 17, 16, 9999, 5000} {
		got := make([]byte, 1000)
		n, err := u.ReadAt(got, at)
		want := data[at:min(10_000, at+1000)]
		if !bytes.Equal(got[:n], want) || (err == io.EOF) != (len(want) < 1000) || err != nil && err != io.EOF {
			t.Errorf("at %d: %d bytes, %v", at, n, err)
		}
	}
	if _, err := u.ReadAt(make([]byte, 1), 10_000); err != io.EOF {
		t.Errorf("beyond the end: %v", err)
	}
	if err := u.verify(); err != nil {
		t.Error(err)
	}
}

// NIfTI volumes in an archive are what they are beside it, however they are packed.
func TestNIfTIInArchives(t *testing.T) {
	value := func(n int) int16 { return int16(-n * 7) }
	plain, gzipped := volume(t, usual, false, value), volume(t, usual, true, value)
	for name, m := range map[string]member{
		"packed": {name: "a/p.nii", data: plain}, "stored": {name: "a/p.nii", data: plain, flat: true},
		"gzipped": {name: "p.nii.gz", data: gzipped}, "gzipped, stored": {name: "p.nii.gz", data: gzipped, flat: true},
	} {
		t.Run(name, func(t *testing.T) {
			found, path := openBytes(t, packed(t, m, member{name: "notes.txt", data: []byte("notes")}))
			if len(found.Series) != 1 || found.Series[0].Len() != 3 || found.Series[0].Description != "p" || len(found.LeftOut) != 1 {
				t.Fatalf("%d series, left out %v", len(found.Series), found.LeftOut)
			}
			s := found.Series[0]
			for _, i := range []int{2, 0, 1} {
				v, err := s.Slice(i)
				if err != nil || v.HU[0] != value(20*i) || v.HU[19] != value(20*i+19) {
					t.Errorf("slice %d: %v", i, err)
				}
			}
			if got := s.Sources[1].File; got != filepath.Join(path, filepath.FromSlash(m.name)) || !s.Geometry.Known {
				t.Errorf("slice 2 is of %s", got)
			}
		})
	}
	pair := field(field(plain[:352], 344, "ni1"), 108, 0.0)
	if found, _ := openBytes(t, packed(t, member{name: "a.hdr", data: pair}, member{name: "IM1", data: ctAt(0)})); len(found.LeftOut) != 1 ||
		!strings.Contains(found.LeftOut[0].Reason, "unpack the archive") {
		t.Errorf("left out %v", found.LeftOut)
	}
}

// A gzipped volume that is cut short, and packed in full, is said to be so when its
// slice is read.
func TestShortNIfTIInArchive(t *testing.T) {
	z := volume(t, usual, true, func(n int) int16 { return int16(n * n * 31) })
	found, _ := openBytes(t, packed(t, member{name: "p.nii.gz", data: z[:len(z)-40]}, member{name: "IM1", data: ctAt(0)}))
	if len(found.LeftOut) != 1 || !strings.Contains(found.LeftOut[0].Reason, "cut short") {
		t.Errorf("left out %v", found.LeftOut)
	}
	h := usual
	h.Dim = [3]int{256, 256, 80} // more than is looked at
	z = volume(t, h, true, func(n int) int16 { return int16(n * 40503 >> 3) })
	found, _ = openBytes(t, packed(t, member{name: "p.nii.gz", data: z[:len(z)/2+len(z)/4]}))
	if len(found.Series) != 1 {
		t.Fatalf("left out %v", found.LeftOut)
	}
	if _, err := found.Series[0].Slice(79); err == nil || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("its last slice gives %v", err)
	}
	if _, err := found.Series[0].Slice(10); err != nil {
		t.Error(err)
	}
}

// A series knows what its folder held beside it.
func TestSeriesKnowsWhatWasLeftOut(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		writeFile(t, filepath.Join(dir, "a", fmt.Sprint("IM", i)), ctAt(float64(5*i)))
	}
	writeFile(t, filepath.Join(dir, "a", "again"), ctAt(5))
	writeFile(t, filepath.Join(dir, "a", "notes.txt"), []byte("notes"))
	writeFile(t, filepath.Join(dir, "b", "other.txt"), []byte("notes"))
	found, err := Open(context.Background(), []string{dir}, nil)
	if err != nil || len(found.Series) != 1 || len(found.LeftOut) != 3 {
		t.Fatal(found, err)
	}
	var names []string
	for _, l := range found.Series[0].LeftOut {
		names = append(names, filepath.Base(l.File))
	}
	if strings.Join(names, " ") != "again notes.txt" && strings.Join(names, " ") != "IM1 notes.txt" {
		t.Errorf("%v", names)
	}
}
