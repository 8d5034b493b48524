package export

import (
	"slices"
	"testing"

	"groundglass/annotate/ct"
)

func TestSuspiciousNames(t *testing.T) {
	got := Suspicious(miller(), map[string]string{
		"The folder": "/exports/Ann-2", "The data set's name": "lungs", "The file": "mr-7781234.zip", "Another": "planning",
	})
	want := []string{`The file has "7781234" in it, which is part of the patient's name or ID.`, `The folder has "ann" in it, which is part of the patient's name or ID.`}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Names are found as people write them: run together, with numbers, in capitals.
func TestSuspiciousSpellings(t *testing.T) {
	c := miller()
	for text, want := range map[string]bool{
		"millerann": true, "AnnMiller": true, "MILLER2": true, "ann2026": true, "case7MillerCT": true, "p_7781234_a": true,
		"planning": false, "annual": false, "mil": false, "groundglass-png-2026-11-27": false,
	} {
		if got := len(Suspicious(c, map[string]string{"It": text})) > 0; got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	c.Patient, c.Series.Patient = "MR-77", ct.Patient{ID: "MR-77"}
	for text, want := range map[string]bool{"mr77 lungs": true, "MR_77": true, "mr 7": false, "amr-778": false} {
		if got := len(Suspicious(c, map[string]string{"It": text})) > 0; got != want {
			t.Errorf("MR-77 in %s: %t", text, got)
		}
	}
}

// Letters with and without diacritics, hyphens and capitals are one spelling.
func TestSuspiciousLetters(t *testing.T) {
	c := miller()
	for name, texts := range map[string][]string{
		"Müller-Lüdenscheidt^Li": {"MUELLER", "muller_1", "Müller", "Ludenscheidt", "MuellerLuedenscheidtLi", "by-li"}, "Strauss": {"Strauß"}, "Meyer-Landrut": {"meyerlandrut"},
	} {
		c.Series.Patient.Name = name
		for _, text := range texts {
			if len(Suspicious(c, map[string]string{"It": text})) == 0 {
				t.Errorf("%s is not found in %s", name, text)
			}
		}
		if got := Suspicious(c, map[string]string{"It": "lime-lid mull"}); len(got) > 0 {
			t.Errorf("%q", got)
		}
	}
}
