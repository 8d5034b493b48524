package ui

import (
	"image/color"
	"math"
	"testing"

	"groundglass/annotate"
)

// luminance is the relative luminance of WCAG 2.
func luminance(c color.NRGBA) float64 {
	f := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func TestTextIsReadable(t *testing.T) {
	grounds := map[string]color.NRGBA{"ground": colGround, "panel": colPanel, "input": colInput}
	texts := map[string]color.NRGBA{"text": colText, "dim": colDim, "off": colOff, "accent": colAccent, "good": colGood, "warn": colWarn, "bad": colBad}
	for g, ground := range grounds {
		for n, c := range texts {
			if k := contrast(c, ground); k < 4.5 {
				t.Errorf("%s on %s has a contrast of %.1f", n, g, k)
			}
		}
	}
	for _, p := range [][2]color.NRGBA{
		{colOnAccent, colAccent}, {colOnAccent, colBad}, {colText, colRaised}, {colText, colPicked}, {colDim, colPicked}, {colWarn, colPicked}, {colAccent, colPicked},
	} {
		if k := contrast(p[0], p[1]); k < 4.5 {
			t.Errorf("%v on %v has a contrast of %.1f", p[0], p[1], k)
		}
	}
	if k := contrast(colEdge, colPanel); k < 3 {
		t.Errorf("a check box's border has a contrast of %.1f", k)
	}
}

func TestLabelsDifferWithoutColour(t *testing.T) {
	seen := map[any]bool{}
	for _, l := range annotate.DefaultLabels() {
		s := styleOf(l, annotate.Look{})
		if seen[s.Pattern] {
			t.Fatal("two labels have the same outline")
		}
		seen[s.Pattern] = true
	}
}
