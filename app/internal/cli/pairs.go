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
	image, mask, group string // group "" is none
	line               int    // in the CSV
}

// readPairs reads a CSV with the columns image, mask and group, in any order and any case; others are passed over. All
// files are looked for before anything is measured.
func readPairs(path string) ([]pair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pairs, err := parsePairs(f)
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

func parsePairs(r io.Reader) ([]pair, error) {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(len(mark))
	}
	c := csv.NewReader(b)
	c.TrimLeadingSpace = true
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; a header with the columns image and mask is needed")
	} else if err != nil {
		return nil, err
	}
	column := map[string]int{}
	for i, name := range header {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	image, ok := column["image"]
	mask, both := column["mask"]
	if !ok || !both {
		return nil, fmt.Errorf("the header is %q; it must have the columns image and mask", strings.Join(header, ","))
	}
	group, grouped := column["group"]
	var pairs []pair
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(0)
		q := pair{image: strings.TrimSpace(record[image]), mask: strings.TrimSpace(record[mask]), line: line}
		if grouped {
			q.group = strings.TrimSpace(record[group])
		}
		if q.image == "" || q.mask == "" {
			return nil, fmt.Errorf("line %d names no image or no mask", line)
		}
		pairs = append(pairs, q)
	}
	if len(pairs) == 0 {
		return nil, errors.New("there are no pairs below the header")
	}
	return pairs, nil
}
