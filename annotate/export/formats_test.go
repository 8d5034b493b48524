package export

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestPyTorchLoader runs the loader of FORMATS.md on an export, and compares what it
// makes of masks and weights.
func TestPyTorchLoader(t *testing.T) {
	python := judgePython(t)
	text := string(read(t, "FORMATS.md"))
	_, script, found := strings.Cut(text, "```python\n")
	script, _, closed := strings.Cut(script, "```")
	if n := strings.Count(script, "\n"); !found || !closed || n < 20 || n > 50 {
		t.Fatalf("FORMATS.md has a loader of %d lines", n)
	}
	const side = 16
	dir, _ := mustWrite(t, semisupervisedPreset, twoPatients(t), Options{Square: side})
	script = strings.ReplaceAll(script, "side=256", "side="+strconv.Itoa(side)) + `
for image, mask, weight in Slices(sys.argv[1]):
    print(int((255 * image).round().sum()), int(mask.sum()), int((255 * weight).round().sum()))
print(sum(int(mask.sum()) for _, mask, _ in Slices(sys.argv[1], foreground=[254])), sum(int(mask.sum()) for _, mask, _ in Slices(sys.argv[1], foreground=[1, 255])))
`
	var out, said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), python, "-B", "-W", "ignore", "-c", script, dir, "2")
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, said.Bytes())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2+3+1 { // steps, slices of the patient that is trained on, and sums by the masks' values
		t.Fatalf("it says %q", lines)
	}
	for _, line := range lines[:2] {
		if loss, err := strconv.ParseFloat(line, 64); err != nil || math.IsNaN(loss) || loss <= 0 || loss > 10 {
			t.Errorf("the loss is %q", line)
		}
	}
	marked := 0
	for k, name := range []string{"labelled/%/a_b_0001.png", "labelled/%/a_b_0002.png", "pseudo/%/a_b_0003.png"} {
		var want []string
		for _, part := range []string{"images", "masks", "weights"} {
			sum := 0
			for _, v := range decode(t, filepath.Join(dir, filepath.FromSlash(strings.Replace(name, "%", part, 1)))).Pix {
				if part == "masks" {
					v /= 255
					marked += int(v)
				}
				sum += int(v)
			}
			want = append(want, strconv.Itoa(sum))
		}
		if got := lines[2+k]; got != strings.Join(want, " ") {
			t.Errorf("of %s it reads %s, want %s", name, got, want)
		}
	}
	if want := fmt.Sprint(0, marked); lines[5] != want {
		t.Errorf("by the masks' values it reads %s, want %s", lines[5], want)
	}
}
