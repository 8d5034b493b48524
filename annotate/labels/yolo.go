package labels

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const kindYOLO = "YOLO labels"

// maxLine bounds a line, in bytes.
const maxLine = 16 << 20

// isYOLO tells the label files of YOLO: a line an object, of numbers alone.
func (in *intake) isYOLO(head []byte) bool {
	line, _, _ := strings.Cut(string(head), "\n")
	fields := strings.Fields(line)
	if len(fields) < 5 || !strings.EqualFold(filepath.Ext(in.file), ".txt") {
		return false
	}
	for _, f := range fields[:5] {
		if _, err := strconv.ParseFloat(f, 64); err != nil {
			return false
		}
	}
	return true
}

// emptyYOLO takes an empty file for the labels of a slice that has none, where it is in
// a set of YOLO.
func (in *intake) emptyYOLO() error {
	if !strings.EqualFold(filepath.Ext(in.file), ".txt") || in.classes(filepath.Dir(in.file), yoloNames) == nil {
		return errEmpty
	}
	i, by, reason := in.sliceOf(in.file)
	if reason != "" {
		return errEmpty
	}
	if err := in.yoloFits(); err != nil {
		return err
	}
	in.kind = kindYOLO
	in.newShapes(i, by).end()
	return nil
}

// yoloFits says why the picture of the label file at hand is not of the slices' size. Points
// are shares of it, so that they would lie elsewhere. Where neither a manifest nor the
// picture tells its size, it is taken to fit, which the report says once.
func (in *intake) yoloFits() error {
	w, h := in.canvas.w, in.canvas.h
	if own, ok := in.own[in.file]; ok {
		if own.square > 0 {
			w, h = own.square, own.square
		}
	} else if w, h, ok = pictureOfYOLO(in.file); !ok {
		w, h = in.canvas.w, in.canvas.h
		if !slices.Contains(in.report.Remarks, yoloUnseen) {
			in.report.Remarks = append(in.report.Remarks, yoloUnseen)
		}
	}
	if w != in.canvas.w || h != in.canvas.h {
		return fmt.Errorf("its picture has %dx%d pixels, the slice %dx%d", w, h, in.canvas.w, in.canvas.h)
	}
	return nil
}

const yoloUnseen = "The pictures of YOLO's label files do not lie where YOLO looks for them: they are taken to be of the slices' size"

// pictureOfYOLO is the size of the picture that a label file is of, which lies beside it, or
// under images/ as the file under labels/.
func pictureOfYOLO(path string) (w, h int, ok bool) {
	bare := strings.TrimSuffix(path, filepath.Ext(path))
	stems := []string{bare}
	parts := strings.Split(bare, string(filepath.Separator))
	for k := len(parts) - 1; k >= 0; k-- {
		if parts[k] == "labels" {
			parts[k] = "images"
			stems = append(stems, strings.Join(parts, string(filepath.Separator)))
			break
		}
	}
	for _, stem := range stems {
		for _, ending := range []string{".png", ".jpg", ".jpeg", ".tif", ".tiff"} {
			if w, h, ok := pictureSize(stem + ending); ok {
				return w, h, true
			}
		}
	}
	return 0, 0, false
}

// pictureSize is the size of a picture that package ct knows.
func pictureSize(path string) (w, h int, ok bool) {
	f, _, err := openRegular(path)
	if err != nil {
		return 0, 0, false
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	return c.Width, c.Height, err == nil
}

// readYOLO reads outlines whose points are shares of the width and the height. The
// file's name matches them to a slice, and data.yaml names the classes.
func (in *intake) readYOLO(f *io.SectionReader) error {
	in.kind = kindYOLO
	i, by, reason := in.sliceOf(in.file)
	if reason != "" {
		return errors.New(reason)
	}
	if err := in.yoloFits(); err != nil {
		return err
	}
	names := in.classes(filepath.Dir(in.file), yoloNames)
	s := in.newShapes(i, by)
	defer s.end()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := in.ctx.Err(); err != nil {
			return err
		}
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 {
			continue
		}
		err := s.yolo(fields, names)
		if errors.Is(err, errWork) || errors.Is(err, errFull) {
			return err
		}
		if err != nil {
			in.leave(fmt.Sprintf("line %d", n), err.Error())
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line of more than %d MB", maxLine>>20)
	}
	return lines.Err()
}

// yolo draws a line of a label file.
func (s *shapes) yolo(fields []string, names map[int]string) error {
	class, err := strconv.ParseUint(fields[0], 10, 16)
	switch {
	case err != nil:
		return errors.New("its class is no whole number")
	case len(fields) == 5:
		return errors.New("a box, which tells no pixels")
	case len(fields)%2 == 0:
		return errors.New("an outline has half a point")
	}
	corners, err := s.shares(fields[1:])
	if err != nil {
		return err
	}
	name, ok := names[int(class)]
	if !ok {
		name = fmt.Sprintf("Class %d", class)
	}
	label, err := s.in.ownLabelOf(value(class+1), name)
	if err != nil {
		return err
	}
	n, err := s.draw(corners, label)
	if err == nil {
		s.in.report.means(kindYOLO, fmt.Sprintf("class %d (%s)", class, tidy(name)), s.in.table.name(label), label, n)
	}
	return err
}

// shares are points as shares of the slice's size.
func (s *shapes) shares(fields []string) ([]point, error) {
	corners := make([]point, len(fields)/2)
	for k, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return nil, errors.New("a point is no share of the width and the height")
		}
		if k%2 == 0 {
			corners[k/2].x = v * float64(s.w)
		} else {
			corners[k/2].y = v * float64(s.h)
		}
	}
	return corners, nil
}
