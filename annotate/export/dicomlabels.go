package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image/color"
	"slices"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/export/derived"
)

// lastStep is when the last step of the work was taken, by its audit log.
func lastStep(audit []byte) (time.Time, bool) {
	lines := bytes.TrimSpace(audit)
	var step struct {
		Time time.Time `json:"time"`
	}
	err := json.Unmarshal(lines[bytes.LastIndexByte(lines, '\n')+1:], &step)
	return step.Time.UTC(), err == nil && !step.Time.IsZero()
}

// fileValues are the values that files hold, without the background, in order.
func fileValues(labels []LabelEntry) (values []uint8) {
	for _, l := range labels {
		if l.InFiles != 0 && !slices.Contains(values, l.InFiles) {
			values = append(values, l.InFiles)
		}
	}
	slices.Sort(values)
	return values
}

// derivedLabels are the labels that files hold, by value, numbered by number.
func derivedLabels(labels []LabelEntry, by *hands, number func(k int, value uint8) int) (out []derived.Label) {
	for k, v := range fileValues(labels) {
		l := labels[slices.IndexFunc(labels, func(l LabelEntry) bool { return l.InFiles == v })]
		d := derived.Label{Number: number(k, v), Name: l.Name, Color: color.NRGBA{A: 255}, By: by.algorithm(v)}
		fmt.Sscanf(l.Color, "#%02x%02x%02x", &d.Color.R, &d.Color.G, &d.Color.B)
		if l.Code != nil {
			d.Code = derived.Code(*l.Code)
		}
		out = append(out, d)
	}
	return out
}

// eachPlane gives the planes in order, and returns who had a hand in them, and their
// digest.
func (w *Writer) eachPlane(each func(i int, p []uint8)) (by *hands, content []byte, err error) {
	by = &hands{}
	sum := sha256.New()
	for i := range w.Series.Len() {
		p, err := w.Plane(i)
		if err != nil {
			return nil, nil, err
		}
		m, err := w.mask(i)
		if err != nil {
			return nil, nil, err
		}
		by.see(m, &w.value)
		sum.Write(p)
		each(i, p)
	}
	return by, sum.Sum(nil), nil
}

// hands says for each value whether the model and whether people had a hand in it.
type hands struct{ model, people [256]bool }

// see notes who set the pixels of a slice. Who took pixels away from what a model
// proposed had a hand in what is left of it.
func (h *hands) see(m *annotate.Mask, value *[256]uint8) {
	var here [256]bool
	removed := false
	for p, l := range m.Label {
		switch v := value[l]; m.Origin[p] {
		case annotate.Model:
			here[v], h.model[v] = true, true
		case annotate.HumanAdded:
			h.people[v] = true
		case annotate.HumanRemoved:
			removed = true
		}
	}
	for v := range here {
		h.people[v] = h.people[v] || removed && here[v]
	}
}

func (h *hands) algorithm(v uint8) derived.Algorithm {
	switch {
	case !h.model[v]:
		return derived.Manual
	case h.people[v]:
		return derived.Semiautomatic
	}
	return derived.Automatic
}
