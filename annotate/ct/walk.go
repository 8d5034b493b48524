package ct

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// maxFiles bounds how many files one Open looks at.
const maxFiles = 200_000

// walk lists the regular files under paths, in natural order and each once, and
// what it could not enter. Links to files are followed, links to folders are
// not, so that a walk always ends.
func walk(ctx context.Context, paths []string) (files []string, left []LeftOut, err error) {
	seen := map[string]bool{}
	add := func(path string) error {
		if path = filepath.Clean(path); !seen[path] {
			seen[path] = true
			files = append(files, path)
		}
		if len(files) > maxFiles {
			return fmt.Errorf("%s: there are more than %d files here; open a smaller folder", path, maxFiles)
		}
		return nil
	}
	for _, root := range paths {
		info, err := os.Stat(root)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", root, Plain(err))
		}
		if !info.IsDir() {
			if !info.Mode().IsRegular() {
				return nil, nil, fmt.Errorf("%s: neither a file nor a folder", root)
			}
			if err := add(root); err != nil {
				return nil, nil, err
			}
			continue
		}
		err = filepath.WalkDir(root+string(filepath.Separator), func(path string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				left = append(left, LeftOut{path, Plain(err).Error()})
				return nil
			}
			if d.IsDir() {
				return nil
			}
			if reason := odd(path, d); reason != "" {
				left = append(left, LeftOut{path, reason})
				return nil
			}
			return add(path)
		})
		if err != nil {
			return nil, nil, err
		}
	}
	sort.SliceStable(files, func(i, j int) bool { return NaturalLess(files[i], files[j]) })
	return files, left, nil
}

// odd says why a folder's entry cannot be read as a file; "" when it can.
func odd(path string, d fs.DirEntry) string {
	if d.Type().IsRegular() {
		return ""
	}
	if d.Type()&fs.ModeSymlink == 0 {
		return "not a regular file"
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "a link that leads nowhere"
	case info.IsDir():
		return "a link to a folder; links to folders are not followed"
	case !info.Mode().IsRegular():
		return "not a regular file"
	}
	return ""
}
