package export

import (
	"bytes"
	"image/color"
	"path"
	"slices"

	"groundglass/annotate"
)

// The layout of PASCAL VOC (Everingham et al. 2010, VOC devkit) for segmentation. See
// FORMATS.md.
var vocPreset = Preset{
	Name: "voc", Title: "PASCAL VOC, segmentation",
	About: "pictures, masks of class numbers with VOC's palette, and lists of train and val by patient in the folders of PASCAL VOC",
	Many:  true, Uses: Uses{Window: true, Square: true, Held: true},
	format: func(*Options) format { return vocFormat{} },
}

const (
	vocPictures = "JPEGImages"
	vocMasks    = "SegmentationClass"
	vocLists    = "ImageSets/Segmentation"
	vocLabels   = "labels.txt"
)

type vocFormat struct{ objects }

// values number the labels in the order of the table: classes, 0 being the background.
func (vocFormat) values(labels []annotate.Label) ([256]uint8, error) {
	return consecutive(labels), nil
}

// vocColours is VOC's colour map: the bits of an index, three at a time, are the
// highest bits left of red, green and blue (VOCcolormap.m).
func vocColours() color.Palette {
	out := make(color.Palette, 256)
	for k := range out {
		c := color.NRGBA{A: 255}
		for bit := range 3 {
			c.R |= uint8(k>>(3*bit)) & 1 << (7 - bit)
			c.G |= uint8(k>>(3*bit+1)) & 1 << (7 - bit)
			c.B |= uint8(k>>(3*bit+2)) & 1 << (7 - bit)
		}
		out[k] = c
	}
	return out
}

func (f vocFormat) write(w *Writer) error {
	return f.eachSlice(w, func(i int, stem string, plane []uint8) error {
		if err := w.picture(i, path.Join(vocPictures, stem+".png")); err != nil {
			return err
		}
		return w.paletted(i, path.Join(vocMasks, stem+".png"), plane, vocColours())
	})
}

// texts are the files of the set, in the order of their names.
func (f vocFormat) texts(dir string, m *Manifest) (names []string, texts map[string][]byte, err error) {
	var labels, train, val, all bytes.Buffer
	labels.WriteString("background\n")
	for _, l := range m.Labels {
		labels.WriteString(l.Name + "\n")
	}
	err = m.eachCase(dir, func(e *CaseEntry) error {
		side := &train
		if e.Held {
			side = &val
		}
		for i := range e.Slices {
			if !f.omits(e, i) {
				side.WriteString(stemOf(e.Case, i) + "\n")
				all.WriteString(stemOf(e.Case, i) + "\n")
			}
		}
		return nil
	})
	texts = map[string][]byte{vocLabels: labels.Bytes()}
	for name, b := range map[string]*bytes.Buffer{"train": &train, "val": &val, "trainval": &all} {
		texts[path.Join(vocLists, name+".txt")] = b.Bytes()
	}
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, texts, err
}

func (f vocFormat) finish(w *SetWriter) error {
	if err := f.objects.finish(w); err != nil {
		return err
	}
	names, texts, err := f.texts(w.at.out, w.Manifest)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := w.File(name, bytesTo(texts[name])); err != nil {
			return err
		}
	}
	return nil
}

func (vocFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return readPaletted(r, vocColours()), nil
}

func (f vocFormat) check(r *Reader) []string {
	return f.checkPlaces(r, map[string][2]string{KindImage: {vocPictures, ".png"}, KindMask: {vocMasks, ".png"}})
}

func (f vocFormat) checkSet(dir string, m *Manifest) (problems []string) {
	names, texts, err := f.texts(dir, m)
	if err != nil {
		return nil // which is said of the case
	}
	for _, name := range names {
		problems = append(problems, sameText(dir, name, texts[name])...)
	}
	return problems
}
