package export

import (
	"errors"
	"fmt"
	"image"
	"path"
	"strings"

	"groundglass/annotate"
)

// The layouts of COVID-SemiSeg (D.-P. Fan et al. 2020, "Inf-Net", IEEE TMI 39(8), and
// its data set as published), for loaders that pair files by sorted lists. Pictures are
// stored upright, where the data set's own are transposed. See FORMATS.md.
var (
	semisegPreset = Preset{
		Name: "semiseg", Title: "COVID-SemiSeg, infection",
		About: "pictures, masks of 0 and 255 and their edges in the folders of COVID-SemiSeg: labels that a person made or accepted, " +
			"pseudo-labels, and held-out patients as its test, for Inf-Net",
		Many: true, Uses: Uses{Window: true, Square: true, Held: true},
		format: func(*Options) format { return semisegFormat{layout: semisegBinaryLayout} },
	}
	semisegMultiPreset = Preset{
		Name: "semiseg-multi", Title: "COVID-SemiSeg, ground glass and consolidation",
		About: "pictures and masks of 38 for ground glass and 75 for consolidation in the folders MultiClassInfection-Train and -Test " +
			"of COVID-SemiSeg: labels that a person made or accepted, for Inf-Net",
		Many: true, Uses: Uses{Window: true, Square: true, Held: true},
		format: func(*Options) format { return semisegFormat{layout: semisegMultiLayout} },
	}
	semisegTVPreset = Preset{
		Name: "semiseg-tvunet", Title: "COVID-SemiSeg, as TV-UNet reads it",
		About: "pictures and masks of 0 and 255 in the folders LungInfection-train and LungInfection-test, where TV-UNet's script looks for them",
		Many:  true, Uses: Uses{Window: true, Square: true, Held: true},
		format: func(*Options) format { return semisegFormat{layout: semisegTVLayout} },
	}
)

// semisegLayout are the folders of a layout; "" for what it has no place for.
type semisegLayout struct {
	doctor, pseudo, test string
	multi                bool // two kinds of infection are told apart
	beside, besideTest   []companion
}

// companion is a picture that follows from a mask.
type companion struct {
	folder, kind string
	of           func(mask *image.Gray) *image.Gray
}

var (
	edgePictures = []companion{{"Edge", KindEdge, edges}}
	priors       = []companion{{"Prior", "prior", only(greyGroundGlass, greyConsolidation)}}
	kinds        = []companion{{"GT-1", "ground glass", only(greyGroundGlass)}, {"GT-2", "consolidation", only(greyConsolidation)}}

	semisegBinaryLayout = semisegLayout{
		doctor: "TrainingSet/LungInfection-Train/Doctor-label", pseudo: "TrainingSet/LungInfection-Train/Pseudo-label",
		test: "TestingSet/LungInfection-Test", beside: edgePictures,
	}
	semisegMultiLayout = semisegLayout{
		doctor: "TrainingSet/MultiClassInfection-Train", test: "TestingSet/MultiClassInfection-Test", multi: true, beside: priors, besideTest: kinds,
	}
	semisegTVLayout = semisegLayout{doctor: "LungInfection-train/Doctor-label", pseudo: "LungInfection-train/Pseudo-label", test: "LungInfection-test"}
)

// Values of masks. Those of two kinds are the greys of the data set's palette.
const (
	infection         = 255
	greyGroundGlass   = 38
	greyConsolidation = 75
)

type semisegFormat struct {
	plain
	layout semisegLayout
}

// values leave out what the data set does not count as infection: effusions, lungs, and
// of two kinds all that is neither.
func (f semisegFormat) values(labels []annotate.Label) (out [256]uint8, err error) {
	known := annotate.DefaultLabels()
	for _, l := range labels {
		switch {
		case f.layout.multi && sameFinding(l, known[0]):
			out[l.Value] = greyGroundGlass
		case f.layout.multi && sameFinding(l, known[1]):
			out[l.Value] = greyConsolidation
		case !f.layout.multi && !sameFinding(l, known[2]) && !isLung(l):
			out[l.Value] = infection
		}
	}
	if out == [256]uint8{} {
		return out, errors.New("no label is one that COVID-SemiSeg has")
	}
	return out, nil
}

// sameFinding reports whether a label means what another does, by its code or its name.
func sameFinding(a, b annotate.Label) bool {
	return strings.EqualFold(strings.TrimSpace(a.Name), b.Name) || a.Code != (annotate.Code{}) && a.Code.Scheme == b.Code.Scheme && a.Code.Value == b.Code.Value
}

// isLung tells the labels of lungs, which findings lie in.
func isLung(l annotate.Label) bool {
	name := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(l.Name)), "s")
	return name == "lung" || name == "left lung" || name == "right lung"
}

// folder is where slice i of a case belongs; "" is nowhere.
func (f semisegFormat) folder(e *CaseEntry, i int) string {
	switch made := madeBy(e.Slices[i]); {
	case made == byPerson && e.Held:
		return f.layout.test
	case made == byPerson:
		return f.layout.doctor
	case made == byModel && !e.Held:
		return f.layout.pseudo
	}
	return ""
}

func (f semisegFormat) omits(e *CaseEntry, i int) bool { return f.folder(e, i) == "" }

// companions are what a folder of the layout has beside its masks.
func (f semisegFormat) companions(folder string) []companion {
	if folder == f.layout.test {
		return f.layout.besideTest
	}
	return f.layout.beside
}

// only is a picture that is 255 where another has one of the values.
func only(values ...uint8) func(g *image.Gray) *image.Gray {
	var table [256]uint8
	for _, v := range values {
		table[v] = 255
	}
	return func(g *image.Gray) *image.Gray {
		return &image.Gray{Pix: mapped(g.Pix, &table), Stride: g.Stride, Rect: g.Rect}
	}
}

// stemOf is the name of a slice's files, that no other case's are named by: without
// dots, at which loaders cut names.
func stemOf(name string, i int) string {
	return fmt.Sprintf("%s_%04d", strings.ReplaceAll(name, ".", "_"), i+1)
}

func (f semisegFormat) write(w *Writer) error {
	for i := range w.Entry.Slices {
		if folder := f.folder(w.Entry, i); folder != "" {
			if err := f.writeSlice(w, i, folder); err != nil {
				return err
			}
		}
	}
	w.remarkLeftOut(f.omits)
	return nil
}

func (f semisegFormat) writeSlice(w *Writer, i int, folder string) error {
	p, err := w.Plane(i)
	if err != nil {
		return err
	}
	picture, err := w.Picture(i)
	if err != nil {
		return err
	}
	name, mask := stemOf(w.Name, i)+".png", w.grey(p)
	err = errors.Join(
		w.Grey(KindImage, i, path.Join(folder, "Imgs", name), picture),
		w.Grey(KindMask, i, path.Join(folder, "GT", name), mask))
	for _, c := range f.companions(folder) {
		err = errors.Join(err, w.Grey(c.kind, i, path.Join(folder, c.folder, name), c.of(mask)))
	}
	return err
}

// finish sees to it that there is anything to learn from.
func (f semisegFormat) finish(w *SetWriter) error {
	for _, c := range w.Manifest.Cases {
		if c.Files > 0 {
			return nil
		}
	}
	if f.layout.multi {
		return unfit{errors.New("there is no slice whose labels a person made or accepted")}
	}
	return unfit{errors.New("there is no slice with labels, or a proposal to take for them")}
}

func (f semisegFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return readGrey(r, KindMask), nil
}
