package segment

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/fuzzlimit"
)

func writeFile(t testing.TB, file, text string) string {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// documented is the example of CARD.md.
func documented(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("CARD.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), "```yaml\n")
	text, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("CARD.md has no example")
	}
	return text
}

func TestCardFile(t *testing.T) {
	dir := t.TempDir()
	got, err := CardFile(writeFile(t, filepath.Join(dir, "lesions.yaml"), documented(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := &Card{
		Schema: 1, Name: "lesions", Size: 256, Window: ct.Lung, LungBox: true, Threshold: 0.4,
		Labels: []string{"background", "ground glass", "consolidation"},
		Wiring: Wiring{
			Input: "x", Output: "y", Layout: "NHWC", Channels: 3, Mean: []float64{0.485, 0.456, 0.406}, Std: []float64{0.229, 0.224, 0.225},
			Activation: "softmax", Foreground: []string{"ground glass", "consolidation"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v\nwant %+v", got, want)
	}
	text, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := CardFile(writeFile(t, filepath.Join(dir, "lesions.json"), text)); err != nil || !reflect.DeepEqual(again.Wiring, want.Wiring) || again.Threshold != want.Threshold {
		t.Errorf("as JSON: %+v, %v", again, err)
	}
}

func TestCardBeside(t *testing.T) {
	dir := t.TempDir()
	model := filepath.Join(dir, "net.v2.onnx")
	if c, err := CardBeside(model); c != nil || err != nil {
		t.Errorf("no card: %v, %v", c, err)
	}
	card := "size: 64\nwindow: {width: 1500, level: -600}\nlabels: [background, "
	for _, ending := range []string{"json", "yml", "yaml"} { // each goes before the last
		writeFile(t, filepath.Join(dir, "net.v2."+ending), card+ending+"]")
		c, err := CardBeside(model)
		if err != nil || c.Labels[1] != ending || c.Name != "net.v2" || c.Threshold != 0.5 {
			t.Errorf("%s: %+v, %v", ending, c, err)
		}
	}
}

func TestCardFileRefusals(t *testing.T) {
	dir := t.TempDir()
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		prev := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+prev+",", 8) + "*" + prev + "]\n"
	}
	for name, c := range map[string]struct{ text, says string }{
		"misspelt":   {"size: 64\nactivaton: sigmoid", `unknown field "activaton"`},
		"wrong type": {"size: big", "size"},
		"no YAML":    {"size: [", "neither YAML nor JSON"},
		"empty":      {"", "empty"},
		"a list":     {"[1, 2]", "neither"},
		"number key": {"size: 64\nwindow: {1: 2}", "cannot be read"},
		"no labels":  {"size: 64\nwindow: {width: 1, level: 0}", "label"},
		"infinite":   {"threshold: .inf", "cannot be read"},
		"aliases":    {bomb, "neither YAML nor JSON"},
		"large":      {strings.Repeat("# card\n", 1<<14), "more than 65536 bytes"},
	} {
		file := writeFile(t, filepath.Join(dir, "card.yaml"), c.text)
		if _, err := CardFile(file); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := CardFile(filepath.Join(dir, "none.yaml")); err == nil || !strings.Contains(err.Error(), "none.yaml cannot be read") {
		t.Errorf("no file: %v", err)
	}
}

func FuzzParseCard(f *testing.F) {
	f.Add(documented(f))
	f.Add(`{"size":64,"labels":["a","b"],"sizes":{"min":1}}`)
	f.Add("mean: [.nan]")
	f.Fuzz(func(t *testing.T, text string) {
		defer fuzzlimit.Start()()
		c, err := ParseCard([]byte(text))
		if err != nil || c.check() != nil {
			return
		}
		again, err := c.Encode()
		if err != nil {
			t.Fatalf("a card that is good cannot be written: %v", err)
		}
		if _, err := ParseCard([]byte(again)); err != nil {
			t.Fatalf("a card that was written cannot be read: %v\n%s", err, again)
		}
	})
}
