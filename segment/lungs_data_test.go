package segment

import (
	"path/filepath"
	"strings"
	"testing"
)

// overlap counts pixels of a mask against an expert's.
type overlap struct{ hit, missed, extra int }

func (o *overlap) add(p overlap) {
	o.hit, o.missed, o.extra = o.hit+p.hit, o.missed+p.missed, o.extra+p.extra
}

func (o overlap) dice() float64 {
	return 2 * float64(o.hit) / float64(max(1, 2*o.hit+o.missed+o.extra))
}

// compare counts where got is set against truth.
func compare(got []uint8, truth mask) (o overlap) {
	for i, want := range truth {
		switch is := got[i] != NoLung; {
		case is && want:
			o.hit++
		case want:
			o.missed++
		case is:
			o.extra++
		}
	}
	return o
}

// Lungs are as experts drew them, in patients with ground glass and
// consolidation: whole slices, and pictures that are cut to the lungs. On all
// slices it is 0.982 and 0.979.
func TestLungMaskAgainstExperts(t *testing.T) {
	folder := dataFolder(t)
	for _, set := range []struct {
		name  string
		every int
		least float64
	}{{"corona", 14, 0.97}, {"radiopaedia", 9, 0.965}} {
		patients, err := filepath.Glob(filepath.Join(folder, set.name, "*_*"))
		if err != nil || len(patients) == 0 {
			t.Fatalf("no patients in %s: %v", set.name, err)
		}
		var all overlap
		slices := 0
		for _, patient := range patients {
			files, err := filepath.Glob(filepath.Join(patient, "*_lung.png"))
			if err != nil {
				t.Fatal(err)
			}
			var own overlap
			for i := 0; i < len(files); i += set.every {
				stem := strings.TrimSuffix(files[i], "_lung.png")
				o := compare(LungMask(picture(t, stem+"_ct.png")), maskPicture(t, files[i]))
				if o.dice() < 0.8 {
					t.Errorf("%s: Dice %.3f", filepath.Base(stem), o.dice())
				}
				own.add(o)
				slices++
			}
			t.Logf("%s: Dice %.4f", filepath.Base(patient), own.dice())
			all.add(own)
		}
		t.Logf("%s: Dice %.4f of %d slices", set.name, all.dice(), slices)
		if slices == 0 || all.dice() < set.least {
			t.Errorf("%s: pooled Dice %.4f, want at least %.3f", set.name, all.dice(), set.least)
		}
	}
}
