package ct

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// series describes synthetic files for geometry tests: one image a height, named
// and numbered against their order.
type synthetic struct {
	heights []float64
	change  func(i int, d dicomtest.Dataset)
}

func (s synthetic) write(t *testing.T) string {
	dir := t.TempDir()
	for i, z := range s.heights {
		d := dicomtest.CT(4, 3, z, slices.Repeat([]uint16{uint16(i)}, 12))
		d.Set(0x00200013, "IS", fmt.Sprint(100-i))
		if s.change != nil {
			s.change(i, d)
		}
		writeFile(t, filepath.Join(dir, fmt.Sprintf("IM%d", 100-i)), dicomtest.Write(dicomtest.ExplicitLittle, d))
	}
	return dir
}

func TestDICOMGeometry(t *testing.T) {
	ds := func(tag uint32, format string, args ...any) dicomtest.Element {
		return dicomtest.Element{Tag: tag, VR: "DS", Value: fmt.Sprintf(format, args...)}
	}
	set := func(d dicomtest.Dataset, e dicomtest.Element) { d[e.Tag] = e }
	cases := []struct {
		name     string
		files    synthetic
		series   []int // slices of each
		left     []string
		warnings []string // of the first series
		check    func(t *testing.T, s *Series)
	}{
		{
			name:   "sorted by height, not by name or number",
			files:  synthetic{heights: []float64{10, 0, 15, 5}},
			series: []int{4},
			check: func(t *testing.T, s *Series) {
				for i, want := range []int16{1, 3, 0, 2} {
					v, err := s.Slice(i)
					if err != nil {
						t.Fatal(err)
					}
					if v.HU[0] != want-1024 || s.Sources[i].PositionMM != float64(5*i) {
						t.Errorf("slice %d is image %d at %v mm", i, v.HU[0]+1024, s.Sources[i].PositionMM)
					}
				}
				g := s.Geometry
				if g.Step != [3]float64{0, 0, 5} || g.Spacing != [3]float64{0.8, 0.7, 5} || g.Uneven || !g.Known {
					t.Errorf("geometry %+v", g)
				}
				if at := g.At(1, 2, 3); math.Abs(at[0]+99.3) > 1e-9 || math.Abs(at[1]+118.4) > 1e-9 || at[2] != 15 {
					t.Errorf("voxel (1, 2, 3) lies at %v", at)
				}
			},
		},
		{
			name:     "missing slices",
			files:    synthetic{heights: []float64{0, 5, 10, 25, 30}},
			series:   []int{5},
			warnings: []string{"slices are missing: 2 after slice 3"},
			check: func(t *testing.T, s *Series) {
				if !s.Geometry.Uneven || s.Geometry.Spacing[2] != 5 || math.Abs(s.Geometry.Step[2]-5) > 1e-9 {
					t.Errorf("geometry %+v", s.Geometry)
				}
			},
		},
		{
			name:     "uneven distances",
			files:    synthetic{heights: []float64{0, 5, 10, 12, 17}},
			series:   []int{5},
			warnings: []string{"varies from 2.00 to 5.00 mm"},
		},
		{
			name:   "distances that differ by rounding",
			files:  synthetic{heights: []float64{0, 1.25, 2.504, 3.75, 5}},
			series: []int{5},
		},
		{
			name:     "duplicates",
			files:    synthetic{heights: []float64{0, 5, 5, 10, 10}},
			series:   []int{3},
			left:     []string{"it lies at the position of IM96, which is used", "it lies at the position of IM98, which is used"},
			warnings: []string{"2 images at the position of another one were left out"},
		},
		{
			name: "two acquisitions of the same places",
			files: synthetic{heights: []float64{0, 5, 10, 0, 5}, change: func(i int, d dicomtest.Dataset) {
				d.Set(0x00200012, "IS", fmt.Sprint(1+i/3))
			}},
			series:   []int{3, 2},
			warnings: []string{"2 stacks"},
		},
		{
			name: "two moments of the same places",
			files: synthetic{heights: []float64{0, 5, 10, 0, 5, 10}, change: func(i int, d dicomtest.Dataset) {
				d.Set(0x00200100, "IS", fmt.Sprint(1+i/3))
			}},
			series:   []int{3, 3},
			warnings: []string{"2 stacks"},
		},
		{
			name: "two kernels, each at two moments",
			files: synthetic{heights: []float64{0, 5, 0, 5, 0, 5, 0, 5}, change: func(i int, d dicomtest.Dataset) {
				d.Set(0x00200100, "IS", fmt.Sprint(1+i/4))
				d.Set(0x00181210, "SH", []string{"B30f", "B70f"}[i/2%2])
			}},
			series:   []int{2, 2, 2, 2},
			warnings: []string{"4 stacks"},
		},
		{
			name: "a projection among the slices",
			files: synthetic{heights: []float64{0, 5, 10, 5}, change: func(i int, d dicomtest.Dataset) {
				if i == 3 {
					d.Set(0x00080008, "CS", `DERIVED\SECONDARY\MIP`)
				}
			}},
			series:   []int{3, 1},
			warnings: []string{"2 stacks"},
		},
		{
			name: "values that are not Hounsfield units",
			files: synthetic{heights: []float64{0, 5}, change: func(i int, d dicomtest.Dataset) {
				d.Set(0x00281054, "LO", "Z_EFF")
			}},
			series:   []int{2},
			warnings: []string{`gives its values in "Z_EFF"`},
		},
		{
			name: "tilted gantry",
			files: synthetic{heights: []float64{0, 5, 10}, change: func(i int, d dicomtest.Dataset) {
				set(d, ds(0x00200032, `0\%g\%g`, 1.5*float64(i), 5*float64(i)))
			}},
			series:   []int{3},
			warnings: []string{"slant of 16.7 degrees"},
			check: func(t *testing.T, s *Series) {
				if s.Geometry.Step != [3]float64{0, 1.5, 5} || s.Geometry.Spacing[2] != 5 {
					t.Errorf("geometry %+v", s.Geometry)
				}
			},
		},
		{
			name: "a slice pushed sideways",
			files: synthetic{heights: []float64{0, 5, 10}, change: func(i int, d dicomtest.Dataset) {
				if i == 1 {
					set(d, ds(0x00200032, `-80\-120\5`))
				}
			}},
			series:   []int{3},
			warnings: []string{"sideways by up to 20.0 mm"},
		},
		{
			name: "a localizer and an image without position",
			files: synthetic{heights: []float64{0, 5, 10, 15}, change: func(i int, d dicomtest.Dataset) {
				switch i {
				case 1:
					d.Set(0x00080008, "CS", `ORIGINAL\PRIMARY\LOCALIZER`)
				case 3:
					delete(d, 0x00200032)
				}
			}},
			series: []int{2},
			left:   []string{"its place among the 3 images of its series is not known", "a localizer, not a slice"},
		},
		{
			name: "sizes and orientations apart",
			files: synthetic{heights: []float64{0, 5, 10, 15, 20, 25}, change: func(i int, d dicomtest.Dataset) {
				switch i {
				case 1:
					set(d, ds(0x00280030, `0.8\0.8`))
				case 2:
					set(d, ds(0x00200037, `1\0\0\0\0\-1`))
				case 3:
					d.Set(0x00280011, "US", 2)
				}
			}},
			series:   []int{3, 1, 1, 1},
			warnings: []string{"slices are missing", "4 stacks"},
		},
		{
			name: "mixed rescale",
			files: synthetic{heights: []float64{0, 5, 10}, change: func(i int, d dicomtest.Dataset) {
				set(d, ds(0x00281052, `%d`, -1000-i))
				if i == 2 {
					delete(d, 0x00281053)
				}
			}},
			series:   []int{3},
			warnings: []string{"differs between slices", "1 slice without rescale"},
			check: func(t *testing.T, s *Series) {
				for i, want := range []int16{-1000, -1000, 2} {
					if v, err := s.Slice(i); err != nil || v.HU[0] != want {
						t.Errorf("slice %d: %v, %v", i, v.HU[0], err)
					}
				}
			},
		},
		{
			name: "one image without a place",
			files: synthetic{heights: []float64{0}, change: func(i int, d dicomtest.Dataset) {
				delete(d, 0x00200037)
			}},
			series:   []int{1},
			warnings: []string{"does not say where it lies"},
			check: func(t *testing.T, s *Series) {
				l, r, top, bottom := s.Geometry.Letters()
				if s.Geometry.Known || l+r+top+bottom != "" || s.Geometry.Spacing != [3]float64{0.8, 0.7, 1} || s.Sources[0].HasPosition {
					t.Errorf("geometry %+v", s.Geometry)
				}
			},
		},
		{
			name: "one image with a thickness",
			files: synthetic{heights: []float64{7}, change: func(i int, d dicomtest.Dataset) {
				set(d, ds(0x00180050, `2.5`))
			}},
			series: []int{1},
			check: func(t *testing.T, s *Series) {
				if s.Geometry.Step != [3]float64{0, 0, 2.5} {
					t.Errorf("geometry %+v", s.Geometry)
				}
			},
		},
		{
			name: "frames without positions",
			files: synthetic{heights: []float64{0}, change: func(i int, d dicomtest.Dataset) {
				d.Set(0x00280008, "IS", "3")
				d.Set(0x00280010, "US", 1)
			}},
			left: []string{"its 3 frames have no usable position of their own"},
		},
		{
			name: "magnetic resonance, inverted",
			files: synthetic{heights: []float64{0}, change: func(i int, d dicomtest.Dataset) {
				d.Set(0x00080060, "CS", "MR")
				d.Set(0x00280004, "CS", "MONOCHROME1")
				set(d, ds(0x00281050, `40.5\80`))
				set(d, ds(0x00281051, `401\100`))
			}},
			series:   []int{1},
			warnings: []string{"the modality is MR", "MONOCHROME1"},
			check: func(t *testing.T, s *Series) {
				if s.Window != (Window{400, 40}) {
					t.Errorf("window %v", s.Window)
				}
			},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found, err := Open(context.Background(), []string{c.files.write(t)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var lens []int
			for _, s := range found.Series {
				lens = append(lens, s.Len())
			}
			if !slices.Equal(lens, c.series) {
				t.Fatalf("series of %v slices, want %v; left out %v", lens, c.series, found.LeftOut)
			}
			if len(found.LeftOut) != len(c.left) {
				t.Fatalf("left out %v, want %q", found.LeftOut, c.left)
			}
			for i, want := range c.left {
				if !strings.Contains(found.LeftOut[i].Reason, want) {
					t.Errorf("left out %v, want %q", found.LeftOut[i], want)
				}
			}
			if len(found.Series) == 0 {
				return
			}
			s := found.Series[0]
			if len(s.Warnings) != len(c.warnings) {
				t.Fatalf("warnings %q, want %q", s.Warnings, c.warnings)
			}
			for i, want := range c.warnings {
				if !strings.Contains(s.Warnings[i], want) {
					t.Errorf("warning %q, want %q", s.Warnings[i], want)
				}
			}
			if c.check != nil {
				c.check(t, s)
			}
		})
	}
}

func TestLetters(t *testing.T) {
	cases := []struct {
		row, column [3]float64
		want        string
	}{
		{[3]float64{1, 0, 0}, [3]float64{0, 1, 0}, "RLAP"},
		{[3]float64{-1, 0, 0}, [3]float64{0, 1, 0}, "LRAP"},
		{[3]float64{1, 0, 0}, [3]float64{0, 0, -1}, "RLSI"},
		{[3]float64{0, 1, 0}, [3]float64{0, 0, -1}, "APSI"},
		{[3]float64{0.9, 0.3, 0.3}, [3]float64{-0.3, 0.9, 0.1}, "RLAP"},
	}
	for _, c := range cases {
		l, r, top, bottom := Geometry{Row: c.row, Column: c.column, Known: true}.Letters()
		if got := l + r + top + bottom; got != c.want {
			t.Errorf("%v %v: got %s, want %s", c.row, c.column, got, c.want)
		}
	}
}

func TestHowSlicesWereMade(t *testing.T) {
	dir := synthetic{heights: []float64{0, 2, 4}, change: func(_ int, d dicomtest.Dataset) {
		d.Set(0x00080008, "CS", `DERIVED\SECONDARY\AXIAL`)
		d.Set(0x00180015, "CS", "CHEST")
		d.Set(0x00180050, "DS", "2.5")
		d.Set(0x00180088, "DS", "2")
		d.Set(0x00181210, "SH", "B60f")
	}}.write(t)
	got := openOne(t, dir).Made
	if got.Kernel != "B60f" || got.BodyPart != "CHEST" || got.ThicknessMM != 2.5 || !slices.Equal(got.Type, []string{"DERIVED", "SECONDARY", "AXIAL"}) {
		t.Errorf("read %+v", got)
	}
}
