package project

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// Find is the project that a path names, by its folder or by the file in it;
// ErrNone where it names none.
func Find(path string) (dir string, d Description, err error) {
	dir = path
	if filepath.Base(path) == DescriptionFile {
		dir = filepath.Dir(path)
	}
	d, err = Describe(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNone
	}
	return ct.FullPath(dir), d, err
}

// Read brings the work on a series that a project's folder holds into s, which is
// new, as far as it is safe by now. It takes no lock and writes nothing, and
// another program may be at work on it.
func Read(dir string, s *annotate.Session) (Report, error) {
	l, err := loadLive(Disk{}, filepath.Join(dir, "series", SeriesID(s.Series())), s, true)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return l.report, err
}

// Audit is a series' audit file in a project's folder up to the step of a number,
// in whole lines; id is its SeriesID.
func Audit(dir, id string, last uint64) []byte {
	data, err := os.ReadFile(filepath.Join(dir, "series", id, AuditFile))
	if err != nil {
		return nil
	}
	n := 0
	for line := range bytes.Lines(data) {
		var l AuditLine
		if !bytes.HasSuffix(line, []byte{'\n'}) || json.Unmarshal(line, &l) == nil && l.Step > last {
			break
		}
		n += len(line)
	}
	return data[:n]
}

// Changed is how many slices of a series come of other files than those that the
// project knows. It reads all of them.
func (d Description) Changed(ctx context.Context, s *ct.Series) int {
	at := d.at(SeriesID(s))
	if at < 0 {
		return 0
	}
	_, differ, _ := d.Series[at].compare(s, hashFiles(s, ctx.Done()))
	return differ
}

// Images are the files of the project's images that are there, or an error that
// says what to do where there are none.
func (d Description) Images(dir string) ([]string, error) {
	files := d.Files()
	if len(files) == 0 {
		return nil, fmt.Errorf("the images of the project %s are not where they were: open the folder that they are in now, and the work on them is found", dir)
	}
	return files, nil
}
