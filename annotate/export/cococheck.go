package export

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
)

// check holds a case's file to the rules of pycocotools: ids that are there once and
// refer to what there is, and images that are what the pictures are.
func (f cocoFormat) check(r *Reader) []string {
	problems := f.checkPlaces(r, map[string][2]string{KindImage: {imagesFolder, ".png"}})
	set, err := readCOCO(r)
	if err != nil {
		return problems // which is said by who reads the masks
	}
	say := func(format string, a ...any) {
		problems = append(problems, cocoCase(r.Entry.Case)+" "+fmt.Sprintf(format, a...)+".")
	}
	if !reflect.DeepEqual(set.cocoHead, cocoHeadOf(r.Manifest.Program, r.Manifest.Labels)) {
		say("has other categories than there are labels")
	}
	if want := f.images(r); !reflect.DeepEqual(set.Images, want) {
		say("has images that are not the %d slices of the case as they are", len(want))
	}
	for k, a := range set.Annotations {
		switch {
		case a.ID != k+1:
			say("has the id %d where %d belongs", a.ID, k+1)
		case a.ImageID < 1 || a.ImageID > len(set.Images):
			say("has an annotation, %d, of an image that there is not", a.ID)
		case !slices.ContainsFunc(set.Categories, func(c cocoCategory) bool { return c.ID == a.CategoryID }):
			say("has an annotation, %d, of the category %d, which there is not", a.ID, a.CategoryID)
		case a.Crowd != f.shape.crowd():
			say("has an annotation, %d, whose iscrowd is %d", a.ID, a.Crowd)
		}
	}
	return problems
}

// images are those of a case.
func (f cocoFormat) images(r *Reader) []cocoImage {
	w, h := r.Size()
	out := []cocoImage{}
	for i := range r.Entry.Slices {
		if !f.omits(r.Entry, i) {
			out = append(out, cocoImageOf(r.Entry, i, len(out)+1, w, h))
		}
	}
	return out
}

// checkSet compares the joined file with those of the cases, an element at a time.
func (f cocoFormat) checkSet(dir string, m *Manifest) []string {
	file, err := os.Open(filepath.Join(dir, cocoFile))
	if errors.Is(err, os.ErrNotExist) {
		return []string{cocoFile + " is not there."}
	}
	if err == nil {
		defer file.Close()
		err = compareCOCO(file, dir, m)
	}
	if err != nil {
		return []string{fmt.Sprintf("%s %v.", cocoFile, err)}
	}
	return nil
}

// compareCOCO reads a joined file beside the cases' own. Its errors complete a sentence
// that begins with the file's name.
func compareCOCO(file io.Reader, dir string, m *Manifest) error {
	j := &jsonReader{json.NewDecoder(file)}
	head := cocoHeadOf(m.Program, m.Labels)
	var is cocoHead
	err := cmp.Or(j.want(json.Delim('{')), j.member("info", &is.Info), j.member("categories", &is.Categories))
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(is, head) {
		return errors.New("has other categories than there are labels")
	}
	if err := sameList(j, "images", dir, m, func(s *cocoSet) []cocoImage { return s.Images }); err != nil {
		return err
	}
	if err := sameList(j, "annotations", dir, m, func(s *cocoSet) []cocoAnnotation { return s.Annotations }); err != nil {
		return err
	}
	return j.want(json.Delim('}'))
}

// sameList compares a list with those of the cases, one after the other.
func sameList[V any](j *jsonReader, name, dir string, m *Manifest, of func(*cocoSet) []V) error {
	if err := cmp.Or(j.want(name), j.want(json.Delim('['))); err != nil {
		return err
	}
	n := 0
	err := joinedCOCO(dir, m, func(s *cocoSet) error {
		for _, want := range of(s) {
			n++
			var is V
			if !j.More() {
				return fmt.Errorf("has %d %s, and the cases have more", n-1, name)
			}
			if err := j.Decode(&is); err != nil {
				return fmt.Errorf("is damaged: %w", err)
			}
			if !reflect.DeepEqual(is, want) {
				return fmt.Errorf("has number %d of its %s differ from that of the case", n, name)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if j.More() {
		return fmt.Errorf("has more %s than the cases", name)
	}
	return j.want(json.Delim(']'))
}

// jsonReader reads JSON of a known order.
type jsonReader struct{ *json.Decoder }

func (j *jsonReader) want(token json.Token) error {
	if t, err := j.Token(); err != nil || t != token {
		return fmt.Errorf("is damaged: it has %v where %v belongs", t, token)
	}
	return nil
}

func (j *jsonReader) member(name string, to any) error {
	if err := j.want(name); err != nil {
		return err
	}
	if err := j.Decode(to); err != nil {
		return fmt.Errorf("is damaged: %w", err)
	}
	return nil
}
