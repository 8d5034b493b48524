package train

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"

	"groundglass/segment/metrics"
)

// scored is what a table needs of a run's scores.
type scored struct {
	variant string
	Groups  map[string]figures `json:"groups"`
}

type figures struct {
	N          int                `json:"n"`
	Dice       float64            `json:"dice"`
	Average    float64            `json:"average_precision"`
	AtRecall   map[string]float64 `json:"precision_at_recall"`
	Components metrics.Parts      `json:"components"`
	metrics.InfNet
}

// columns of a table, beside the variant's name.
var columns = []struct {
	name   string
	digits int
	of     func(figures) float64
}{
	{"Dice", 3, func(f figures) float64 { return f.Dice }},
	{"average precision", 3, func(f figures) float64 { return f.Average }},
	{"precision at recall 0.7", 3, func(f figures) float64 { return f.AtRecall["0.7"] }},
	{"0.8", 3, func(f figures) float64 { return f.AtRecall["0.8"] }},
	{"0.9", 3, func(f figures) float64 { return f.AtRecall["0.9"] }},
	{"mean Dice", 3, func(f figures) float64 { return f.MeanDice }},
	{"max Dice", 3, func(f figures) float64 { return f.MaxDice }},
	{"components", 2, func(f figures) float64 { return f.Components.Proposed }},
	{"off by", 2, func(f figures) float64 { return f.Components.Fragmentation }},
}

// table is a table a source, in Markdown: a row a variant, each figure the mean
// over its seeds with the standard deviation where there are several.
func table(runs []scored) []byte {
	var b bytes.Buffer
	groups := map[string][]figures{}
	for _, r := range runs {
		for name, f := range r.Groups {
			groups[name] = append(groups[name], f)
		}
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		pictures := span(groups[group], "%.0f", func(f figures) float64 { return float64(f.N) })
		parts := span(groups[group], "%.2f", func(f figures) float64 { return f.Components.True })
		fmt.Fprintf(&b, "### %s: %s pictures, %s components a slice in the experts' masks\n\n| variant | seeds |", group, pictures, parts)
		for _, c := range columns {
			fmt.Fprintf(&b, " %s |", c.name)
		}
		fmt.Fprint(&b, "\n| --- | --- |")
		for range columns {
			fmt.Fprint(&b, " --- |")
		}
		fmt.Fprintln(&b)
		for _, variant := range variants(runs) {
			row(&b, variant, group, runs)
		}
		fmt.Fprintln(&b)
	}
	return b.Bytes()
}

// span is a figure that all runs have, or the least and the largest: variants may
// hold out different pictures.
func span(all []figures, format string, of func(figures) float64) string {
	low, high := of(all[0]), of(all[0])
	for _, f := range all {
		low, high = min(low, of(f)), max(high, of(f))
	}
	if low == high {
		return fmt.Sprintf(format, low)
	}
	return fmt.Sprintf(format+" to "+format, low, high)
}

// variants are the runs' variants in the order of their first run.
func variants(runs []scored) []string {
	var names []string
	for _, r := range runs {
		if !slices.Contains(names, r.variant) {
			names = append(names, r.variant)
		}
	}
	return names
}

func row(b *bytes.Buffer, variant, group string, runs []scored) {
	var of []figures
	for _, r := range runs {
		if f, ok := r.Groups[group]; ok && r.variant == variant {
			of = append(of, f)
		}
	}
	if len(of) == 0 {
		return
	}
	fmt.Fprintf(b, "| %s | %d |", variant, len(of))
	for _, c := range columns {
		mean, deviation := spreadOf(of, c.of)
		fmt.Fprintf(b, " %.*f", c.digits, mean)
		if len(of) > 1 {
			fmt.Fprintf(b, " ± %.*f", c.digits, deviation)
		}
		fmt.Fprint(b, " |")
	}
	fmt.Fprintln(b)
}

// spreadOf is the mean and the sample's standard deviation.
func spreadOf(all []figures, of func(figures) float64) (mean, deviation float64) {
	for _, f := range all {
		mean += of(f) / float64(len(all))
	}
	for _, f := range all {
		deviation += (of(f) - mean) * (of(f) - mean)
	}
	return mean, math.Sqrt(deviation / float64(max(1, len(all)-1)))
}
