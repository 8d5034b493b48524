package labels

import (
	"image"
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// yoloSet writes a data.yaml and label files of slices of 4x3 pixels.
func yoloSet(t *testing.T, data string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if data != "" {
		writeFile(t, filepath.Join(dir, "data.yaml"), []byte(data))
	}
	for name, text := range files {
		writeFile(t, filepath.Join(dir, "labels", "train", name), []byte(text))
	}
	return dir
}

func TestYOLO(t *testing.T) {
	const square = "1 0 0 0.5 0 0.5 0.6666667 0 0.6666667\n"
	dir := yoloSet(t, "path: x\nnames:\n  0: nodule\n  1: 'GGO' # what it is\nnc: 2\n", map[string]string{
		"IM0001.txt": square + "\n0 0.75 0 1 0 1 1 0.75 1\n", "IM0002.txt": "",
	})
	l := read(t, straight(4, 3, 3), Options{}, dir)
	wantPlane(t, l, 0, "11.4", "11.4", "...4")
	wantLine(t, l, "class 1 (GGO): Ground glass in 4 pixels")
	wantLine(t, l, "class 0 (nodule): nodule in 3 pixels")
	if l.Report.Empty != 1 || len(l.Report.LeftOut) > 0 {
		t.Errorf("%+v", l.Report)
	}
	// The folder of labels alone has its names above it.
	l = read(t, straight(4, 3, 3), Options{}, filepath.Join(dir, "labels"))
	wantLine(t, l, "class 1 (GGO): Ground glass in 4 pixels")
}

func TestYOLORefusals(t *testing.T) {
	for _, c := range []struct{ name, text, line string }{
		{"a box", "0 0.5 0.5 0.2 0.2\n", "line 1: a box, which tells no pixels"},
		{"half a point", "0 0 0 1 0 1\n", "line 1: an outline has half a point"},
		{"beyond", "0 0 0 1 0 1.5 1\n", "no share of the width"},
		{"below", "0 0 0 -1 0 1 1\n", "no share of the width"},
		{"not a number", "0 0 0 1 NaN 1 1\n", "no share of the width"},
		{"words", "0 0 0 1 0 x 1\n", "no share of the width"},
		{"a class of a half", "0.5 0 0 1 0 1 1\n", "its class is no whole number"},
		{"below 0", "-1 0 0 1 0 1 1\n", "its class is no whole number"},
		{"two points and no more", "0 0 0 1 1 \n", "a box"},
		{"a later line", "0 0 0 1 0 1 1\n7 x\n", "line 2: an outline has half a point"},
		{"no names", "3 0 0 1 0 1 1 0 1\n", "class 3 (Class 3): Class 3 in 12 pixels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantLine(t, read(t, straight(4, 3, 2), Options{}, yoloSet(t, "", map[string]string{"IM0001.txt": c.text})), c.line)
		})
	}
	l := read(t, straight(4, 3, 2), Options{}, yoloSet(t, "", map[string]string{"IM0009.txt": "0 0 0 1 0 1 1\n"}))
	wantLine(t, l, "IM0009.txt: "+noName)
	l = read(t, straight(4, 3, 2), Options{}, yoloSet(t, "", map[string]string{"notes.txt": "what I saw on 1 2 3 4 5\n", "IM0001.txt": ""}))
	wantLine(t, l, "notes.txt: not a file of labels")
	wantLine(t, l, "IM0001.txt: the file is empty")
}

// Shares of a picture of another size are no places on the slice.
func TestYOLOOfOtherSizes(t *testing.T) {
	s := straight(4, 3, 2)
	for _, at := range []string{"images/train/IM0001.png", "labels/train/IM0001.png"} {
		for _, text := range []string{"0 0 0 1 0 1 1\n", ""} {
			dir := yoloSet(t, "names: [GGO]\n", map[string]string{"IM0001.txt": text})
			picture := filepath.Join(dir, filepath.FromSlash(at))
			writePNG(t, picture, image.NewGray(image.Rect(0, 0, 8, 8)))
			l := read(t, s, Options{}, filepath.Join(dir, "labels", "train", "IM0001.txt"))
			wantLine(t, l, "IM0001.txt: its picture has 8x8 pixels, the slice 4x3")
			if len(l.Report.Matches) > 0 {
				t.Errorf("%q with %s came in", text, at)
			}
			writePNG(t, picture, image.NewGray(image.Rect(0, 0, 4, 3)))
			l = read(t, s, Options{}, filepath.Join(dir, "labels", "train", "IM0001.txt"))
			if len(l.Report.Matches) != 1 || len(l.Report.Remarks) > 0 {
				t.Errorf("%q: %+v", text, l.Report)
			}
		}
	}
	wantLine(t, read(t, s, Options{}, yoloSet(t, "", map[string]string{"IM0001.txt": "0 0 0 1 0 1 1\n"})), "taken to be of the slices' size")
}

func TestNamesOfYAML(t *testing.T) {
	want := map[int]string{0: "a", 1: "b, c", 2: "d#e"}
	for _, text := range []string{
		"names:\n  0: a\n  1: b, c\n  2: d#e\n", "train: x\nnames:\n- a\n- \"b, c\"\n- d#e # last\nnc: 3\n", "names: [a, 'b, c', \"d#e\"]\n",
		"names: {0: a, 1: \"b, c\", 2: d#e}\r\n", "names: [a, # first\n  'b, c',\n  d#e]\nval: y\n",
	} {
		if got := namesOfYAML([]byte(text)); !maps.Equal(got, want) {
			t.Errorf("%q has %v", text, got)
		}
	}
	for _, text := range []string{"", "names:", "names: [", "names:\nx: y\n", "name: [a]", "names: {-1: a}", strings.Repeat("[", 1000)} {
		if got := namesOfYAML([]byte(text)); len(got) > 0 {
			t.Errorf("%q has %v", text, got)
		}
	}
	if got := namesOfYAML([]byte("names:\n" + strings.Repeat("- a\n", 5000))); len(got) != maxClasses {
		t.Errorf("there are %d", len(got))
	}
}

func TestLabelmeRefusals(t *testing.T) {
	file := func(shapes, rest string) string {
		return `{"version":"5","shapes":[` + shapes + `],"imagePath":"..\\x\\IM0001.png","imageData":"aGVsbG8=",` + rest + `}`
	}
	const size = `"imageHeight":3,"imageWidth":4`
	for _, c := range []struct{ name, text, line string }{
		{"fine", file(`{"label":"GGO","points":[[0,0],[4,0],[4,3],[0,3]],"shape_type":"polygon"}`, size), "label GGO: Ground glass in 12 pixels"},
		{"nothing", file("", size), "had no labelled pixel"},
		{"a circle", file(`{"label":"GGO","points":[[0,0],[4,0]],"shape_type":"circle"}`, size), "shape 1: a circle, and no polygon"},
		{"two points", file(`{"label":"GGO","points":[[0,0],[4,0]]}`, size), "shape 1: an outline has fewer than three points"},
		{"far away", file(`{"label":"GGO","points":[[0,0],[4,0],[1e300,4]]}`, size), "shape 1: an outline lies far outside"},
		{"no shape", file(`7`, size), "shape 1: it is damaged"},
		{"another size", file("", `"imageHeight":4,"imageWidth":4`), "its picture has 4x4 pixels, the slice 4x3"},
		{"no size", `{"shapes":[],"imagePath":"IM0001.png"}`, "its picture has 0x0 pixels"},
		{"another picture", `{"shapes":[],"imagePath":"IM0009.png",` + size + `}`, noName},
		{"cut short", file("", size)[:60], "damaged"},
		{"no list", `{"shapes":{"a":1},"imagePath":"IM0001.png",` + size + `}`, "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, straight(4, 3, 2), Options{}, writeFile(t, filepath.Join(t.TempDir(), "a.json"), []byte(c.text)))
			wantLine(t, l, c.line)
		})
	}
}
