package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"groundglass/annotate/ct"
)

var infoCommand = command{
	name: "info", args: "PATH... [--json]",
	summary: "Lists the series in files and folders, and what was left out and why",
	notes: "Spacings are in mm: between rows, between columns, between slices; 0 where nobody recorded them, as in pictures.\n" +
		"The exit status is 1 where no series was found.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		asJSON := jsonFlag(f)
		return func(ctx context.Context, args []string) error {
			if len(args) == 0 {
				return wrongUse("a file or folder is needed")
			}
			return p.info(ctx, args, *asJSON)
		}
	},
}

// infoReport is what info prints with --json.
type infoReport struct {
	Series  []seriesInfo  `json:"series"`
	LeftOut []leftOutInfo `json:"left_out"`
}

type seriesInfo struct {
	UID              string     `json:"uid"`
	Description      string     `json:"description"`
	Slices           int        `json:"slices"`
	Rows             int        `json:"rows"`
	Columns          int        `json:"columns"`
	SpacingMM        [3]float64 `json:"spacing_mm"` // row, column, slice
	TransferSyntaxes []string   `json:"transfer_syntaxes"`
	Values           string     `json:"values"` // how stored values become Hounsfield units; "" for DICOM, which says so itself
	Warnings         []string   `json:"warnings"`
	Source           string     `json:"source"` // the first slice's file
	where            string
}

type leftOutInfo struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

func (p *Program) info(ctx context.Context, paths []string, asJSON bool) error {
	found, err := p.look(ctx, paths)
	if err != nil {
		return err
	}
	r := reportOf(found)
	print := p.infoTable
	if asJSON {
		print = func(r infoReport) error { return p.printJSON(r) }
	}
	if err := print(r); err != nil {
		return err
	}
	err = nothing(paths, found)
	var many manyUnread
	if errors.As(err, &many) {
		return errors.New(many.bare())
	}
	return err
}

// reportOf leaves no list nil, so that JSON has [] for an empty one.
func reportOf(found *ct.Found) infoReport {
	r := infoReport{Series: []seriesInfo{}, LeftOut: []leftOutInfo{}}
	for _, s := range found.Series {
		r.Series = append(r.Series, seriesInfo{
			UID: s.UID, Description: s.Description, Slices: s.Len(), Rows: s.Rows, Columns: s.Columns,
			SpacingMM:        spacing(s.Geometry),
			TransferSyntaxes: append([]string{}, s.TransferSyntaxes...),
			Values:           s.Values,
			Warnings:         append([]string{}, s.Warnings...),
			Source:           s.Sources[0].File,
			where:            filesOf(s),
		})
	}
	for _, l := range found.LeftOut {
		r.LeftOut = append(r.LeftOut, leftOutInfo(l))
	}
	return r
}

// spacing is in mm, to a nanometre, so that differences of positions read as what they are meant to be.
func spacing(g ct.Geometry) (mm [3]float64) {
	if g.Known {
		for i, v := range g.Spacing {
			mm[i] = math.Round(v*1e6) / 1e6
		}
	}
	return mm
}

// infoTable prints the report for people.
func (p *Program) infoTable(r infoReport) error {
	t := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	if len(r.Series) > 0 {
		fmt.Fprintln(t, "slices\tcolumns x rows\tspacing, mm\ttransfer syntaxes, formats\tdescription\tUID\tfolder")
	}
	for _, s := range r.Series {
		mm := "unknown"
		if s.SpacingMM != [3]float64{} {
			mm = fmt.Sprintf("%.4g x %.4g x %.4g", s.SpacingMM[0], s.SpacingMM[1], s.SpacingMM[2])
		}
		fmt.Fprintf(t, "%d\t%d x %d\t%s\t%s\t%s\t%s\t%s\n",
			s.Slices, s.Columns, s.Rows, mm, strings.Join(ct.SyntaxNames(s.TransferSyntaxes), ", "), oneLine(s.Description), s.UID, oneLine(s.where))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range r.Series {
		if s.Values != "" {
			fmt.Fprintf(p.Stdout, "values: %s: %s\n", s.UID, s.Values)
		}
		for _, w := range s.Warnings {
			fmt.Fprintf(p.Stdout, "warning: %s: %s\n", s.UID, w)
		}
	}
	for _, l := range r.LeftOut {
		if _, err := fmt.Fprintf(p.Stdout, "left out: %s: %s\n", l.File, l.Reason); err != nil {
			return err
		}
	}
	return nil
}

// oneLine keeps text from a file from breaking a table or moving a terminal's cursor.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
