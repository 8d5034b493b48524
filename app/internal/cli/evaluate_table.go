package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"groundglass/segment/metrics"
)

// evaluationTable prints the report for people.
func (p *Program) evaluationTable(r metrics.StudyReport) error {
	t := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "group\timages\tdice\taverage precision\tprecision\trecall\tparts a slice\ttrue parts\t")
	eachGroup(r, func(name string, s metrics.Scores) {
		if name == "" {
			name = "all"
		}
		fmt.Fprintf(t, "%s\t%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.2f\t%.2f\t\n",
			oneLine(name), s.N, s.Dice, s.AveragePrecision, s.Precision, s.Recall, s.Parts.Proposed, s.Parts.True)
	})
	if err := t.Flush(); err != nil {
		return err
	}
	return p.intervalLine(r.All)
}

// intervalLine prints how sure the last line of the table is, where that is known.
func (p *Program) intervalLine(s metrics.Scores) error {
	if s.Intervals == nil {
		return nil
	}
	var parts []string
	for _, m := range []struct{ words, name string }{
		{"dice", "dice"}, {"average precision", "average_precision"}, {"precision", "precision"}, {"recall", "recall"},
	} {
		i := s.Intervals[m.name]
		parts = append(parts, fmt.Sprintf("%s %.3f to %.3f", m.words, i.Low, i.High))
	}
	_, err := fmt.Fprintf(p.Stdout, "95 %% intervals over %d patients: %s\n", s.Patients, strings.Join(parts, ", "))
	return err
}
