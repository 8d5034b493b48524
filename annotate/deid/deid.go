// Package deid takes out of DICOM files what says who the patient is, by the Basic
// Application Level Confidentiality Profile of DICOM PS3.15 Annex E and some of its
// options.
//
// Start with [Clean], which reads one file and writes it anew. What becomes of each
// attribute is looked up in the standard's own table ([Edition]), at every depth of
// sequences; texts that are not in it are emptied, but for those of devices and codes.
// Names, numbers and days of the file's people then go from whatever stays. New UIDs, pseudonyms and shifts of dates come from a [Mapper]: a [Key]
// is one that gives the same answers for all files of a patient, in any order and
// on any machine, and keeps the way back in a file of its own. [Secrets] then looks
// through what was written for anything that should not be there.
//
// The headers alone are cleaned. Text that is burned into pixels stays where it is:
// [Report] warns where it is likely, and [TextLike] looks for it.
package deid

import (
	"context"
	"fmt"
	"io"

	"groundglass/annotate/ct/dicom"
)

// Mapper gives what stands in the place of identities. The same question always
// gets the same answer, and what it gave stays as it is, so that files can be cleaned
// again.
type Mapper interface {
	UID(uid string) string    // a UID that is not the standard's own
	Patient(id string) string // a pseudonym
	Days(id string) int       // how far to shift the dates of a patient
	Made(id string) bool      // whether a UID or a pseudonym is one that it gave
}

// Dates says what becomes of dates and times.
type Dates int

// RemoveDates is the profile itself, the others are its options Retain Longitudinal
// Temporal Information With Modified, and With Full Dates.
const (
	RemoveDates Dates = iota
	ShiftDates        // by a number of days that is the patient's own
	KeepDates
)

// Options are the profile's options that are used; the zero value is the profile
// alone.
type Options struct {
	KeepUIDs         bool
	Dates            Dates
	KeepPatient      bool // age, sex, size and the like
	KeepDevice       bool
	CleanDescriptors bool // descriptions keep the words that say nothing of a person
}

// Action is what becomes of an attribute (PS3.15 Table E.1-1a).
type Action string

// The actions.
const (
	Dummy  Action = "D"
	Zero   Action = "Z"
	Remove Action = "X"
	Keep   Action = "K"
	Tidy   Action = "C"
	Map    Action = "U"
)

// Change is what became of one attribute.
type Change struct {
	Tag      uint32
	Keyword  string
	Path     string // of the sequences around it, as in ReferencedStudySequence[1]
	Action   Action
	Original string // shortened; it must not leave with the file
	New      string
}

// Report is what was done to a file.
type Report struct {
	Patient, Study, Series, Instance string // as they are now
	Class                            string // SOP Class UID
	Modality                         string
	Was                              Identity
	Person                           Person // the patient, as the file said

	Changes  []Change
	Kept     int      // attributes that stay as they are
	LeaveOut string   // why the file should be left out unless it is asked for; "" for the images and their labels
	Warnings []string // what may show the patient's identity in the picture
	Secrets  []Secret // what must not be found in the file any more
}

// Identity is how a file named things before.
type Identity struct{ Patient, Study, Series, Instance string }

// Clean writes a file of the given size anew, without what says who the patient
// is. Its error says in plain words why the file cannot be cleaned: then what has
// been written is of no use. The pixels stay as they are, without bits beside the
// stored ones, which may hold overlays, bytes behind the last one, and, in JPEG and
// JPEG 2000, comments and application data, which become zeros. Deflated files become explicit VR little
// endian; all others keep their transfer syntax. What follows the pixel data is
// dropped.
func Clean(ctx context.Context, in io.ReaderAt, size int64, out io.Writer, key Mapper, o Options) (Report, error) {
	object, err := dicom.ReadObject(in, size)
	if err != nil {
		return Report{}, err
	}
	if object.Has(directoryRecords) {
		return Report{}, fmt.Errorf("a directory of DICOM files, which names them and their patients")
	}
	c := newCleaner(ctx, object, key, o)
	set, err := c.clean()
	if err != nil {
		return Report{}, err
	}
	if err := c.write(out, set); err != nil {
		return Report{}, err
	}
	return c.report, nil
}
