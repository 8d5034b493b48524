package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
	"groundglass/app/internal/cli"
	"groundglass/segment"
	"groundglass/segment/onnx"
)

// kindsModel writes a model whose foreground is the lung window itself, and
// which takes what is brighter than its middle for consolidation.
func kindsModel(t *testing.T) string {
	t.Helper()
	const side = 64
	g := onnx.New("kinds", 17)
	x := g.Input(segment.ModelInput, onnx.Float, 1, 1, side, side)
	rest := g.Op("Sub", []string{g.Scalar(1), x})
	g.OpTo(segment.ModelOutput, "Concat", []string{rest, x, rest, x}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Output(segment.ModelOutput, onnx.Float, 1, 4, side, side)
	card, err := segment.Card{
		Name: "kinds", Size: side, Window: ct.Lung, Labels: []string{"background", "lesion", "ground glass", "consolidation"}, Threshold: 0.3,
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	g.Metadata[segment.CardKey] = card
	file := filepath.Join(t.TempDir(), "kinds.onnx")
	if err := os.WriteFile(file, g.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The window and groundglass export give the same labels, of both kinds.
func TestWindowAndExportAgreeOnKinds(t *testing.T) {
	in, out, model := t.TempDir(), filepath.Join(t.TempDir(), "masks"), kindsModel(t)
	if err := phantom.New(phantom.Options{Size: 64, Slices: 3}).WriteDICOM(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	p := cli.Program{Stdout: io.Discard, Stderr: os.Stderr}
	if status := p.Run(t.Context(), []string{"export", in, "-o", out, "--model", model, "--values", "--keep-identity"}); status != 0 {
		t.Fatalf("export ended with %d", status)
	}
	services := newServices(cli.ModelChoice{File: model})
	found, err := services.Opener.Open(t.Context(), []string{in}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := annotate.NewSession(found.Series[0])
	s.SetConnector(services.Connector(s.Series()))
	generation := s.BeginProposal()
	each := func(i int, g annotate.Guess) { s.Propose(i, generation, g) }
	if err := services.Proposer.Propose(t.Context(), s.Series(), func() int { return 0 }, each, nil); err != nil {
		t.Fatal(err)
	}
	names := export.Names(s.Series().Sources)
	var used [256]bool
	for i := range s.Series().Len() {
		if !slices.Equal(readGray(t, filepath.Join(out, names[i]+"_mask.png")).Pix, s.Mask(i).Label) {
			t.Errorf("slice %d is exported otherwise than it is shown", i)
		}
		s.Uses(i, &used)
	}
	if !used[1] || !used[2] {
		t.Errorf("ground glass: %t, consolidation: %t", used[1], used[2])
	}
}
