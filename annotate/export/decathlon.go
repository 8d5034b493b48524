package export

import (
	"fmt"

	"groundglass/annotate"
)

// The layout of the Medical Segmentation Decathlon (Antonelli et al. 2022, Nature
// Communications 13), which MONAI's load_decathlon_datalist reads: volumes of Hounsfield
// units and of labels, and dataset.json with lists of pairs. One fold of the patients is
// its validation.
var decathlonPreset = Preset{
	Name: "decathlon", Title: "MONAI, Medical Segmentation Decathlon",
	About:      "CT in Hounsfield units and labels as .nii.gz, and dataset.json with training and validation by patient, for MONAI",
	Many:       true,
	Uses:       Uses{Name: true, Held: true},
	hounsfield: true,
	format:     func(o *Options) format { return decathlon{volumesOf("", "", "")} },
}

type decathlon struct{ volumes }

func (decathlon) values(labels []annotate.Label) ([256]uint8, error) { return consecutive(labels), nil }

// pair is a volume and its labels.
type pair struct {
	Image string `json:"image"`
	Label string `json:"label"`
}

// list is dataset.json. It has no list of tests, which there are none of: MONAI says so where
// it is asked for them, and stumbles over an empty list.
type list struct {
	Name        string            `json:"name"`
	About       string            `json:"description"`
	Image       string            `json:"tensorImageSize"`
	Modality    map[string]string `json:"modality"`
	Labels      map[string]string `json:"labels"`
	NumTraining int               `json:"numTraining"`
	NumTest     int               `json:"numTest"`
	Training    []pair            `json:"training"`
	Validation  []pair            `json:"validation"`
}

// olderList is dataset.json as it was written before, with an empty list of tests.
type olderList struct {
	list
	Test []string `json:"test"`
}

const listFile = "dataset.json"

func (f decathlon) list(m *Manifest) list {
	l := list{
		Name: m.Name, About: m.Program, Image: "3D", Modality: map[string]string{"0": "CT"}, Labels: map[string]string{"0": "background"},
		Training: []pair{}, Validation: []pair{},
	}
	if l.Name == "" {
		l.Name = "Groundglass"
	}
	for _, x := range m.Labels {
		l.Labels[fmt.Sprint(x.InFiles)] = x.Name
	}
	for _, c := range m.Cases {
		p := pair{"./" + f.image(c.Case), "./" + f.label(c.Case)}
		if c.Held {
			l.Validation = append(l.Validation, p)
		} else {
			l.Training = append(l.Training, p)
		}
	}
	l.NumTraining = len(l.Training)
	return l
}

func (f decathlon) finish(w *SetWriter) error { return w.JSON(listFile, f.list(w.Manifest)) }

func (f decathlon) checkSet(dir string, m *Manifest) []string {
	problems := sameJSON(dir, listFile, f.list(m))
	if len(problems) > 0 && len(sameJSON(dir, listFile, olderList{f.list(m), []string{}})) == 0 {
		return nil
	}
	return problems
}
