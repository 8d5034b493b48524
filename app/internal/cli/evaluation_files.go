package cli

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"groundglass/annotate/export"
	"groundglass/segment/metrics"
	"groundglass/segment/metrics/curve"
)

// writeEvaluation writes the files of --out.
func writeEvaluation(dir string, r metrics.StudyReport, pairs []pair, images [][]metrics.Measure) error {
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
		{"measures.csv", func(w io.Writer) error { return writeMeasures(w, r) }},
		{"patients.csv", func(w io.Writer) error { return writePatients(w, r) }},
		{"images.csv", func(w io.Writer) error { return writeImages(w, pairs, images) }},
		{"precision_recall.csv", func(w io.Writer) error { return writeCurves(w, r) }},
		{"precision_recall.png", func(w io.Writer) error { return curve.Draw(w, curve.PrecisionRecall(r.Curves())) }},
	} {
		if err := export.WriteAtomic(filepath.Join(dir, file.name), file.write); err != nil {
			return err
		}
	}
	return nil
}

// eachGroup calls f for every group by name, and last for all, whose name is "".
func eachGroup(r metrics.StudyReport, f func(group string, s metrics.Scores)) {
	for _, name := range slices.Sorted(maps.Keys(r.Groups)) {
		f(name, r.Groups[name])
	}
	f("", r.All)
}

// writeCutoffs writes a line for each group and cut-off; the group "" is all.
func writeCutoffs(w io.Writer, r metrics.StudyReport) error {
	rows := [][]string{{"group", "images", "average_precision", "threshold", "precision", "recall", "dice", "iou",
		"per_image_precision", "per_image_recall", "per_image_dice", "per_image_iou", "specificity", "mean_iou", "paper_miou"}}
	eachGroup(r, func(group string, s metrics.Scores) {
		for _, c := range s.Cutoffs {
			p := c.PerImage
			rows = append(rows, append([]string{group, strconv.Itoa(s.N)}, decimals(s.AveragePrecision, c.Threshold,
				c.Precision, c.Recall, c.Dice, c.IoU, p.Precision, p.Recall, p.Dice, p.IoU, c.Specificity, c.MeanIoU, c.PaperMIoU)...))
		}
	})
	return csv.NewWriter(w).WriteAll(rows)
}

// writeMeasures writes a line for each group and measure, at the threshold that was asked for.
func writeMeasures(w io.Writer, r metrics.StudyReport) error {
	rows := [][]string{{"group", "images", "patients", "measure", "value", "low", "high"}}
	eachGroup(r, func(group string, s metrics.Scores) {
		for _, m := range s.Measures() {
			ends := []string{"", ""}
			if i, ok := s.Intervals[m.Name]; ok {
				ends = decimals(i.Low, i.High)
			}
			rows = append(rows, slices.Concat([]string{group, strconv.Itoa(s.N), strconv.Itoa(s.Patients), m.Name}, decimals(m.Value), ends))
		}
	})
	return csv.NewWriter(w).WriteAll(rows)
}

// writePatients writes a line for each patient.
func writePatients(w io.Writer, r metrics.StudyReport) error {
	rows := [][]string{append([]string{"patient", "images"}, measureNames()...)}
	for _, name := range slices.Sorted(maps.Keys(r.Patients)) {
		s := r.Patients[name]
		rows = append(rows, append([]string{name, strconv.Itoa(s.N)}, values(s.Measures())...))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// writeImages writes a line for each image.
func writeImages(w io.Writer, pairs []pair, images [][]metrics.Measure) error {
	rows := [][]string{append([]string{"image", "mask", "group", "patient"}, measureNames()...)}
	for i, q := range pairs {
		rows = append(rows, append([]string{q.image, q.mask, q.group, q.patient}, values(images[i])...))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// writeCurves writes a line for each group and point of its precision-recall curve.
func writeCurves(w io.Writer, r metrics.StudyReport) error {
	rows := [][]string{{"group", "threshold", "precision", "recall"}}
	eachGroup(r, func(group string, s metrics.Scores) {
		for _, p := range s.Curve {
			rows = append(rows, append([]string{group}, decimals(p.Threshold, p.Precision, p.Recall)...))
		}
	})
	return csv.NewWriter(w).WriteAll(rows)
}

func measureNames() []string {
	var out []string
	for _, m := range (&metrics.Scores{}).Measures() {
		out = append(out, m.Name)
	}
	return out
}

func values(all []metrics.Measure) []string {
	var out []string
	for _, m := range all {
		out = append(out, decimals(m.Value)...)
	}
	return out
}

// decimals rounds to what the tables show; what is not known is empty.
func decimals(values ...float64) []string {
	out := make([]string, len(values))
	for i, v := range values {
		if !math.IsNaN(v) {
			out[i] = strconv.FormatFloat(v, 'f', -1, 32)
		}
	}
	return out
}
