package export

import (
	"fmt"
	"io"
	"math"
	"path"

	"groundglass/annotate"
	"groundglass/annotate/ct/nifti"
)

// Volumes by themselves.
var (
	niftiPreset = Preset{
		Name: "nifti", Title: "NIfTI volumes",
		About:  "a volume of label values a case as .nii.gz, on the series' own grid and with its affine; with pictures, one of Hounsfield units too",
		Many:   true,
		Uses:   Uses{Images: true},
		format: func(o *Options) format { return niftiVolumes(o) },
	}
	medsegPreset = Preset{
		Name: "medseg", Title: "MedSeg, NIfTI",
		About:      "images and masks as .nii.gz in two folders, with 1 for ground glass, 2 for consolidation and 3 for pleural effusion, as MedSeg has them",
		Many:       true,
		hounsfield: true,
		format:     func(*Options) format { return medseg{inFolders("images", "masks")} },
	}
	probabilityPreset = Preset{
		Name: "probability", Title: "Probability maps, NIfTI",
		About:  "what the model gives each voxel, 0 to 1, as a .nii.gz of 8 bits a case; slices that it has not seen are 0",
		Many:   true,
		Uses:   Uses{NoLabels: true},
		format: func(*Options) format { return probability{} },
	}
)

func niftiVolumes(o *Options) volumes {
	v := volumes{label: func(name string) string { return name + "_labels.nii.gz" }}
	if o.Images {
		v.image = func(name string) string { return name + "_image.nii.gz" }
	}
	return v
}

func inFolders(image, label string) volumes {
	return volumes{
		image: func(name string) string { return path.Join(image, name+".nii.gz") },
		label: func(name string) string { return path.Join(label, name+".nii.gz") },
	}
}

type medseg struct{ volumes }

// values are MedSeg's for its three findings; other labels are left out.
func (medseg) values(labels []annotate.Label) (out [256]uint8, err error) {
	for _, l := range labels {
		for k, known := range annotate.DefaultLabels() {
			if sameFinding(l, known) {
				out[l.Value] = uint8(k + 1)
			}
		}
	}
	if out == [256]uint8{} {
		return out, fmt.Errorf("no label is one that MedSeg has: ground glass, consolidation or pleural effusion")
	}
	return out, nil
}

func (f medseg) write(w *Writer) error {
	w.remarkLeftOut(f.omits)
	return f.volumes.write(w)
}

// probability writes what the model gives, in steps of 1/255.
type probability struct{ plain }

func (probability) write(w *Writer) error {
	if w.Probability == nil {
		return fmt.Errorf("%s has no probabilities: no model has proposed", w.Name)
	}
	h := w.Series.NIfTIHeader()
	h.Slope = 1. / 255
	return w.File(KindProbability, AllSlices, w.Name+"_probability.nii.gz", func(to io.Writer) error {
		return nifti.WriteBytesGzip(to, h, func(i int) ([]uint8, error) {
			if _, err := w.Plane(i); err != nil { // which tells how far it is
				return nil, err
			}
			p := w.Probability(i)
			if p == nil {
				p = make([]uint8, w.Series.Rows*w.Series.Columns)
			}
			w.Entry.Slices[i].note(KindProbability, p)
			return stored(w.Series.Geometry.Known, p, w.Series.Columns), nil
		})
	})
}

// check compares the probabilities with those that were written.
func (probability) check(r *Reader) []string {
	return r.checkVolume(KindProbability, "probabilities than the model gave", func(values []float64) ([]byte, bool) {
		p, exact := make([]uint8, len(values)), true
		for k, x := range values {
			steps := math.Round(x * 255)
			p[k] = uint8(steps)
			exact = exact && steps >= 0 && steps <= 255 && math.Abs(x*255-steps) < 1e-3
		}
		return p, exact
	})
}
