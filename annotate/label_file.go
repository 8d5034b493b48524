package annotate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image/color"
)

// labelFile is a label table as a file holds it.
type labelFile struct {
	Format  string     `json:"format"`
	Version int        `json:"version"`
	Labels  []labelRow `json:"labels"`
}

type labelRow struct {
	Value   uint8    `json:"value"`
	Name    string   `json:"name"`
	Color   string   `json:"color"`
	Key     string   `json:"key,omitempty"`
	Scheme  string   `json:"code_scheme,omitempty"`
	Code    string   `json:"code_value,omitempty"`
	Meaning string   `json:"code_meaning,omitempty"`
	Export  uint8    `json:"export_value,omitempty"`
	Locked  bool     `json:"locked,omitempty"`
	Hidden  bool     `json:"hidden,omitempty"`
	Outline bool     `json:"outline,omitempty"`
	Opacity *float64 `json:"opacity,omitempty"`
}

const (
	labelFormat = "groundglass labels"
	// MaxLabelFile is more than any label table takes, in bytes.
	MaxLabelFile = 1 << 20
)

// EncodeLabels is the label table with its looks as JSON, for DecodeLabels.
func (s *Session) EncodeLabels() []byte {
	f := labelFile{Format: labelFormat, Version: 1}
	for _, l := range s.shown {
		look := s.looks[l.Value]
		r := labelRow{
			Value: l.Value, Name: l.Name, Color: fmt.Sprintf("#%02x%02x%02x", l.Color.R, l.Color.G, l.Color.B), Export: l.Export,
			Scheme: l.Code.Scheme, Code: l.Code.Value, Meaning: l.Code.Meaning, Locked: l.Locked, Hidden: look.Hidden, Outline: look.Outline,
		}
		if l.Key != 0 {
			r.Key = string(l.Key)
		}
		if look.Opacity != 1 {
			r.Opacity = &look.Opacity
		}
		f.Labels = append(f.Labels, r)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	_ = e.Encode(f) // plain values into memory
	return b.Bytes()
}

// DecodeLabels reads a label table from JSON; looks has those of its values. The
// error says what is wrong with it.
func DecodeLabels(data []byte) (table []Label, looks map[uint8]Look, err error) {
	if len(data) > MaxLabelFile {
		return nil, nil, errors.New("it is too large for a label table")
	}
	var f labelFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, nil, fmt.Errorf("it is no label table: %w", err)
	}
	switch {
	case f.Format != labelFormat:
		return nil, nil, errors.New("it is no label table of this program")
	case f.Version > 1:
		return nil, nil, errors.New("a newer program wrote it")
	case len(f.Labels) == 0:
		return nil, nil, errors.New("it holds no label")
	}
	looks = map[uint8]Look{}
	for _, r := range f.Labels {
		l := Label{Value: r.Value, Name: r.Name, Code: Code{r.Scheme, r.Code, r.Meaning}, Export: r.Export, Locked: r.Locked}
		for _, k := range r.Key {
			l.Key = k
		}
		var rgb [3]uint8
		if n, _ := fmt.Sscanf(r.Color, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); n == 3 {
			l.Color = color.NRGBA{R: rgb[0], G: rgb[1], B: rgb[2], A: 255}
		}
		table = append(table, plainLabel(table, l))
		look := Look{Hidden: r.Hidden, Outline: r.Outline, Opacity: 1}
		if r.Opacity != nil {
			look.Opacity = clip(*r.Opacity, 1)
		}
		looks[r.Value] = look
	}
	return table, looks, CheckLabels(table)
}

// StartLabels makes a table that of a session in which nothing has been done: it
// is no edit. Later it does nothing; see TakeLabels.
func (s *Session) StartLabels(table []Label, looks map[uint8]Look) error {
	if err := CheckLabels(table); err != nil {
		return err
	}
	if len(table) == 0 || s.history.newest > 0 {
		return nil
	}
	s.setTable(table)
	s.setLooks(looks)
	s.emit(EverySlice, s.bounds(), LabelChanged)
	return nil
}

func (s *Session) setLooks(looks map[uint8]Look) {
	for v, l := range looks {
		s.looks[v] = l
	}
	s.looks[0] = Look{Opacity: 1}
	s.protect()
}

// TakeLabels makes a table that of the session, as one undoable edit. Labels that
// are in use here and that it lacks, or has under another name, stay as they are:
// a value never comes to mean something else. A label of the table whose value is
// taken gets another and keeps what files have for it; moved are those, as they
// are in the table.
func (s *Session) TakeLabels(table []Label, looks map[uint8]Look) (moved []Label, err error) {
	s.FinishStroke()
	var out []Label
	for _, l := range s.shown {
		if at := rowOf(table, l.Value); at >= 0 && table[at].Name == l.Name || !s.uses(l.Value) {
			continue
		}
		out = append(out, l)
	}
	kept, given := len(out), map[uint8]Look{}
	for _, l := range table {
		if hasName(out[:kept], l.Name) {
			continue // in use under its own value
		}
		if rowOf(out[:kept], l.Value) < 0 {
			if taken := exportValues(out); taken.Has(l.ExportValue()) {
				l.Export = freeExport(out, l.Value)
			}
			out = append(freeKey(out, l), l)
			if look, ok := looks[l.Value]; ok {
				given[l.Value] = look
			}
			continue
		}
		moved = append(moved, l)
	}
	for _, l := range moved {
		look, ok := looks[l.Value]
		l.Export, l.Value = l.ExportValue(), s.freeValue(out)
		if ok {
			given[l.Value] = look
		}
		if taken := exportValues(out); taken.Has(l.Export) {
			l.Export = freeExport(out, l.Value)
		}
		if l.Value == 0 {
			return nil, ErrTooManyLabels
		}
		out = append(freeKey(out, l), l)
	}
	if err := s.editTable("Take labels", out); err != nil {
		return nil, err
	}
	s.setLooks(given)
	s.emit(EverySlice, s.bounds(), LabelChanged)
	return moved, nil
}

// uses reports whether any pixel may have a label.
func (s *Session) uses(v uint8) bool {
	u := s.LabelUse(v)
	return u.Pixels > 0 || u.Proposed
}
