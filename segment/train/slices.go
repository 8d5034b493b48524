package train

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// listed are the pairs of an exported semi-supervised set (annotate/export/FORMATS.md),
// in the order of its table. Of patients that validate only labelled pictures are taken.
func (s *Source) listed() ([]pair, error) {
	f, err := os.Open(s.Slices)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	marked, unmarked := *s, *s
	marked.Teacher, unmarked.Labels = nil, nil
	l := &listing{source: s, marked: &marked, unmarked: &unmarked, dir: filepath.Dir(s.Slices)}
	if err := l.read(csv.NewReader(f)); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Slices, err)
	}
	return l.pairs, nil
}

// listing reads a table of slices.
type listing struct {
	source           *Source
	marked, unmarked *Source // what it is for pictures with masks, and for those without
	dir              string
	column           map[string]int
	pairs            []pair
}

// tableColumns are those that a table must have.
var tableColumns = []string{"case", "patient", "set", "split", "image", "mask", "weight"}

func (l *listing) read(table *csv.Reader) error {
	head, err := table.Read()
	if err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	l.column = map[string]int{}
	for i, name := range head {
		l.column[name] = i
	}
	for _, name := range tableColumns {
		if _, ok := l.column[name]; !ok {
			return fmt.Errorf("it has no column %q", name)
		}
	}
	for {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := l.add(func(column string) string { return row[l.column[column]] }); err != nil {
			line, _ := table.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	if len(l.pairs) == 0 {
		return errors.New("no slice in it can be used")
	}
	return nil
}

// add takes a row of the table.
func (l *listing) add(cell func(column string) string) error {
	p := pair{source: l.marked, patient: cell("patient")}
	if p.patient == "" {
		p.patient = cell("case")
	}
	switch split := cell("split"); {
	case split != "train" && split != "validation":
		return fmt.Errorf("the split is %q, must be train or validation", split)
	case len(l.source.Validation) > 0:
		p.validation = l.source.held(p.patient)
	default:
		p.validation = split == "validation"
	}
	files := []*string{&p.image}
	set := cell("set")
	switch {
	case set == "labelled" || set == "pseudo":
		files = append(files, &p.mask, &p.weights)
	case set == "unlabelled":
		p.source = l.unmarked
	default:
		return fmt.Errorf("the set is %q, must be labelled, pseudo or unlabelled", set)
	}
	for k, file := range files {
		name := cell([]string{"image", "mask", "weight"}[k])
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("%q is no file of the set", name)
		}
		*file = filepath.Join(l.dir, filepath.FromSlash(name))
	}
	if set == "unlabelled" && p.source.Teacher == nil || p.validation && set != "labelled" {
		return nil
	}
	l.pairs = append(l.pairs, p)
	return nil
}
