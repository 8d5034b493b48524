package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
)

// The files of labelme (K. Wada, github.com/wkentaro/labelme): a JSON beside each
// picture. See FORMATS.md.
var labelmePreset = Preset{
	Name: "labelme", Title: "labelme",
	About: "a picture and a JSON file of labelled polygons a slice, for labelme and what opens its files; holes are joined to the outline",
	Many:  true, Uses: Uses{Window: true, Square: true},
	format: func(*Options) format { return labelmeFormat{} },
}

type labelmeFormat struct{ objects }

// labelmeVersion is the one of labelme whose files these are like.
const labelmeVersion = "5.4.1"

type labelmeFile struct {
	Version string          `json:"version"`
	Flags   struct{}        `json:"flags"`
	Shapes  []labelmeShape  `json:"shapes"`
	Image   string          `json:"imagePath"`
	Data    json.RawMessage `json:"imageData"` // null
	Height  int             `json:"imageHeight"`
	Width   int             `json:"imageWidth"`
}

type labelmeShape struct {
	Label       string       `json:"label"`
	Points      [][2]float64 `json:"points"`
	Group       *int         `json:"group_id"` // the part's number in the slice
	Description string       `json:"description"`
	Type        string       `json:"shape_type"`
	Flags       struct{}     `json:"flags"`
}

func (f labelmeFormat) write(w *Writer) error {
	names, holes := map[uint8]string{}, 0
	for _, l := range w.Labels {
		names[l.InFiles] = l.Name
	}
	err := f.eachSlice(w, func(i int, stem string, plane []uint8) error {
		parts := partsOf(plane, w.side())
		holes += holesIn(parts)
		file := labelmeFile{
			Version: labelmeVersion, Shapes: []labelmeShape{}, Image: stem + ".png", Width: w.side(), Height: len(plane) / w.side(),
		}
		for k, p := range parts {
			s := labelmeShape{Label: names[p.value], Type: "polygon", Group: ptr(k + 1)}
			for _, c := range p.Keyhole() {
				s.Points = append(s.Points, [2]float64{float64(c.X), float64(c.Y)})
			}
			file.Shapes = append(file.Shapes, s)
		}
		if err := w.picture(i, stem+".png"); err != nil {
			return err
		}
		return w.File(KindMask, i, stem+".json", func(out io.Writer) error { return json.NewEncoder(out).Encode(file) })
	})
	w.remarkHoles(holes)
	return err
}

func ptr[V any](v V) *V { return &v }

func (f labelmeFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return func(i int) ([]uint8, error) {
		e, ok := r.Of(KindMask, i)
		if !ok {
			return nil, nil
		}
		file, err := readLabelme(r, e)
		if err != nil {
			return nil, err
		}
		w, h := r.Size()
		d := newDrawing(w, h)
		for k, s := range file.Shapes {
			if err := d.labelme(s, k+1, r.Manifest.Labels); err != nil {
				return nil, fmt.Errorf("shape %d of %s %w", k+1, e.File, err)
			}
		}
		return d.plane, nil
	}, nil
}

func readLabelme(r *Reader, e FileEntry) (*labelmeFile, error) {
	data, err := readBounded(r.Path(e), maxFile)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", e.File, err)
	}
	file := &labelmeFile{}
	if err := json.Unmarshal(data, file); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", e.File, err)
	}
	return file, nil
}

// labelme draws a shape, which is the slice's number n.
func (d *drawing) labelme(s labelmeShape, n int, labels []LabelEntry) error {
	k := slices.IndexFunc(labels, func(l LabelEntry) bool { return l.Name == s.Label })
	switch {
	case k < 0:
		return fmt.Errorf("has the label %q, which there is not", s.Label)
	case s.Type != "polygon":
		return errors.New("is no polygon")
	case s.Group == nil || *s.Group != n:
		return errors.New("has another group_id than its number")
	}
	var xy []float64
	for _, p := range s.Points {
		xy = append(xy, p[0], p[1])
	}
	_, err := d.object(labels[k].InFiles, func(set func(x, y int)) error { return fillEvenOdd(xy, d.w, d.h, set) })
	return err
}

// check holds each file to the picture beside it.
func (f labelmeFormat) check(r *Reader) []string {
	problems := f.checkPlaces(r, map[string][2]string{KindImage: {"", ".png"}, KindMask: {"", ".json"}})
	w, h := r.Size()
	for _, e := range r.Files(KindMask) {
		file, err := readLabelme(r, e)
		if err != nil {
			continue // which is said by who reads the masks
		}
		image, _ := r.Of(KindImage, e.Slice-1)
		if file.Image != path.Base(image.File) || file.Width != w || file.Height != h || string(file.Data) != "null" {
			problems = append(problems, fmt.Sprintf("%s is not of the picture %s of %dx%d pixels.", e.File, image.File, w, h))
		}
	}
	return problems
}
