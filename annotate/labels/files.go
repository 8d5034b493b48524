package labels

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom"
)

var errEmpty = errors.New("the file is empty")

// maxFiles bounds how many files one Read looks at.
const maxFiles = 20_000

// list lists the files under paths, each once: in the order of the paths, and of a folder
// in natural order. What is named again comes where it is named last. Links to folders
// are not followed. In folders is where a file was found that was not named itself.
func list(ctx context.Context, paths []string) (files []string, folders map[string]string, left []LeftOut, err error) {
	folders = map[string]string{}
	seen, groups := map[string]bool{}, make([][]string, len(paths))
	for k := len(paths) - 1; k >= 0; k-- {
		found, bad, err := under(ctx, paths[k])
		if err != nil {
			return nil, nil, nil, err
		}
		found = slices.DeleteFunc(found, func(f string) bool { return seen[ct.FullPath(f)] })
		for _, f := range found {
			seen[ct.FullPath(f)] = true
			if root := filepath.Clean(paths[k]); f != root {
				folders[f] = root
			}
		}
		groups[k], left = found, append(left, bad...)
		if len(seen) > maxFiles {
			return nil, nil, nil, tooMany(paths[k])
		}
	}
	return slices.Concat(groups...), folders, left, nil
}

func tooMany(root string) error {
	return fmt.Errorf("%s: there are more than %d files here; name a smaller folder", root, maxFiles)
}

// under lists the files under a path, in natural order.
func under(ctx context.Context, root string) (files []string, left []LeftOut, err error) {
	if _, err := os.Stat(root); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", root, ct.Plain(err))
	}
	err = filepath.WalkDir(filepath.Clean(root), func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			left = append(left, LeftOut{File: path, Reason: ct.Plain(err).Error()})
		case d.IsDir():
		case len(files) == maxFiles:
			return tooMany(root)
		default:
			files = append(files, path)
		}
		return nil
	})
	sort.SliceStable(files, func(i, j int) bool { return ct.NaturalLess(files[i], files[j]) })
	return files, left, err
}

// skipOwn leaves the series' own files out without a word: a folder may hold
// pictures and their masks.
func (in *intake) skipOwn(files []string) {
	in.done = map[string]bool{}
	own := map[string]bool{}
	for _, s := range in.target.s.Sources {
		own[ct.FullPath(s.File)] = true
	}
	for _, f := range files {
		in.done[f] = own[ct.FullPath(f)]
	}
}

// read reads one file, whose content says what it is.
func (in *intake) read(path string) {
	in.file, in.kind = path, ""
	defer func() {
		if p := recover(); p != nil {
			in.leave("", fmt.Sprintf("the file is damaged: %v", p))
		}
	}()
	if err := in.open(path); err != nil {
		_, ours := in.own[path]
		in.leave("", err.Error())
		in.report.LeftOut[len(in.report.LeftOut)-1].Lost = ours && err.Error() != otherExport
	}
}

func (in *intake) open(path string) error {
	f, size, err := openRegular(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := in.compare(f); err != nil {
		return err
	}
	if size == 0 {
		return in.emptyYOLO()
	}
	return in.content(io.NewSectionReader(f, 0, size))
}

// openRegular opens a file, and nothing that is called as one: a pipe would wait for a
// writer. Errors do not name it.
func openRegular(path string) (f *os.File, size int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, ct.Plain(err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	if f, err = os.Open(path); err != nil {
		return nil, 0, ct.Plain(err)
	}
	return f, info.Size(), nil
}

// sumOf is the SHA-256 of what r holds, in hex.
func sumOf(r io.Reader) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return fmt.Sprintf("%x", h.Sum(nil)), err
}

// content reads a file by what it begins with.
func (in *intake) content(f *io.SectionReader) error {
	in.work = newBudget(in.canvas.w*in.canvas.h*len(in.canvas.packed), f.Size())
	head := make([]byte, min(f.Size(), 512))
	if _, err := f.ReadAt(head, 0); err != nil {
		return ct.Plain(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return in.readPNG(f)
	case bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}):
		return errors.New("a JPEG picture, which smears the values of a mask")
	case bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")):
		return in.readJSON(f)
	case in.isYOLO(head):
		return in.readYOLO(f)
	}
	if known, err := in.readNIfTI(f, f.Size()); known {
		return err
	}
	o, err := dicom.ReadObject(f, f.Size())
	if err == nil {
		return in.readDICOM(o)
	}
	if !errors.Is(err, dicom.ErrNotDICOM) {
		return err
	}
	return errors.New("not a file of labels that can be read (PNG, NIfTI, DICOM segmentation or structure set, COCO, labelme, YOLO)")
}
