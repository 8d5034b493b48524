package labels

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"groundglass/annotate/ct"
)

// cocoFile is a COCO file that is being read, a section at a time, since each may
// be larger than memory should take.
type cocoFile struct {
	in         *intake
	images     map[string]cocoImage // by id, those on slices
	categories map[string]string    // names by id
	sketch                          // of the annotation at hand
	pixels     map[string]int       // drawn, by category's id
	labels     map[string]uint8     // that they became
	drawn      map[int]int          // annotations, by slice
	by         By                   // images were matched
}

type cocoImage struct {
	ID            json.RawMessage `json:"id"`
	FileName      string          `json:"file_name"`
	Width, Height int
	Slice         int // from 1, in files of exports of this program
	slice         int
}

type cocoAnnotation struct {
	ImageID      json.RawMessage `json:"image_id"`
	CategoryID   json.RawMessage `json:"category_id"`
	Segmentation json.RawMessage `json:"segmentation"`
}

// readJSON reads COCO's format, or a file of labelme.
func (in *intake) readJSON(f *io.SectionReader) error {
	if err := in.readCOCO(f); !errors.Is(err, errShapes) {
		return err
	}
	return in.readLabelme(f, f.Size())
}

// errShapes tells that a file is labelme's.
var errShapes = errors.New("a file of shapes")

// readCOCO reads annotations of instances in COCO's format: polygons, and runs as
// lists or as strings. Images are matched by their file's name, and what lies
// over what follows the order of the annotations.
func (in *intake) readCOCO(r io.ReadSeeker) error {
	in.kind = "COCO annotation"
	c := &cocoFile{in: in, sketch: newSketch(in.target.s.Columns, in.target.s.Rows, &in.work), images: map[string]cocoImage{}, categories: map[string]string{}, pixels: map[string]int{}, labels: map[string]uint8{}, drawn: map[int]int{}, by: ByName}
	var images []cocoImage
	hasShapes, err := sections(r, map[string]func(json.RawMessage) error{
		"images": func(raw json.RawMessage) error {
			var m cocoImage
			err := json.Unmarshal(raw, &m)
			images = append(images, m)
			return err
		},
		"categories": func(raw json.RawMessage) error {
			var v struct {
				ID   json.RawMessage
				Name string
			}
			err := json.Unmarshal(raw, &v)
			c.categories[string(v.ID)] = v.Name
			return err
		},
	})
	if err != nil {
		return err
	}
	if len(images) == 0 && hasShapes {
		return errShapes
	}
	if len(images) == 0 {
		return errors.New("a JSON file without the images of COCO's format or the shapes of labelme's")
	}
	c.match(images)
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	number := 0
	_, err = sections(r, map[string]func(json.RawMessage) error{"annotations": func(raw json.RawMessage) error {
		number++
		return c.annotation(number, raw)
	}})
	c.finish()
	return err
}

// sections goes through the lists of a JSON object that have names, an element at
// a time, and passes over all else. It tells whether the object has shapes.
func sections(r io.Reader, each map[string]func(json.RawMessage) error) (hasShapes bool, err error) {
	d := json.NewDecoder(r)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false, errors.New("the JSON file is damaged, or no object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return false, damagedJSON(err)
		}
		hasShapes = hasShapes || key == "shapes"
		if err := section(d, each[fmt.Sprint(key)]); err != nil {
			return false, err
		}
	}
	return hasShapes, nil
}

// section goes through one value; each is nil where it is of no interest.
func section(d *json.Decoder, each func(json.RawMessage) error) error {
	var raw json.RawMessage
	t, err := d.Token()
	if err != nil {
		return damagedJSON(err)
	}
	if _, nested := t.(json.Delim); !nested {
		return nil
	}
	for d.More() {
		if t == json.Delim('{') {
			if _, err := d.Token(); err != nil { // the key
				return damagedJSON(err)
			}
		}
		if err := d.Decode(&raw); err != nil {
			return damagedJSON(err)
		}
		if each != nil && t == json.Delim('[') {
			if err := each(raw); err != nil {
				return err
			}
		}
	}
	if _, err := d.Token(); err != nil {
		return damagedJSON(err)
	}
	return nil
}

func damagedJSON(err error) error { return fmt.Errorf("the JSON file is damaged: %w", err) }

// match finds the slices of images. Two images of one name are two too many.
func (c *cocoFile) match(images []cocoImage) {
	s := c.in.target.s
	on := map[int]int{}
	for i, m := range images {
		slice, reason := c.sliceOf(m)
		if reason == "" && (m.Width != s.Columns || m.Height != s.Rows) {
			reason = fmt.Sprintf("it has another size than the slices of %dx%d pixels", s.Columns, s.Rows)
		}
		if images[i].slice = slice; reason != "" {
			c.in.leave("image "+tidy(m.FileName), reason)
			images[i].slice = -1
			continue
		}
		on[slice]++
	}
	jpeg := ""
	for _, m := range images {
		switch {
		case m.slice < 0:
			continue
		case on[m.slice] > 1:
			c.in.leave("image "+tidy(m.FileName), "another image has the same name")
			continue
		case isJPEG(m.FileName) && !isJPEG(s.Sources[m.slice].File) && jpeg == "":
			jpeg = tidy(m.FileName)
		}
		c.images[string(m.ID)] = m
		c.drawn[m.slice] = 0
	}
	if jpeg != "" {
		c.in.remark("its images are JPEG pictures, such as %s: that they show the slices of the same names is taken on trust", jpeg)
	}
}

// sliceOf finds an image's slice: by the manifest of the export that the file is of, or
// else by name.
func (c *cocoFile) sliceOf(m cocoImage) (slice int, reason string) {
	own := c.in.own[c.in.file].of
	if m.Slice < 1 || m.Slice > len(own) {
		return c.in.target.byName(filepath.Base(m.FileName))
	}
	slice, by, reason := own[m.Slice-1].slice(c.in.target)
	if reason == "" {
		c.by = by
	}
	return slice, reason
}

func isJPEG(name string) bool {
	e := strings.ToLower(filepath.Ext(name))
	return e == ".jpg" || e == ".jpeg"
}

// annotation draws one annotation.
func (c *cocoFile) annotation(number int, raw json.RawMessage) error {
	if err := c.in.ctx.Err(); err != nil {
		return err
	}
	var a cocoAnnotation
	if err := json.Unmarshal(raw, &a); err != nil {
		return damagedJSON(err)
	}
	m, ok := c.images[string(a.ImageID)]
	if !ok {
		return nil // the image is left out
	}
	part := fmt.Sprintf("annotation %d", number)
	err := c.draw(a.Segmentation)
	if errors.Is(err, errWork) {
		return err
	}
	if err != nil {
		c.in.leave(part, err.Error())
		return nil
	}
	label, err := c.in.ownLabelOf(numberOf(a.CategoryID), c.category(string(a.CategoryID)))
	if err != nil {
		return err
	}
	c.labels[string(a.CategoryID)] = label
	low, high := c.top*c.w, c.end*c.w
	c.pixels[string(a.CategoryID)] += relabel(c.mask[low:high], label)
	c.in.paint(m.slice, c.mask, low, high)
	c.drawn[m.slice]++
	return nil
}

// category is the name of a category.
func (c *cocoFile) category(id string) string {
	if name, ok := c.categories[id]; ok {
		return name
	}
	return "Category " + id
}

// numberOf is an id as a number; 0 where it is none.
func numberOf(id json.RawMessage) value {
	n, err := strconv.ParseUint(string(id), 10, 8)
	if err != nil {
		return 0
	}
	return value(n)
}

// draw makes a mask, 0 and 1, of a segmentation.
func (c *cocoFile) draw(raw json.RawMessage) error {
	c.clear()
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		return c.runs(raw)
	}
	var polygons [][]float64
	if err := json.Unmarshal(raw, &polygons); err != nil || len(polygons) == 0 {
		return errors.New("it has no segmentation by polygons or runs")
	}
	for _, p := range polygons {
		if err := c.polygon(p); err != nil {
			return err
		}
	}
	return nil
}

// finish reports what was drawn.
func (c *cocoFile) finish() {
	for i := range c.in.target.s.Sources {
		n, ok := c.drawn[i]
		if !ok {
			continue
		}
		c.in.drawn(i, ct.Count(n, "annotation"), c.by)
	}
	for _, id := range sortedKeys(c.pixels) {
		label := c.labels[id]
		c.in.report.means(c.in.kind, fmt.Sprintf("category %s (%s)", tidy(id), tidy(c.category(id))), c.in.table.name(label), label, c.pixels[id])
	}
}
