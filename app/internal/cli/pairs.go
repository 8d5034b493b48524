package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// pair is an image and its true mask.
type pair struct {
	image, mask    string
	group, patient string     // "" is none
	spacing        [2]float64 // mm between columns, between rows, as stored; 0 unknown
	place          *float64   // mm along the patient; nil where it is not known
	line           int        // in the CSV; 0 is none
	reading
}

// reading is how the files of a pair are read.
type reading struct {
	foreground greyValues // of the mask; none: all above 0
	transpose  bool       // both are stored with rows and columns exchanged
}

// readPairs reads a CSV with the columns image and mask, and if wished those of pairColumns, in any order and any case;
// others are passed over. All files are looked for before anything is measured.
func readPairs(path string, defaults reading) ([]pair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pairs, err := parsePairs(f, defaults)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range pairs {
		q := &pairs[i]
		for _, file := range []*string{&q.image, &q.mask} {
			if *file, err = resolve(filepath.Dir(path), *file); err != nil {
				return nil, fmt.Errorf("%s, line %d: %w", path, q.line, err)
			}
		}
	}
	return pairs, nil
}

// resolve finds a file named in a CSV of a folder.
func resolve(folder, file string) (string, error) {
	near := file
	if !filepath.IsAbs(file) {
		near = filepath.Join(folder, file)
	}
	for _, path := range []string{near, file} {
		if info, err := os.Stat(path); err == nil {
			if info.IsDir() {
				return "", fmt.Errorf("%s is a folder, not a file", path)
			}
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: no such file", near)
}

func parsePairs(r io.Reader, defaults reading) ([]pair, error) {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(len(mark))
	}
	c := csv.NewReader(b)
	c.TrimLeadingSpace = true
	columns, err := readHeader(c)
	if err != nil {
		return nil, err
	}
	var pairs []pair
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(0)
		q := pair{line: line, reading: defaults}
		if err := q.fill(columns, record); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		pairs = append(pairs, q)
	}
	if len(pairs) == 0 {
		return nil, errors.New("there are no pairs below the header")
	}
	return pairs, nil
}

// readHeader returns the names of the columns, in lower case.
func readHeader(c *csv.Reader) ([]string, error) {
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; a header with the columns image and mask is needed")
	} else if err != nil {
		return nil, err
	}
	columns, known := make([]string, len(header)), map[string]bool{}
	for i, name := range header {
		columns[i] = strings.ToLower(strings.TrimSpace(name))
		known[columns[i]] = true
	}
	if !known["image"] || !known["mask"] {
		return nil, fmt.Errorf("the header is %q; it must have the columns image and mask", strings.Join(header, ","))
	}
	if known["spacing_x"] != known["spacing_y"] {
		return nil, errors.New("of the columns spacing_x and spacing_y one is missing")
	}
	return columns, nil
}
