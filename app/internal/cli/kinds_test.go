package cli

import (
	"path/filepath"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/segment"
	"groundglass/segment/onnx"
)

// kindsModel writes a model whose foreground is the lung window itself, with two kinds: that and one minus it.
func kindsModel(t *testing.T) string {
	t.Helper()
	g := onnx.New("kinds", 17)
	x := g.Input(segment.ModelInput, onnx.Float, 1, 1, side, side)
	rest := g.Op("Sub", []string{g.Scalar(1), x})
	g.OpTo(segment.ModelOutput, "Concat", []string{rest, x, rest, x}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Output(segment.ModelOutput, onnx.Float, 1, 4, side, side)
	card, err := segment.Card{
		Name: "kinds", Size: side, Window: ct.Lung, Labels: []string{"background", "both", "dark", "bright"}, Threshold: 0.3,
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	g.Metadata[segment.CardKey] = card
	file := filepath.Join(t.TempDir(), "kinds.onnx")
	write(t, file, g.Bytes())
	return file
}

// A model of several kinds gets pictures of classes; uncertainty is there when it is asked for.
func TestProposeKinds(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	drawing := picture(side, side, func(x, y int) uint8 { return uint8(4 * x) })
	writePicture(t, filepath.Join(in, "a.png"), drawing)
	var got proposeJSON
	c := call(t, "propose", in, "-o", out, "--model", kindsModel(t), "--uncertainty", "--json")
	c.decode(t, &got)
	if c.status != 0 || len(got.Slices) != 1 || len(names(t, out)) != 4 || len(got.Kinds) != 2 || got.Kinds[1] != "bright" {
		t.Fatalf("%+v, %q", c, names(t, out))
	}
	s := got.Slices[0]
	if s.Classes != filepath.Join(out, "a_classes.png") || s.UncertaintyMap != filepath.Join(out, "a_uncertainty.png") || !(s.Uncertainty > 0 && s.Uncertainty < 1) {
		t.Errorf("%+v", s)
	}
	classes, unsure := grey(t, s.Classes).Pix, grey(t, s.UncertaintyMap).Pix
	for i, v := range drawing.Pix {
		want := uint8(0)
		switch {
		case v > 127:
			want = 2
		case v >= 77: // 0.3
			want = 1
		}
		if classes[i] != want {
			t.Fatalf("probability %d: class %d, want %d", v, classes[i], want)
		}
	}
	if unsure[0] != 0 || unsure[32] != 255 || unsure[63] >= unsure[40] {
		t.Errorf("uncertainty %v", unsure[:side])
	}
	writePicture(t, filepath.Join(in, "a_classes.png"), drawing)
	call(t, "propose", in, "-o", in, "--model", kindsModel(t)).want(t, 1, "", "a_classes.png")
}
