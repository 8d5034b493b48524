package export

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestCOCOLayout(t *testing.T) {
	for _, p := range []Preset{cocoPreset, cocoPolygonsPreset} {
		dir, r := mustWrite(t, p, twoPatients(t), Options{})
		var want []string
		for _, stem := range []string{"a_b", "c", "d"} {
			want = append(want, "images/"+stem+"_0001.png", "images/"+stem+"_0002.png", "images/"+stem+"_0003.png")
		}
		wantFiles(t, dir, append(want, "annotations.json", "annotations/a.b.json", "annotations/c.json", "annotations/d.json",
			"manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
		var set cocoSet
		if err := json.Unmarshal(read(t, filepath.Join(dir, cocoFile)), &set); err != nil {
			t.Fatal(err)
		}
		last := set.Images[8]
		if len(set.Images) != 9 || last.ID != 9 || last.Case != "d" || last.Slice != 3 || last.Patient != "P2" || *last.Spacing != [2]float64{0.7, 0.8} {
			t.Errorf("the last of %d images is %+v", len(set.Images), last)
		}
		for k, a := range set.Annotations {
			if a.ID != k+1 {
				t.Fatalf("annotation %d has the id %d", k, a.ID)
			}
		}
		if said := strings.Join(r.Remarks, "\n"); !strings.Contains(said, "c: 1 slice left out: rejected.") {
			t.Errorf("it remarks %q", r.Remarks)
		}
	}
}

// pycocotools makes the same masks of runs and of polygons.
func TestCOCOJudged(t *testing.T) {
	for _, p := range []Preset{cocoPreset, cocoPolygonsPreset} {
		set, _ := ringed(t)
		for _, set := range []Set{set, twoPatients(t)} {
			dir, _ := mustWrite(t, p, set, Options{})
			wantJudged(t, dir, judge(t, "coco.py", dir))
		}
	}
}

func TestCOCOCorruptions(t *testing.T) {
	const one = "annotations/a.b.json"
	wantFound(t, cocoPreset, twoPatients(t), Options{}, []corruption{
		{"an annotation is missing", recoded(one, func(s *cocoSet) { s.Annotations = s.Annotations[:len(s.Annotations)-1] }), "the mask of slice 3 has"},
		{"an annotation is missing of all", recoded(cocoFile, func(s *cocoSet) { s.Annotations = s.Annotations[:len(s.Annotations)-1] }), "and the cases have more"},
		{"an annotation too many", recoded(cocoFile, func(s *cocoSet) { s.Annotations = append(s.Annotations, s.Annotations[0]) }), "more annotations than the cases"},
		{"twice in a case", recoded(one, func(s *cocoSet) { s.Annotations = append(s.Annotations, s.Annotations[0]) }), "lies over another"},
		{"another category", recoded(one, func(s *cocoSet) { s.Annotations[0].CategoryID = 2 }), "pixels of the value"},
		{"another category of all", recoded(cocoFile, func(s *cocoSet) { s.Annotations[0].CategoryID = 2 }), "number 1 of its annotations"},
		{"no such category", recoded(one, func(s *cocoSet) { s.Annotations[0].CategoryID = 77 }), "category 77"},
		{"names of categories swapped", recoded(cocoFile, func(s *cocoSet) {
			c := s.Categories
			c[0].Name, c[1].Name = c[1].Name, c[0].Name
		}), "other categories"},
		{"other counts", recoded(one, func(s *cocoSet) {
			s.Annotations[0].Segmentation = []byte(strings.Replace(string(s.Annotations[0].Segmentation), `"counts":[`, `"counts":[1,`, 1))
		}), "annotation 1 of annotations/a.b.json has"},
		{"counts of ones first", recoded(one, func(s *cocoSet) {
			s.Annotations[0].Segmentation = []byte(strings.Replace(string(s.Annotations[0].Segmentation), `"counts":[`, `"counts":[0,`, 1))
		}), "annotation 1 of annotations/a.b.json has"},
		{"another box", recoded(one, func(s *cocoSet) { s.Annotations[0].Box[2]++ }), "in the box"},
		{"another area", recoded(one, func(s *cocoSet) { s.Annotations[0].Area++ }), "pixels in the box"},
		{"iscrowd is 0", recoded(one, func(s *cocoSet) { s.Annotations[0].Crowd = 0 }), "whose iscrowd is 0"},
		{"images swapped", recoded(one, func(s *cocoSet) {
			s.Images[0].File, s.Images[1].File = s.Images[1].File, s.Images[0].File
		}), "images that are not"},
		{"annotations of another image", recoded(one, func(s *cocoSet) {
			for k := range s.Annotations {
				s.Annotations[k].ImageID = 1 + s.Annotations[k].ImageID%3
			}
		}), "the mask of slice"},
		{"no joined file", func(t *testing.T, dir string, _ []*CaseEntry) { write(t, filepath.Join(dir, cocoFile), nil) }, "annotations.json is damaged"},
		{"pictures swapped", exchanged("images/a_b_0001.png", "images/a_b_0002.png"), "does not hold the image of slice 1"},
	})
	wantFound(t, cocoPolygonsPreset, twoPatients(t), Options{}, []corruption{
		{"a polygon is shifted", recoded(one, func(s *cocoSet) {
			var polygons [][]float64
			json.Unmarshal(s.Annotations[0].Segmentation, &polygons)
			for k := 0; k < len(polygons[0]); k += 2 {
				polygons[0][k]++
			}
			s.Annotations[0].Segmentation, _ = json.Marshal(polygons)
		}), "annotation 1 of annotations/a.b.json"},
		{"two points", recoded(one, func(s *cocoSet) { s.Annotations[0].Segmentation = []byte(`[[1,1,2,2]]`) }), "fewer than three points"},
		{"outside", recoded(one, func(s *cocoSet) { s.Annotations[0].Segmentation = []byte(`[[1,1,1e9,2,3,3]]`) }), "leaves the picture"},
		{"runs", recoded(one, func(s *cocoSet) { s.Annotations[0].Segmentation = []byte(`{}`) }), "has no polygon"},
	})
}
