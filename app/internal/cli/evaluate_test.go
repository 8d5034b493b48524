package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/fuzzlimit"
)

// resultJSON and evaluateJSON are the shape that other programs rely on.
type resultJSON struct {
	N                *int     `json:"n"`
	Dice             *float64 `json:"dice"`
	Precision        *float64 `json:"precision"`
	Recall           *float64 `json:"recall"`
	IoU              *float64 `json:"iou"`
	AveragePrecision *float64 `json:"average_precision"`
	PerImageDice     *float64 `json:"per_image_dice"`
	Cutoffs          []struct {
		Threshold   *float64  `json:"threshold"`
		Dice        *float64  `json:"dice"`
		Precision   *float64  `json:"precision"`
		Recall      *float64  `json:"recall"`
		IoU         *float64  `json:"iou"`
		Specificity *float64  `json:"specificity"`
		MeanIoU     *float64  `json:"mean_iou"`
		PaperMIoU   *float64  `json:"paper_miou"`
		PerImage    meansJSON `json:"per_image"`
	} `json:"cutoffs"`
	Specificity *float64             `json:"specificity"`
	MeanIoU     *float64             `json:"mean_iou"`
	Threshold   *float64             `json:"threshold"`
	PerImage    meansJSON            `json:"per_image"`
	AtRecall    map[string]float64   `json:"precision_at_recall"`
	PaperMIoU   *float64             `json:"paper_miou"`
	MeanDice    *float64             `json:"infnet_mean_dice"`
	MaxDice     *float64             `json:"infnet_max_dice"`
	MaxDiceAt   *float64             `json:"infnet_max_dice_threshold"`
	Sensitivity *float64             `json:"infnet_mean_sensitivity"`
	TrueNegRate *float64             `json:"infnet_mean_specificity"`
	Components  map[string]float64   `json:"components"`
	Lesions     int                  `json:"lesions"`
	Found       float64              `json:"lesion_recall"`
	Surfaces    int                  `json:"surface_images"`
	Hausdorff   *float64             `json:"hausdorff95_mm"`
	Hausdorffs  int                  `json:"hausdorff95_images"`
	SurfaceDice *float64             `json:"surface_dice"`
	Tolerance   *float64             `json:"surface_tolerance_mm"`
	Patients    int                  `json:"patients"`
	Intervals   map[string][]float64 `json:"intervals"`
}

type meansJSON struct {
	Dice        *float64 `json:"dice"`
	IoU         *float64 `json:"iou"`
	Precision   *float64 `json:"precision"`
	Recall      *float64 `json:"recall"`
	Specificity *float64 `json:"specificity"`
	MeanIoU     *float64 `json:"mean_iou"`
}

type evaluateJSON struct {
	Groups     map[string]resultJSON `json:"groups"`
	All        *resultJSON           `json:"all"`
	Confidence float64               `json:"confidence"`
}

// The test pictures: the probability of a pixel is its grey value.
func leftBright(x, _ int) uint8 { return uint8(250 - 2*x) }
func topBright(_, y int) uint8  { return uint8(200 - 3*y) }
func leftHalf(x, _ int) uint8   { return map[bool]uint8{true: 1}[x < side/2] }
func topThird(_, y int) uint8   { return map[bool]uint8{true: 255}[y < side/3] }

// counts are the pixels of a comparison, counted one by one.
type counts struct{ both, proposed, truth float64 }

func (c *counts) add(image, mask func(x, y int) uint8, level uint8) {
	for y := range side {
		for x := range side {
			p, q := image(x, y) >= level, mask(x, y) > 0
			if p {
				c.proposed++
			}
			if q {
				c.truth++
			}
			if p && q {
				c.both++
			}
		}
	}
}

func (c counts) dice() float64 { return 2 * c.both / (c.proposed + c.truth) }

// pictures writes two images and masks and returns their folder.
func pictures(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, f := range map[string]func(x, y int) uint8{"i/a.png": leftBright, "m/a.png": leftHalf, "i/b.png": topBright, "m/b.png": topThird} {
		writePicture(t, filepath.Join(dir, name), picture(side, side, f))
	}
	return dir
}

func TestEvaluate(t *testing.T) {
	dir, m := pictures(t), model(t)
	list := filepath.Join(dir, "pairs.csv")
	write(t, list, []byte("\ufeffgroup, Mask,note,image\r\nleft,m/a.png,x,i/a.png\r\ntop,m/b.png,,i/b.png\r\n,m/b.png,,"+filepath.Join(dir, "i/b.png")+"\r\n"))
	c := call(t, "evaluate", "--pairs", list, "--model", m, "--threshold", "0.5", "--json")
	var got evaluateJSON
	c.decode(t, &got)
	if c.status != 0 || len(got.Groups) != 2 || *got.All.N != 3 || *got.Groups["left"].N != 1 || *got.Groups["top"].N != 1 {
		t.Fatalf("%+v", c)
	}
	var left, top, all counts
	left.add(leftBright, leftHalf, 128)
	top.add(topBright, topThird, 128)
	all = left
	for range 2 {
		all.add(topBright, topThird, 128)
	}
	same := func(what string, got *float64, want float64) {
		t.Helper()
		if got == nil || math.Abs(*got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	same("left dice", got.Groups["left"].Dice, left.dice())
	same("top dice", got.Groups["top"].Dice, top.dice())
	same("dice", got.All.Dice, all.dice())
	same("precision", got.All.Precision, all.both/all.proposed)
	same("recall", got.All.Recall, all.both/all.truth)
	same("IoU", got.All.IoU, all.both/(all.proposed+all.truth-all.both))
	same("per-image dice", got.All.PerImageDice, (left.dice()+2*top.dice())/3)
	same("average precision of a perfect order", got.Groups["left"].AveragePrecision, 1)
	for i, want := range []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8} {
		c := got.All.Cutoffs[i]
		same("cut-off", c.Threshold, want)
		if c.Precision == nil || c.Recall == nil {
			t.Errorf("cut-off %g is incomplete", want)
		}
	}
	same("dice at 0.5", got.All.Cutoffs[4].Dice, all.dice())
	again := call(t, "evaluate", "--json", "--pairs", list, "--threshold", "0.5", "--model", m)
	if again.out != c.out {
		t.Error("the same evaluation gives another result")
	}
	call(t, "evaluate", "--pairs", list, "--model", m).want(t, 0, "average precision", "")
}

// Without groups, and with the paths meant from the working folder, it works too, and --out holds the same figures.
func TestEvaluateFiles(t *testing.T) {
	dir, m := pictures(t), model(t)
	t.Chdir(dir)
	write(t, "lists/pairs.csv", []byte("image,mask\ni/a.png,m/a.png\ni/b.png,m/b.png\n"))
	out := filepath.Join(dir, "out", "deep")
	c := call(t, "evaluate", "--pairs", "lists/pairs.csv", "--model", m, "--out", out, "--json")
	var printed, written evaluateJSON
	c.decode(t, &printed)
	c.want(t, 0, `"groups": {}`, "")
	data, err := os.ReadFile(filepath.Join(out, "evaluation.json"))
	if err != nil || json.Unmarshal(data, &written) != nil || *written.All.Dice != *printed.All.Dice {
		t.Errorf("evaluation.json: %s, %v", data, err)
	}
	for name, rows := range map[string]int{"evaluation.csv": 9, "images.csv": 3, "patients.csv": 1, "measures.csv": 23, "precision_recall.csv": 116} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if table, err := csv.NewReader(bytes.NewReader(data)).ReadAll(); err != nil || len(table) != rows {
			t.Errorf("%s has %d lines, want %d: %v", name, len(table), rows, err)
		}
	}
	data, err = os.ReadFile(filepath.Join(out, "precision_recall.png"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.DecodeConfig(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
}

// An image may be a DICOM file of one slice.
func TestEvaluateDICOM(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	truth := p.Truth(2)
	writePicture(t, filepath.Join(dir, "mask.png"), picture(side, side, func(x, y int) uint8 { return truth[y*side+x] }))
	list := filepath.Join(dir, "pairs.csv")
	write(t, list, []byte("image,mask,group\nphantom_0003.dcm,mask.png,g\n"))
	var got evaluateJSON
	c := call(t, "evaluate", "--pairs", list, "--model", model(t), "--json")
	if c.decode(t, &got); c.status != 0 || *got.All.N != 1 {
		t.Errorf("%+v", c)
	}
}

func TestEvaluateRefusals(t *testing.T) {
	dir, m := pictures(t), model(t)
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, picture(side, side, leftHalf), nil); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "m/a.jpg"), photo.Bytes())
	writePicture(t, filepath.Join(dir, "m/small.png"), picture(side/2, side, leftHalf))
	cut, err := os.ReadFile(filepath.Join(dir, "m/a.png"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "m/cut.png"), cut[:len(cut)-20])
	write(t, filepath.Join(dir, "i/cut.png"), cut[:30])
	q := phantom.New(phantom.Options{Size: side, Slices: 2})
	if err := q.WriteDICOM(t.Context(), filepath.Join(dir, "series"), nil); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "pairs.csv")
	for _, test := range []struct{ rows, says string }{
		{"", "the file is empty"},
		{"image,mask", "no pairs"},
		{"image,truth\ni/a.png,m/a.png", "image and mask"},
		{"image,mask\ni/a.png,", "line 2"},
		{"image,mask\ni/a.png", "wrong number of fields"},
		{"image,mask\n\"i/a.png,m/a.png", "quote"},
		{"image,mask\ni/a.png,m/gone.png", "gone.png: no such file"},
		{"image,mask\ni/gone.png,m/a.png", "gone.png: no such file"},
		{"image,mask\nseries,m/a.png", "series is a folder"},
		{"image,mask\ni/a.png,m/a.png\ni/a.png,m/small.png", "has 64x64 pixels, its mask"},
		{"image,mask\ni/a.png,m/a.jpg", "must be a PNG"},
		{"image,mask\ni/a.png,m/cut.png", "damaged"},
		{"image,mask\ni/cut.png,m/a.png", "i/cut.png"},
		{"image,mask\npairs.csv,m/a.png", "not an image"},
		{"image,mask,spacing\ni/a.png,m/a.png,wide", "line 2: spacing is \"wide\": a number of mm above 0"},
		{"image,mask,spacing\ni/a.png,m/a.png,-1", "a number of mm above 0"},
		{"image,mask,spacing_x\ni/a.png,m/a.png,1", "one is missing"},
		{"image,mask,spacing_x,spacing_y\ni/a.png,m/a.png,1,", "one is missing"},
		{"image,mask,foreground\ni/a.png,m/a.png,red", "grey values"},
		{"image,mask,foreground\ni/a.png,m/a.png,70000", "grey values"},
		{"image,mask,transpose\ni/a.png,m/a.png,maybe", "yes or no"},
	} {
		write(t, list, []byte(test.rows))
		c := call(t, "evaluate", "--pairs", list, "--model", m, "--json")
		if c.status != 1 || c.out != "" || !strings.Contains(c.errors, filepath.FromSlash(test.says)) {
			t.Errorf("%q: %+v", test.rows, c)
		}
	}
}

// Above 0 is foreground in a PNG of any kind.
func TestMaskKinds(t *testing.T) {
	r := image.Rect(0, 0, 3, 1)
	deep := image.NewGray16(r)
	deep.SetGray16(1, 0, color.Gray16{Y: 1})
	voc := image.NewPaletted(r, color.Palette{color.Black, color.RGBA{R: 128, A: 255}})
	voc.Pix[1] = 1
	inverse := image.NewPaletted(r, color.Palette{color.White, color.Black})
	copy(inverse.Pix, []uint8{1, 0, 1})
	coloured := image.NewRGBA(r)
	coloured.SetRGBA(0, 0, color.RGBA{A: 255})
	coloured.SetRGBA(1, 0, color.RGBA{B: 1, A: 255})
	classes := image.NewGray(r)
	classes.Pix[1] = 2
	for name, m := range map[string]image.Image{"16 bits": deep, "palette": voc, "palette the other way": inverse, "colour": coloured, "classes": classes} {
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		got, w, h, err := decodeMask(bytes.NewReader(b.Bytes()), nil)
		if err != nil || w != 3 || h != 1 || !bytes.Equal(got, []uint8{0, 1, 0}) {
			t.Errorf("%s: %v, %dx%d, %v", name, got, w, h, err)
		}
	}
}

func FuzzPairs(f *testing.F) {
	for _, text := range []string{"image,mask,group\na,b,c\n", "mask;image", "image,mask\n\"a\nb\",c", "\ufeffIMAGE , Mask\nx,y\n", "image,image,mask\n1,2,3\n",
		"image,mask,spacing,foreground,transpose\na,b,0.7,1;2,yes\n", "image,mask,spacing_x,spacing_y\na,b,1e-3,NaN\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		defer fuzzlimit.Start()()
		pairs, err := parsePairs(strings.NewReader(text), reading{})
		if (err == nil) != (len(pairs) > 0) {
			t.Errorf("%d pairs and %v", len(pairs), err)
		}
		for _, p := range pairs {
			if p.image == "" || p.mask == "" || p.line < 2 || !(p.spacing[0] >= 0) || (p.spacing[0] > 0) != (p.spacing[1] > 0) {
				t.Errorf("%+v", p)
			}
		}
	})
}
