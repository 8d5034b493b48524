package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/segment"
	"groundglass/segment/onnx"
)

// side is the width of the tests' pictures, and of the test model's input, so that nothing is resampled.
const side = 64

// called is what a call of the program gave back.
type called struct {
	status      int
	out, errors string
}

// call runs the program as a shell would.
func call(t *testing.T, args ...string) called {
	t.Helper()
	return callWith(t, Program{}, args...)
}

func callWith(t *testing.T, p Program, args ...string) called {
	t.Helper()
	if p.KeyFile == nil { // one for the whole test
		file := filepath.Join(filepath.Dir(t.TempDir()), "identity.key")
		p.KeyFile = func() (string, error) { return file, nil }
	}
	return callUntil(t.Context(), p, args...)
}

func callUntil(ctx context.Context, p Program, args ...string) called {
	var out, errs bytes.Buffer
	p.Stdout, p.Stderr, p.Version = &out, &errs, "test"
	status := p.Run(ctx, args)
	return called{status, out.String(), errs.String()}
}

// callFunc catches what a part of the program prints.
func callFunc(p *Program, f func() error) called {
	var out, errs bytes.Buffer
	p.Stdout, p.Stderr = &out, &errs
	c := called{}
	if err := f(); err != nil {
		c.status = statusFailed
		errs.WriteString(err.Error())
	}
	c.out, c.errors = out.String(), errs.String()
	return c
}

// want fails the test unless the status is as given and both texts, where not empty, occur in the output.
func (c called) want(t *testing.T, status int, out, errors string) {
	t.Helper()
	if c.status != status || !strings.Contains(c.out, out) || !strings.Contains(c.errors, errors) {
		t.Errorf("status %d, want %d with %q and %q\nstandard output: %s\nstandard error: %s", c.status, status, out, errors, c.out, c.errors)
	}
}

// decode reads the one JSON object on standard output, which must have no fields but v's.
func (c called) decode(t *testing.T, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(c.out))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%v in %s\nstandard error: %s", err, c.out, c.errors)
	}
	if d.More() {
		t.Fatalf("more than one JSON object: %s", c.out)
	}
}

// patient writes a small phantom as DICOM and returns it with its folder.
func patient(t *testing.T, o phantom.Options) (*phantom.Phantom, string) {
	t.Helper()
	o.Size = side
	if o.Slices == 0 {
		o.Slices = 5
	}
	p, dir := phantom.New(o), t.TempDir()
	if err := p.WriteDICOM(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	return p, dir
}

// model writes a model whose foreground is the lung window itself and returns its file.
func model(t *testing.T) string {
	t.Helper()
	g := onnx.New("identity", 17)
	x := g.Input(segment.ModelInput, onnx.Float, 1, 1, side, side)
	background := g.Op("Sub", []string{g.Scalar(1), x})
	g.OpTo(segment.ModelOutput, "Concat", []string{background, x}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Output(segment.ModelOutput, onnx.Float, 1, 2, side, side)
	card, err := segment.Card{
		Name: "identity", Version: "7", Size: side, Window: ct.Lung, Labels: []string{"background", "ground glass"}, Threshold: 0.3,
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	g.Metadata[segment.CardKey] = card
	file := filepath.Join(t.TempDir(), "identity.onnx")
	write(t, file, g.Bytes())
	return file
}

// seen is what the test model makes of Hounsfield units.
func seen(hu []int16) []uint8 {
	out := make([]uint8, len(hu))
	for i, v := range hu {
		out[i] = uint8(math.Round(255 * ct.Lung.Unit(float64(v))))
	}
	return out
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func writePicture(t *testing.T, file string, m image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	write(t, file, b.Bytes())
}

// grey reads an 8-bit grey PNG.
func grey(t *testing.T, file string) *image.Gray {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	g, ok := m.(*image.Gray)
	if !ok {
		t.Fatalf("%s is %T, not 8-bit grey", file, m)
	}
	return g
}

// picture is a grey picture of the given size whose pixels come from f.
func picture(w, h int, f func(x, y int) uint8) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = f(i%w, i/w)
	}
	return m
}

// names lists a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// shared finds a folder of the real data, or skips the test.
func shared(t *testing.T, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("there is no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	found := filepath.Join(filepath.Dir(dir), "shared", "data", path)
	if _, err := os.Stat(found); err != nil {
		t.Skipf("the real data is not here: %v", err)
	}
	return found
}
