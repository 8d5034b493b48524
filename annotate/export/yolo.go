package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"groundglass/annotate"
)

// YOLO's format of segmentation, as Ultralytics reads it (docs.ultralytics.com,
// "Instance Segmentation Datasets Overview"). See FORMATS.md.
var yoloPreset = Preset{
	Name: "yolo", Title: "YOLO, segmentation",
	About: "pictures and a text file of outlines each in images/ and labels/, train and val by patient, and data.yaml, for YOLO's segmentation; " +
		"holes are joined to the outline",
	Many: true, Uses: Uses{Window: true, Square: true, Held: true},
	leaves: []string{"labels/*.cache"}, // Ultralytics' lists of what it has read
	format: func(*Options) format { return yoloFormat{} },
}

const (
	yoloData  = "data.yaml"
	yoloTrain = "train"
	yoloVal   = "val"
)

type yoloFormat struct{ objects }

// values are the classes, which count from 0, and one more.
func (yoloFormat) values(labels []annotate.Label) ([256]uint8, error) {
	return consecutive(labels), nil
}

// side is the part of the set that a case is in.
func (yoloFormat) side(e *CaseEntry) string {
	if e.Held {
		return yoloVal
	}
	return yoloTrain
}

func (f yoloFormat) write(w *Writer) error {
	holes, side := 0, f.side(w.Entry)
	err := f.eachSlice(w, func(i int, stem string, plane []uint8) error {
		parts := partsOf(plane, w.side())
		holes += holesIn(parts)
		if err := w.picture(i, path.Join(imagesFolder, side, stem+".png")); err != nil {
			return err
		}
		return w.File(KindMask, i, path.Join("labels", side, stem+".txt"), func(out io.Writer) error {
			return writeYOLO(out, parts, w.side(), len(plane)/w.side())
		})
	})
	w.remarkHoles(holes)
	return err
}

// writeYOLO writes a line a part: its class, and the corners of its outline as shares of
// the width and the height, with digits that tell corners of pixels apart up to a
// million of them.
func writeYOLO(out io.Writer, parts []part, w, h int) error {
	var line []byte
	for _, p := range parts {
		line = strconv.AppendInt(line[:0], int64(p.value)-1, 10)
		for k, v := range p.points() {
			size := w
			if k%2 == 1 {
				size = h
			}
			line = strconv.AppendFloat(append(line, ' '), v/float64(size), 'f', -1, 32)
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

func (f yoloFormat) finish(w *SetWriter) error {
	if err := f.objects.finish(w); err != nil {
		return err
	}
	return w.File(yoloData, bytesTo(yoloYAML(w.Manifest)))
}

// yoloYAML is data.yaml.
func yoloYAML(m *Manifest) []byte {
	var b bytes.Buffer
	val := ""
	for _, c := range m.Cases {
		if c.Held && c.Files > 0 {
			val = "val: images/val\n"
		}
	}
	if val == "" {
		val = "# No patient is held out, so that validation is on the pictures of training.\nval: images/train\n"
	}
	fmt.Fprintf(&b, "train: images/train\n%snames:\n", val)
	for _, l := range m.Labels {
		name, _ := json.Marshal(l.Name) // a string of JSON is one of YAML
		fmt.Fprintf(&b, "  %d: %s\n", l.InFiles-1, name)
	}
	return b.Bytes()
}

func (yoloFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return func(i int) ([]uint8, error) {
		file, ok := r.Of(KindMask, i)
		if !ok {
			return nil, nil
		}
		data, err := readBounded(r.Path(file), maxFile)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", file.File, err)
		}
		w, h := r.Size()
		d := newDrawing(w, h)
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, maxFile)
		for n := 1; lines.Scan(); n++ {
			if err := d.yolo(lines.Text(), len(r.Manifest.Labels)); err != nil {
				return nil, fmt.Errorf("line %d of %s %w", n, file.File, err)
			}
		}
		return d.plane, lines.Err()
	}, nil
}

// yolo draws a line of a label file.
func (d *drawing) yolo(line string, classes int) error {
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return errors.New("is empty")
	}
	class, err := strconv.Atoi(fields[0])
	if err != nil || class < 0 || class >= classes {
		return fmt.Errorf("has the class %s, and there are %d", fields[0], classes)
	}
	var xy []float64
	for k, field := range fields[1:] {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return fmt.Errorf("has %s, which is no share of the picture", field)
		}
		size := d.w
		if k%2 == 1 {
			size = d.h
		}
		xy = append(xy, math.Round(v*float64(size)))
	}
	_, err = d.object(uint8(class+1), func(set func(x, y int)) error { return fillEvenOdd(xy, d.w, d.h, set) })
	return err
}

func (f yoloFormat) check(r *Reader) []string {
	side := f.side(r.Entry)
	return f.checkPlaces(r, map[string][2]string{
		KindImage: {path.Join(imagesFolder, side), ".png"}, KindMask: {path.Join("labels", side), ".txt"},
	})
}

func (f yoloFormat) checkSet(dir string, m *Manifest) []string {
	return sameText(dir, yoloData, yoloYAML(m))
}

// sameText compares a file of the set with what it should be.
func sameText(dir, name string, want []byte) []string {
	data, err := readBounded(filepath.Join(dir, filepath.FromSlash(name)), int64(len(want)))
	if err != nil || !bytes.Equal(data, want) {
		return []string{name + " is not what it should be."}
	}
	return nil
}
