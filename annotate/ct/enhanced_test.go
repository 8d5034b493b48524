package ct

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// framesOf returns the functional groups of an enhanced image's frames.
func framesOf(d dicomtest.Dataset) []dicomtest.Dataset {
	return d[0x52009230].Value.([]dicomtest.Dataset)
}

// place moves a frame to a height in mm.
func place(frame dicomtest.Dataset, z float64) {
	frame.Set(0x00209113, "SQ", dicomtest.Group(dicomtest.Element{Tag: 0x00200032, VR: "DS", Value: fmt.Sprintf(`0\0\%g`, z)}))
}

func openSet(t *testing.T, files ...dicomtest.Dataset) *Found {
	t.Helper()
	dir := t.TempDir()
	for i, d := range files {
		writeFile(t, filepath.Join(dir, fmt.Sprint("IM", i)), dicomtest.Write(dicomtest.ExplicitLittle, d))
	}
	found, err := Open(context.Background(), []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEnhancedFramesBecomeSlices stacks the frames of two files of one series,
// which are out of order, and leaves out a localizer among them.
func TestEnhancedFramesBecomeSlices(t *testing.T) {
	a, b := dicomtest.Enhanced(4), dicomtest.Enhanced(2)
	for i, z := range []float64{6, 0, 4, 3} {
		place(framesOf(a)[i], z)
	}
	framesOf(a)[3].Set(0x00189329, "SQ", dicomtest.Group(dicomtest.Element{Tag: 0x00089007, VR: "CS", Value: `ORIGINAL\PRIMARY\LOCALIZER\NONE`}))
	for i, z := range []float64{8, 2} {
		place(framesOf(b)[i], z)
	}
	found := openSet(t, a, b)
	if len(found.Series) != 1 || len(found.LeftOut) != 1 || found.LeftOut[0].Reason != "frame 4: a localizer, not a slice" {
		t.Fatalf("%d series, left out %v", len(found.Series), found.LeftOut)
	}
	s := found.Series[0]
	if s.Len() != 5 || s.Geometry.Step != [3]float64{0, 0, 2} || s.Geometry.Spacing != [3]float64{0.5, 0.6, 2} || s.Geometry.Uneven {
		t.Fatalf("%d slices, %+v", s.Len(), s.Geometry)
	}
	for i, want := range []struct {
		frame int
		first int16
	}{{2, 2*2 + 100}, {2, 2*2 + 100}, {3, 4 - 10}, {1, -10}, {1, -10}} {
		v, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		if s.Sources[i].Frame != want.frame || v.HU[0] != want.first || s.Sources[i].PositionMM != float64(2*i) {
			t.Errorf("slice %d at %v mm is frame %d with %d HU", i, s.Sources[i].PositionMM, s.Sources[i].Frame, v.HU[0])
		}
	}
}

// TestEnhancedFramesApart splits frames at the same places by what the frames say.
func TestEnhancedFramesApart(t *testing.T) {
	for name, e := range map[string]func(i int) dicomtest.Element{
		"acquisition": func(i int) dicomtest.Element { return dicomtest.Element{Tag: 0x00209156, VR: "US", Value: i} },
		"moment": func(i int) dicomtest.Element {
			return dicomtest.Element{Tag: 0x00209128, VR: "UL", Value: []byte{byte(i), 0, 0, 0}}
		},
		"stack": func(i int) dicomtest.Element {
			return dicomtest.Element{Tag: 0x00209056, VR: "SH", Value: fmt.Sprint("s", i)}
		},
	} {
		d := dicomtest.Enhanced(6)
		for i, frame := range framesOf(d) {
			place(frame, float64(i/2))
			frame.Set(0x00209111, "SQ", dicomtest.Group(e(1+i%2)))
		}
		found := openSet(t, d)
		if len(found.Series) != 2 || len(found.LeftOut) > 0 {
			t.Errorf("%s: %d series, left out %v", name, len(found.Series), found.LeftOut)
			continue
		}
		for k, s := range found.Series {
			var frames []int
			for _, src := range s.Sources {
				frames = append(frames, src.Frame)
			}
			if !slices.Equal(frames, []int{1 + k, 3 + k, 5 + k}) {
				t.Errorf("%s: series %d has the frames %v", name, k, frames)
			}
		}
	}
}
