package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"groundglass/annotate/ct"
)

// encode returns the manifest's bytes, with its checksum set.
func (m *Manifest) encode() ([]byte, error) {
	m.Checksum = ""
	bare, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	m.Checksum = digest(bare)
	return indented(m)
}

func indented(v any) ([]byte, error) {
	out, err := json.MarshalIndent(v, "", "  ")
	return append(out, '\n'), err
}

// ReadManifest reads the manifest of the export in dir and checks that it is
// one, and unchanged.
func ReadManifest(dir string) (*Manifest, error) {
	data, err := readBounded(filepath.Join(dir, ManifestFile), maxManifest)
	if err != nil {
		return nil, noExport(dir, err)
	}
	m, err := decodeManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, ManifestFile), err)
	}
	return m, nil
}

// noExport says why there is no manifest in dir.
func noExport(dir string, err error) error {
	switch info, missing := os.Stat(dir); {
	case missing != nil:
		return fmt.Errorf("%s: %w", dir, ct.Plain(missing))
	case !info.IsDir():
		return fmt.Errorf("%s is no export, which is a folder", dir)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is no export: it has no %s", dir, ManifestFile)
	}
	return fmt.Errorf("%s: %s: %w", dir, ManifestFile, ct.Plain(err))
}

func readBounded(file string, most int64) ([]byte, error) {
	f, err := openPlain(file)
	if errors.Is(err, errNotPlain) {
		return nil, fmt.Errorf("%s %w", file, err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", file, err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s is larger than any that is exported", file)
	}
	return data, nil
}

func decodeManifest(data []byte) (*Manifest, error) {
	m := &Manifest{}
	if err := decodeStrict(data, manifestFormat, m); err != nil {
		return nil, err
	}
	said := m.Checksum
	if _, err := m.encode(); err != nil {
		return nil, err
	}
	if m.Checksum != said {
		return nil, errors.New("the manifest was changed after the export: its checksum does not fit")
	}
	return m, m.check()
}

// decodeStrict decodes a manifest of a version that is verified.
func decodeStrict(data []byte, format string, to any) error {
	if err := checkHead(data, format); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("the manifest is damaged: %w", err)
	}
	return nil
}

// checkHead says why bytes are no manifest of a format and of this version.
func checkHead(data []byte, format string) error {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return fmt.Errorf("the manifest is damaged: %w", err)
	}
	switch {
	case head.Format != format:
		return errors.New("this is not the manifest of an export")
	case head.Version > manifestVersion:
		return fmt.Errorf("a newer program wrote the manifest (version %d; this one reads version %d)", head.Version, manifestVersion)
	case head.Version < oldestVersion:
		return fmt.Errorf("an older program wrote the manifest (version %d; this one checks versions from %d on): its masks can be opened as labels, and exported anew", head.Version, oldestVersion)
	}
	return nil
}

// check says whether the manifest can be what an export wrote.
func (m *Manifest) check() error {
	if m.Masks != binaryMasks && m.Masks != valueMasks {
		return fmt.Errorf("the manifest names masks of the kind %q", m.Masks)
	}
	if _, err := PresetNamed(m.Preset); err != nil {
		return fmt.Errorf("the manifest names a preset that is not known: %w", err)
	}
	if m.Square != 0 && (m.Square < MinSquare || m.Square > MaxSquare) {
		return fmt.Errorf("the manifest names pictures of %d pixels a side", m.Square)
	}
	files, cases := map[string]bool{ManifestFile: true}, map[string]bool{}
	for _, c := range m.Cases {
		if cases[c.Case] {
			return fmt.Errorf("the manifest names the case %s twice", c.Case)
		}
		cases[c.Case] = true
		if c.Manifest.File != detailFile(c.Case) {
			return fmt.Errorf("the manifest names %q, which is no manifest of a case", c.Manifest.File)
		}
		if err := addFile(files, c.Manifest.File); err != nil {
			return err
		}
	}
	for _, f := range m.Files {
		if err := addFile(files, f.File); err != nil {
			return err
		}
	}
	return nil
}

func addFile(files map[string]bool, name string) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name {
		return fmt.Errorf("the manifest names %q, which is no file of this folder", name)
	}
	if files[name] {
		return fmt.Errorf("the manifest names %s twice", name)
	}
	files[name] = true
	return nil
}

func detailFile(name string) string { return path.Join(DetailFolder, name+".json") }
func auditFile(name string) string  { return path.Join(DetailFolder, name+".audit.jsonl") }

// ReadCase reads the manifest of a case and checks that it is the one that the
// export's manifest names.
func ReadCase(dir string, c CaseRef) (*CaseEntry, error) { return readCase(dir, c) }

func readCase(dir string, c CaseRef) (*CaseEntry, error) {
	data, err := readBounded(filepath.Join(dir, filepath.FromSlash(c.Manifest.File)), maxManifest)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing", c.Manifest.File)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Manifest.File, ct.Plain(err))
	}
	if digest(data) != c.Manifest.SHA256 {
		return nil, fmt.Errorf("%s was changed after the export: its SHA-256 does not fit", c.Manifest.File)
	}
	e, err := decodeCase(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Manifest.File, err)
	}
	if e.Case != c.Case || e.Held != c.Held || len(e.Slices) != c.Slices || len(e.Files) != c.Files {
		return nil, fmt.Errorf("%s is not of the case that the manifest says", c.Manifest.File)
	}
	return e, nil
}

func decodeCase(data []byte) (*CaseEntry, error) {
	e := &CaseEntry{}
	if err := decodeStrict(data, caseFormat, e); err != nil {
		return nil, err
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	return e, nil
}

// check says whether the manifest of a case can be what an export wrote.
func (e *CaseEntry) check() error {
	if r, c := e.Series.Rows, e.Series.Columns; r <= 0 || c <= 0 || r > ct.MaxPixels/c {
		return fmt.Errorf("the manifest names slices of %dx%d pixels", c, r)
	}
	files := map[string]bool{}
	for _, f := range e.Files {
		if err := addFile(files, f.File); err != nil {
			return err
		}
		if f.Slice < 0 || f.Slice > len(e.Slices) {
			return fmt.Errorf("the manifest names slice %d of %d", f.Slice, len(e.Slices))
		}
	}
	return nil
}
