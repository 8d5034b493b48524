package labels

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// What pycocotools made of polygons, lists of runs and strings of runs: see
// testdata/coco.py.
func TestCOCOOfPycocotools(t *testing.T) {
	masks, err := os.ReadFile("testdata/coco_masks.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := straight(23, 17, 4)
	l := read(t, s, Options{}, filepath.Join("testdata", "coco.json"))
	labelled := 0
	for line := range strings.Lines(string(masks)) {
		name, plane, _ := strings.Cut(strings.TrimSpace(line), " ")
		i := slices.IndexFunc(s.Sources, func(src ct.Source) bool { return bare(src.File) == bare(name) })
		want := make([]uint8, len(plane))
		for p := range plane {
			want[p] = map[byte]uint8{'0': 0, '1': 1, '2': 2, '3': 4}[plane[p]]
		}
		if got := l.Plane(i); !slices.Equal(got, want) {
			t.Errorf("%s is\n%swant\n%s", name, picture(got, 23), picture(want, 23))
		}
		if slices.Max(want) > 0 {
			labelled++
		}
	}
	if labelled != 3 || l.Report.Labelled != 3 || l.Report.Empty != 1 || len(l.Report.LeftOut) > 0 {
		t.Errorf("%+v", l.Report)
	}
	wantLine(t, l, "category 3 (nodule): nodule in ")
	wantLine(t, l, "category 1 (ground-glass opacity): Ground glass in ")
	wantLine(t, l, "its images are JPEG pictures, such as set/IM0002.jpg")
	wantLine(t, l, "3 of 4 slices got labels, matched by name")
}

func TestCOCORefusals(t *testing.T) {
	type object = map[string]any
	file := func(change func(o object)) string {
		o := object{
			"images":      []object{{"id": "a", "file_name": "IM0001.png", "width": 3, "height": 2}},
			"categories":  []object{{"id": 1, "name": "GGO"}},
			"annotations": []object{{"image_id": "a", "category_id": 1, "segmentation": [][]float64{{0, 0, 2, 0, 2, 2, 0, 2}}}},
		}
		change(o)
		data, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	annotated := func(segmentation any) string {
		return file(func(o object) { o["annotations"].([]object)[0]["segmentation"] = segmentation })
	}
	image := func(images ...object) string { return file(func(o object) { o["images"] = images }) }
	cases := []struct{ name, data, line string }{
		{"fine", file(func(object) {}), "Ground glass in 4 pixels"},
		{"no category", file(func(o object) { o["categories"] = nil }), "category 1 (Category 1): Category 1"},
		{"other size", image(object{"id": "a", "file_name": "IM0001.png", "width": 4, "height": 2}), "another size than the slices of 3x2"},
		{"other name", image(object{"id": "a", "file_name": "x.png", "width": 3, "height": 2}), "image x.png: " + noName},
		{"twice", image(object{"id": "a", "file_name": "p/IM0001.png", "width": 3, "height": 2}, object{"id": 2, "file_name": "q/IM0001.jpg", "width": 3, "height": 2}),
			"image p/IM0001.png and 1 more: another image has the same name"},
		{"runs of another size", annotated(object{"size": []int{3, 2}, "counts": []int{6}}), "annotation 1: its runs are of another size"},
		{"too few runs", annotated(object{"size": []int{2, 3}, "counts": []int{5}}), errRuns.Error()},
		{"too many runs", annotated(object{"size": []int{2, 3}, "counts": []int{5, 9}}), errRuns.Error()},
		{"negative runs", annotated(object{"size": []int{2, 3}, "counts": []int{9, -3}}), errRuns.Error()},
		{"a damaged string", annotated(object{"size": []int{2, 3}, "counts": "oooooooooo"}), "string of runs is damaged"},
		{"two points", annotated([][]float64{{0, 0, 1, 1}}), "fewer than three points"},
		{"far away", annotated([][]float64{{0, 0, 1e9, 1, 3, 3}}), "far outside"},
		{"a box only", annotated([]float64{}), "no segmentation"},
		{"endless polygons", annotated([][]float64{slices.Repeat([]float64{-1e6, 0, 1e6, 0}, 200)}), errWork.Error()},
		{"cut short", file(func(object) {})[:90], "the JSON file is damaged"},
		{"another kind", `{"a": [1], "b": {"images": 3}, "c": 4}`, "without the images of COCO"},
		{"a list", `[{"images": 3}]`, "not a file of labels"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, straight(3, 2, 2), Options{}, writeFile(t, filepath.Join(t.TempDir(), "c.json"), []byte(c.data)))
			wantLine(t, l, c.line)
		})
	}
}

// Thousands of small parts of a slice are no more than its file can be meant to.
func TestManyParts(t *testing.T) {
	const w, h = 200, 200
	var b strings.Builder
	want := make([]uint8, w*h)
	for y := 0; y < h; y += 2 {
		for x := y / 2 % 2; x < w; x += 2 {
			fmt.Fprintf(&b, `,{"image_id":1,"category_id":1,"segmentation":[[%d,%d,%d,%d,%d,%d,%d,%d]]}`, x, y, x+1, y, x+1, y+1, x, y+1)
			want[y*w+x] = 1
		}
	}
	file := `{"images":[{"id":1,"file_name":"IM0001.png","width":200,"height":200}],"categories":[{"id":1,"name":"GGO"}],"annotations":[` + b.String()[1:] + "]}"
	l := read(t, straight(w, h, 1), Options{}, writeFile(t, filepath.Join(t.TempDir(), "c.json"), []byte(file)))
	if !slices.Equal(l.Plane(0), want) {
		t.Errorf("%q", l.Report.Lines())
	}
	wantLine(t, l, "Ground glass in 10000 pixels")
}
