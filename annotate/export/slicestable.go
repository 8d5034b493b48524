package export

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"groundglass/annotate/ct"
)

// slicesFile is the table of a semi-supervised set, a row a slice.
const slicesFile = "slices.csv"

// sliceColumns are the table's columns. Files are below the folder of the set, with
// slashes; what there is not is empty. Spacing is that of the files' pixels, in mm.
var sliceColumns = []string{
	"case", "patient", "slice", "set", "split", "image", "mask", "weight", "status", "doubt", "confidence", "foreground_px", "human_share",
	"rows", "columns", "row_spacing_mm", "column_spacing_mm", "slice_spacing_mm", "position_mm",
}

// The values of the column split: patients that are held out are for validation.
const (
	splitTrain      = "train"
	splitValidation = "validation"
)

// row is slice i in the table; nil for one that is not in the set.
func (f semisupervisedFormat) row(r *Reader, i int) []string {
	e, s := r.Entry, r.Entry.Slices[i]
	part := f.part(s)
	if part == "" {
		return nil
	}
	split := splitTrain
	if e.Held {
		split = splitValidation
	}
	w, h := r.Size()
	row := []string{e.Case, e.Patient, strconv.Itoa(i + 1), part, split}
	for _, kind := range []string{KindImage, KindMask, KindWeight} {
		file, _ := r.Of(kind, i)
		row = append(row, file.File)
	}
	row = append(row, s.Status, optional(s.Doubt), optional(s.Confidence), strconv.Itoa(s.ForegroundPx), decimal(s.Provenance.HumanShare),
		strconv.Itoa(h), strconv.Itoa(w))
	if mm := e.Series.SpacingMM; mm != nil {
		row = append(row, decimal(mm[0]*(float64(e.Series.Rows)/float64(h))), decimal(mm[1]*(float64(e.Series.Columns)/float64(w))), decimal(mm[2]))
	} else {
		row = append(row, "", "", "")
	}
	return append(row, optional(s.PositionMM))
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return decimal(*v)
}

// finish writes the table, and beside the pictures the window that they are of, by which
// this program reads their values.
func (f semisupervisedFormat) finish(w *SetWriter) error {
	images := map[string]bool{}
	err := w.File(slicesFile, func(to io.Writer) error {
		out := csv.NewWriter(to)
		out.Write(sliceColumns)
		err := w.Cases(func(e *CaseEntry) error {
			for i, s := range e.Slices {
				if row := f.row(newReader(w.at.out, w.Manifest, e), i); row != nil {
					out.Write(row)
					images[f.part(s)] = true
				}
			}
			return out.Error()
		})
		out.Flush()
		return errors.Join(err, out.Error())
	})
	if err != nil {
		return err
	}
	for _, part := range slices.Sorted(maps.Keys(images)) {
		err = errors.Join(err, w.File(cardOf(part), func(to io.Writer) error { return json.NewEncoder(to).Encode(w.Manifest.Window) }))
	}
	return err
}

// checkSet compares the table with the cases, row by row.
func (f semisupervisedFormat) checkSet(dir string, m *Manifest) (problems []string) {
	file, err := os.Open(filepath.Join(dir, slicesFile))
	if err != nil {
		return []string{sentence(fmt.Errorf("%s cannot be read: %w", slicesFile, ct.Plain(err)))}
	}
	defer file.Close()
	table := csv.NewReader(file)
	if head, err := table.Read(); err != nil || !slices.Equal(head, sliceColumns) {
		return []string{fmt.Sprintf("%s does not begin with the names of its columns.", slicesFile)}
	}
	images := map[string]bool{}
	for _, c := range m.Cases {
		e, err := readCase(dir, c)
		if err != nil {
			return nil // which is said of the case
		}
		for i := range e.Slices {
			want := f.row(newReader(dir, m, e), i)
			if want == nil {
				continue
			}
			if got, err := table.Read(); err != nil || !slices.Equal(got, want) {
				return []string{fmt.Sprintf("%s does not have slice %d of %s where it should: a row is missing, changed or there twice.", slicesFile, i+1, c.Case)}
			}
			images[f.part(e.Slices[i])] = true
		}
	}
	if _, err := table.Read(); err != io.EOF {
		return []string{slicesFile + " has more rows than there are slices."}
	}
	return checkCards(dir, images, m.Window)
}

// checkCards says which folder of pictures does not tell the window that they are of.
func checkCards(dir string, parts map[string]bool, want *WindowEntry) (problems []string) {
	for part := range parts {
		name := cardOf(part)
		data, err := readBounded(filepath.Join(dir, filepath.FromSlash(name)), 1<<16)
		var w WindowEntry
		if err != nil || json.Unmarshal(data, &w) != nil || want == nil || w != *want {
			problems = append(problems, name+" does not tell the window that the pictures were made with.")
		}
	}
	slices.Sort(problems)
	return problems
}

// cardOf is the window card of a part's pictures.
func cardOf(part string) string { return path.Join(part, imagesFolder, ct.CardName) }
