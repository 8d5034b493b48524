package ct

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

	"groundglass/annotate/ct/dicom"
)

// Found is what Open found. Everything that it looked at is either a slice of a
// series or listed in LeftOut, apart from archives that hold images and DICOM
// directories whose files are all there.
type Found struct {
	Series  []*Series
	LeftOut []LeftOut
}

// LeftOut is a file, or a folder, that is part of no series, and why.
type LeftOut struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// Broken reports whether the file is an image that was cut short, damaged or emptied, and
// not another thing that lies beside images, as far as its reason says.
func (l LeftOut) Broken() bool {
	return slices.ContainsFunc([]string{"cut short", "damaged", "the file is empty"}, func(words string) bool { return strings.Contains(l.Reason, words) })
}

// openWorkers is how many files are looked at at once.
const openWorkers = 2

// Open looks through files, zip archives and folders, nested ones too, and
// returns the series in them. A DICOM directory stands for the files that it
// names; a file in an archive has the archive's path and its own name in it.
// Progress, which may be nil, is told the number of files looked at,
// by one goroutine at a time. An error means that nothing could be looked at: a
// path that does not exist, or ctx's end. Unreadable files are no error; they
// are in LeftOut.
func Open(ctx context.Context, paths []string, progress func(done, total int)) (*Found, error) {
	if len(paths) == 0 {
		return nil, errors.New("no file or folder was given")
	}
	files, left, err := walk(ctx, paths)
	if err != nil {
		return nil, err
	}
	looks, err := lookAll(ctx, len(files), func(i int) look { return lookAt(files[i]) }, progress)
	if err != nil {
		return nil, err
	}
	if files, looks, err = followDirectories(ctx, files, looks, progress); err != nil {
		return nil, err
	}
	if files, looks, err = openArchives(ctx, files, looks, progress); err != nil {
		return nil, err
	}
	found := &Found{LeftOut: left}
	var pictures []picture
	var images []imageFile
	for i, l := range looks {
		if l.reason != "" {
			found.LeftOut = append(found.LeftOut, LeftOut{files[i], l.reason})
		}
		if l.picture != nil {
			pictures = append(pictures, *l.picture)
		}
		if l.image != nil {
			images = append(images, imageFile{files[i], l.entry, l.image})
		}
	}
	series, out := dicomSeries(images)
	found.Series = append(found.Series, series...)
	found.LeftOut = append(found.LeftOut, out...)
	found.addOther(looks)
	found.Series = append(found.Series, pictureSeries(pictures)...)
	sort.SliceStable(found.LeftOut, func(i, j int) bool { return NaturalLess(found.LeftOut[i].File, found.LeftOut[j].File) })
	found.tellSeries()
	tellMasks(found.Series)
	return found, nil
}

// tellSeries gives each series what was left out of its folders.
func (f *Found) tellSeries() {
	in := map[string][]int{} // indices of LeftOut, by folder
	for i, l := range f.LeftOut {
		dir := filepath.Dir(l.File)
		in[dir] = append(in[dir], i)
	}
	for _, s := range f.Series {
		var list []int
		seen := map[string]bool{}
		for _, src := range s.Sources {
			if dir := filepath.Dir(src.File); !seen[dir] {
				seen[dir] = true
				list = append(list, in[dir]...)
			}
		}
		slices.Sort(list)
		for _, i := range list {
			s.LeftOut = append(s.LeftOut, f.LeftOut[i])
		}
	}
}

// look is what one file turned out to be.
type look struct {
	picture  *picture
	image    *dicom.Image
	series   []*Series
	unlikely bool     // the series seem to be masks or other things than CT
	entry    *entry   // where the image is, in an archive
	archive  bool     // it is a zip archive
	named    []string // the files that it names, where it is a DICOM directory
	reason   string   // why the file, or a part of it, is left out
}

// lookAll looks at n files with a few workers.
func lookAll(ctx context.Context, n int, lookAt func(i int) look, progress func(done, total int)) ([]look, error) {
	looks := make([]look, n)
	var mu sync.Mutex
	next, done := 0, 0
	worker := func() {
		for {
			mu.Lock()
			i := next
			next++
			mu.Unlock()
			if i >= n || ctx.Err() != nil {
				return
			}
			looks[i] = lookAt(i)
			mu.Lock()
			if done++; progress != nil {
				progress(done, n)
			}
			mu.Unlock()
		}
	}
	var group sync.WaitGroup
	for range openWorkers {
		group.Go(worker)
	}
	group.Wait()
	return looks, ctx.Err()
}

// lookAt decides by a file's content what it is.
func lookAt(path string) (l look) {
	defer l.recovered()
	f, err := os.Open(path)
	if err != nil {
		return look{reason: Plain(err).Error()}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return look{reason: Plain(err).Error()}
	}
	head := make([]byte, min(info.Size(), 512))
	if _, err := io.ReadFull(f, head); err != nil {
		return look{reason: Plain(err).Error()}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return look{reason: Plain(err).Error()}
	}
	switch {
	case info.Size() == 0:
		return look{reason: "the file is empty"}
	case isArchive(head):
		return look{archive: true}
	case isPicture(head):
		c, err := pictureConfig(f)
		if err == nil {
			_, err = scaleFor(path)
		}
		if err != nil {
			return look{reason: err.Error()}
		}
		return look{picture: &picture{path: path, config: c, bytes: info.Size()}}
	}
	if other, ok := lookAtOther(f, path, head, info.Size()); ok {
		return other
	}
	return lookAtDICOM(f, info.Size(), "not an image that can be read (DICOM, NIfTI, PNG, JPEG or TIFF)")
}

// recovered turns a panic on a file into a reason; it is to be deferred.
func (l *look) recovered() {
	if p := recover(); p != nil {
		*l = look{reason: fmt.Sprintf("the file is damaged: %v", p)}
	}
}

// lookAtDICOM decides what a DICOM file is; otherwise is the reason where it is
// none.
func lookAtDICOM(r io.ReaderAt, size int64, otherwise string) look {
	image, err := dicom.Read(r, size)
	var directory *dicom.Directory
	switch {
	case errors.As(err, &directory):
		return look{named: append([]string{}, directory.Files...)}
	case errors.Is(err, dicom.ErrNotDICOM):
		return look{reason: otherwise}
	case err != nil:
		return look{reason: err.Error()}
	}
	return look{image: image}
}
