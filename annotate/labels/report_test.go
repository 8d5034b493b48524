package labels

import (
	"slices"
	"testing"
)

// What is the same is said once.
func TestLinesAreMerged(t *testing.T) {
	r := Report{
		Remarks: []string{"a: x", "b: x", "a: x", "a: x"},
		LeftOut: []LeftOut{
			{File: "1.png", Reason: "no slice"}, {File: "2.png", Reason: "empty"}, {File: "3.png", Reason: "no slice"}, {File: "4.png", Reason: "no slice"},
			{File: "s.dcm", Part: "frame 2", More: 3, Reason: "no slice"},
		},
	}
	want := []string{"a: x (3 times)", "b: x", "1.png and 2 more files: no slice", "2.png: empty", "s.dcm, frame 2 and 3 more: no slice"}
	if got := r.Lines(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if r.LeftOut[0].More != 0 {
		t.Error("the report itself was changed")
	}
}
