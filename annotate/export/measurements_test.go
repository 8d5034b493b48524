package export

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// rowsOf reads a table of an export: its fields by column, row by row.
func rowsOf(t *testing.T, dir, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all[1:] {
		fields := map[string]string{}
		for k, name := range all[0] {
			fields[name] = row[k]
		}
		rows = append(rows, fields)
	}
	return rows
}

func wantNumber(t *testing.T, row map[string]string, column string, want float64) {
	t.Helper()
	if got, err := strconv.ParseFloat(row[column], 64); err != nil || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s is %q, want %g", column, row[column], want)
	}
}

// measured is a case of known size: pixels of 0.5 by 0.8 mm; slices at 0, 2, 4 and 10 mm.
// Two lesions of ground glass, of a 3x2 block on two slices and of one pixel, which
// touches by a corner what is on the next slice; and all of slice 1 is lung, halved.
func measuredCase() *Case {
	const w, h = 10, 6
	meta := ct.Series{UID: "1.2.5", Rows: h, Columns: w, Geometry: ct.Geometry{
		Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0}, Step: [3]float64{0, 0, 2}, Spacing: [3]float64{0.8, 0.5, 2}, Known: true,
	}}
	for i, at := range []float64{0, 2, 4, 10} {
		meta.Sources = append(meta.Sources, ct.Source{File: "a.dcm", PositionMM: at, HasPosition: true, Corner: &[3]float64{0, 0, at}, InstanceNumber: i})
	}
	var masks []*annotate.Mask
	for range 4 {
		masks = append(masks, annotate.NewMask(w, h))
	}
	set := func(i, x, y int, o annotate.Origin) {
		masks[i].Label[y*w+x], masks[i].Origin[y*w+x] = 1, o
	}
	for i := range 2 {
		for y := 1; y < 3; y++ {
			for x := 1; x < 4; x++ {
				set(i, x, y, annotate.Model)
			}
		}
	}
	set(2, 7, 4, annotate.HumanAdded)
	set(3, 8, 5, annotate.HumanAdded)
	return &Case{
		Patient: "P7", Labels: annotate.DefaultLabels(), Mask: func(i int) *annotate.Mask { return masks[i] },
		Series: ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
			hu := make([]int16, w*h)
			for k := range hu {
				hu[k] = int16(-700 + 100*i + k%w)
			}
			return &ct.Slice{W: w, H: h, HU: hu}, nil
		}),
		Lungs: func(context.Context) (Lungs, error) {
			return Lungs{Sided: true, Mask: func(i int) []uint8 {
				p := make([]uint8, w*h)
				if i == 0 {
					for k := range p {
						p[k] = uint8(1 + k%w/5)
					}
				}
				return p
			}}, nil
		},
	}
}

func TestMeasurements(t *testing.T) {
	dir, _ := mustWrite(t, measurementsPreset, One(measuredCase(), "groundglass test", ""), Options{})
	lesions := rowsOf(t, dir, "lesions.csv")
	if len(lesions) != 2 || lesions[0]["label"] != "Ground glass" || lesions[0]["patient"] != "P7" {
		t.Fatalf("the lesions are %v", lesions)
	}
	// A slice stands for half of the way to its neighbours: 2, 2, 4 and 4 mm.
	const px = 0.5 * 0.8 / 1000
	wantNumber(t, lesions[0], "voxels", 12)
	wantNumber(t, lesions[0], "volume_ml", 6*px*2+6*px*2)
	wantNumber(t, lesions[0], "mean_hu", -700+50+2)
	wantNumber(t, lesions[0], "sd_hu", math.Sqrt(50*50+2./3))
	wantNumber(t, lesions[0], "centre_x_mm", 2*0.5)
	wantNumber(t, lesions[0], "centre_y_mm", 1.5*0.8)
	wantNumber(t, lesions[0], "centre_z_mm", 1)
	wantNumber(t, lesions[0], "last_slice", 2)
	wantNumber(t, lesions[0], "lung_share", 6./60)
	wantNumber(t, lesions[1], "lung_share", 0)
	wantNumber(t, lesions[1], "voxels", 2)
	wantNumber(t, lesions[1], "volume_ml", px*4+px*4)
	wantNumber(t, lesions[1], "first_slice", 3)

	cases := rowsOf(t, dir, "cases.csv")
	if len(cases) != 3 || cases[1]["mean_hu"] != "" || cases[1]["voxels"] != "0" {
		t.Fatalf("the labels are %v", cases)
	}
	wantNumber(t, cases[0], "volume_ml", px*(12+12+4+4))
	wantNumber(t, cases[0], "lesions", 2)
	wantNumber(t, cases[0], "human_share", 2./14)
	wantNumber(t, cases[0], "lung_share", 6./60)
	wantNumber(t, cases[0], "right_lung_share", 6./30)
	wantNumber(t, cases[0], "left_lung_share", 0)

	rows := rowsOf(t, dir, "slices.csv")
	if len(rows) != 4 || rows[1]["lung_share"] != "" || rows[3]["slice"] != "4" {
		t.Fatalf("the slices are %v", rows)
	}
	wantNumber(t, rows[0], "area_mm2", 6*0.5*0.8)
	wantNumber(t, rows[0], "lung_share", 6./60)
	wantNumber(t, rows[2], "thickness_mm", 4)
}

// What nobody recorded is empty, and names with commas and quotes come back.
func TestMeasurementsOfPictures(t *testing.T) {
	c := input(newTestSession())
	c.Labels = append([]annotate.Label(nil), c.Labels...)
	c.Labels[0].Name = `Ground "glass", faint`
	dir, _ := mustWrite(t, measurementsPreset, One(c, "groundglass test", ""), Options{})
	rows := rowsOf(t, dir, "cases.csv")
	if rows[0]["label"] != c.Labels[0].Name || rows[0]["volume_ml"] != "" || rows[0]["lung_share"] != "" || rows[0]["voxels"] == "0" {
		t.Errorf("the case is %v", rows[0])
	}
}

func TestVerifyMeasurements(t *testing.T) {
	wantFound(t, measurementsPreset, twoPatients(t), Options{}, []corruption{
		{"a count", func(t *testing.T, dir string, cases []*CaseEntry) {
			path := filepath.Join(dir, "cases", "a.b_lesions.csv")
			lines := strings.Split(string(read(t, path)), "\r\n")
			write(t, path, []byte(strings.Join(append(lines[:1], lines[2:]...), "\r\n")))
		}, "a.b_lesions.csv counts"},
		{"no table", forgotten("cases/a.b_lesions.csv"), "2 tables in place of 3"},
		{"a row of all", edited("cases.csv", "a.b,P", "c,P"), "cases.csv is not what the cases' tables are together"},
		{"a column", edited("cases/a.b_cases.csv", "volume_ml", "volume_mm3"), "has other columns"},
	})
	one := One(measuredCase(), "groundglass test", "")
	one.Cases = []string{"m"}
	wantFound(t, measurementsPreset, one, Options{}, []corruption{
		{"a volume of a case", edited("cases/m_cases.csv", "Ground glass,1,14,0.01", "Ground glass,1,14,0.02"), "the volumes of Ground glass are not those of its slices"},
		{"an area", edited("cases/m_slices.csv", ",6,2.4", ",6,2.5"), "the area or the volume of slice 1"},
	})
}
