package train

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate/ct"
)

// TestTeacher: a teacher's proposals stand for the masks, its uncertainty for
// weights, and pictures of which it doubts too much are left out.
func TestTeacher(t *testing.T) {
	c := smallRun(t)
	c.Stages[0].Steps, c.Stages[1].Steps = 150, 100
	if err := Run(context.Background(), c, false, func(Progress) {}); err != nil {
		t.Fatal(err)
	}
	expert := c.Sources[0]
	taught := expert
	taught.Name, taught.Masks, taught.Validation = "taught", nil, nil
	taught.Teacher = &Teacher{Model: filepath.Join(c.Output, ModelFile), Weigh: true}
	load := func(doubt float64) *dataset {
		t.Helper()
		taught.Teacher.Doubt = doubt
		both := c
		both.Sources = []Source{expert, taught}
		both.Duplicates = true
		if err := both.check(); err != nil {
			t.Fatal(err)
		}
		all, err := pairs(both.Sources)
		if err != nil {
			t.Fatal(err)
		}
		l := &loader{Config: &both}
		defer l.teachers.close()
		d, err := l.load(context.Background(), all, 48)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := load(0)
	if len(d.train) != 9+12 {
		t.Fatalf("%d examples, want 9 of the expert's and 12 of the teacher's", len(d.train))
	}
	var agree, pixels int
	for k, e := range d.train[:9] { // the validation pictures 00 to 02 have no other
		own := d.train[9+3+k]
		weights := own.truths[0].known
		if slices.Min(weights) > 50 || slices.Max(weights) < 120 {
			t.Errorf("%s: weights go from %d to %d only", e.file, slices.Min(weights), slices.Max(weights))
		}
		for i, v := range e.truths[0].is {
			pixels++
			if own.truths[0].is != nil && (v > 127) == (own.truths[0].is[i] > 127) {
				agree++
			}
		}
	}
	if share := float64(agree) / float64(pixels); share < 0.85 {
		t.Errorf("the teacher's masks agree with the experts' in %.2f of all pixels", share)
	}
	taught.Teacher.Soft = true
	if hard, soft := unsure(d.train[9:]), unsure(load(0).train[9:]); soft < 2*hard {
		t.Errorf("soft proposals have %d pixels between yes and no, hard ones %d", soft, hard)
	}
	if sure := load(1e-9); len(sure.train) != 9 {
		t.Errorf("%d examples where the teacher may doubt of nothing, want the expert's 9", len(sure.train))
	}
	var by teachers
	defer by.close()
	if m, _, err := by.mark(t.Context(), &Teacher{Model: taught.Teacher.Model}, cutOpen()); m != nil || err != nil {
		t.Errorf("lungs that the picture's edge cuts open are taught as empty: %v", err)
	}
	if err := os.Remove(filepath.Join(c.Output, ModelFile)); err != nil {
		t.Fatal(err)
	}
	all, _ := pairs([]Source{taught})
	if _, err := (&loader{Config: &c}).load(context.Background(), all, 48); err == nil {
		t.Error("a missing teacher is passed over")
	}
}

// unsure counts pixels that are clearly neither foreground nor background.
func unsure(all []*example) (pixels int) {
	for _, e := range all {
		for _, v := range e.truths[0].is {
			if v > 50 && v < 205 {
				pixels++
			}
		}
	}
	return pixels
}

// cutOpen is a chest of which the picture's upper edge cuts the lungs open, so that they are
// taken for air around it.
func cutOpen() *ct.Slice {
	s := &ct.Slice{W: 256, H: 136, HU: make([]int16, 256*136)}
	within := func(x, y, cx, rx, ry int) bool { return (x-cx)*(x-cx)*ry*ry+(y-8)*(y-8)*rx*rx <= rx*rx*ry*ry }
	for i := range s.HU {
		x, y := i%s.W, i/s.W
		switch {
		case within(x, y, 78, 35, 55), within(x, y, 178, 35, 55):
			s.HU[i] = -850
		case within(x, y, 128, 110, 80):
			s.HU[i] = 40
		default:
			s.HU[i] = -1000
		}
	}
	return s
}
