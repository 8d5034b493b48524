package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"text/tabwriter"

	"groundglass/annotate/export"
	"groundglass/segment/metrics"
	"groundglass/segment/metrics/curve"
)

// writeEvaluation writes the files of --out.
func writeEvaluation(dir string, r metrics.Report, pairs []pair, images []metrics.Result) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"evaluation.json", func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(r)
		}},
		{"evaluation.csv", func(w io.Writer) error { return writeCutoffs(w, r) }},
		{"images.csv", func(w io.Writer) error { return writeImages(w, pairs, images) }},
		{"precision_recall.png", func(w io.Writer) error { return curve.Draw(w, curve.PrecisionRecall(r)) }},
	} {
		if err := export.WriteAtomic(filepath.Join(dir, file.name), file.write); err != nil {
			return err
		}
	}
	return nil
}

// writeCutoffs writes a line for each group and cut-off; the group "" is all.
func writeCutoffs(w io.Writer, r metrics.Report) error {
	rows := [][]string{{"group", "images", "average_precision", "threshold", "precision", "recall", "dice", "iou",
		"per_image_precision", "per_image_recall", "per_image_dice", "per_image_iou"}}
	add := func(group string, r metrics.Result) {
		for _, c := range r.Cutoffs {
			p := c.PerImage
			rows = append(rows, append([]string{group, strconv.Itoa(r.N)}, decimals(r.AveragePrecision, c.Threshold,
				c.Precision, c.Recall, c.Dice, c.IoU, p.Precision, p.Recall, p.Dice, p.IoU)...))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Groups)) {
		add(name, r.Groups[name])
	}
	add("", r.All)
	return csv.NewWriter(w).WriteAll(rows)
}

// writeImages writes a line for each image, measured at the threshold that was asked for.
func writeImages(w io.Writer, pairs []pair, images []metrics.Result) error {
	rows := [][]string{{"image", "mask", "group", "precision", "recall", "dice", "iou", "average_precision"}}
	for i, q := range pairs {
		r := images[i]
		rows = append(rows, append([]string{q.image, q.mask, q.group},
			decimals(r.Precision, r.Recall, r.Dice, r.IoU, r.AveragePrecision)...))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// decimals rounds to what the tables show.
func decimals(values ...float64) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strconv.FormatFloat(v, 'f', -1, 32)
	}
	return out
}

// evaluationTable prints the report for people.
func (p *Program) evaluationTable(r metrics.Report) error {
	t := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "group\timages\tdice\tprecision\trecall\tIoU\taverage precision\tdice an image\t")
	row := func(name string, r metrics.Result) {
		fmt.Fprintf(t, "%s\t%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t\n",
			oneLine(name), r.N, r.Dice, r.Precision, r.Recall, r.IoU, r.AveragePrecision, r.PerImageDice)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Groups)) {
		row(name, r.Groups[name])
	}
	row("all", r.All)
	fmt.Fprintln(t, "\t\t\t\t\t\t\t\t\ncut-off\t\tdice\tprecision\trecall\tIoU\t\tdice an image\t")
	for _, c := range r.All.Cutoffs {
		fmt.Fprintf(t, "%.1f\t\t%.4f\t%.4f\t%.4f\t%.4f\t\t%.4f\t\n", c.Threshold, c.Dice, c.Precision, c.Recall, c.IoU, c.PerImage.Dice)
	}
	return t.Flush()
}
