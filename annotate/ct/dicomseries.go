package ct

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"groundglass/annotate/ct/dicom"
)

// imageFile is a DICOM file that can be decoded.
type imageFile struct {
	path  string
	entry *entry // nil where the file is not in an archive
	image *dicom.Image
}

// plane is one frame of a file: what becomes a slice.
type plane struct {
	imageFile
	frame int
	along float64 // position on the normal of its group, in mm
}

func (p *plane) data() *dicom.Frame { return &p.image.Frames[p.frame] }

// leftOut words why a plane is in no series.
func (p *plane) leftOut(reason string) LeftOut {
	if len(p.image.Frames) > 1 {
		reason = fmt.Sprintf("frame %d: %s", p.frame+1, reason)
	}
	return LeftOut{p.path, reason}
}

// nameFor says where a plane comes from, in a message about the file other.
func (p *plane) nameFor(other string) string {
	name := filepath.Base(p.path)
	if name == filepath.Base(other) {
		name = p.path
	}
	if len(p.image.Frames) > 1 {
		name = fmt.Sprintf("frame %d of %s", p.frame+1, name)
	}
	return name
}

// seriesID is a file's series UID, or its folder where it has none.
func (f *imageFile) seriesID() string {
	if f.image.SeriesUID != "" {
		return f.image.SeriesUID
	}
	return "folder:" + filepath.Dir(f.path)
}

// dicomSeries makes series of files, which come in the natural order of their
// paths; the series with the most slices comes first.
func dicomSeries(files []imageFile) (all []*Series, left []LeftOut) {
	placed, loose, left := sortOut(files)
	groups := groupPlanes(placed)
	for _, g := range groups {
		parts, duplicates := splitStack(g)
		left = append(left, duplicates...)
		for _, s := range parts {
			all = append(all, s.series())
		}
	}
	inSeries := map[string]int{}
	for _, p := range placed {
		inSeries[p.seriesID()]++
	}
	for _, p := range loose {
		inSeries[p.seriesID()]++
	}
	for _, p := range loose {
		if n := inSeries[p.seriesID()]; n > 1 {
			left = append(left, p.leftOut(fmt.Sprintf("it has no usable position, orientation and pixel size, so its place among the %d images of its series is not known", n)))
			continue
		}
		all = append(all, loneSeries(p))
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Len() > all[j].Len() })
	nameApart(all)
	return all, left
}

// sortOut splits files into planes with a place in the patient and those
// without, and leaves out what is no slice.
func sortOut(files []imageFile) (placed, loose []plane, left []LeftOut) {
	for _, f := range files {
		n := len(f.image.Frames)
		if !slices.ContainsFunc(f.image.Frames, func(fr dicom.Frame) bool { return !localizer(&fr) }) {
			left = append(left, LeftOut{f.path, "a localizer, not a slice"})
			continue
		}
		if n > 1 && !slices.ContainsFunc(f.image.Frames, func(fr dicom.Frame) bool { return fr.Placed }) {
			left = append(left, LeftOut{f.path, fmt.Sprintf("its %d frames have no usable position of their own", n)})
			continue
		}
		for i := range n {
			p := plane{imageFile: f, frame: i}
			switch {
			case localizer(p.data()):
				left = append(left, p.leftOut("a localizer, not a slice"))
			case p.data().Placed:
				placed = append(placed, p)
			default:
				loose = append(loose, p)
			}
		}
	}
	return placed, loose, left
}

func localizer(f *dicom.Frame) bool {
	return slices.Contains(f.Type, "LOCALIZER") || slices.Contains(f.Type, "SCOUT")
}

// groupPlanes collects what can be stacked: planes of one series, frame of
// reference, size, pixel size and orientation.
func groupPlanes(planes []plane) [][]plane {
	type key struct {
		series, frameOfReference string
		rows, columns            int
	}
	var groups [][]plane
	index := map[key][]int{}
	for _, p := range planes {
		k := key{p.seriesID(), p.image.FrameOfReferenceUID, p.image.Rows, p.image.Columns}
		at := -1
		for _, g := range index[k] {
			if stackable(groups[g][0].data(), p.data()) {
				at = g
				break
			}
		}
		if at < 0 {
			at = len(groups)
			groups = append(groups, nil)
			index[k] = append(index[k], at)
		}
		groups[at] = append(groups[at], p)
	}
	return groups
}

// sameTolerance is how far direction cosines and pixel sizes of one stack may
// differ by rounding.
const sameTolerance = 1e-3

func stackable(a, b *dicom.Frame) bool {
	far := 0.0
	for i := range 3 {
		far = max(far, math.Abs(a.Row[i]-b.Row[i]), math.Abs(a.Column[i]-b.Column[i]))
	}
	far = max(far, math.Abs(a.Spacing[0]-b.Spacing[0]), math.Abs(a.Spacing[1]-b.Spacing[1]))
	return far <= sameTolerance
}

// loader returns the function that decodes a series' slices from their files.
func loader(planes []plane) func(i int) (*Slice, error) {
	return func(i int) (*Slice, error) {
		p := &planes[i]
		hu, pad, err := p.decode(p.frame)
		if err != nil {
			return nil, err
		}
		return &Slice{HU: hu, W: p.image.Columns, H: p.image.Rows, Pad: pad}, nil
	}
}

func (f *imageFile) decode(frame int) ([]int16, []bool, error) {
	if f.entry != nil {
		return f.entry.slice(f.image, frame)
	}
	r, err := os.Open(f.path)
	if err != nil {
		return nil, nil, Plain(err)
	}
	defer r.Close()
	return f.image.Decode(r, frame)
}

// nameApart gives stacks of one series, which share its UID, UIDs of their own
// and says so in each.
func nameApart(all []*Series) {
	count, seen := map[string]int{}, map[string]int{}
	for _, s := range all {
		count[s.UID]++
	}
	for _, s := range all {
		uid := s.UID
		if count[uid] < 2 {
			continue
		}
		seen[uid]++
		s.Warnings = append(s.Warnings, fmt.Sprintf("the series holds %d stacks that differ in size, orientation, acquisition or kind; this is number %d", count[uid], seen[uid]))
		if seen[uid] > 1 {
			s.UID = fmt.Sprintf("%s#%d", uid, seen[uid])
		}
	}
}
