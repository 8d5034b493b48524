package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"groundglass/annotate"
)

// Tables of measurements, as RFC 4180 has them, with a line of column names. A field is
// empty where nothing is known: lengths where nobody recorded them, shares of the lungs
// where none were found. See FORMATS.md for what each column is.
var measurementsPreset = Preset{
	Name: "csv", Title: "Measurements, CSV",
	About: "volumes, areas, mean Hounsfield units and shares of the lungs as tables: by label and case, by slice, and by lesion",
	Many:  true, format: func(*Options) format { return measurements{} },
}

type measurements struct{ plain }

// Tables of measurements and their columns.
var (
	tableNames   = []string{"cases", "slices", "lesions"}
	tableColumns = map[string][]string{
		"cases": {"case", "patient", "label", "label_value", "voxels", "volume_ml", "mean_hu", "sd_hu", "lesions", "human_share",
			"lung_share", "right_lung_share", "left_lung_share", "sides_known"},
		"slices": {"case", "patient", "slice", "position_mm", "thickness_mm", "status", "label", "label_value", "pixels", "area_mm2", "volume_ml",
			"mean_hu", "sd_hu", "lung_share"},
		"lesions": {"case", "patient", "label", "label_value", "lesion", "voxels", "volume_ml", "mean_hu", "sd_hu", "lung_share", "first_slice", "last_slice",
			"centre_x_mm", "centre_y_mm", "centre_z_mm"},
	}
)

// values tell labels apart by their row, so that all are measured.
func (measurements) values(labels []annotate.Label) (out [256]uint8, err error) {
	return consecutive(labels), nil
}

func partFile(name, table string) string { return "cases/" + name + "_" + table + ".csv" }

func (measurements) write(w *Writer) error {
	m, err := w.measure()
	if err != nil {
		return err
	}
	if w.Series.Geometry.Uneven {
		w.remark("slices are missing or shifted: the volumes count what is between two slices to both by half")
	}
	rows := map[string][][]string{"cases": w.caseRows(m), "slices": w.sliceRows(m), "lesions": w.lesionRows(m)}
	for _, table := range tableNames {
		if err := w.File(KindTable, AllSlices, partFile(w.Name, table), csvOf(append([][]string{tableColumns[table]}, rows[table]...))); err != nil {
			return err
		}
	}
	return nil
}

func csvOf(rows [][]string) func(io.Writer) error {
	return func(w io.Writer) error {
		c := csv.NewWriter(w)
		c.UseCRLF = true
		return c.WriteAll(rows)
	}
}

// measured is a number with all its digits; empty for none.
func measured(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// shareOf is part of all; empty where there is nothing.
func shareOf(part, all int) string {
	if all == 0 {
		return ""
	}
	return measured(float64(part) / float64(all))
}

func (w *Writer) who(l LabelEntry) []string {
	return []string{w.Name, w.Entry.Patient, l.Name, strconv.Itoa(int(l.Value))}
}

func (w *Writer) caseRows(m *measures) (rows [][]string) {
	lungs := m.bothLungs()
	human := w.humanShares()
	for k, l := range m.labels {
		var all amount
		for _, row := range m.slices {
			all.add(row[k])
		}
		rows = append(rows, append(w.who(l), strconv.Itoa(all.px), measured(all.ml), measured(all.mean()), measured(all.deviation()),
			strconv.Itoa(len(m.lesions[k])), human[k], shareOf(all.right+all.left, lungs.right+lungs.left), shareOf(all.right, lungs.right),
			shareOf(all.left, lungs.left), strconv.FormatBool(m.found && m.sided)))
	}
	return rows
}

// bothLungs are the pixels of the lungs in all slices.
func (m *measures) bothLungs() (all amount) {
	for _, l := range m.lungs {
		all.add(l)
	}
	return all
}

// humanShares are the shares of each label's pixels that a person set.
func (w *Writer) humanShares() []string {
	var set, human [256]int
	for i := range w.Series.Len() {
		m, err := w.mask(i)
		if err != nil {
			continue
		}
		for k, v := range m.Label {
			set[w.value[v]]++
			if m.Origin[k].Human() {
				human[w.value[v]]++
			}
		}
	}
	var out []string
	for _, l := range w.Labels {
		out = append(out, shareOf(human[l.InFiles], set[l.InFiles]))
	}
	return out
}

// sliceRows have a row for each label that a slice has.
func (w *Writer) sliceRows(m *measures) (rows [][]string) {
	for i, row := range m.slices {
		e := w.Entry.Slices[i]
		position, thickness, area := "", "", math.NaN()
		if e.PositionMM != nil {
			position = measured(*e.PositionMM)
		}
		if w.Series.Geometry.Known {
			thickness, area = measured(w.thickness(i)), w.Series.Geometry.PixelArea()
		}
		for k, a := range row {
			if a.px == 0 {
				continue
			}
			l := m.labels[k]
			rows = append(rows, []string{w.Name, w.Entry.Patient, strconv.Itoa(i + 1), position, thickness, e.Status, l.Name, strconv.Itoa(int(l.Value)),
				strconv.Itoa(a.px), measured(area * float64(a.px)), measured(a.ml), measured(a.mean()), measured(a.deviation()),
				shareOf(a.right+a.left, m.lungs[i].right+m.lungs[i].left)})
		}
	}
	return rows
}

func (w *Writer) lesionRows(m *measures) (rows [][]string) {
	lungs := m.bothLungs()
	for k, all := range m.lesions {
		for n, l := range all {
			at := [3]string{}
			if w.Series.Geometry.Known {
				for c, v := range l.at {
					at[c] = measured(v / float64(l.px))
				}
			}
			rows = append(rows, append(w.who(m.labels[k]), strconv.Itoa(n+1), strconv.Itoa(l.px), measured(l.ml), measured(l.mean()), measured(l.deviation()),
				shareOf(l.right+l.left, lungs.right+lungs.left), strconv.Itoa(l.first+1), strconv.Itoa(l.last+1), at[0], at[1], at[2]))
		}
	}
	return rows
}

// finish joins the tables of the cases.
func (measurements) finish(w *SetWriter) error {
	for _, table := range tableNames {
		err := w.File(table+".csv", func(to io.Writer) error {
			return joinTables(to, w.at.out, table, w.Manifest)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// joinTables writes the lines of the cases' tables below one line of column names.
func joinTables(to io.Writer, dir, table string, m *Manifest) error {
	if err := csvOf([][]string{tableColumns[table]})(to); err != nil {
		return err
	}
	for _, c := range m.Cases {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(partFile(c.Case, table))))
		if err != nil {
			return err
		}
		_, lines, _ := bytes.Cut(data, []byte("\r\n"))
		if _, err := to.Write(lines); err != nil {
			return err
		}
	}
	return nil
}

// check compares the tables with what the manifest counts: pixels by slice and by case.
func (measurements) check(r *Reader) (problems []string) {
	tables := map[string][][]string{}
	if n := len(r.Files(KindTable)); n != len(tableNames) {
		return []string{fmt.Sprintf("%s has %d tables in place of %d.", r.Entry.Case, n, len(tableNames))}
	}
	for _, f := range r.Files(KindTable) {
		data, err := readBounded(r.Path(f), maxManifest)
		if err != nil {
			problems = append(problems, problemOf(err)...)
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil || len(rows) == 0 {
			return []string{fmt.Sprintf("%s is damaged: %v.", f.File, err)}
		}
		name := strings.TrimSuffix(f.File[strings.LastIndexByte(f.File, '_')+1:], ".csv")
		if !slices.Equal(rows[0], tableColumns[name]) {
			return []string{fmt.Sprintf("%s has other columns than it should.", f.File)}
		}
		tables[name] = rows[1:]
	}
	for _, l := range r.Manifest.Labels {
		want := 0
		for _, s := range r.Entry.Slices {
			want += s.LabelPx[fmt.Sprint(l.Value)]
		}
		for name, at := range map[string]struct{ label, count int }{"cases": {2, 4}, "slices": {6, 8}, "lesions": {2, 5}} {
			if got, read := columnSum(tables[name], at.label, l.Name, at.count); read && got != want {
				problems = append(problems, fmt.Sprintf("%s counts %d pixels of %s where the manifest says %d.", partFile(r.Entry.Case, name), got, l.Name, want))
			}
		}
	}
	slices.Sort(problems)
	return append(problems, r.checkSizes(tables)...)
}

// checkSizes computes the areas and volumes of slices and cases anew from the pixels
// that they count.
func (r *Reader) checkSizes(tables map[string][][]string) []string {
	number := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return math.NaN()
		}
		return v
	}
	off := func(got, want float64) bool { return !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) }
	if r.Entry.Series.SpacingMM == nil {
		return nil
	}
	area, volumes := r.Entry.Series.SpacingMM[0]*r.Entry.Series.SpacingMM[1], map[string]float64{}
	for _, row := range tables["slices"] {
		mm2 := number(row[8]) * area
		ml := mm2 * number(row[4]) / 1000
		if off(number(row[9]), mm2) || off(number(row[10]), ml) {
			return []string{fmt.Sprintf("%s: the area or the volume of slice %s does not follow from its pixels.", partFile(r.Entry.Case, "slices"), row[2])}
		}
		volumes[row[6]] += ml
	}
	for _, name := range []string{"cases", "lesions"} {
		sum := map[string]float64{}
		for _, row := range tables[name] {
			sum[row[2]] += number(row[map[string]int{"cases": 5, "lesions": 6}[name]])
		}
		for label, ml := range sum {
			if off(ml, volumes[label]) {
				return []string{fmt.Sprintf("%s: the volumes of %s are not those of its slices.", partFile(r.Entry.Case, name), label)}
			}
		}
	}
	return nil
}

// columnSum is the sum of a column over the rows of a label, whose name is in column at.
func columnSum(rows [][]string, at int, label string, column int) (sum int, read bool) {
	for _, row := range rows {
		if row[at] == label {
			n, err := strconv.Atoi(row[column])
			if err != nil {
				return 0, true
			}
			sum += n
		}
	}
	return sum, rows != nil
}

func (measurements) checkSet(dir string, m *Manifest) (problems []string) {
	for _, table := range tableNames {
		var want bytes.Buffer
		if err := joinTables(&want, dir, table, m); err != nil {
			continue // which is said of the case
		}
		got, err := readBounded(filepath.Join(dir, table+".csv"), maxManifest)
		if err != nil {
			problems = append(problems, problemOf(err)...)
		} else if !bytes.Equal(got, want.Bytes()) {
			problems = append(problems, fmt.Sprintf("%s.csv is not what the cases' tables are together.", table))
		}
	}
	return problems
}
