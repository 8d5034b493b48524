package labels

import (
	"fmt"
	"image/color"
	"maps"
	"slices"
	"strings"

	"groundglass/annotate/ct/dicom"
)

// Tags of structure sets (PS3.3 C.8.8.5, C.8.8.6).
const (
	tagContourImages        = 0x30060016
	tagStructures           = 0x30060020
	tagROINumber            = 0x30060022
	tagROIFrameOfReference  = 0x30060024
	tagROIName              = 0x30060026
	tagDisplayColor         = 0x3006002a
	tagROIContours          = 0x30060039
	tagContours             = 0x30060040
	tagContourGeometricType = 0x30060042
	tagContourData          = 0x30060050
	tagReferencedROINumber  = 0x30060084
)

// structure is a structure that is being drawn: its planes of inside and edge
// bits, packed but for the one at hand.
type structure struct {
	in     *intake
	name   string
	part   string // for the report
	frame  string // of reference
	packed map[int][]byte
	by     map[int]By
	at     int // the slice at hand; -1 for none
	outline
}

// readStructures reads a DICOM structure set. Each structure becomes a label, and
// closed contours of one on a slice are filled by the even-odd rule, so that
// holes stay open. Later structures are laid over earlier ones.
func (in *intake) readStructures(o *dicom.Object) error {
	in.kind = "DICOM structure set"
	type roi struct{ name, frame string }
	rois := map[int]roi{}
	flips := make([]uint8, in.target.s.Columns*in.target.s.Rows)
	for _, item := range o.Items(tagStructures) {
		rois[item.Integer(tagROINumber, -1)] = roi{item.Text(tagROIName), item.Text(tagROIFrameOfReference)}
	}
	for _, item := range o.Items(tagROIContours) {
		number := item.Integer(tagReferencedROINumber, -1)
		r := rois[number]
		if r.name == "" {
			r.name = fmt.Sprintf("Structure %d", number)
		}
		s := &structure{
			in: in, name: r.name, part: "structure " + tidy(r.name), frame: r.frame, packed: map[int][]byte{}, by: map[int]By{}, at: -1,
			outline: outline{w: in.target.s.Columns, h: in.target.s.Rows, flips: flips},
		}
		if err := s.read(item); err != nil {
			return err
		}
	}
	return nil
}

// read draws the contours of a structure and lays what they come to.
func (s *structure) read(item dicom.Item) error {
	for n, c := range item.Items(tagContours) {
		if err := s.in.ctx.Err(); err != nil {
			return err
		}
		i, contour, by, reason := s.place(c)
		if reason != "" {
			s.in.leave(fmt.Sprintf("contour %d of %s", n+1, tidy(s.name)), reason)
			continue
		}
		s.turnTo(i)
		if err := s.in.work.spend(s.steps(contour)); err != nil {
			return err
		}
		s.add(contour)
		s.by[i] = by
	}
	s.turnTo(-1)
	if len(s.packed) == 0 {
		return nil
	}
	label, err := s.in.table.byName(s.name, displayColour(item.Integers(tagDisplayColor)))
	if err != nil {
		return err
	}
	total := 0
	for _, i := range slices.Sorted(maps.Keys(s.packed)) {
		plane := make([]uint8, s.w*s.h)
		low, high := unpackOn(plane, s.packed[i])
		if err := s.in.work.spend(high - low); err != nil {
			return err
		}
		total += relabel(plane[low:high], label)
		s.in.layPart(i, plane, low, high, s.part, s.by[i])
	}
	s.in.report.means(s.in.kind, s.part, s.in.table.name(label), label, total)
	return nil
}

// turnTo puts the plane at hand away and takes another slice's.
func (s *structure) turnTo(i int) {
	if i == s.at {
		return
	}
	if s.at >= 0 {
		s.packed[s.at] = pack(s.bits)
	}
	if s.at = i; i >= 0 {
		s.bits = unpack(s.packed[i], s.w*s.h)
	}
}

// place finds a contour's slice: the one that it refers to, if it lies nearer to it
// than to another one, or else the one in whose plane it lies.
func (s *structure) place(c dicom.Item) (i int, contour []point, by By, reason string) {
	t := s.in.target
	kind := c.Text(tagContourGeometricType)
	if !strings.HasPrefix(kind, "CLOSED_PLANAR") && kind != "CLOSEDPLANAR_XOR" {
		return 0, nil, "", notPlanar
	}
	numbers, err := c.Decimals(tagContourData)
	if err != nil {
		return 0, nil, "", badPoints
	}
	if len(numbers) < 9 || len(numbers)%3 != 0 {
		return 0, nil, "", notPlanar
	}
	if !t.s.Geometry.Known {
		return 0, nil, "", noPlace
	}
	sources := t.sources(c.Items(tagContourImages))
	far, by := 0.5, ByUID
	switch {
	case len(sources) == 1:
		i = sources[0]
	case t.elsewhere(s.frame):
		return 0, nil, "", otherReference
	default:
		i, _ = t.nearest(vector(numbers[:3]))
		far, by = tolerance, ByPosition
	}
	contour, off := t.flatten(i, numbers)
	switch {
	case off <= far*t.s.Geometry.Spacing[2] && by == ByPosition:
		return i, contour, by, s.in.estranged()
	case off <= far*t.s.Geometry.Spacing[2]:
		return i, contour, by, ""
	case by == ByUID:
		return 0, nil, "", farFromSlice
	}
	return 0, nil, "", otherPlace
}

// flatten brings points, three numbers each, into the plane of slice i, in pixels;
// off is how far from the plane they lie at most, in mm.
func (t *target) flatten(i int, numbers []float64) (contour []point, off float64) {
	g := t.s.Geometry
	normal := g.Normal()
	for k := 0; k+2 < len(numbers); k += 3 {
		d := along(vector(numbers[k:k+3]), -1, t.origins[i])
		off = max(off, dot(d, normal), -dot(d, normal))
		contour = append(contour, point{dot(d, g.Row) / g.Spacing[1], dot(d, g.Column) / g.Spacing[0]})
	}
	return contour, off
}

// displayColour is a structure's own colour; transparent where it has none.
func displayColour(rgb []int) color.NRGBA {
	if len(rgb) != 3 {
		return color.NRGBA{}
	}
	return color.NRGBA{R: uint8(rgb[0]), G: uint8(rgb[1]), B: uint8(rgb[2]), A: 255}
}
