package ct

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFaultsInARealSeries takes slices of a real scanner's series away, doubles and moves some, the last by dcmtk's
// dcmodify, and expects to be told of each.
func TestFaultsInARealSeries(t *testing.T) {
	all := realSeries(t)
	modify, err := exec.LookPath("dcmodify")
	if err != nil {
		t.Skip("dcmtk, which changes the files of this test, is not installed")
	}
	n := len(all)
	for _, c := range []struct {
		name   string
		pick   func(i int) (take bool, position string) // position is in place of the slice's own, where not empty
		again  []int                                    // slices that come twice
		warned string
		slices int
	}{
		{name: "whole", pick: keepSlices, slices: n},
		{name: "gap", pick: func(i int) (bool, string) { return i != 11 && i != 12, "" }, warned: "slices are missing: 2 after slice 11", slices: n - 2},
		{name: "duplicates", pick: keepSlices, again: []int{4, 20}, warned: "2 images at the position of another one were left out", slices: n},
		{name: "variable spacing", pick: func(i int) (bool, string) { return true, ifThen(i > 20, all[i].shifted(0, 0, 2.9)) }, warned: "the distance between slices varies from 8.00 to 10.90 mm", slices: n},
		{name: "tilt", pick: func(i int) (bool, string) { return true, all[i].shifted(0, float64(i)*2, 0) }, warned: "slant of 14.0 degrees", slices: n},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for i, s := range all {
				take, position := c.pick(i)
				if !take {
					continue
				}
				to := filepath.Join(dir, fmt.Sprintf("%02d.dcm", i))
				copyTo(t, s.file, to)
				if position != "" {
					if out, err := exec.Command(modify, "-nb", "-m", "(0020,0032)="+position, to).CombinedOutput(); err != nil {
						t.Fatalf("dcmodify: %v\n%s", err, out)
					}
				}
				if slices.Contains(c.again, i) {
					twin := filepath.Join(dir, fmt.Sprintf("%02d-again.dcm", i))
					copyTo(t, s.file, twin)
					if out, err := exec.Command(modify, "-nb", "-gin", twin).CombinedOutput(); err != nil {
						t.Fatalf("dcmodify: %v\n%s", err, out)
					}
				}
			}
			found, err := Open(context.Background(), []string{dir}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(found.Series) != 1 || found.Series[0].Len() != c.slices {
				t.Fatalf("%d series; the first has %d slices, not %d", len(found.Series), found.Series[0].Len(), c.slices)
			}
			warnings := strings.Join(found.Series[0].Warnings, "\n")
			if c.warned == "" && warnings != "" || !strings.Contains(warnings, c.warned) {
				t.Errorf("the warnings are %q, without %q", warnings, c.warned)
			}
		})
	}
}

func keepSlices(int) (bool, string) { return true, "" }

func ifThen(when bool, s string) string {
	if when {
		return s
	}
	return ""
}

// realSlice is a slice of the real series.
type realSlice struct {
	file   string
	corner [3]float64 // mm
}

// shifted is the slice's position, moved, as DICOM writes it.
func (s realSlice) shifted(x, y, z float64) string {
	return fmt.Sprintf(`%.3f\%.3f\%.3f`, s.corner[0]+x, s.corner[1]+y, s.corner[2]+z)
}

// realSeries lists the real chest CT from one end to the other.
func realSeries(t *testing.T) (all []realSlice) {
	found, err := Open(context.Background(), []string{filepath.Join(sharedData(t), "chest")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := found.Series[0]
	for i := range s.Len() {
		all = append(all, realSlice{s.Sources[i].File, s.At(0, 0, i)})
	}
	return all
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
