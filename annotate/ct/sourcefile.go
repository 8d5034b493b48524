package ct

import (
	"io"
	"os"

	"groundglass/annotate/ct/dicom"
)

// Header reads the DICOM header of the file that slice i came from, be it in a
// folder or in a zip archive, and hands it to use. Use keeps nothing of it. The
// error is use's own, or says why the file cannot be read, as where it has been
// moved or is no DICOM file.
func (s *Series) Header(i int, use func(o *dicom.Object) error) error {
	from := s.Sources[i]
	r, size, err := from.open()
	if err != nil {
		return err
	}
	defer r.Close()
	o, err := dicom.ReadObject(r, size)
	if err != nil {
		return err
	}
	return use(o)
}

type readerAtCloser interface {
	io.ReaderAt
	io.Closer
}

// open opens a slice's file, or the entry of an archive.
func (s Source) open() (r readerAtCloser, size int64, err error) {
	if s.entry != nil {
		u, err := s.entry.open()
		return u, s.entry.size, err
	}
	f, err := os.Open(s.File)
	if err != nil {
		return nil, 0, Plain(err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, Plain(err)
	}
	return f, info.Size(), nil
}
