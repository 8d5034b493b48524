package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// ManifestFile is the manifest's name in the folder of an export, AuditFile that of
// the audit log that may come with it.
const (
	ManifestFile = "manifest.json"
	AuditFile    = "audit.jsonl"
)

const (
	manifestFormat  = "groundglass export"
	manifestVersion = 4         // 1 had no report of the series, 2 no codes and no values of labels other than in the program, 3 no audit log
	maxManifest     = 256 << 20 // bytes that Verify is willing to read
)

// Manifest says where each file of an export comes from and what it holds.
type Manifest struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Program  string          `json:"program"`
	Preset   string          `json:"preset"`
	Series   SeriesEntry     `json:"series"`
	Model    string          `json:"model"`
	Cut      float64         `json:"threshold"`
	Masks    string          `json:"mask_values"` // "0/255" or "labels"
	Window   *WindowEntry    `json:"image_window,omitempty"`
	Labels   []LabelEntry    `json:"labels"`
	Slices   []SliceEntry    `json:"slices"`
	Audit    *FileEntry      `json:"audit,omitempty"`
	Checksum string          `json:"checksum"` // SHA-256 of this manifest with an empty checksum
	files    map[string]bool // made by check
}

// The values of Manifest.Masks.
const (
	binaryMasks = "0/255"
	valueMasks  = "labels"
)

// SeriesEntry is the series that the slices belong to.
type SeriesEntry struct {
	UID              string      `json:"uid"`
	Description      string      `json:"description"`
	Modality         string      `json:"modality"`
	Rows             int         `json:"rows"`
	Columns          int         `json:"columns"`
	SpacingMM        *[3]float64 `json:"spacing_mm,omitempty"` // row, column, slice
	TransferSyntaxes []string    `json:"transfer_syntaxes"`

	// The report of the series: what is remarkable about it, such as gaps, a tilted
	// gantry or how its values were made, and what its folders held beside it.
	Warnings []string       `json:"warnings,omitempty"`
	Values   string         `json:"values,omitempty"`
	LeftOut  []LeftOutEntry `json:"left_out,omitempty"`
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

// LabelEntry is one row of the label table. Value is what masks and counts have.
type LabelEntry struct {
	Value   uint8      `json:"value"`
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
	Status         string          `json:"status,omitempty"`
	By             []string        `json:"by,omitempty"`      // who worked on it
	SpentS         float64         `json:"spent_s,omitempty"` // by them, in seconds
	Edits          int             `json:"edits,omitempty"`   // of theirs
	Cut            float64         `json:"threshold"`
	Connectivity   *ConnectEntry   `json:"connectivity,omitempty"` // of the proposal; nil is none
	ForegroundPx   int             `json:"foreground_px"`
	LabelPx        map[string]int  `json:"label_px"` // pixels by label value
	Provenance     ProvenanceEntry `json:"provenance"`
	Mask           FileEntry       `json:"mask"`
	Image          *FileEntry      `json:"image,omitempty"`
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

// FileEntry is one file, its name within the folder.
type FileEntry struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func newManifest(in Input, preset string) *Manifest {
	s := in.Series
	m := &Manifest{
		Format: manifestFormat, Version: manifestVersion,
		Program: in.Program, Preset: preset, Model: in.Model, Cut: in.Threshold,
		Series: SeriesEntry{
			UID: s.UID, Description: s.Description, Modality: s.Modality,
			Rows: s.Rows, Columns: s.Columns, TransferSyntaxes: s.TransferSyntaxes,
			Warnings: s.Warnings, Values: s.Values,
		},
	}
	for _, l := range s.LeftOut {
		m.Series.LeftOut = append(m.Series.LeftOut, LeftOutEntry{filepath.Base(l.File), l.Reason})
	}
	if s.Geometry.Known {
		m.Series.SpacingMM = &s.Geometry.Spacing
	}
	for _, l := range in.Labels {
		m.Labels = append(m.Labels, newLabelEntry(l))
	}
	return m
}

func newLabelEntry(l annotate.Label) LabelEntry {
	e := LabelEntry{Value: l.ExportValue(), Name: l.Name, Color: fmt.Sprintf("#%02x%02x%02x", l.Color.R, l.Color.G, l.Color.B)}
	if l.Code != (annotate.Code{}) {
		e.Code = &CodeEntry{l.Code.Scheme, l.Code.Value, l.Code.Meaning}
	}
	if e.Value != l.Value {
		e.Program = l.Value
	}
	return e
}

// newSliceEntry describes slice i without its files; values is what files have for
// each label.
func newSliceEntry(in Input, i int, source string, mask *annotate.Mask, values *[256]uint8) SliceEntry {
	from := in.Series.Sources[i]
	e := SliceEntry{
		Slice: i + 1, Source: source, Frame: from.Frame, SOPInstanceUID: from.SOPInstanceUID,
		Cut: in.threshold(i), LabelPx: map[string]int{}, Provenance: provenance(mask),
	}
	if from.HasPosition {
		e.PositionMM = &from.PositionMM
	}
	if in.SliceConnectivity != nil {
		if c := in.SliceConnectivity(i); c != (annotate.Connectivity{}) {
			e.Connectivity = &ConnectEntry{c.TV, c.LeastArea, c.FillHoles}
		}
	}
	if in.Status != nil {
		e.Status = in.Status(i).String()
	}
	if in.Work != nil {
		w := in.Work(i)
		e.By, e.SpentS, e.Edits = w.By, w.Spent.Round(time.Millisecond).Seconds(), w.Edits
	}
	var n [256]int
	for _, l := range mask.Label {
		n[l]++
	}
	for v, px := range n {
		if v > 0 && px > 0 {
			e.LabelPx[fmt.Sprint(values[v])] = px
			e.ForegroundPx += px
		}
	}
	return e
}

func provenance(mask *annotate.Mask) ProvenanceEntry {
	p := mask.Provenance()
	e := ProvenanceEntry{ModelPx: p.Model, AddedPx: p.Added, RemovedPx: p.Removed}
	if all := p.Model + p.Added + p.Removed; all > 0 {
		e.HumanShare = float64(p.Added+p.Removed) / float64(all)
	}
	return e
}

func newFileEntry(name string, data []byte) FileEntry {
	return FileEntry{File: name, Bytes: int64(len(data)), SHA256: digest(data)}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// encode returns the manifest's bytes, with its checksum set.
func (m *Manifest) encode() ([]byte, error) {
	m.Checksum = ""
	bare, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	m.Checksum = digest(bare)
	out, err := json.MarshalIndent(m, "", "  ")
	return append(out, '\n'), err
}

// ReadManifest reads the manifest of the export in dir and checks that it is
// one, and unchanged.
func ReadManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, ManifestFile)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s is no export: %w", dir, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	if len(data) > maxManifest {
		return nil, fmt.Errorf("%s is too large for a manifest", path)
	}
	m, err := decodeManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func decodeManifest(data []byte) (*Manifest, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("the manifest is damaged: %w", err)
	}
	if head.Format != manifestFormat {
		return nil, fmt.Errorf("this is not the manifest of an export")
	}
	if head.Version > manifestVersion {
		return nil, fmt.Errorf("a newer program wrote the manifest (version %d; this one reads up to %d)", head.Version, manifestVersion)
	}
	m := &Manifest{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("the manifest is damaged: %w", err)
	}
	said := m.Checksum
	if _, err := m.encode(); err != nil {
		return nil, err
	}
	if m.Checksum != said {
		return nil, fmt.Errorf("the manifest was changed after the export: its checksum does not fit")
	}
	return m, m.check()
}

// check says whether the manifest can be what an export wrote.
func (m *Manifest) check() error {
	r, c := m.Series.Rows, m.Series.Columns
	if r <= 0 || c <= 0 || r > ct.MaxPixels/c {
		return fmt.Errorf("the manifest names slices of %dx%d pixels", c, r)
	}
	if m.Masks != binaryMasks && m.Masks != valueMasks {
		return fmt.Errorf("the manifest names masks of the kind %q", m.Masks)
	}
	m.files = map[string]bool{}
	if m.Audit != nil {
		if m.Audit.File != AuditFile {
			return fmt.Errorf("the manifest names %q for the audit log", m.Audit.File)
		}
		m.files[AuditFile] = true
	}
	for _, s := range m.Slices {
		for _, f := range s.all() {
			if f.File != filepath.Base(f.File) || !filepath.IsLocal(f.File) || f.File == ManifestFile {
				return fmt.Errorf("the manifest names %q, which is no file of this folder", f.File)
			}
			if m.files[f.File] {
				return fmt.Errorf("the manifest names %s twice", f.File)
			}
			m.files[f.File] = true
		}
	}
	return nil
}

// all lists the slice's files.
func (s SliceEntry) all() []FileEntry {
	if s.Image != nil {
		return []FileEntry{s.Mask, *s.Image}
	}
	return []FileEntry{s.Mask}
}
