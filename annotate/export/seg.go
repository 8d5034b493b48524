package export

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"groundglass/annotate"
	"groundglass/annotate/export/derived"
)

var segPreset = Preset{
	Name: "seg", Title: "DICOM SEG",
	About:  "a DICOM segmentation a series, binary, a segment a label with its coded meaning, for PACS, 3D Slicer and highdicom",
	Many:   true,
	format: func(*Options) format { return segFormat{} },
}

// segFormat writes NAME_seg.dcm. Segments are numbered by the labels' values, in
// order.
type segFormat struct{ plain }

func (segFormat) write(w *Writer) error {
	from, err := w.source()
	if err != nil {
		return err
	}
	s := &derived.Segmentation{Source: from}
	values := fileValues(w.Labels)
	var bits derived.Packer
	by, sum, err := w.eachPlane(func(i int, p []uint8) {
		for k, v := range values {
			if bytes.IndexByte(p, v) >= 0 {
				bits.Add(p, v)
				s.Frames = append(s.Frames, derived.Frame{Label: k, Slice: i})
			}
		}
	})
	if err != nil {
		return err
	}
	if len(s.Frames) == 0 {
		bits.Add(make([]uint8, from.Rows*from.Columns), values[0])
		s.Frames = []derived.Frame{{}}
		w.remark("nothing is labelled: the segmentation holds an empty frame, since it must have one")
	}
	s.Labels = derivedLabels(w.Labels, by, func(k int, _ uint8) int { return k + 1 })
	s.By, s.Content, s.Pixels = w.maker("Labels", &from), sum, bits.Write
	return w.File(KindMask, AllSlices, w.Name+"_seg.dcm", s.Write)
}

func (segFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	values := fileValues(r.Manifest.Labels)
	s, err := readSEG(r, KindMask, true, len(values))
	if err != nil {
		return nil, err
	}
	return func(i int) ([]uint8, error) {
		out := make([]uint8, r.Entry.Series.Rows*r.Entry.Series.Columns)
		for _, f := range s.frames[i] {
			f.each(func(p int) { out[p] = values[f.number-1] })
		}
		return out, nil
	}, nil
}

var segFractionalPreset = Preset{
	Name: "seg-fractional", Title: "DICOM SEG of probabilities",
	About:  "a DICOM segmentation a series, fractional, of the probability that the model gives each pixel, 255 for certain",
	Many:   true,
	Uses:   Uses{NoLabels: true},
	format: func(*Options) format { return fractionalFormat{} },
}

// fractionalFormat writes NAME_probability.dcm, which holds no masks.
type fractionalFormat struct{ plain }

func (fractionalFormat) values([]annotate.Label) (out [256]uint8, err error) { return out, nil }

func (fractionalFormat) write(w *Writer) error {
	from, err := w.source()
	if err != nil {
		return err
	}
	s := &derived.Segmentation{Source: from, Fractional: true, Labels: []derived.Label{w.proposed()}}
	sum, looked := sha256.New(), -1
	for i := range w.Series.Len() {
		if err := w.step(i); err != nil {
			return err
		}
		p := w.probability(i)
		if p == nil {
			continue
		}
		if len(p) != from.Rows*from.Columns {
			return fmt.Errorf("slice %d has no probabilities of the series' size", i+1)
		}
		w.Entry.Slices[i].note(KindProbability, p)
		sum.Write(p)
		if looked < 0 {
			looked = i
		}
		if !isZero(p) {
			s.Frames = append(s.Frames, derived.Frame{Slice: i})
		}
	}
	if looked < 0 {
		return errors.New("no model has looked at it, so that there are no probabilities")
	}
	if len(s.Frames) == 0 {
		s.Frames = []derived.Frame{{Slice: looked}}
	}
	s.By, s.Content = w.maker("Probabilities", &from), sum.Sum(nil)
	s.Pixels = func(to io.Writer) error {
		for _, f := range s.Frames {
			if _, err := to.Write(w.probability(f.Slice)); err != nil {
				return err
			}
		}
		return nil
	}
	return w.File(KindProbability, AllSlices, w.Name+"_probability.dcm", s.Write)
}

// proposed is the label that the model's foreground gets.
func (w *Writer) proposed() derived.Label {
	l := w.Case.Labels[0]
	for _, other := range w.Case.Labels {
		if other.Value == annotate.ProposalLabel {
			l = other
		}
	}
	return derived.Label{Number: 1, Name: l.Name, Color: l.Color, Code: derived.Code(l.Code), By: derived.Automatic}
}

func isZero(p []uint8) bool {
	for _, v := range p {
		if v != 0 {
			return false
		}
	}
	return true
}

// check compares the frames with the model's probabilities.
func (fractionalFormat) check(r *Reader) []string {
	s, err := readSEG(r, KindProbability, false, 1)
	if err != nil {
		return []string{sentence(err)}
	}
	var problems []string
	nothing := digest(make([]uint8, r.Entry.Series.Rows*r.Entry.Series.Columns))
	for i, e := range r.Entry.Slices {
		want, got := e.Planes[KindProbability], s.sums[i]
		switch {
		case got == "" && (want == "" || want == nothing):
		case want == "":
			problems = append(problems, fmt.Sprintf("%s has probabilities for slice %d, which no model has looked at.", s.file, e.Slice))
		case got != want:
			problems = append(problems, fmt.Sprintf("%s has other probabilities for slice %d than the model gave.", s.file, e.Slice))
		}
	}
	return problems
}
