package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"groundglass/annotate"
)

// The raw data sets of nnU-Net v2 (Isensee et al., documentation/dataset_format.md):
// volumes of Hounsfield units, or pictures of single slices at a window level, with
// labels 0, 1, 2, … in the order of the table, and the folds of a cross-validation
// that keep each patient on one side.
var (
	nnunetPreset = Preset{
		Name: "nnunet", Title: "nnU-Net v2, volumes",
		About:      "a raw data set of nnU-Net v2: CT in Hounsfield units and labels as .nii.gz, dataset.json, and folds by patient in splits_final.json",
		Many:       true,
		Uses:       Uses{Name: true, Split: true},
		hounsfield: true,
		leaves:     nnunetLeaves,
		format: func(o *Options) format {
			return nnunetVolumes{nnunet{o, ".nii.gz"}, volumesOf(nnunetFolder(o.Name), "_0000", "")}
		},
	}
	nnunet2DPreset = Preset{
		Name: "nnunet2d", Title: "nnU-Net v2, slices",
		About: "a raw data set of nnU-Net v2 for its 2D configuration: slices that the model or a person looked at as 8-bit PNG at a window level, " +
			"labels as PNG, dataset.json, and folds by patient in splits_final.json",
		Many:   true,
		Uses:   Uses{Name: true, Split: true, Window: true},
		leaves: nnunetLeaves,
		format: func(o *Options) format { return nnunetSlices{nnunet: nnunet{o, ".png"}} },
	}
	nnunetLeaves = []string{"nnUNet_preprocessed/", "nnUNet_results/"} // nnU-Net's own folders, where the export is its nnUNet_raw
)

// volumesOf is a layout of imagesTr and labelsTr, of names with these endings.
func volumesOf(folder, image, label string) volumes {
	return volumes{
		image: func(name string) string { return path.Join(folder, "imagesTr", plainID(name)+image+".nii.gz") },
		label: func(name string) string { return path.Join(folder, "labelsTr", plainID(name)+label+".nii.gz") },
	}
}

// nnunet is what both kinds of data set share.
type nnunet struct {
	o      *Options
	ending string // of files
}

// values number the labels in the order of the table, since nnU-Net takes no others.
func (nnunet) values(labels []annotate.Label) (out [256]uint8, err error) {
	for _, l := range labels {
		if name := strings.ToLower(l.Name); name == "background" || name == "ignore" {
			return out, fmt.Errorf("nnU-Net takes no label of the name %q: rename it", l.Name)
		}
	}
	return consecutive(labels), nil
}

func consecutive(labels []annotate.Label) (out [256]uint8) {
	for k, l := range labels {
		out[l.Value] = uint8(k + 1)
	}
	return out
}

var (
	nnunetName   = regexp.MustCompile(`^Dataset\d{3}_[A-Za-z0-9_]+$`)
	nnunetNumber = regexp.MustCompile(`^Dataset(\d{1,3})_(.+)$`)
)

// nnunetFolder is the data set's folder: the name that was asked for where it is one of
// nnU-Net's, or else one of its number in three digits, or of a free one.
func nnunetFolder(name string) string {
	if nnunetName.MatchString(name) {
		return name
	}
	if m := nnunetNumber.FindStringSubmatch(name); m != nil {
		return fmt.Sprintf("Dataset%03s_%s", m[1], strings.ReplaceAll(plainID(m[2]), "-", "_"))
	}
	if name = strings.ReplaceAll(plainID(name), "-", "_"); name == "" {
		name = "Groundglass"
	}
	return "Dataset500_" + name
}

// plainID is a name of letters, digits, dashes and underscores. Others are replaced, and
// a few digits added, so that different names stay so.
func plainID(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return r
		}
		return '_'
	}, name)
	if plain != name {
		plain += "_" + digest([]byte(name))[:6]
	}
	return plain
}

// description is dataset.json.
type description struct {
	Channels map[string]string `json:"channel_names"`
	Labels   map[string]int    `json:"labels"`
	Training int               `json:"numTraining"`
	Ending   string            `json:"file_ending"`
	Reader   string            `json:"overwrite_image_reader_writer,omitempty"`
	Name     string            `json:"name"`
	About    string            `json:"description"`
}

// describe is what dataset.json says of so many cases. Where one is sheared, as of a
// tilted gantry, they are to be read with nibabel, since ITK takes none of those.
func (n nnunet) describe(m *Manifest, cases int, sheared bool) description {
	d := description{
		Channels: map[string]string{"0": "CT"}, Labels: map[string]int{"background": 0}, Training: cases, Ending: n.ending,
		Reader: "SimpleITKIO", Name: nnunetFolder(m.Name), About: m.Program,
	}
	if sheared {
		d.Reader = "NibabelIO"
	}
	if n.ending == ".png" {
		// CT would be normalized as Hounsfield units; any other name is by each picture.
		d.Channels["0"], d.Reader = "CT window", "NaturalImage2DIO"
	}
	for _, l := range m.Labels {
		d.Labels[l.Name] = int(l.InFiles)
	}
	return d
}

// fold is one of splits_final.json.
type fold struct {
	Train []string `json:"train"`
	Val   []string `json:"val"`
}

// folds split named items, each of a patient, so that no patient is on both sides.
func folds(names, patients []string, n int) (out []fold) {
	at := drawn(patients, names, n)
	for k := range n {
		f := fold{Train: []string{}, Val: []string{}}
		for i, name := range names {
			if at[i] == k {
				f.Val = append(f.Val, name)
			} else {
				f.Train = append(f.Train, name)
			}
		}
		if len(f.Val) > 0 && len(f.Train) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// finish writes dataset.json and the folds of cases, by the identifiers of each.
func (n nnunet) finish(w *SetWriter, ids func(c *CaseEntry) []string) error {
	names, patients, sheared, err := n.items(w.at.out, w.Manifest, ids)
	if err != nil {
		return err
	}
	folder := nnunetFolder(w.Manifest.Name)
	if err := w.JSON(path.Join(folder, "dataset.json"), n.describe(w.Manifest, len(names), sheared)); err != nil {
		return err
	}
	split := folds(names, patients, w.Options.Folds)
	if len(split) == 0 {
		if len(names) > 1 {
			w.remarks = append(w.remarks, "All is of one patient: there is no splits_final.json, and nnU-Net would divide it by case.")
		}
		return nil
	}
	return w.JSON(path.Join(folder, "splits_final.json"), split)
}

// items are the identifiers of a set, and the patient of each; sheared tells whether a
// case is.
func (nnunet) items(dir string, m *Manifest, ids func(c *CaseEntry) []string) (names, patients []string, sheared bool, err error) {
	err = m.eachCase(dir, func(c *CaseEntry) error {
		sheared = sheared || c.Series.sheared()
		for _, id := range ids(c) {
			names, patients = append(names, id), append(patients, patientOf(c))
		}
		return nil
	})
	return names, patients, sheared, err
}

// patientOf is a case's patient, or the case where the patient is not known.
func patientOf(c *CaseEntry) string {
	if c.Patient == "" {
		return "case " + c.Case
	}
	return c.Patient
}

// checkSet compares dataset.json and the folds with what the cases make of them.
func (n nnunet) checkSet(dir string, m *Manifest, ids func(c *CaseEntry) []string) []string {
	folder := nnunetFolder(m.Name)
	names, patients, sheared, err := n.items(dir, m, ids)
	if err != nil {
		return nil // which is said of the case
	}
	problems := sameJSON(dir, path.Join(folder, "dataset.json"), n.describe(m, len(names), sheared))
	if split := folds(names, patients, max(m.Folds, 1)); len(split) > 0 {
		problems = append(problems, sameJSON(dir, path.Join(folder, "splits_final.json"), split)...)
	}
	for _, sub := range []string{"imagesTr", "labelsTr"} {
		problems = append(problems, n.sameNames(dir, path.Join(folder, sub), names)...)
	}
	return problems
}

// sameNames compares the identifiers of a folder's files with those that there are.
func (n nnunet) sameNames(dir, folder string, names []string) (problems []string) {
	want := map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(folder, "imagesTr") {
			name += "_0000"
		}
		want[name+n.ending] = true
	}
	files, err := filesBelow(filepath.Join(dir, filepath.FromSlash(folder)))
	if err != nil {
		return []string{fmt.Sprintf("%s cannot be listed: %v.", folder, err)}
	}
	for _, f := range files {
		if !want[f] {
			problems = append(problems, fmt.Sprintf("%s/%s is of no case.", folder, f))
		}
		delete(want, f)
	}
	for _, f := range slices.Sorted(maps.Keys(want)) {
		problems = append(problems, fmt.Sprintf("%s/%s is missing.", folder, f))
	}
	return problems
}

// nnunetVolumes writes volumes.
type nnunetVolumes struct {
	nnunet
	volumes
}

func (f nnunetVolumes) values(labels []annotate.Label) ([256]uint8, error) {
	return f.nnunet.values(labels)
}

func volumeID(c *CaseEntry) []string { return []string{plainID(c.Case)} }

func (f nnunetVolumes) finish(w *SetWriter) error { return f.nnunet.finish(w, volumeID) }

func (f nnunetVolumes) checkSet(dir string, m *Manifest) []string {
	return f.nnunet.checkSet(dir, m, volumeID)
}

// nnunetSlices writes pictures.
type nnunetSlices struct {
	plain
	nnunet
}

func (f nnunetSlices) values(labels []annotate.Label) ([256]uint8, error) {
	return f.nnunet.values(labels)
}

// omits leaves out the slices that nobody and no model has looked at, and those that a
// person ruled out.
func (f nnunetSlices) omits(e *CaseEntry, i int) bool { return madeBy(e.Slices[i]) == byNobody }

// ids are the identifiers of a case's slices.
func (f nnunetSlices) ids(c *CaseEntry) (out []string) {
	for i := range c.Slices {
		if !f.omits(c, i) {
			out = append(out, sliceID(c, i))
		}
	}
	return out
}

func sliceID(c *CaseEntry, i int) string { return fmt.Sprintf("%s_%04d", plainID(c.Case), i+1) }

// paths are those of slice i's picture and labels.
func (f nnunetSlices) paths(c *CaseEntry, i int) map[string]string {
	folder, id := nnunetFolder(f.o.Name), sliceID(c, i)
	return map[string]string{KindImage: path.Join(folder, "imagesTr", id+"_0000.png"), KindMask: path.Join(folder, "labelsTr", id+".png")}
}

func (f nnunetSlices) write(w *Writer) error {
	w.remarkLeftOut(f.omits)
	for i := range w.Series.Len() {
		p, err := w.Plane(i)
		if err != nil {
			return err
		}
		if f.omits(w.Entry, i) {
			continue
		}
		to := f.paths(w.Entry, i)
		if err := w.Grey(KindMask, i, to[KindMask], grey(p, w.Series.Columns)); err != nil {
			return err
		}
		picture, err := w.Picture(i)
		if err != nil {
			return err
		}
		if err := w.Grey(KindImage, i, to[KindImage], picture); err != nil {
			return err
		}
	}
	return nil
}

func (nnunetSlices) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return readGrey(r, KindMask), nil
}

func (f nnunetSlices) check(r *Reader) []string {
	problems := greyPictures(r, KindImage)
	for i := range r.Entry.Slices {
		want := map[string]string{}
		if !f.omits(r.Entry, i) {
			for kind, name := range f.paths(r.Entry, i) {
				want[name] = kind
			}
		}
		problems = append(problems, placed(r, i, want)...)
	}
	return problems
}

func (f nnunetSlices) finish(w *SetWriter) error { return f.nnunet.finish(w, f.ids) }

func (f nnunetSlices) checkSet(dir string, m *Manifest) []string {
	return f.nnunet.checkSet(dir, m, f.ids)
}

// JSON writes a file of JSON.
func (w *SetWriter) JSON(name string, v any) error {
	data, err := indented(v)
	if err != nil {
		return err
	}
	return w.File(name, bytesTo(data))
}

// sameJSON compares a file of JSON with what it should be.
func sameJSON(dir, name string, want any) []string {
	data, err := readBounded(filepath.Join(dir, filepath.FromSlash(name)), maxManifest)
	if err != nil {
		return problemOf(err)
	}
	var got any
	if err := json.Unmarshal(data, &got); err != nil {
		return []string{fmt.Sprintf("%s is damaged: %v.", name, err)}
	}
	again, err := json.Marshal(got)
	if err != nil {
		return []string{sentence(err)}
	}
	wanted, err := json.Marshal(want)
	if err != nil {
		return []string{sentence(err)}
	}
	var plain any
	if err := json.Unmarshal(wanted, &plain); err != nil {
		return []string{sentence(err)}
	}
	if wanted, err = json.Marshal(plain); err != nil || string(again) != string(wanted) {
		return []string{fmt.Sprintf("%s is not what follows from the cases.", name)}
	}
	return nil
}
