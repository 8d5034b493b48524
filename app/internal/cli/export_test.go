package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
	"groundglass/segment"
	"groundglass/segment/train"
)

func TestExportAndVerify(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	out, m := filepath.Join(t.TempDir(), "masks"), model(t)
	call(t, "export", dir, "--preset", "png", "-o", out, "--model", m, "--images", "--values", "--threshold", "0.5", "--tv", "0", "--keep-identity").want(t, 0, "10 files of 5 slices", "")
	slice, err := p.Series().Slice(2)
	if err != nil {
		t.Fatal(err)
	}
	want := seen(slice.HU)
	if !slices.Equal(grey(t, filepath.Join(out, "phantom_0003_image.png")).Pix, want) {
		t.Error("the image is not the slice at the lung window")
	}
	for i, v := range grey(t, filepath.Join(out, "phantom_0003_mask.png")).Pix {
		if v != map[bool]uint8{true: 1}[want[i] >= 128] {
			t.Fatalf("pixel %d of the mask is %d where the probability is %d", i, v, want[i])
		}
	}
	manifest, err := export.ReadManifest(out)
	if err != nil || manifest.Model != "identity 7" || manifest.Program != "Groundglass test" {
		t.Errorf("%+v, %v", manifest, err)
	}

	c := call(t, "verify", out, "--json")
	var got verifyReport
	if c.decode(t, &got); c.status != 0 || !got.OK || got.Slices != 5 || got.Files != 10 || got.Problems == nil {
		t.Errorf("%+v", c)
	}
	call(t, "export", dir, "-o", out, "--model", m).want(t, 1, "", out)
	if err := os.Remove(filepath.Join(out, "phantom_0003_mask.png")); err != nil {
		t.Fatal(err)
	}
	c = call(t, "verify", "--json", out)
	if c.decode(t, &got); c.status != 1 || got.OK || len(got.Problems) != 1 {
		t.Errorf("with a file gone: %+v", c)
	}
	call(t, "verify", out).want(t, 1, "phantom_0003_mask.png is missing", "1 problem")
	call(t, "export", dir, "-o", out, "--model", m).want(t, 1, "", "replace what is there with --overwrite")
	call(t, "export", dir, "-o", out, "--model", m, "--overwrite").want(t, 0, "5 files", "")
	call(t, "verify", out).want(t, 0, "all as they should be", "")
}

// Several series get a folder each, one that is named only its own.
func TestExportSeveral(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	q := phantom.New(phantom.Options{Size: side, Slices: 3, Seed: 4})
	if err := q.WriteDICOM(t.Context(), filepath.Join(dir, "other"), nil); err != nil {
		t.Fatal(err)
	}
	out, m := t.TempDir(), model(t)
	call(t, "export", dir, "-o", out, "--model", m, "--keep-identity").want(t, 0, "", "")
	if got, want := names(t, out), []string{filepath.Base(dir), export.DetailFolder, export.ManifestFile, "other"}; !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, not %q", got, want)
	}
	one := filepath.Join(out, "one")
	call(t, "export", dir, "-o", one, "--model", m, "--series", q.Series().UID).want(t, 0, "3 slices", "")
}

// Without a display the demo writes a patient, masks that verify, and a contact sheet.
func TestDemo(t *testing.T) {
	out := t.TempDir()
	var p Program
	c := callFunc(&p, func() error {
		return p.demoFiles(t.Context(), phantom.New(phantom.Options{Size: side, Slices: 4, Seed: 5}), ModelChoice{File: model(t)}, out)
	})
	c.want(t, 0, "Dice 0.", "")
	for _, part := range []string{filepath.Join(out, "dicom"), filepath.Join(out, "masks"), filepath.Join(out, "contact_sheet.png")} {
		c.want(t, 0, part, "")
		if _, err := os.Stat(part); err != nil {
			t.Error(err)
		}
	}
	call(t, "verify", filepath.Join(out, "masks")).want(t, 0, "8 files of 4 slices", "")
}

// Presets take the options that they heed, and say what they leave out.
func TestExportPresets(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	m := model(t)
	for preset, want := range map[string]string{"semiseg": "15 files of 5 slices", "semisupervised": "17 files of 5 slices"} {
		out := filepath.Join(t.TempDir(), "set")
		call(t, "export", dir, "--preset", preset, "-o", out, "--model", m, "--square", "32", "--window", "1200,-600").want(t, 0, want, "")
		manifest, err := export.ReadManifest(out)
		if err != nil || manifest.Square != 32 || *manifest.Window != (export.WindowEntry{Width: 1200, Level: -600}) {
			t.Errorf("%s: %+v, %v", preset, manifest, err)
		}
		call(t, "verify", out).want(t, 0, want, "")
	}
	out := filepath.Join(t.TempDir(), "set")
	call(t, "export", dir, "--preset", "semisupervised", "-o", out, "--model", m, "--least-confidence", "1").want(t, 0, "7 files of 5 slices", "")
	call(t, "export", dir, "--preset", "semiseg-multi", "-o", out, "--model", m, "--overwrite").want(t, 1, "", "no slice whose labels a person made or accepted")
}

// Where no picture validates, no loss and no Dice is told.
func TestLineWithoutValidation(t *testing.T) {
	got := validationLine(&train.Entry{Step: 6, Size: 32, Rate: 0.001, Loss: 0.5})
	if want := "at step 6: size 32  rate 0.001  loss 0.5000  no picture validates"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// A training that is stopped goes on with --resume, and what it makes is a model that works.
func TestTrain(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"p", "q", "r", "s"} {
		seed := int(name[0])
		writePicture(t, filepath.Join(dir, name+"_ct.png"), picture(48, 48, func(x, y int) uint8 { return uint8(x*seed + y*y) }))
		writePicture(t, filepath.Join(dir, name+"_mask.png"), picture(48, 48, func(x, y int) uint8 { return map[bool]uint8{true: 255}[x > y] }))
	}
	config := filepath.Join(dir, "config.json")
	out := filepath.Join(dir, "out")
	settings := map[string]any{
		"name": "tiny", "output": out, "seed": 1, "threads": 1,
		"network": map[string]any{"filters": 2, "levels": 1, "dropout": 0}, "loss": map[string]any{"lambda": 0.1},
		"stages":    []any{map[string]any{"size": 32, "batch": 1, "steps": 30, "rate": 0.001}},
		"schedule":  map[string]any{"kind": "cosine", "validate": 15},
		"threshold": 0.3,
		"sources": []any{map[string]any{
			"name": "drawn", "images": filepath.Join(dir, "*_ct.png"), "masks": [][2]string{{"_ct.png", "_mask.png"}},
			"patient": "file", "validation": []string{"s_ct"}, "weight": 1, "empty_weight": 1,
		}},
	}
	data, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, data)
	callUntil(stopping{t.Context()}, Program{}, "train", "--config", config).want(t, 1, "", "stopped before the end")
	c := call(t, "train", "--config", config, "--resume")
	c.want(t, 0, filepath.Join(out, "model.onnx"), "step 15/30  loss ")
	c.want(t, 0, "", "validation at step 30")
	c.want(t, 0, "", " drawn ")
	call(t, "propose", filepath.Join(dir, "p_ct.png"), "-o", filepath.Join(dir, "masks"), "--model", filepath.Join(out, "model.onnx")).want(t, 0, "proposed 1 slice,", "")
	call(t, "train", "--config", config).want(t, 1, "", "checkpoint")
	quantizes(t, config, filepath.Join(out, "model.onnx"))
}

// quantizes makes an int8 model of a trained one: it works, and its card says where it comes from.
func quantizes(t *testing.T, config, float string) {
	t.Helper()
	int8 := filepath.Join(t.TempDir(), "int8.onnx")
	call(t, "quantize", "--config", config, "--model", float, "-o", int8).want(t, 0, "times as fast", "")
	call(t, "propose", filepath.Join(filepath.Dir(config), "p_ct.png"), "-o", t.TempDir(), "--model", int8).want(t, 0, "proposed 1 slice,", "")
	small, err := os.ReadFile(int8)
	if err != nil {
		t.Fatal(err)
	}
	large, err := os.ReadFile(float)
	if err != nil {
		t.Fatal(err)
	}
	card, err := segment.ReadCard(small)
	if err != nil || !segment.MadeFrom(small, large) || segment.MadeFrom(large, small) || card.Name != "tiny" {
		t.Fatalf("%v: the card is %+v", err, card)
	}
	if q := card.Quantized; q.Pictures != 3 || len(q.Differences) != 1 || q.Differences[0].Data != "drawn" || q.Differences[0].Images != 1 {
		t.Errorf("of 3 training pictures and 1 of validation the card says %+v", q)
	}
}
