package export

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// Kinds are what the files of the cases are that the export in dir holds, by their paths
// in it with slashes; nil where dir holds no export. The error is for an export whose
// manifests cannot be read.
func Kinds(dir string) (map[string]string, error) {
	data, err := readBounded(filepath.Join(dir, ManifestFile), maxManifest)
	if err != nil || !saysExport(data) {
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		return nil, err
	}
	m, fault := ReadChanged(dir)
	if m == nil {
		return nil, fault
	}
	out := map[string]string{}
	for _, c := range m.Cases {
		e, fault := readChangedCase(dir, c)
		if e == nil {
			return nil, fault
		}
		for _, f := range e.Files {
			out[f.File] = f.Kind
		}
	}
	return out, nil
}

// saysExport reports whether bytes say that they are an export's manifest.
func saysExport(data []byte) bool {
	var head struct {
		Format string `json:"format"`
	}
	return json.Unmarshal(data, &head) == nil && head.Format == manifestFormat
}
