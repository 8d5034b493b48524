package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/segment/onnx"
)

// bareModel writes a model without a card, with names of its own, whose one output is its input.
func bareModel(t *testing.T) string {
	t.Helper()
	g := onnx.New("bare", 17)
	g.OpTo("out", "Identity", []string{g.Input("in", onnx.Float, 1, side, side, 1)})
	g.Output("out", onnx.Float, 1, side, side, 1)
	file := filepath.Join(t.TempDir(), "bare.onnx")
	write(t, file, g.Bytes())
	return file
}

const bareCard = "size: 64\nlabels: [lesion]\nwindow: {width: 1500, level: -600}\nlayout: NHWC\n"

// A model from elsewhere opens with a card beside it, or one that is named, and is refused without.
func TestModelWithCardFile(t *testing.T) {
	in, out, m := t.TempDir(), t.TempDir(), bareModel(t)
	drawing := picture(side, side, func(x, y int) uint8 { return uint8(4 * x) })
	writePicture(t, filepath.Join(in, "a.png"), drawing)
	propose := func(more ...string) called {
		return call(t, append([]string{"propose", in, "-o", out, "--model", m, "--json"}, more...)...)
	}
	propose().want(t, 1, "", "put a card beside the model, or name one with --card")

	named := filepath.Join(t.TempDir(), "any.yml")
	write(t, named, []byte(bareCard))
	var got proposeJSON
	c := propose("--card", named, "--device", "cpu")
	c.decode(t, &got)
	if c.status != 0 || got.Model != "any" || got.Device != "CPU" || len(got.Kinds) != 0 || string(grey(t, got.Slices[0].Probability).Pix) != string(drawing.Pix) {
		t.Errorf("with --card: %+v", c)
	}
	write(t, strings.TrimSuffix(m, ".onnx")+".yaml", []byte(bareCard))
	propose().want(t, 0, `"model": "bare"`, "")
	write(t, strings.TrimSuffix(m, ".onnx")+".yaml", []byte(bareCard+"channels: 3\n"))
	propose().want(t, 1, "", `input "in" has the shape [1x64x64x1] where its card needs [1x64x64x3]`)
	propose("--card", filepath.Join(in, "none.yaml")).want(t, 1, "", "none.yaml cannot be read")
}

func TestDeviceFlag(t *testing.T) {
	in, m := t.TempDir(), model(t)
	writePicture(t, filepath.Join(in, "a.png"), picture(side, side, func(x, y int) uint8 { return 0 }))
	call(t, "propose", in, "-o", t.TempDir(), "--model", m, "--device", "abacus").want(t, 2, "", `no device "abacus": choose one of auto, cpu,`)
	call(t, "propose", in, "-o", t.TempDir(), "--model", m, "--device", "CPU").want(t, 0, "on CPU", "")
	t.Setenv("GROUNDGLASS_DEVICE", "abacus")
	call(t, "propose", in, "-o", t.TempDir(), "--model", m).want(t, 1, "", "GROUNDGLASS_DEVICE: there is no device")
}

func TestModelFiles(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large.onnx")
	write(t, large, nil)
	if err := os.Truncate(large, maxModelFile+1); err != nil {
		t.Fatal(err)
	}
	for file, says := range map[string]string{large: "more than 2 GiB", t.TempDir(): "it is no file", filepath.Join(t.TempDir(), "none"): "no such file"} {
		if _, err := ModelBytes(file); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", file, err)
		}
	}
}
