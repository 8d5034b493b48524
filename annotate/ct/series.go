package ct

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"groundglass/annotate/ct/dicom"
)

// Source says where a slice came from.
type Source struct {
	File           string
	Frame          int // frame number, counted from 1, in a file of several frames; 0 otherwise
	SOPInstanceUID string
	SOPClassUID    string
	InstanceNumber int
	PositionMM     float64 // along the series' normal
	HasPosition    bool
	Corner         *[3]float64 // centre of the first pixel in mm (LPS), where the series' geometry does not tell it; else nil

	entry *entry // where File is, in an archive
}

// Series is a stack of slices of one size, sorted by position. Its fields are
// fixed once it is made; its methods may be called from several goroutines.
type Series struct {
	UID, Description, Modality string
	Rows, Columns              int
	Geometry                   Geometry
	Window                     Window    // to show it with at first
	TransferSyntaxes           []string  // DICOM UIDs, "NIfTI-1", "NIfTI-2", "PNG", "JPEG" or "TIFF"
	Assumed                    bool      // Hounsfield units are a guess: values are taken as a lung window
	Values                     string    // how stored values become Hounsfield units, where the file format does not say
	Warnings                   []string  // sentences for people
	LeftOut                    []LeftOut // files and frames from the folders of its sources that are in no series
	Inverted                   bool      // to be shown with black and white exchanged (MONOCHROME1); the values are as in others
	Sources                    []Source  // one a slice, in the order of the slices
	Made                       Made
	Unlikely                   bool   // its values are hardly those of a CT: it may be a mask
	MaskOf                     string // the folder of the images that it seems to be masks of; "" where there are none

	// Identity that derived objects refer to; empty for pictures.
	StudyUID, FrameOfReferenceUID string
	Patient                       Patient

	slight bool // its files, or their values, are such that it may be a mask
	cache  *cache
}

// Patient is whom a series shows, as its files say; empty for those that do not.
type Patient struct {
	ID, Name  string
	Issuer    string // who gave the ID (IssuerOfPatientID); "" where the files do not say
	Birth     string // date (PatientBirthDate)
	Removed   bool   // all files say that they tell no more who it is (PatientIdentityRemoved)
	RemovedBy string // by what, where they agree (DeidentificationMethod)
}

// Person is the patient of the series as its files name one.
func (s *Series) Person() dicom.Person {
	return dicom.Person{ID: s.Patient.ID, Issuer: s.Patient.Issuer, Name: s.Patient.Name, Birth: s.Patient.Birth, Study: s.StudyUID}
}

// Made says how the slices of a series were made, as far as their files do.
type Made struct {
	Kernel, BodyPart string
	Type             []string // DICOM Image Type, such as ORIGINAL, PRIMARY, AXIAL
	ThicknessMM      float64  // of the slab that a slice shows; 0 when not known
}

// NewSeries returns a series with the data of meta, whose slices come from
// load. The number of slices is len(meta.Sources). Load must be safe for calls
// from several goroutines; it is called again for slices that the bounded cache
// has dropped.
func NewSeries(meta Series, load func(i int) (*Slice, error)) *Series {
	s := meta
	s.cache = newCache(load, cacheBytes)
	return &s
}

// Len returns the number of slices.
func (s *Series) Len() int { return len(s.Sources) }

// Slice returns slice i, decoding it if it is not in the cache. The result is
// shared: callers do not write to it.
func (s *Series) Slice(i int) (*Slice, error) {
	if i < 0 || i >= s.Len() {
		return nil, fmt.Errorf("there is no slice %d in a series of %d", i+1, s.Len())
	}
	v, err := s.cache.get(i)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Sources[i].File, err)
	}
	if v.W != s.Columns || v.H != s.Rows {
		return nil, fmt.Errorf("%s: the slice has %dx%d pixels, the series %dx%d", s.Sources[i].File, v.W, v.H, s.Columns, s.Rows)
	}
	return v, nil
}

// SliceName returns the name that files made from a slice carry: its file's
// name without its ending (or two, as in .nii.gz), and the frame number where
// the file has several. A last part without letters is no ending, since DICOM
// files are often named by bare UIDs.
func SliceName(s Source) string {
	name := filepath.Base(s.File)
	if bare := strings.TrimSuffix(name, ".gz"); bare != "" {
		name = bare
	}
	ending := filepath.Ext(name)
	if strings.ContainsFunc(ending, unicode.IsLetter) && ending != name {
		name = strings.TrimSuffix(name, ending)
	}
	if s.Frame > 0 {
		name = fmt.Sprintf("%s_%04d", name, s.Frame)
	}
	return name
}
