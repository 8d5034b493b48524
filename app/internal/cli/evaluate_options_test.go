package cli

import (
	"bytes"
	"encoding/json"
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
)

// box is a mask of the columns from x0 and the rows from y0, up to but not including x1 and y1.
func box(x0, y0, x1, y1 int, v uint8) func(x, y int) uint8 {
	return func(x, y int) uint8 {
		if x >= x0 && x < x1 && y >= y0 && y < y1 {
			return v
		}
		return 0
	}
}

// evaluated is one image's figures.
func evaluated(t *testing.T, args ...string) resultJSON {
	t.Helper()
	var got evaluateJSON
	c := call(t, append([]string{"evaluate", "--json", "--model", model(t)}, args...)...)
	if c.status != 0 {
		t.Fatalf("%+v", c)
	}
	c.decode(t, &got)
	return *got.All
}

// Two columns off at 0.5 mm, one row off at 2 mm: figures counted by hand.
func TestEvaluateSpace(t *testing.T) {
	dir := t.TempDir()
	writePicture(t, filepath.Join(dir, "wide.png"), picture(side, side, box(10, 10, 22, 30, 255)))
	writePicture(t, filepath.Join(dir, "m.png"), picture(side, side, box(10, 10, 20, 30, 255)))
	list := filepath.Join(dir, "pairs.csv")
	for _, c := range []struct {
		row       string
		args      []string
		hausdorff float64
	}{
		{"spacing\nwide.png,m.png,0.5", nil, 1},
		{"spacing_x,spacing_y\nwide.png,m.png,0.25,9", nil, 0.5},
		{"spacing_y,spacing_x\nwide.png,m.png,9,2", nil, 4},
		{"spacing_y,spacing_x,transpose\nwide.png,m.png,9,2,yes", nil, 4},
		{"spacing\nwide.png,m.png,", nil, -1},
	} {
		write(t, list, []byte("image,mask,"+c.row))
		got := evaluated(t, "--pairs", list)
		if c.hausdorff < 0 {
			if got.Hausdorff != nil || got.SurfaceDice != nil {
				t.Errorf("%s: distances %v, %v without spacing", c.row, got.Hausdorff, got.SurfaceDice)
			}
			continue
		}
		if got.Hausdorff == nil || math.Abs(*got.Hausdorff-c.hausdorff) > 1e-12 || got.Surfaces != 1 || got.Hausdorffs != 1 {
			t.Errorf("%s: Hausdorff 95 %v, want %v", c.row, got.Hausdorff, c.hausdorff)
		}
		if got.Components["proposed"] != 1 || got.Components["true"] != 1 || got.Lesions != 1 || got.Found != 1 {
			t.Errorf("%s: components %v, %d lesions", c.row, got.Components, got.Lesions)
		}
	}
	write(t, list, []byte("image,mask,spacing\nwide.png,m.png,0.5"))
	near, far := evaluated(t, "--pairs", list, "--tolerance", "1"), evaluated(t, "--pairs", list, "--tolerance", "0.9")
	// The proposal's surface has 60 pixels and the mask's 56. The right column of 20 rows is 1 mm off; of the mask's right
	// column the first two and the last two rows are within 0.5 mm of the proposal's upper and lower edge.
	if *near.SurfaceDice != 1 || math.Abs(*far.SurfaceDice-(116.0-20-16)/116) > 1e-12 || *near.Tolerance != 1 {
		t.Errorf("surface Dice %v and %v", *near.SurfaceDice, *far.SurfaceDice)
	}
}

// A DICOM image brings its own spacing.
func TestEvaluateSpacingOfDICOM(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	truth := p.Truth(2)
	writePicture(t, filepath.Join(dir, "mask.png"), picture(side, side, func(x, y int) uint8 { return truth[y*side+x] }))
	list := filepath.Join(dir, "pairs.csv")
	write(t, list, []byte("image,mask\nphantom_0003.dcm,mask.png\n"))
	if got := evaluated(t, "--pairs", list); got.Surfaces != 1 || got.SurfaceDice == nil {
		t.Errorf("%d surfaces", got.Surfaces)
	}
}

func TestEvaluateForeground(t *testing.T) {
	dir := t.TempDir()
	classes := func(x, y int) uint8 { return uint8(x / 16) } // 0, 1, 2, 3
	writePicture(t, filepath.Join(dir, "c.png"), picture(side, side, classes))
	voc := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.Black, color.RGBA{R: 128, A: 255}, color.RGBA{G: 128, A: 255}})
	for i := range voc.Pix {
		voc.Pix[i] = classes(i%side, 0) % 3
	}
	writePicture(t, filepath.Join(dir, "voc.png"), voc)
	for name, f := range map[string]func(x, y int) uint8{"1": box(16, 0, 32, side, 255), "23": box(32, 0, 64, side, 255)} {
		writePicture(t, filepath.Join(dir, name+".png"), picture(side, side, f))
	}
	list := filepath.Join(dir, "pairs.csv")
	for _, c := range []struct {
		rows, option string
	}{
		{"image,mask\n1.png,c.png", "1"},
		{"image,mask\n23.png,c.png", "2,3"},
		{"image,mask,foreground\n23.png,c.png,3 2", "1"},
		{"image,mask,foreground\n1.png,c.png,1\n23.png,c.png,\"2,3\"", ""},
		{"image,mask\n1.png,voc.png", "38"},
	} {
		write(t, list, []byte(c.rows))
		args := []string{"--pairs", list}
		if c.option != "" {
			args = append(args, "--foreground", c.option)
		}
		if got := evaluated(t, args...); *got.Dice != 1 {
			t.Errorf("%q, %s: Dice %v", c.rows, c.option, *got.Dice)
		}
	}
	call(t, "evaluate", "--model", model(t), "--pairs", list, "--foreground", "200").want(t, 0, "", "no mask has any foreground")
}

// A picture and mask stored transposed measure as those that are not, and a JPEG will do.
func TestEvaluateTranspose(t *testing.T) {
	dir := t.TempDir()
	tall := func(x, y int) uint8 { return uint8(min(255, 3*x+y)) }
	mask := func(x, y int) uint8 { return box(40, 5, 60, 25, 255)(x, y) }
	swap := func(f func(x, y int) uint8) func(x, y int) uint8 { return func(x, y int) uint8 { return f(y, x) } }
	const w, h = 64, 48
	writePicture(t, filepath.Join(dir, "i.png"), picture(w, h, tall))
	writePicture(t, filepath.Join(dir, "m.png"), picture(w, h, mask))
	writePicture(t, filepath.Join(dir, "ti.png"), picture(h, w, swap(tall)))
	writePicture(t, filepath.Join(dir, "tm.png"), picture(h, w, swap(mask)))
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, picture(h, w, swap(tall)), &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "ti.jpg"), photo.Bytes())
	list := filepath.Join(dir, "pairs.csv")
	write(t, list, []byte("image,mask\ni.png,m.png"))
	want := evaluated(t, "--pairs", list)
	write(t, list, []byte("image,mask\nti.png,tm.png"))
	if got := evaluated(t, "--pairs", list, "--transpose"); *got.Dice != *want.Dice || *got.AveragePrecision != *want.AveragePrecision {
		t.Errorf("Dice %v, want %v", *got.Dice, *want.Dice)
	}
	write(t, list, []byte("image,mask\nti.jpg,tm.png"))
	if got := evaluated(t, "--pairs", list, "--transpose"); math.Abs(*got.Dice-*want.Dice) > 0.02 {
		t.Errorf("Dice of the JPEG %v, want about %v", *got.Dice, *want.Dice)
	}
}

func TestEvaluatePatients(t *testing.T) {
	dir, m := pictures(t), model(t)
	list, out := filepath.Join(dir, "pairs.csv"), filepath.Join(dir, "out")
	write(t, list, []byte("image,mask,patient,group\ni/a.png,m/a.png,p,g\ni/b.png,m/b.png,q,g\ni/b.png,m/a.png,r,\n"))
	got := evaluated(t, "--pairs", list, "--out", out)
	i := got.Intervals["dice"]
	if got.Patients != 3 || len(i) != 2 || !(i[0] < *got.Dice && *got.Dice < i[1]) {
		t.Errorf("%d patients, Dice %v within %v", got.Patients, *got.Dice, i)
	}
	for _, name := range []string{"infnet_mean_dice", "fragmentation", "lesion_recall", "precision_at_recall_0.9"} {
		if len(got.Intervals[name]) != 2 {
			t.Errorf("no interval of %s in %v", name, got.Intervals)
		}
	}
	again := evaluated(t, "--pairs", list)
	if !slices.Equal(again.Intervals["dice"], i) {
		t.Errorf("again %v, want %v", again.Intervals["dice"], i)
	}
	table, err := os.ReadFile(filepath.Join(out, "patients.csv"))
	if err != nil || len(strings.Split(strings.TrimSpace(string(table)), "\n")) != 4 {
		t.Errorf("%s, %v", table, err)
	}
	call(t, "evaluate", "--pairs", list, "--model", m).want(t, 0, "95 % intervals over 3 patients: dice", "")
	write(t, list, []byte("image,mask,patient\ni/a.png,m/a.png,p\ni/b.png,m/b.png,q\ni/b.png,m/a.png,\n"))
	c := call(t, "evaluate", "--pairs", list, "--model", m)
	if c.want(t, 0, "", "1 of 3 pairs name no patient"); strings.Contains(c.out, "interval") {
		t.Errorf("intervals without patients: %s", c.out)
	}
}

func TestEvaluateConfig(t *testing.T) {
	dir := t.TempDir()
	for name, f := range map[string]func(x, y int) uint8{
		"s/p/1_ct.png": leftBright, "s/p/1_mask.png": leftHalf, "s/q/1_ct.png": leftBright, "s/q/1_mask.png": leftHalf,
		"s/r/1_ct.png": topBright, "s/r/1_mask.png": topThird,
	} {
		writePicture(t, filepath.Join(dir, name), picture(side, side, f))
	}
	source := map[string]any{
		"name": "s", "images": filepath.Join(dir, "s", "*", "*_ct.png"), "masks": [][2]string{{"_ct", "_mask"}},
		"patient": "folder", "validation": []string{"p", "q"}, "transpose": true,
	}
	config := map[string]any{
		"output": filepath.Join(dir, "out"), "network": map[string]any{"filters": 4, "levels": 2},
		"stages":   []map[string]any{{"size": 64, "batch": 1, "steps": 1, "rate": 0.001}},
		"schedule": map[string]any{"kind": "cosine", "validate": 1}, "sources": []any{source},
	}
	save := func() string {
		t.Helper()
		data, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "train.json")
		write(t, file, data)
		return file
	}
	got := evaluated(t, "--config", save())
	if *got.N != 2 || got.Patients != 2 || *got.AveragePrecision != 1 {
		t.Errorf("%d images of %d patients, average precision %v", *got.N, got.Patients, *got.AveragePrecision)
	}
	// Of masks with classes, the label says which values are foreground.
	for _, name := range []string{"p", "q"} {
		writePicture(t, filepath.Join(dir, "s", name, "1_mask.png"), picture(side, side, func(x, _ int) uint8 { return uint8(x/32 + 1) }))
	}
	config["classes"] = []any{map[string]any{"name": "ground glass"}, map[string]any{"name": "dark"}, map[string]any{"name": "lung"}}
	source["labels"] = []any{map[string]any{"value": 1, "is": []string{"ground glass"}}, map[string]any{"value": 2, "is": []string{"dark"}}}
	if got := evaluated(t, "--config", save(), "--label", "ground glass"); *got.AveragePrecision != 1 {
		t.Errorf("average precision of the first class %v", *got.AveragePrecision)
	}
	if got := evaluated(t, "--config", save(), "--foreground", "2"); *got.AveragePrecision > 0.5 {
		t.Errorf("average precision of chosen values %v", *got.AveragePrecision)
	}
	several := kindsModel(t)
	dark := call(t, "evaluate", "--config", save(), "--model", several, "--label", "dark", "--json")
	if dark.decode(t, &evaluateJSON{}); !strings.Contains(dark.out, `"average_precision": 1,`) {
		t.Errorf("%+v", dark)
	}
	call(t, "evaluate", "--config", save(), "--model", several, "--label", "lung").want(t, 1, "", `do not tell "lung": s`)
	call(t, "evaluate", "--config", save(), "--model", several, "--label", "vessel").want(t, 1, "", `no class "vessel"`)
	source["validation"] = []string{}
	call(t, "evaluate", "--config", save(), "--model", model(t)).want(t, 1, "", "holds no pictures back that")
	call(t, "evaluate", "--config", save(), "--pairs", "x.csv").want(t, 2, "", "--pairs FILE.csv or --config")
}

func TestEvaluateLabel(t *testing.T) {
	list := filepath.Join(pictures(t), "pairs.csv")
	write(t, list, []byte("image,mask\ni/a.png,m/a.png"))
	if got := evaluated(t, "--pairs", list, "--label", "Ground Glass"); *got.AveragePrecision != 1 {
		t.Errorf("average precision %v", *got.AveragePrecision)
	}
	for _, label := range []string{"crazy paving", "background"} {
		call(t, "evaluate", "--model", model(t), "--pairs", list, "--label", label).want(t, 1, "", `no "`+label+`", only ground glass`)
	}
	several := kindsModel(t)
	call(t, "evaluate", "--model", several, "--pairs", list, "--label", "grey").want(t, 1, "", "only both, dark, bright")
	for label, average := range map[string]func(v float64) bool{
		"bright": func(v float64) bool { return v == 1 }, "dark": func(v float64) bool { return v < 0.5 },
	} {
		var got evaluateJSON
		call(t, "evaluate", "--model", several, "--pairs", list, "--label", label, "--json").decode(t, &got)
		if v := *got.All.AveragePrecision; !average(v) {
			t.Errorf("average precision of %s is %v", label, v)
		}
	}
}

// The grey value that --foreground compares is Pillow's: dark red and dark green are 38 and 75.
func TestGrey(t *testing.T) {
	r := image.Rect(0, 0, 3, 1)
	voc := image.NewPaletted(r, color.Palette{color.Black, color.RGBA{R: 128, A: 255}, color.RGBA{G: 128, A: 255}})
	voc.Pix = []uint8{2, 1, 0}
	deep := image.NewGray16(r)
	deep.SetGray16(0, 0, color.Gray16{Y: 700})
	coloured := image.NewRGBA(r)
	coloured.SetRGBA(0, 0, color.RGBA{G: 128, A: 255})
	coloured.SetRGBA(1, 0, color.RGBA{R: 128, A: 255})
	for name, c := range map[string]struct {
		m      image.Image
		values greyValues
		want   []uint8
	}{
		"palette": {voc, greyValues{38}, []uint8{0, 1, 0}}, "two values": {voc, greyValues{38, 75}, []uint8{1, 1, 0}},
		"16 bits": {deep, greyValues{700}, []uint8{1, 0, 0}}, "zero": {deep, greyValues{0}, []uint8{0, 1, 1}},
		"colour": {coloured, greyValues{75}, []uint8{1, 0, 0}},
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, c.m); err != nil {
			t.Fatal(err)
		}
		if got, _, _, err := decodeMask(bytes.NewReader(b.Bytes()), c.values); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v, %v", name, got, c.want, err)
		}
	}
}

// Grey 38 of COVID-SemiSeg's masks of several classes is its separate masks of ground glass.
func TestForegroundOfSemiSeg(t *testing.T) {
	dir := shared(t, "semiseg/TestingSet/MultiClassInfection-Test")
	for _, name := range names(t, filepath.Join(dir, "GT"))[:6] {
		got, _, _, err := readMask(filepath.Join(dir, "GT", name), greyValues{38})
		if err != nil {
			t.Fatal(err)
		}
		want, _, _, err := readMask(filepath.Join(dir, "GT-1", name), nil)
		if err != nil || !bytes.Equal(got, want) || !slices.Contains(got, 1) {
			t.Errorf("%s differs, or has no ground glass: %v", name, err)
		}
	}
}

// Pictures of one patient whose positions are given are proposed as a series: with --through the neighbours count.
func TestEvaluatePositions(t *testing.T) {
	dir := t.TempDir()
	bright, dark := picture(side, side, box(10, 10, 20, 20, 255)), picture(side, side, box(0, 0, 0, 0, 0))
	writePicture(t, filepath.Join(dir, "bright.png"), bright)
	writePicture(t, filepath.Join(dir, "dark.png"), dark)
	writePicture(t, filepath.Join(dir, "wide.png"), picture(side+1, side, box(0, 0, 0, 0, 0)))
	list := filepath.Join(dir, "pairs.csv")
	// Alone the bright square is proposed, from 0.3 on. At 0.6 mm a slice 1 mm beside it has the share 0.2 of it, at
	// 1 mm 0.35, at 20 mm a third.
	for _, c := range []struct {
		through    string
		rows       string
		recall     float64
		components float64
	}{
		{"0", "A,0\nA,1\nA,2", 1, 1. / 3},
		{"0.6", "A,0\nA,1\nA,2", 1, 1. / 3},
		{"1", "A,0\nA,1\nA,2", 1, 1},
		{"1", "A,1\nA,0\nA,2", 1, 1. / 3}, // beside two slices 0.28, and beyond 0.08
		{"20", "A,0\nA,1\nA,2", 1, 1},
		{"20", "A,0\nB,1\nC,2", 1, 1. / 3},
		{"20", ",\n,\n,", 1, 1. / 3},
	} {
		rows := strings.Split(c.rows, "\n")
		write(t, list, []byte("image,mask,patient,position\ndark.png,dark.png,"+rows[0]+"\nbright.png,bright.png,"+rows[1]+"\ndark.png,dark.png,"+rows[2]+"\n"))
		got := evaluated(t, "--pairs", list, "--through", c.through)
		if *got.Recall != c.recall || math.Abs(got.Components["proposed"]-c.components) > 1e-9 {
			t.Errorf("--through %s, %q: recall %g, %g parts", c.through, c.rows, *got.Recall, got.Components["proposed"])
		}
	}
	m := model(t)
	for rows, says := range map[string]string{
		"dark.png,dark.png,,1":                           "a position needs a patient",
		"dark.png,dark.png,A,x":                          "a number of mm is needed",
		"dark.png,dark.png,A,1\nwide.png,wide.png,A,2":   "wide.png: the slice has 65x64 pixels, the series 64x64",
		"dark.png,dark.png,A,1\nwide.png,bright.png,A,2": "its mask " + filepath.Join(dir, "bright.png") + " has 64x64",
	} {
		write(t, list, []byte("image,mask,patient,position\n"+rows+"\n"))
		call(t, "evaluate", "--pairs", list, "--model", m, "--through", "1").want(t, 1, "", says)
	}
	call(t, "evaluate", "--pairs", list, "--model", m, "--through", "21").want(t, 2, "", "a number from 0 to 20 is needed")
}
