package labels

import (
	"encoding/json"
	"errors"
	"fmt"
	"image/color"
	"io"
	"path"
	"strings"
)

const kindLabelme = "labelme file"

// What is read as a whole, in bytes: a file, and of it a shape.
const (
	maxLabelme = 64 << 20
	maxShape   = 8 << 20
)

// labelmeFile is what is needed of one; the picture that it may hold is not.
type labelmeFile struct {
	Shapes                  []json.RawMessage
	ImagePath               string
	ImageHeight, ImageWidth int
}

type labelmeShape struct {
	Label  string
	Points [][2]float64
	Type   string `json:"shape_type"`
}

// readLabelme reads the polygons that labelme drew on a picture, whose name, or the
// file's own, matches them to a slice. Whole numbers are corners of pixels, as labelme
// shows them.
func (in *intake) readLabelme(r io.ReadSeeker, size int64) error {
	in.kind = kindLabelme
	if size > maxLabelme {
		return fmt.Errorf("a file of more than %d MB", maxLabelme>>20)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var file labelmeFile
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return damagedJSON(err)
	}
	i, by, reason := in.labelmeSlice(file.ImagePath)
	if reason != "" {
		return errors.New(reason)
	}
	if file.ImageWidth != in.canvas.w || file.ImageHeight != in.canvas.h {
		return fmt.Errorf("its picture has %dx%d pixels, the slice %dx%d", file.ImageWidth, file.ImageHeight, in.canvas.w, in.canvas.h)
	}
	s := in.newShapes(i, by)
	defer s.end()
	for k, raw := range file.Shapes {
		if err := in.ctx.Err(); err != nil {
			return err
		}
		err := s.labelme(raw)
		if errors.Is(err, errWork) || errors.Is(err, errFull) {
			return err
		}
		if err != nil {
			in.leave(fmt.Sprintf("shape %d", k+1), err.Error())
		}
	}
	return nil
}

// labelmeSlice finds the slice of the picture that a file is of.
func (in *intake) labelmeSlice(picture string) (i int, by By, reason string) {
	if _, ours := in.own[in.file]; ours || picture == "" {
		return in.sliceOf(in.file)
	}
	if i, reason = in.target.byName(path.Base(strings.ReplaceAll(picture, `\`, "/"))); reason == "" {
		return i, ByName, ""
	}
	return in.sliceOf(in.file)
}

// labelme draws a shape.
func (s *shapes) labelme(raw json.RawMessage) error {
	if len(raw) > maxShape {
		return fmt.Errorf("a shape of more than %d MB", maxShape>>20)
	}
	var shape labelmeShape
	if err := json.Unmarshal(raw, &shape); err != nil {
		return errors.New("it is damaged")
	}
	if shape.Type != "polygon" && shape.Type != "" {
		return fmt.Errorf("a %s, and no polygon", tidy(shape.Type))
	}
	label, err := s.in.ownNamed(shape.Label)
	if err != nil {
		return err
	}
	corners := make([]point, len(shape.Points))
	for k, p := range shape.Points {
		corners[k] = point{p[0], p[1]}
	}
	n, err := s.draw(corners, label)
	if err == nil {
		s.in.report.means(kindLabelme, "label "+tidy(shape.Label), s.in.table.name(label), label, n)
	}
	return err
}

// ownNamed is the label of a name in the file at hand, by the manifest of its export, or
// else by the name alone.
func (in *intake) ownNamed(name string) (uint8, error) {
	for _, l := range in.own[in.file].names {
		if l.Name == name {
			return in.table.named(l)
		}
	}
	return in.table.byName(name, color.NRGBA{})
}
