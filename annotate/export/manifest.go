package export

// ManifestFile is the manifest's name in the folder of an export, DetailFolder that of
// the folder with the cases' own manifests and their audit logs.
const (
	ManifestFile = "manifest.json"
	DetailFolder = "groundglass"
)

const (
	manifestFormat  = "groundglass export"
	caseFormat      = "groundglass exported case"
	manifestVersion = 6         // up to 5 cases had no fingerprint of their images
	oldestVersion   = 5         // that is verified; up to 4 an export was one case of PNG files
	maxManifest     = 256 << 20 // bytes that Verify is willing to read
)

// Manifest says what an export holds. What is of a single case is in the case's own
// manifest.
type Manifest struct {
	Format   string       `json:"format"`
	Version  int          `json:"version"`
	Program  string       `json:"program"`
	Preset   string       `json:"preset"`
	Name     string       `json:"name,omitempty"`     // of the data set
	Identity string       `json:"identity,omitempty"` // what was done about it; nothing where it is missing
	Model    string       `json:"model"`
	Cut      float64      `json:"threshold"`
	Masks    string       `json:"mask_values"` // "0/255" or "labels"
	Window   *WindowEntry `json:"image_window,omitempty"`
	Square   int          `json:"square,omitempty"` // pixels to the side to which all was resampled
	Folds    int          `json:"folds,omitempty"`
	Limits   *LimitsEntry `json:"limits,omitempty"`
	Labels   []LabelEntry `json:"labels"`
	Without  []LabelEntry `json:"left_out_labels,omitempty"` // of the work, whose pixels are background here
	Cases    []CaseRef    `json:"cases"`
	LeftOut  []LeftOut    `json:"left_out,omitempty"`
	Files    []FileEntry  `json:"files,omitempty"` // that are of no single case
	Checksum string       `json:"checksum"`        // SHA-256 of this manifest with an empty checksum
}

// CaseRef is a case, its own manifest and what is in it.
type CaseRef struct {
	Case         string    `json:"case"`
	Patient      string    `json:"patient,omitempty"`
	Held         bool      `json:"held_out,omitempty"`
	Slices       int       `json:"slices"`
	Files        int       `json:"files"`
	ForegroundPx int       `json:"foreground_px"`
	Manifest     FileEntry `json:"manifest"`
}

// CaseEntry is the manifest of a case: where each of its files comes from and what it
// holds.
type CaseEntry struct {
	Format  string       `json:"format"`
	Version int          `json:"version"`
	Case    string       `json:"case"`
	Patient string       `json:"patient,omitempty"`
	Held    bool         `json:"held_out,omitempty"` // with all cases of the patient, for testing
	Series  SeriesEntry  `json:"series"`
	Slices  []SliceEntry `json:"slices"`
	Files   []FileEntry  `json:"files"`
	Remarks []string     `json:"remarks,omitempty"` // on what the format could not hold
}

// The values of Manifest.Masks.
const (
	binaryMasks = "0/255"
	valueMasks  = "labels"
)

// SeriesEntry is the series that the slices belong to.
type SeriesEntry struct {
	UID              string         `json:"uid"`
	Deidentified     bool           `json:"deidentified,omitempty"` // before: UIDs and the patient's pseudonym are the images' own
	Description      string         `json:"description"`
	Modality         string         `json:"modality"`
	Rows             int            `json:"rows"`
	Columns          int            `json:"columns"`
	Fingerprint      string         `json:"fingerprint,omitempty"` // of its images: ct.Series.Fingerprint
	SpacingMM        *[3]float64    `json:"spacing_mm,omitempty"`  // row, column, slice
	Affine           *[4][4]float64 `json:"affine,omitempty"`      // from (column, row, slice) indices to mm: right, anterior, superior
	Uneven           bool           `json:"uneven,omitempty"`      // slices are missing or shifted: the affine does not hold for all
	TransferSyntaxes []string       `json:"transfer_syntaxes"`

	// How the slices lie, and with them pictures of them; nil where it is not known.
	Orientation *OrientationEntry `json:"orientation,omitempty"`

	// The report of the series: what is remarkable about it, such as gaps, a tilted
	// gantry or how its values were made, and what its folders held beside it.
	Warnings []string       `json:"warnings,omitempty"`
	Values   string         `json:"values,omitempty"`
	LeftOut  []LeftOutEntry `json:"left_out,omitempty"`
}

// OrientationEntry is how the stored order of a series' pixels lies in the patient.
type OrientationEntry struct {
	Row    [3]float64 `json:"row"`    // unit vector along a row, in DICOM's frame: left, back, head
	Column [3]float64 `json:"column"` // likewise down a column
	Left   string     `json:"left"`   // the patient's side that is at the picture's left: R, L, A, P, S or I
	Right  string     `json:"right"`
	Top    string     `json:"top"`
	Bottom string     `json:"bottom"`
}

// LeftOutEntry is a file, by its name without folders, that is in no series.
type LeftOutEntry struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// WindowEntry is the window level of exported images, in HU.
type WindowEntry struct {
	Width float64 `json:"width"`
	Level float64 `json:"level"`
}

// LimitsEntry is what proposals had to reach to be taken for labels; 0 is no limit.
type LimitsEntry struct {
	LeastConfidence float64 `json:"least_confidence"`
	LargestDoubt    float64 `json:"largest_doubt"`
}

// LabelEntry is one row of the label table. Value is what counts have, and masks
// where there is nothing else in InFiles.
type LabelEntry struct {
	Value   uint8      `json:"value"`
	InFiles uint8      `json:"file_value"` // 0 for a label that is left out; several may share one
	Name    string     `json:"name"`
	Color   string     `json:"color"`
	Code    *CodeEntry `json:"code,omitempty"`
	Program uint8      `json:"program_value,omitempty"` // its value in the program, where that is another
}

// CodeEntry is a coded meaning, as DICOM writes it.
type CodeEntry struct {
	Scheme  string `json:"scheme"`
	Value   string `json:"value"`
	Meaning string `json:"meaning"`
}

// SliceEntry is one slice: its source, who set its pixels, and its files.
type SliceEntry struct {
	Slice          int             `json:"slice"` // from 1, in the series' order
	Source         string          `json:"source"`
	Frame          int             `json:"frame,omitempty"`
	SOPInstanceUID string          `json:"sop_instance_uid,omitempty"`
	PositionMM     *float64        `json:"position_mm,omitempty"`
	CornerMM       *[3]float64     `json:"corner_mm,omitempty"` // centre of the first pixel (LPS), where the affine does not hold for all slices
	Status         string          `json:"status,omitempty"`
	By             []string        `json:"by,omitempty"`      // who worked on it
	SpentS         float64         `json:"spent_s,omitempty"` // by them, in seconds
	Edits          int             `json:"edits,omitempty"`   // of theirs
	Cut            float64         `json:"threshold"`
	Connectivity   *ConnectEntry   `json:"connectivity,omitempty"` // of the proposal; nil is none
	ForegroundPx   int             `json:"foreground_px"`
	LabelPx        map[string]int  `json:"label_px"` // pixels by label value
	Provenance     ProvenanceEntry `json:"provenance"`
	Doubt          *float64        `json:"doubt,omitempty"`      // how unsure the model is of the slice, 0 to 1
	Confidence     *float64        `json:"confidence,omitempty"` // mean probability of the proposed pixels, where the preset limits it
	Pixels         string          `json:"pixels,omitempty"`     // SHA-256 of the mask's values in files, row by row

	Planes map[string]string `json:"planes,omitempty"` // likewise of its other grey pictures, by kind
}

// ConnectEntry is how a proposal was made to hang together.
type ConnectEntry struct {
	TV        float64 `json:"tv"`         // weight of total variation
	LeastArea float64 `json:"least_area"` // in mm², or in pixels where the series has no spacing_mm
	FillHoles bool    `json:"fill_holes"`
}

// ProvenanceEntry counts a slice's pixels by who set them. HumanShare is the
// share of the pixels that anybody set which a person set.
type ProvenanceEntry struct {
	ModelPx    int     `json:"model_px"`
	AddedPx    int     `json:"human_added_px"`
	RemovedPx  int     `json:"human_removed_px"`
	HumanShare float64 `json:"human_share"`
}

// FileEntry is one file, its path within the export's folder, with slashes.
type FileEntry struct {
	File   string `json:"file"`
	Kind   string `json:"kind,omitempty"`
	Slice  int    `json:"slice,omitempty"` // from 1; 0 for a file that is of no single slice
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}
