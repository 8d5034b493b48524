package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ReadChanged is ReadManifest for a manifest that may be damaged: as long as it still
// says what an export can hold, it is returned beside the fault. It is nil where it
// cannot be used.
func ReadChanged(dir string) (*Manifest, error) {
	m, fault := ReadManifest(dir)
	if fault == nil {
		return m, nil
	}
	data, err := readBounded(filepath.Join(dir, ManifestFile), maxManifest)
	if m = (&Manifest{}); err != nil || !decodeChanged(data, manifestFormat, m) {
		return nil, fault
	}
	return m, fault
}

// readChangedCase is readCase in the way of ReadChanged.
func readChangedCase(dir string, c CaseRef) (*CaseEntry, error) {
	e, fault := readCase(dir, c)
	if fault == nil {
		return e, nil
	}
	data, err := readBounded(filepath.Join(dir, filepath.FromSlash(c.Manifest.File)), maxManifest)
	if e = (&CaseEntry{}); err != nil || !decodeChanged(data, caseFormat, e) {
		return nil, fault
	}
	return e, fault
}

// decodeChanged decodes what was changed, and reports whether an export could have
// written it.
func decodeChanged(data []byte, format string, to interface{ check() error }) bool {
	return checkHead(data, format) == nil && json.Unmarshal(data, to) == nil && to.check() == nil
}

// verifyWithout verifies an export whose manifest cannot be used: the bytes of the files
// that the cases' manifests name. The error is fault where none of these can be read.
func verifyWithout(ctx context.Context, dir string, fault error, shard Shard) (Report, error) {
	out := Report{Dir: dir}
	names, err := caseManifests(dir)
	if err != nil || len(names) == 0 {
		return out, fault
	}
	if _, err := os.Lstat(filepath.Join(dir, ManifestFile)); errors.Is(err, os.ErrNotExist) {
		fault = fmt.Errorf("%s is missing", ManifestFile)
	}
	known, read := map[string]bool{ManifestFile: true}, 0
	for k, name := range names {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		known[name] = true
		data, err := readBounded(filepath.Join(dir, filepath.FromSlash(name)), maxManifest)
		var e *CaseEntry
		if err == nil {
			e, err = decodeCase(data)
		}
		switch {
		case err != nil && shard.has(k):
			out.Problems = append(out.Problems, fmt.Sprintf("%s: %v.", name, err))
		case err == nil:
			read++
			for _, f := range e.Files {
				known[f.File] = true
			}
			if shard.has(k) {
				out.add(newCaseRef(e, data))
				v := &verifier{r: newReader(dir, nil, e)}
				v.files()
				out.Problems = append(out.Problems, v.all()...)
			}
		}
	}
	if read == 0 {
		return out, fault
	}
	if shard.Index == 0 {
		out.Problems = append([]string{fmt.Sprintf("%v: of the cases, only the bytes of their files could be checked.", fault)}, out.Problems...)
		out.Problems = append(out.Problems, unnamed(others(dir, known))...)
	}
	return out, nil
}

// caseManifests are the manifests of cases by their paths in dir, with slashes.
func caseManifests(dir string) (out []string, err error) {
	entries, err := os.ReadDir(filepath.Join(dir, DetailFolder))
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".json") && !e.IsDir() {
			out = append(out, path.Join(DetailFolder, name))
		}
	}
	return out, err
}
