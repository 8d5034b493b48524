package ct

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"groundglass/annotate/ct/dicom"
)

// openArchives looks at the entries of the zip archives among files, and appends
// them and their looks. Archives in archives are not opened.
func openArchives(ctx context.Context, files []string, looks []look, progress func(done, total int)) ([]string, []look, error) {
	for i := range looks {
		if !looks[i].archive {
			continue
		}
		entries, left, err := listArchive(files[i])
		if err != nil {
			looks[i].reason = err.Error()
			continue
		}
		before := len(looks)
		if before+len(entries) > maxFiles {
			return nil, nil, fmt.Errorf("%s: there are more than %d files here; open less at once", files[i], maxFiles)
		}
		added, err := lookAll(ctx, len(entries), func(k int) look { return entries[k].look() }, func(done, total int) {
			if progress != nil {
				progress(before+done, before+total)
			}
		})
		if err != nil {
			return nil, nil, err
		}
		if !anyImage(added) {
			looks[i].reason = withoutImages(added, left)
			continue
		}
		for k := range entries {
			files = append(files, entries[k].path)
		}
		looks = append(looks, added...)
		for _, l := range left {
			files, looks = append(files, l.File), append(looks, look{reason: l.Reason})
		}
		settleDirectories(files[before:], looks[before:])
	}
	return files, looks, nil
}

// withoutImages words why an archive is of no use.
func withoutImages(looks []look, left []LeftOut) string {
	s := fmt.Sprintf("an archive of %s without an image that can be read (DICOM, NIfTI, PNG or JPEG)", Count(len(looks)+len(left), "file"))
	if len(left) > 0 {
		s += fmt.Sprintf("; of %.100q: %s", filepath.Base(left[0].File), left[0].Reason)
	}
	return s
}

func anyImage(looks []look) bool {
	for i := range looks {
		if looks[i].image != nil || looks[i].picture != nil || looks[i].series != nil {
			return true
		}
	}
	return false
}

// settleDirectories compares DICOM directories in an archive with what is there.
func settleDirectories(files []string, looks []look) {
	there := map[string]bool{}
	for _, f := range files {
		there[strings.ToLower(f)] = true
	}
	for i := range looks {
		if looks[i].named == nil {
			continue
		}
		var missing []string
		for _, name := range looks[i].named {
			if !there[strings.ToLower(filepath.Join(filepath.Dir(files[i]), filepath.FromSlash(name)))] {
				missing = append(missing, name)
			}
		}
		looks[i].reason = directoryReason(len(looks[i].named), missing)
	}
}

// look decides by an entry's content what it is.
func (e *entry) look() (l look) {
	defer l.recovered()
	if e.size == 0 {
		return look{reason: "the file is empty"}
	}
	u, err := e.open()
	if err != nil {
		return look{reason: err.Error()}
	}
	defer u.Close()
	head := make([]byte, min(e.size, 512))
	if _, err := u.ReadAt(head, 0); err != nil {
		return look{reason: "the archive is damaged here"}
	}
	switch {
	case filepath.Base(e.path) == CardName:
		return look{reason: "a window card counts only outside archives; unpack the archive first"}
	case isArchive(head):
		return look{reason: "an archive in an archive; unpack the outer one first"}
	case isPicture(head):
		c, err := pictureConfig(io.NewSectionReader(u, 0, e.size))
		if err != nil {
			return look{reason: err.Error()}
		}
		return look{picture: &picture{path: e.path, config: c, bytes: e.size, entry: e}}
	}
	if l, ok := lookAtPackedNIfTI(u); ok {
		return l
	}
	l = lookAtDICOM(u, e.size, "not an image that can be read in an archive (DICOM, NIfTI, PNG or JPEG)")
	l.entry = e
	return l
}

// slice decodes a frame of the DICOM image in an entry.
func (e *entry) slice(im *dicom.Image, frame int) (hu []int16, pad []bool, err error) {
	u, err := e.open()
	if err != nil {
		return nil, nil, err
	}
	defer u.Close()
	if hu, pad, err = im.Decode(u, frame); err != nil {
		return nil, nil, err
	}
	return hu, pad, u.verify()
}

// picture decodes the picture in an entry.
func (e *entry) picture() (*Slice, error) {
	u, err := e.open()
	if err != nil {
		return nil, err
	}
	defer u.Close()
	s, err := decodePicture(io.NewSectionReader(u, 0, e.size), lungScale)
	if err != nil {
		return nil, err
	}
	return s, u.verify()
}
