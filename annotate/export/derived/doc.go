// Package derived writes the DICOM objects that labels of a CT series become:
// segmentations (PS3.3 A.51) and structure sets (PS3.3 A.19).
//
// A [Segmentation] or a [StructureSet] is filled and written; [Packer] packs the
// pixels of binary segmentations. The same labels of the same series make the same
// bytes: UIDs are digests of what they name, and dates are given.
//
// Lengths are in mm and positions in patient coordinates (LPS). Files are streamed:
// what is held in memory is a binary segmentation's bits, or a structure set's
// corners.
package derived
