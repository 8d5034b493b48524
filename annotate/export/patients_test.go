package export

import (
	"fmt"
	"slices"
	"testing"
)

func TestPatientsAreHeldOutWhole(t *testing.T) {
	var patients, cases []string
	for k := range 40 {
		patients, cases = append(patients, fmt.Sprintf("P%d", k/2)), append(cases, fmt.Sprintf("case%d", k))
	}
	held := heldOut(patients, cases, 5)
	n := 0
	for k := range held {
		if held[k] != held[k&^1] {
			t.Errorf("one case of %s is held out, and one is not", patients[k])
		}
		if held[k] {
			n++
		}
	}
	if n != 8 {
		t.Errorf("%d of 40 cases are held out, want a fifth", n)
	}
	slices.Reverse(patients)
	slices.Reverse(cases)
	again := heldOut(patients, cases, 5)
	slices.Reverse(again)
	if !slices.Equal(held, again) {
		t.Error("it depends on the order of cases")
	}
}

func TestFewPatientsHeldOut(t *testing.T) {
	count := func(patients []string, folds int) (n int) {
		cases := []string{"a", "b", "c"}[:len(patients)]
		for _, h := range heldOut(patients, cases, folds) {
			if h {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		patients    []string
		folds, want int
	}{
		{[]string{"P"}, 5, 0}, {[]string{"P", "P"}, 5, 0}, {[]string{"P", "Q"}, 5, 1}, {[]string{"P", "Q", "R"}, 1, 0}, {[]string{"", "", ""}, 5, 1},
	} {
		if n := count(c.patients, c.folds); n != c.want {
			t.Errorf("of %q with %d folds, %d cases are held out, want %d", c.patients, c.folds, n, c.want)
		}
	}
}

func TestPatientInBothPartsIsFound(t *testing.T) {
	m := &Manifest{Cases: []CaseRef{{Patient: "P", Held: true}, {Patient: "Q"}, {Patient: ""}, {Patient: "", Held: true}, {Patient: "P"}}}
	if p := heldTwice(m); len(p) != 1 || p[0] != "the patient P is held out, and not." {
		t.Errorf("it says %q", p)
	}
}
