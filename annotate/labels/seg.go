package labels

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"groundglass/annotate"
	"groundglass/annotate/ct/dicom"
)

// Tags of segmentations (PS3.3 C.8.20).
const (
	tagSegmentationType        = 0x00620001
	tagSegmentSequence         = 0x00620002
	tagSegmentNumber           = 0x00620004
	tagSegmentLabel            = 0x00620005
	tagSegmentIdentification   = 0x0062000a
	tagReferencedSegmentNumber = 0x0062000b
	tagRecommendedCIELab       = 0x0062000d
	tagMaximumFractionalValue  = 0x0062000e
	tagPropertyType            = 0x0062000f
	tagSourceImageSequence     = 0x00082112
	tagDerivationImageSequence = 0x00089124
)

// What the pixels of a segmentation are.
const (
	ofBits      = "BINARY"
	ofFractions = "FRACTIONAL"
	ofNumbers   = "LABELMAP"
)

// segmentation is one that is being read.
type segmentation struct {
	in       *intake
	o        *dicom.Object
	kind     string // of values: ofBits, ofFractions or ofNumbers
	w, h     int
	cut      uint16 // a fractional pixel is in the segment from this value on
	segments map[int]segment

	at    site    // of the frame at hand
	plane []uint8 // labels of a frame
}

// site is where a frame lies.
type site struct {
	slice int
	lattice
	by By
}

// segment is what a number stands for.
type segment struct {
	label uint8
	text  string
}

// readSegmentation reads a DICOM segmentation: of bits, of fractions, which the
// threshold cuts, or a label map. Frames are laid in their order, so that where
// segments overlap the later frame wins.
func (in *intake) readSegmentation(o *dicom.Object) error {
	in.kind = "DICOM segmentation"
	s := &segmentation{in: in, o: o, kind: o.Text(tagSegmentationType), w: o.Integer(tagColumns, 0), h: o.Integer(tagRows, 0), segments: map[int]segment{}}
	switch s.kind {
	case ofBits:
		s.cut = 1
	case ofNumbers:
		in.kind = "DICOM label map"
	case ofFractions:
		most := o.Integer(tagMaximumFractionalValue, 255)
		if most < 1 || most > 255 {
			return fmt.Errorf("a largest fraction of %d is not possible", most)
		}
		s.cut = uint16(max(1, ceil(in.o.Threshold*float64(most))))
		in.remark("a fractional segmentation: pixels of at least %d of %d are taken as in the segment", s.cut, most)
	default:
		return fmt.Errorf("the type of the segmentation, %q, is not known", s.kind)
	}
	if w, h := in.target.s.Columns, in.target.s.Rows; (s.w != w || s.h != h) && (s.w != h || s.h != w) {
		return errors.New(otherArea) // before frames of any size are decoded
	}
	if err := s.readSegments(); err != nil {
		return err
	}
	s.plane = make([]uint8, s.w*s.h)
	return o.Frames(s.wanted, s.frame)
}

// ceil is the least whole number that is not below v, rounding errors apart.
func ceil(v float64) int {
	n := int(v)
	if v-float64(n) > 1e-9 {
		n++
	}
	return n
}

// readSegments finds the label of each segment: by its coded term, or else by its
// name. The background of label maps is none.
func (s *segmentation) readSegments() error {
	for _, item := range s.o.Items(tagSegmentSequence) {
		number, name := item.Integer(tagSegmentNumber, -1), item.Text(tagSegmentLabel)
		term := item.First(tagPropertyType)
		if number < 0 || number == 0 && s.kind != ofNumbers {
			return errors.New("a segment has no number")
		}
		text := fmt.Sprintf("segment %d (%s)", number, tidy(name))
		if s.kind == ofNumbers && (number == 0 || isBackground(term)) {
			s.segments[number] = segment{0, text}
			continue
		}
		if coded := codeOf(term); coded != "" {
			name = coded
		}
		label, err := s.in.table.named(annotate.Label{Value: small(number), Name: name, Color: lab(item.Integers(tagRecommendedCIELab))})
		if err != nil {
			return err
		}
		s.segments[number] = segment{label, text}
	}
	return nil
}

// small is a number that can be a label's value; 0 where it cannot.
func small(number int) uint8 {
	if number < 0 || number > 254 {
		return 0
	}
	return uint8(number)
}

// segment is what a number stands for; one that is not described is a label of
// its own.
func (s *segmentation) segment(number int) (segment, error) {
	if found, ok := s.segments[number]; ok || number == 0 {
		return found, nil
	}
	label, err := s.in.table.named(annotate.Label{Value: small(number), Name: fmt.Sprintf("Segment %d", number)})
	s.segments[number] = segment{label, fmt.Sprintf("segment %d (not described)", number)}
	return s.segments[number], err
}

// wanted finds where a frame lies, before it is decoded.
func (s *segmentation) wanted(n, cost int) (bool, error) {
	if err := s.in.ctx.Err(); err != nil {
		return false, err
	}
	i, l, by, reason := s.place(n)
	if reason != "" {
		s.in.leave(framePart(n), reason)
		return false, nil
	}
	s.at = site{i, l, by}
	return true, s.in.work.spend(cost)
}

func framePart(n int) string { return fmt.Sprintf("frame %d", n+1) }

// frame brings a frame to its slice.
func (s *segmentation) frame(n int, f dicom.Stored) error {
	if f.Low < f.High && s.at.lattice != upright {
		f.Values, f.Low, f.High = take(s.at.lattice, f.Values, [3]int{s.w, s.h, 1}, 0), 0, len(f.Values)
	}
	if err := s.in.work.spend(f.High - f.Low); err != nil {
		return err
	}
	if err := s.paint(n, f); err != nil {
		return err
	}
	s.in.layPart(s.at.slice, s.plane, f.Low, f.High, framePart(n), s.at.by)
	return nil
}

// paint turns a frame's values into labels, from f.Low on and before f.High.
func (s *segmentation) paint(n int, f dicom.Stored) error {
	values, out := f.Values[f.Low:f.High], s.plane[f.Low:f.High]
	if s.kind == ofNumbers {
		return s.paintNumbers(values, out)
	}
	number := 0
	for _, item := range s.o.Group(n, tagSegmentIdentification) {
		number = item.Integer(tagReferencedSegmentNumber, 0)
	}
	if number < 1 {
		return fmt.Errorf("frame %d does not say which segment it is of", n+1)
	}
	count := 0
	for p, v := range values {
		out[p] = 0
		if v >= s.cut {
			out[p] = 1
			count++
		}
	}
	if count == 0 {
		return nil
	}
	found, err := s.segment(number)
	relabel(out, found.label)
	s.means(number, count)
	return err
}

// relabel makes a label of all that is not 0, and counts it.
func relabel(plane []uint8, label uint8) (n int) {
	for p, v := range plane {
		if v != 0 {
			plane[p] = label
			n++
		}
	}
	return n
}

// paintNumbers is paint for a label map.
func (s *segmentation) paintNumbers(values []uint16, out []uint8) error {
	counts := map[int]int{}
	last, label, n := 0, uint8(0), 0 // n pixels so far of the last number
	for p, v := range values {
		if int(v) != last {
			counts[last] += n
			last, label, n = int(v), 0, 0
			if v != 0 {
				found, err := s.segment(last)
				if err != nil {
					return err
				}
				label = found.label
			}
		}
		out[p] = label
		n++
	}
	counts[last] += n
	delete(counts, 0)
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		s.means(k, counts[k])
	}
	return nil
}

// means notes that n pixels are of a segment.
func (s *segmentation) means(number, n int) {
	if g := s.segments[number]; n > 0 {
		s.in.report.means(s.in.kind, g.text, s.in.table.name(g.label), g.label, n)
	}
}

// place finds a frame's slice and its pixels. The slice that it refers to is the
// one, but it must lie there, if both say where they lie; what refers to none is
// placed by position.
func (s *segmentation) place(n int) (i int, l lattice, by By, reason string) {
	t := s.in.target
	var references []dicom.Item
	for _, derivation := range s.o.Group(n, tagDerivationImageSequence) {
		references = append(references, derivation.Items(tagSourceImageSequence)...)
	}
	sources, at := t.sources(references), s.o.Place(n)
	if !at.Placed || !t.s.Geometry.Known {
		return s.placeByUID(sources)
	}
	if len(sources) == 0 && t.elsewhere(s.o.Text(tagFrameOfReferenceUID)) {
		return 0, l, "", otherReference
	}
	g, ok := frameGrid(s.w, s.h, at.Position, at.Row, at.Column, [3]float64{at.Spacing[0], at.Spacing[1], t.s.Geometry.Spacing[2]})
	if !ok {
		return 0, l, "", noPlace
	}
	if i, by = s.nearest(at.Position), ByPosition; len(sources) == 1 {
		i, by = sources[0], ByUID
	}
	l, reason = g.on(t, i)
	switch {
	case reason == otherPlace && by == ByUID:
		reason = farFromSlice
	case reason == "" && by == ByPosition:
		reason = s.in.estranged()
	}
	return i, l, by, reason
}

func (s *segmentation) nearest(p vector) int {
	i, _ := s.in.target.nearest(p)
	return i
}

// placeByUID places a frame that has no position on the one slice that it refers
// to.
func (s *segmentation) placeByUID(sources []int) (i int, l lattice, by By, reason string) {
	w, h := s.in.target.s.Columns, s.in.target.s.Rows
	switch {
	case len(sources) != 1:
		return 0, l, "", noPlace
	case s.w != w || s.h != h:
		return 0, l, "", otherArea
	}
	return sources[0], upright, ByUID, ""
}
