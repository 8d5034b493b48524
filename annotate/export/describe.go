package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"time"

	"groundglass/annotate"
)

// newManifest describes a set without its cases.
func newManifest(s Set, p Preset, o *Options, values *[256]uint8) *Manifest {
	m := &Manifest{
		Format: manifestFormat, Version: manifestVersion, Program: s.Program, Preset: p.Name, Name: o.Name,
		Identity: o.Identity.Method, Model: s.Model, Cut: s.Threshold, Masks: valueMasks, Square: o.Square,
		Cases: []CaseRef{},
	}
	if p.Uses.Values && !o.Values || onlyBinary(s.Labels, values) {
		m.Masks = binaryMasks
	}
	if p.Uses.Window && (o.Images || !p.Uses.Images) {
		w := o.window()
		m.Window = &WindowEntry{w.Width, w.Level}
	}
	if p.Uses.Split || p.Uses.Held {
		m.Folds = o.Folds
	}
	if p.Uses.Limits {
		m.Limits = &LimitsEntry{o.LeastConfidence, o.LargestDoubt}
	}
	for _, l := range s.Labels {
		m.Labels = append(m.Labels, newLabelEntry(l, values))
	}
	for _, l := range s.Without {
		m.Without = append(m.Without, newLabelEntry(l, &[256]uint8{}))
	}
	return m
}

// onlyBinary reports whether files have 255 for all labels that they keep.
func onlyBinary(labels []annotate.Label, values *[256]uint8) bool {
	kept := false
	for _, l := range labels {
		v := values[l.Value]
		if v != 0 && v != 255 {
			return false
		}
		kept = kept || v == 255
	}
	return kept
}

func newLabelEntry(l annotate.Label, values *[256]uint8) LabelEntry {
	e := LabelEntry{
		Value: l.ExportValue(), InFiles: values[l.Value], Name: l.Name,
		Color: fmt.Sprintf("#%02x%02x%02x", l.Color.R, l.Color.G, l.Color.B),
	}
	if l.Code != (annotate.Code{}) {
		e.Code = &CodeEntry{l.Code.Scheme, l.Code.Value, l.Code.Meaning}
	}
	if e.Value != l.Value {
		e.Program = l.Value
	}
	return e
}

// newCase describes a case without its files. The names are those of the slices'
// sources.
func newCase(name string, c *Case, o *Options, sources []string, value *[256]uint8) (*CaseEntry, error) {
	d := o.Identity
	e := &CaseEntry{
		Format: caseFormat, Version: manifestVersion, Case: name, Patient: with(d.Patient, c.Patient),
		Series: newSeriesEntry(c, d), Slices: []SliceEntry{}, Files: []FileEntry{},
	}
	exported := map[uint8]uint8{}
	for _, l := range c.Labels {
		exported[l.Value] = l.ExportValue()
	}
	for i := range c.Series.Len() {
		m, err := c.mask(i)
		if err != nil {
			return nil, err
		}
		s := newSliceEntry(c, d, i, sources[i], m)
		if err := s.count(m.Label, exported); err != nil {
			return nil, err
		}
		s.Pixels = digest(o.plane(m, value))
		e.Slices = append(e.Slices, s)
	}
	return e, nil
}

func newSeriesEntry(c *Case, d Identity) SeriesEntry {
	s := c.Series
	e := SeriesEntry{
		UID: with(d.UID, s.UID), Deidentified: d.done, Description: with(d.Words, s.Description), Modality: s.Modality,
		Rows: s.Rows, Columns: s.Columns, Fingerprint: s.Fingerprint(), TransferSyntaxes: s.TransferSyntaxes, Warnings: s.Warnings, Values: s.Values,
	}
	for _, l := range s.LeftOut {
		e.LeftOut = append(e.LeftOut, d.leftOut(l))
	}
	if g := s.Geometry; g.Known {
		affine := g.RAS()
		e.SpacingMM, e.Affine, e.Uneven = &g.Spacing, &affine, g.Uneven
		o := OrientationEntry{Row: g.Row, Column: g.Column}
		o.Left, o.Right, o.Top, o.Bottom = g.Letters()
		e.Orientation = &o
	}
	return e
}

// newSliceEntry describes slice i without its pixels by value.
func newSliceEntry(c *Case, d Identity, i int, source string, mask *annotate.Mask) SliceEntry {
	from := c.Series.Sources[i]
	e := SliceEntry{
		Slice: i + 1, Source: source, Frame: from.Frame, SOPInstanceUID: with(d.UID, from.SOPInstanceUID),
		Cut: c.threshold(i), LabelPx: map[string]int{}, Provenance: provenance(mask),
	}
	if from.HasPosition {
		e.PositionMM = &from.PositionMM
	}
	e.CornerMM = from.Corner
	if c.SliceConnectivity != nil {
		if k := c.SliceConnectivity(i); k != (annotate.Connectivity{}) {
			e.Connectivity = &ConnectEntry{k.TV, k.LeastArea, k.FillHoles}
		}
	}
	if c.Status != nil {
		e.Status = c.Status(i).String()
	}
	if c.Doubt != nil {
		if doubt, ok := c.Doubt(i); ok {
			e.Doubt = &doubt
		}
	}
	if c.Work != nil {
		w := c.Work(i)
		for _, who := range w.By {
			e.By = append(e.By, with(d.Person, who))
		}
		e.SpentS, e.Edits = w.Spent.Round(time.Millisecond).Seconds(), w.Edits
	}
	return e
}

// count counts the pixels of each label by the value that it is known by.
func (e *SliceEntry) count(labels []uint8, exported map[uint8]uint8) error {
	var n [256]int
	for _, l := range labels {
		n[l]++
	}
	for v, px := range n {
		if v == 0 || px == 0 {
			continue
		}
		value, ok := exported[uint8(v)]
		if !ok {
			return fmt.Errorf("slice %d has pixels of the value %d, which is no label", e.Slice, v)
		}
		e.LabelPx[fmt.Sprint(value)] += px
		e.ForegroundPx += px
	}
	return nil
}

// note keeps the digest of a grey picture of the slice.
func (e *SliceEntry) note(kind string, values []uint8) {
	if e.Planes == nil {
		e.Planes = map[string]string{}
	}
	e.Planes[kind] = digest(values)
}

func provenance(mask *annotate.Mask) ProvenanceEntry {
	p := mask.Provenance()
	e := ProvenanceEntry{ModelPx: p.Model, AddedPx: p.Added, RemovedPx: p.Removed}
	if all := p.Model + p.Added + p.Removed; all > 0 {
		e.HumanShare = float64(p.Added+p.Removed) / float64(all)
	}
	return e
}

// sum is a SHA-256 that counts its bytes.
type sum struct {
	hash.Hash
	n int64
}

func newSum() *sum { return &sum{Hash: sha256.New()} }

func (s *sum) Write(b []byte) (int, error) {
	s.n += int64(len(b))
	return s.Hash.Write(b)
}

func (s *sum) String() string { return hex.EncodeToString(s.Sum(nil)) }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
