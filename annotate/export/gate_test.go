package export

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/nifti"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/internal/leak"
	"groundglass/annotate/killtest"
)

// miller is a case of a patient with a name.
func miller() *Case {
	c := input(newTestSession("/scans/MILLER^ANN/IM1.dcm", "/scans/MILLER^ANN/IM2.dcm"))
	c.Patient, c.Series.Patient, c.Series.Description = "MR-7781234", ct.Patient{ID: "MR-7781234", Name: "Miller^Ann Bo"}, "Follow-up"
	c.Work = func(int) Work { return Work{By: []string{"reader one"}} }
	c.Audit = []byte("{}\n{}\n")
	return c
}

func anonymous() Identity {
	return Identity{
		Method: "a test", UID: func(string) string { return "2.25.1" }, Patient: func(string) string { return "p1" },
		Words: func(string) string { return "" }, Person: func(string) string { return "reader" },
	}
}

// kept reports whether a field leaves as it is.
func (f Field) kept() bool { return f.Leaves != "" && f.Leaves == f.Here }

func TestLeaving(t *testing.T) {
	row := func(f []Field, what string) Field {
		k := slices.IndexFunc(f, func(f Field) bool { return f.What == what })
		if k < 0 {
			t.Fatalf("there is no %q among %+v", what, f)
		}
		return f[k]
	}
	kept := Leaving("case", miller(), pngPreset, Options{})
	for _, what := range []string{"Patient's ID", "Series description", "Series UID", "Instance UIDs", "Names of the images' files", "People who worked on it"} {
		if f := row(kept, what); !f.kept() {
			t.Errorf("with the identity: %+v", f)
		}
	}
	gone := Leaving("p1", miller(), pngPreset, Options{Identity: anonymous()})
	for what, want := range map[string]string{
		"Patient's ID": "p1", "Patient's name": "", "Series description": "", "Series UID": "2.25.1", "Instance UIDs": "2.25.1 and 1 more",
		"Names of the images' files": "slice_0001 and 1 more", "Folder of the images": "p1", "Names of the slices in files": "slice_0001 and 1 more",
		"People who worked on it": "reader", "Log of the work, with its times": "2 steps",
	} {
		if f := row(gone, what); f.Leaves != want || f.Here == "" {
			t.Errorf("without the identity: %+v, want %q", f, want)
		}
	}
}

// A file of several slices is one.
func TestLeavingOfAVolume(t *testing.T) {
	c := input(newTestSession("/scans/ct.nii.gz", "/scans/ct.nii.gz", "/scans/ct.nii.gz"))
	for _, f := range Leaving("case", c, pngPreset, Options{}) {
		if f.What == "Names of the images' files" && f.Here != "ct.nii.gz" {
			t.Errorf("%+v", f)
		}
	}
}

// pngWith is a PNG of no pixels with a chunk more.
func pngWith(kind, body string) string {
	chunk := func(kind, body string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + kind + body + "\x00\x00\x00\x00"
	}
	out := "\x89PNG\r\n\x1a\n" + chunk("IHDR", strings.Repeat("\x00", 13))
	if kind != "" {
		out += chunk(kind, body)
	}
	return out + chunk("IEND", "")
}

func deflated(text string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.String()
}

// niftiOf is a volume of one voxel with a description and an extension.
func niftiOf(description, extension string) string {
	var b bytes.Buffer
	nifti.WriteBytes(&b, nifti.Header{Dim: [3]int{1, 1, 1}, Description: description}, func(int) ([]uint8, error) { return []uint8{1}, nil })
	data := b.Bytes()
	binary.LittleEndian.PutUint32(data[108:], math.Float32bits(float32(352+len(extension))))
	return string(data[:352]) + extension + string(data[352:])
}

// What a careless format would write is found before the export is there.
func TestLeaksAreFound(t *testing.T) {
	packed := func(text string) func(io.Writer) error {
		return func(w io.Writer) error {
			z := gzip.NewWriter(w)
			if _, err := io.WriteString(z, text); err != nil {
				return err
			}
			return z.Close()
		}
	}
	plainText := func(text string) func(io.Writer) error { return bytesTo([]byte(text)) }
	for name, leak := range map[string]struct {
		file  string
		write func(io.Writer) error
	}{
		"the name":             {"notes.txt", plainText("x\x00MILLER\x00")},
		"in a file's name":     {"miller.txt", plainText("")},
		"with an ending":       {"a.txt", plainText("/data/Miller.dcm")},
		"the ID":               {"a.txt", plainText(`{"id":"7781234"}`)},
		"a UID":                {"a.txt", plainText("of 1.2.3.1, that is")},
		"the series":           {"a.txt", plainText("1.2.3")},
		"at the end":           {"a.txt", plainText(strings.Repeat("x", 3000) + " ann")},
		"of other letters":     {"a.txt", plainText("of MÍLLER")},
		"as one word":          {"a.txt", plainText("MillerAnnBo")},
		"the whole ID":         {"a.png", plainText(pngWith("IDAT", strings.Repeat("\x00", 600)+"mr_7781234x"))},
		"in a picture's text":  {"a.png", plainText(pngWith("tEXt", "Title\x00of ann"))},
		"compressed, likewise": {"a.png", plainText(pngWith("zTXt", "Title\x00\x00"+deflated("of ann")))},
		"in other languages":   {"a.png", plainText(pngWith("iTXt", "Title\x00\x01\x00de\x00\x00"+deflated("von Ann")))},
		"in a camera's words":  {"a.png", plainText(pngWith("eXIf", "II*\x00ann\x00"))},
		"behind a picture":     {"a.png", plainText(pngWith("", "") + "ann")},
		"in a volume's header": {"a.nii.gz", packed(niftiOf("Ann", ""))},
		"in its extension":     {"a.nii.gz", packed(niftiOf("", "of ann"))},
	} {
		by := pngPreset
		by.format = func(o *Options) format { return leaking{pngFormat{o: o}, leak.file, leak.write} }
		s := One(miller(), "groundglass test", "")
		s.Cases = []string{"p1"}
		parent := t.TempDir()
		_, err := Write(context.Background(), filepath.Join(parent, "out"), by, s, Options{Identity: anonymous()}, nil)
		if err == nil || !strings.Contains(err.Error(), "tells") {
			t.Errorf("%s: %v", name, err)
		}
		wantFiles(t, parent)
		if _, err := Write(context.Background(), filepath.Join(parent, "out"), by, s, Options{}, nil); err != nil {
			t.Errorf("%s, with the identity kept: %v", name, err)
		}
	}
	c := miller()
	c.Labels = append([]annotate.Label(nil), c.Labels...)
	if err := leaks(t.TempDir(), c, &CaseEntry{Case: "p1", Files: []FileEntry{}}, anonymous()); err != nil {
		t.Errorf("nothing leaks: %v", err)
	}
}

// A patient may be called as something that every export has in it.
func TestNamesOfThings(t *testing.T) {
	for _, name := range []string{"Mask^Glass", "Case^Chest", "Window^Lung Label"} {
		for _, p := range Presets() {
			if p.Name == "seg" || p.Name == "seg-fractional" || p.Name == "rtstruct" { // which need DICOM
				continue
			}
			c := miller()
			c.Series.Patient.Name = name
			s := One(c, "groundglass test", "tv-unet 1")
			s.Cases = []string{"p1"}
			if _, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), p, s, Options{Identity: anonymous()}, nil); err != nil {
				t.Errorf("%s of %s: %v", p.Name, name, err)
			}
		}
	}
}

// Pixels spell short names by chance, compressed or not: 20 of them are in no picture and no
// volume of the phantom.
func TestShortNamesInPixels(t *testing.T) {
	names := map[string]string{}
	for _, n := range strings.Fields("Lee Doe Roe Joe Coe Noe Moe Poe Rae Mae Bae Kim Ali Ito Fox May Ott Cho Kay Sun") {
		names[n] = "a name"
	}
	secret := newSecrets(names)
	c := FromSnapshot(annotate.NewSession(phantom.New(phantom.Options{Size: 256, Slices: 30, Seed: 7}).Series()).Snapshot())
	for _, p := range []Preset{pngPreset, niftiPreset} {
		dir, _ := mustWrite(t, p, One(c, "groundglass test", ""), Options{Images: true})
		for _, name := range listing(t, dir) {
			if err := secret.inFile(filepath.Join(dir, name)); err != nil {
				t.Errorf("%s %v", name, err)
			}
		}
	}
}

// The vocabulary has all words that exports have whoever they are of.
func TestVocabulary(t *testing.T) {
	for _, p := range Presets() {
		if p.Name == "seg" || p.Name == "seg-fractional" || p.Name == "rtstruct" {
			continue
		}
		c := input(newStatesSession())
		s := One(c, "1.0", "")
		s.Cases = []string{"p1"}
		dir, _ := mustWrite(t, p, s, Options{Identity: anonymous(), Images: p.Uses.Images})
		own := ownWords(c, &CaseEntry{Case: "p1", Patient: "p1"})
		for name, data := range killtest.Files(t, dir) {
			text := name
			if ext := filepath.Ext(name); ext == ".json" || ext == ".csv" || ext == ".txt" || ext == ".yaml" {
				text += " " + data
			}
			for _, w := range leak.Words(text) {
				if len(w) >= 3 && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == "" && !own[leak.Fold(w)] {
					t.Errorf("%s: the vocabulary lacks %q, which %s has", p.Name, w, name)
					own[leak.Fold(w)] = true
				}
			}
		}
	}
}

// leaking is a format that writes a file more.
type leaking struct {
	pngFormat
	file string
	more func(io.Writer) error
}

func (l leaking) write(w *Writer) error {
	if err := l.pngFormat.write(w); err != nil {
		return err
	}
	return w.File(KindTable, AllSlices, l.file, l.more)
}

// A label that is named as the patient, or by a UID of the images, does not leave, whatever
// the preset; one that is named as what every export has in it does.
func TestLabelsNamedAsThePatient(t *testing.T) {
	for name, told := range map[string]string{
		"Miller nodule": "name or ID", "miller, ann": "name or ID", "Nodule (MR-7781234)": "name or ID", "1.2.3": "a UID of the images",
		"Ground glass": "", "Nodule": "",
	} {
		for _, p := range []Preset{pngPreset, niftiPreset, cocoPreset} {
			c := miller()
			c.Series.UID, c.Labels = "1.2.3", slices.Clone(c.Labels)
			c.Labels[0].Name = name
			set := One(c, "groundglass test", "")
			set.Cases[0] = "p1"
			_, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), p, set, Options{Values: true, Identity: anonymous()}, nil)
			var label *NamedLabel
			if found := errors.As(err, &label); found != (told != "") || found && (label.Name != name || !strings.Contains(err.Error(), told)) {
				t.Errorf("%s, %q: %v", p.Name, name, err)
			}
			if _, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), p, set, Options{Values: true}, nil); err != nil {
				t.Errorf("%s, %q, with the identity kept: %v", p.Name, name, err)
			}
		}
	}
}
