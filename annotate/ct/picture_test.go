package ct

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

func pngBytes(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// ramp is a picture of w*h pixels that counts up from first.
func ramp(w, h int, first uint8) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = first + uint8(i)
	}
	return m
}

// lungTable is what 8-bit grey values are without a window card.
var lungTable = func() (t [256]int16) {
	for v := range t {
		t[v] = int16(math.Round(float64(v)/255*1500 - 1350))
	}
	return t
}()

func TestPictureRoundTripsThroughLungWindow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.png")
	writeFile(t, path, pngBytes(t, ramp(16, 16, 0)))
	s, err := ReadPicture(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.HU[0] != -1350 || s.HU[255] != 150 {
		t.Errorf("black and white are %d and %d HU, want -1350 and 150", s.HU[0], s.HU[255])
	}
	for v, hu := range s.HU {
		if got := math.Round(Lung.Unit(float64(hu)) * 255); got != float64(v) {
			t.Errorf("grey %d comes back as %v", v, got)
		}
	}
}

func TestPictureColourModels(t *testing.T) {
	grey := ramp(16, 16, 0)
	as := func(m interface {
		image.Image
		Set(x, y int, c color.Color)
	}) image.Image {
		for y := range 16 {
			for x := range 16 {
				m.Set(x, y, grey.At(x, y))
			}
		}
		return m
	}
	palette := make(color.Palette, 256)
	for i := range palette {
		palette[i] = color.Gray{uint8(i)}
	}
	box := image.Rect(0, 0, 16, 16)
	cases := map[string]image.Image{
		"grey":         grey,
		"16-bit grey":  as(image.NewGray16(box)),
		"RGB":          as(image.NewRGBA(box)),
		"16-bit RGB":   as(image.NewRGBA64(box)),
		"RGB, alpha":   as(image.NewNRGBA(box)),
		"16-bit alpha": as(image.NewNRGBA64(box)),
		"paletted":     as(image.NewPaletted(box, palette)),
	}
	for name, m := range cases {
		s, err := decodePicture(bytes.NewReader(pngBytes(t, m)), lungScale)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, hu := range s.HU {
			if hu != lungTable[i] {
				t.Errorf("%s: grey %d is %d HU, want %d", name, i, hu, lungTable[i])
				break
			}
		}
	}
}

func TestPictureJPEG(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 32, 32))
	for i := range m.Pix {
		m.Pix[i] = 100
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	s, err := decodePicture(bytes.NewReader(b.Bytes()), lungScale)
	if err != nil {
		t.Fatal(err)
	}
	if s.HU[500] != lungTable[100] {
		t.Errorf("got %d HU, want %d", s.HU[500], lungTable[100])
	}
}

func TestPictureRefusals(t *testing.T) {
	red := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := 0; i < len(red.Pix); i += 4 {
		red.Pix[i], red.Pix[i+3] = 200, 255
	}
	huge := pngBytes(t, ramp(8, 8, 0))
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65536x65536; the checksum is wrong too
	whole := pngBytes(t, ramp(64, 64, 0))
	cases := []struct {
		name string
		data []byte
		want string
	}{
		{"colour", pngBytes(t, red), "colour"},
		{"huge", huge, "picture"},
		{"cut short", whole[:len(whole)/2], "damaged"},
		{"too large", pngBytes(t, image.NewPaletted(image.Rect(0, 0, 5000, 5000), color.Palette{color.Black})), "too large"},
	}
	for _, c := range cases {
		_, err := decodePicture(bytes.NewReader(c.data), lungScale)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func TestPaletteIndexBeyondPaletteIsBlack(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.White})
	m.Pix[1] = 9
	s, err := lungScale.slice(m)
	if err != nil {
		t.Fatal(err)
	}
	if s.HU[0] != 150 || s.HU[1] != -1350 {
		t.Errorf("got %v", s.HU)
	}
}

func TestOpenStacksPictures(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"s10", "s2", "s1"} {
		writeFile(t, filepath.Join(dir, "a", n+".png"), pngBytes(t, ramp(16, 16, 3)))
	}
	writeFile(t, filepath.Join(dir, "a", "other.png"), pngBytes(t, ramp(8, 4, 0)))
	writeFile(t, filepath.Join(dir, "a", "notes.txt"), []byte("hello"))
	writeFile(t, filepath.Join(dir, "a", "empty.png"), nil)
	for _, n := range []string{"z1_ct", "z1_mask", "z2_ct"} {
		m := ramp(16, 16, 0)
		if strings.HasSuffix(n, "mask") {
			clear(m.Pix)
		}
		writeFile(t, filepath.Join(dir, "b", n+".png"), pngBytes(t, m))
	}
	last := 0
	found, err := Open(context.Background(), []string{dir, filepath.Join(dir, "a")}, func(done, total int) {
		if done != last+1 || total != 9 {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"other"}, {"s1", "s2", "s10"}, {"z1_ct", "z2_ct"}, {"z1_mask"}}
	if len(found.Series) != len(want) {
		t.Fatalf("got %d series", len(found.Series))
	}
	uids := map[string]bool{}
	for i, s := range found.Series {
		var names []string
		for _, src := range s.Sources {
			names = append(names, SliceName(src))
		}
		if !slices.Equal(names, want[i]) {
			t.Errorf("series %d is %v, want %v", i, names, want[i])
		}
		uids[s.UID] = true
		v, err := s.Slice(0)
		if err != nil || v.W != s.Columns || v.H != s.Rows {
			t.Errorf("%s: %v", s.Description, err)
		}
	}
	if len(uids) != len(want) {
		t.Errorf("UIDs are not unique: %v", uids)
	}
	if len(found.LeftOut) != 2 || found.LeftOut[0].Reason != "the file is empty" {
		t.Errorf("left out %v", found.LeftOut)
	}
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open(context.Background(), []string{"/no/such/thing"}, nil); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, []string{t.TempDir()}, nil); err == nil {
		t.Error("a cancelled Open succeeded")
	}
}

// FuzzPicture checks that no bytes make the picture reader panic or return
// parts that do not fit together.
func FuzzPicture(f *testing.F) {
	f.Add(pngBytes(f, ramp(16, 16, 0)))
	f.Add(pngBytes(f, image.NewPaletted(image.Rect(0, 0, 5, 5), color.Palette{color.White, color.Black})))
	f.Add(pngBytes(f, image.NewNRGBA64(image.Rect(0, 0, 3, 3))))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, ramp(16, 16, 0), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		s, err := decodePicture(bytes.NewReader(data), lungScale)
		if err == nil {
			err = s.check()
		} else if s != nil {
			t.Error("a slice came with an error")
		}
		if s != nil && err != nil {
			t.Error(err)
		}
	})
}
