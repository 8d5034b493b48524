package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// listed is a line of a list: one series.
type listed struct {
	path    string // to open
	said    string // as the list has it
	series  string // the UID of the one that is meant, where the path has several
	name    string // of the case; "" for that of its file or folder
	patient string
	line    int
}

// The columns of a list that is a CSV.
const (
	pathColumn    = "path"
	caseColumn    = "case"
	patientColumn = "patient"
	seriesColumn  = "series"
)

// readList reads a list of files and folders: one a line, or a CSV (with commas, semicolons or tabs) whose header has the
// column path and, if wished, case, patient and series. Lines that begin with # and empty ones are passed over. What is not found where the list
// lies is looked for where the program was called. Nothing is opened.
func readList(path string) ([]listed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, ct.Plain(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: a folder is no list: name it without --list", path)
	}
	all, err := parseList(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range all {
		if near := filepath.Join(filepath.Dir(path), all[i].path); !filepath.IsAbs(all[i].path) && exists(near) {
			all[i].path = near
		}
	}
	return all, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func parseList(r io.Reader) ([]listed, error) {
	lines := bufio.NewReader(r)
	if mark, err := lines.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = lines.Discard(len(mark))
	}
	all, err := io.ReadAll(lines)
	if err != nil {
		return nil, err
	}
	out, err := listLines(string(all))
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, errors.New("there are no paths in it")
	}
	return out, twiceListed(out)
}

// listLines reads the lines; the first that counts tells whether it is a CSV.
func listLines(text string) (out []listed, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case out == nil && separatorOf(line) != 0:
			return listRecords(text, separatorOf(line))
		}
		out = append(out, listed{path: filepath.Clean(line), said: line, line: n})
	}
	return out, nil
}

// separatorOf is what parts the columns of a header that has the column path; 0 where a line is none.
func separatorOf(line string) rune {
	for _, separator := range ",;\t" {
		if slices.Contains(columnsOf(strings.Split(line, string(separator))), pathColumn) {
			return separator
		}
	}
	return 0
}

// columnsOf are the names of columns in lower case.
func columnsOf(header []string) []string {
	out := make([]string, len(header))
	for i, name := range header {
		out[i] = strings.ToLower(strings.TrimSpace(name))
	}
	return out
}

func listRecords(text string, separator rune) (out []listed, err error) {
	c := csv.NewReader(strings.NewReader(text))
	c.TrimLeadingSpace, c.Comment, c.Comma = separator != '\t', '#', separator
	header, err := c.Read()
	if err != nil {
		return nil, err
	}
	columns := columnsOf(header)
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		} else if errors.Is(err, csv.ErrFieldCount) {
			line, _ := c.FieldPos(0)
			return nil, fmt.Errorf("line %d has %s, and the first line %d", line, ct.Count(len(record), "column"), len(header))
		} else if err != nil {
			return nil, err
		}
		var l listed
		l.line, _ = c.FieldPos(0)
		for i, name := range columns {
			switch field := strings.TrimSpace(record[i]); name {
			case pathColumn:
				l.path, l.said = filepath.Clean(field), field
			case caseColumn:
				l.name = field
			case patientColumn:
				l.patient = field
			case seriesColumn:
				l.series = field
			}
		}
		if l.said == "" {
			return nil, fmt.Errorf("line %d names no path", l.line)
		}
		out = append(out, l)
	}
}

// twiceListed is an error where two lines mean the same.
func twiceListed(all []listed) error {
	seen := map[[2]string]int{}
	for _, l := range all {
		key := [2]string{l.path, l.series}
		if first, twice := seen[key]; twice {
			return fmt.Errorf("line %d names the same as line %d: %s", l.line, first, l.said)
		}
		seen[key] = l.line
	}
	return nil
}
