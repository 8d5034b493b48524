package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/app/internal/cli"
)

func (e *exporter) Naming(dir, name string, series []*ct.Series) (out []string) {
	for _, s := range series {
		out = withNew(out, cli.NameWarnings(dir, name, &export.Case{Patient: s.Patient.ID, Series: s}))
	}
	return out
}

func (e *exporter) Key() (file string, there bool) { return e.key.place() }

func (e *exporter) Apart(dir string, series []*ct.Series, identity bool) error {
	file, err := keyFile()
	if err == nil && !identity && cli.KeyLeaves(file, dir) {
		return fmt.Errorf("the key %s would lie in %s and leave with it: choose another folder", file, dir)
	}
	return cli.Apart(imagesOf(series), dir)
}

// imagesOf are the folders that the images of series lie in, or the file that holds all of one. A folder in which all
// that is the user's lies is left out: what is in it is not there for the images.
func imagesOf(series []*ct.Series) (out []string) {
	home, _ := os.UserHomeDir()
	for _, s := range series {
		files, folders := map[string]bool{}, map[string]bool{}
		for _, from := range s.Sources {
			if from.File != "" {
				path := ct.FullPath(from.File)
				files[path], folders[filepath.Dir(path)] = true, true
			}
		}
		if len(files) == 1 {
			folders = files
		}
		for place := range folders {
			if rel, err := filepath.Rel(place, home); err != nil || !filepath.IsLocal(rel) {
				out = append(out, place)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
