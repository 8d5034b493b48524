package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
)

// COCO's format of instances (Lin et al. 2014, cocodataset.org, "Data format"). See
// FORMATS.md.
var (
	cocoPreset = Preset{
		Name: "coco", Title: "COCO, runs",
		About: "pictures and one annotations.json for all cases in COCO's format: an annotation for each part of each label, by runs, which keep holes",
		Many:  true, Uses: Uses{Window: true, Square: true},
		format: func(o *Options) format { return cocoFormat{shape: cocoRuns{}} },
	}
	cocoPolygonsPreset = Preset{
		Name: "coco-polygons", Title: "COCO, polygons",
		About: "pictures and one annotations.json for all cases in COCO's format: an annotation for each part of each label, by polygons, " +
			"whose holes are joined to the outline, for training code that takes no runs",
		Many: true, Uses: Uses{Window: true, Square: true},
		format: func(o *Options) format { return cocoFormat{shape: cocoPolygons{}} },
	}
)

const (
	cocoFile    = "annotations.json"
	cocoFolder  = "annotations" // with a file a case, whose ids begin at 1
	maxCOCOCase = 1 << 30       // bytes
)

// cocoShape is how segmentations are written.
type cocoShape interface {
	crowd() int
	holes() bool // are joined to outlines
	of(p part, w, h int) any
	draw(segmentation json.RawMessage, w, h int, set func(x, y int)) error
}

type cocoFormat struct {
	objects
	shape cocoShape
}

// cocoSet is a file, and cocoHead what is the same in all files of a set.
type cocoSet struct {
	cocoHead
	Images      []cocoImage      `json:"images"`
	Annotations []cocoAnnotation `json:"annotations"`
}

type cocoHead struct {
	Info       cocoInfo       `json:"info"`
	Categories []cocoCategory `json:"categories"`
}

type cocoInfo struct {
	Description string `json:"description"`
	Contributor string `json:"contributor"`
}

type cocoCategory struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Super string `json:"supercategory"`
}

type cocoImage struct {
	ID      int         `json:"id"`
	Width   int         `json:"width"`
	Height  int         `json:"height"`
	File    string      `json:"file_name"` // in the folder of images
	Case    string      `json:"case"`
	Slice   int         `json:"slice"` // from 1
	Patient string      `json:"patient,omitempty"`
	Spacing *[2]float64 `json:"spacing_mm,omitempty"` // between rows, columns
}

type cocoAnnotation struct {
	ID           int             `json:"id"`
	ImageID      int             `json:"image_id"`
	CategoryID   int             `json:"category_id"`
	Segmentation json.RawMessage `json:"segmentation"`
	Area         int             `json:"area"`
	Box          [4]int          `json:"bbox"`
	Crowd        int             `json:"iscrowd"`
}

// cocoHeadOf are the categories of a set: the labels, by the values of files.
func cocoHeadOf(program string, labels []LabelEntry) cocoHead {
	h := cocoHead{Info: cocoInfo{"chest CT, slice by slice", program}, Categories: []cocoCategory{}}
	for _, l := range labels {
		h.Categories = append(h.Categories, cocoCategory{int(l.InFiles), l.Name, "finding"})
	}
	return h
}

// cocoImageOf is slice i as an image of w x h pixels.
func cocoImageOf(e *CaseEntry, i, id, w, h int) cocoImage {
	m := cocoImage{ID: id, Width: w, Height: h, File: stemOf(e.Case, i) + ".png", Case: e.Case, Slice: i + 1, Patient: e.Patient}
	if mm := e.Series.SpacingMM; mm != nil {
		m.Spacing = &[2]float64{mm[0] * (float64(e.Series.Rows) / float64(h)), mm[1] * (float64(e.Series.Columns) / float64(w))}
	}
	return m
}

func (f cocoFormat) write(w *Writer) error {
	set := cocoSet{cocoHead: cocoHeadOf(w.Program, w.Labels), Images: []cocoImage{}, Annotations: []cocoAnnotation{}}
	holes := 0
	err := f.eachSlice(w, func(i int, stem string, plane []uint8) error {
		parts, width := partsOf(plane, w.side()), w.side()
		height := len(plane) / width
		set.Images = append(set.Images, cocoImageOf(w.Entry, i, len(set.Images)+1, width, height))
		for _, p := range parts {
			a, err := f.annotation(p, width, height)
			if err != nil {
				return err
			}
			a.ID, a.ImageID = len(set.Annotations)+1, len(set.Images)
			set.Annotations = append(set.Annotations, a)
		}
		holes += holesIn(parts)
		return w.picture(i, path.Join(imagesFolder, stem+".png"))
	})
	if err != nil {
		return err
	}
	if f.shape.holes() {
		w.remarkHoles(holes)
	}
	return w.File(KindMask, AllSlices, cocoCase(w.Name), func(out io.Writer) error {
		return writeCOCO(out, set.cocoHead, func(each func(*cocoSet) error) error { return each(&set) })
	})
}

func cocoCase(name string) string { return path.Join(cocoFolder, name+".json") }

// annotation is a part as one, without ids.
func (f cocoFormat) annotation(p part, w, h int) (cocoAnnotation, error) {
	a := cocoAnnotation{CategoryID: int(p.value), Crowd: f.shape.crowd()}
	var e extent
	for _, r := range columnRuns(p.Polygon) {
		e.add(r.x, r.from)
		e.add(r.x, r.end-1)
		a.Area += r.end - r.from
	}
	a.Box = e.box()
	var err error
	a.Segmentation, err = json.Marshal(f.shape.of(p, w, h))
	return a, err
}

// writeCOCO writes what parts give as one file, an image or annotation a line. It goes
// through the parts twice.
func writeCOCO(out io.Writer, head cocoHead, parts func(each func(*cocoSet) error) error) error {
	data, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := out.Write(data[:len(data)-1]); err != nil {
		return err
	}
	images := &jsonList{out: out, name: "images"}
	err = parts(func(s *cocoSet) error { return listed(images, s.Images) })
	annotations := &jsonList{out: out, name: "annotations"}
	return cmp.Or(err, images.end(), parts(func(s *cocoSet) error { return listed(annotations, s.Annotations) }), annotations.end(), last(out))
}

func last(out io.Writer) error {
	_, err := io.WriteString(out, "}\n")
	return err
}

// jsonList is a list in an object, written an element at a time.
type jsonList struct {
	out  io.Writer
	name string
	n    int
}

func listed[V any](l *jsonList, all []V) error {
	for _, v := range all {
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(l.out, "%s%s", l.before(), data); err != nil {
			return err
		}
	}
	return nil
}

func (l *jsonList) before() string {
	if l.n++; l.n == 1 {
		return fmt.Sprintf(",\n%q:[\n", l.name)
	}
	return ",\n"
}

func (l *jsonList) end() error {
	end := "\n]"
	if l.n == 0 {
		end = l.before() + "]"
	}
	_, err := io.WriteString(l.out, end)
	return err
}

// finish joins the cases' files, with ids that go on from case to case.
func (f cocoFormat) finish(w *SetWriter) error {
	if err := f.objects.finish(w); err != nil {
		return err
	}
	head := cocoHeadOf(w.Manifest.Program, w.Manifest.Labels)
	return w.File(cocoFile, func(out io.Writer) error {
		return writeCOCO(out, head, func(each func(*cocoSet) error) error { return joinedCOCO(w.at.out, w.Manifest, each) })
	})
}

// joinedCOCO gives what the cases' files hold, with the ids of the joined file.
func joinedCOCO(dir string, m *Manifest, each func(*cocoSet) error) error {
	images, annotations := 0, 0
	return m.eachCase(dir, func(e *CaseEntry) error {
		set, err := readCOCO(newReader(dir, m, e))
		if err != nil {
			return err
		}
		for k := range set.Images {
			set.Images[k].ID += images
		}
		for k := range set.Annotations {
			set.Annotations[k].ID += annotations
			set.Annotations[k].ImageID += images
		}
		images, annotations = images+len(set.Images), annotations+len(set.Annotations)
		return each(set)
	})
}

// readCOCO reads the file of a case.
func readCOCO(r *Reader) (*cocoSet, error) {
	files := r.Files(KindMask)
	if len(files) != 1 || files[0].File != cocoCase(r.Entry.Case) {
		return nil, fmt.Errorf("the case %s has no %s", r.Entry.Case, cocoCase(r.Entry.Case))
	}
	data, err := readBounded(r.Path(files[0]), maxCOCOCase)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", files[0].File, err)
	}
	set := &cocoSet{}
	if err := json.Unmarshal(data, set); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", files[0].File, err)
	}
	return set, nil
}

func (f cocoFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	set, err := readCOCO(r)
	if err != nil {
		return nil, err
	}
	byImage := map[int][]cocoAnnotation{}
	for _, a := range set.Annotations {
		byImage[a.ImageID] = append(byImage[a.ImageID], a)
	}
	return func(i int) ([]uint8, error) {
		k := slices.IndexFunc(set.Images, func(m cocoImage) bool { return m.Slice == i+1 })
		if k < 0 {
			return nil, nil
		}
		return f.plane(r, byImage[set.Images[k].ID])
	}, nil
}

// plane draws the annotations of an image, and holds each to what it says of itself.
func (f cocoFormat) plane(r *Reader, all []cocoAnnotation) ([]uint8, error) {
	w, h := r.Size()
	d := newDrawing(w, h)
	for _, a := range all {
		if a.CategoryID < 1 || a.CategoryID > 255 {
			return nil, fmt.Errorf("annotation %d of %s is of the category %d, which there is not", a.ID, cocoCase(r.Entry.Case), a.CategoryID)
		}
		e, err := d.object(uint8(a.CategoryID), func(set func(x, y int)) error { return f.shape.draw(a.Segmentation, w, h, set) })
		if err == nil && (e.area != a.Area || e.box() != a.Box) {
			err = fmt.Errorf("has %d pixels in the box %v, and says %d in %v", e.area, e.box(), a.Area, a.Box)
		}
		if err != nil {
			return nil, fmt.Errorf("annotation %d of %s %w", a.ID, cocoCase(r.Entry.Case), err)
		}
	}
	return d.plane, nil
}
