package cli

import (
	"fmt"
	"strings"

	"groundglass/segment/train"
)

// configPairs lists the pictures that a training's configuration holds back: groups are its sources, patients theirs. The
// foreground of masks is the class of the label's name, "" being the first, unless it is chosen.
func (p *Program) configPairs(path, label string, chosen reading) ([]pair, error) {
	config, err := train.ReadConfig(path)
	if err != nil {
		return nil, err
	}
	if len(chosen.foreground) > 0 {
		label = ""
	}
	held, silent, err := config.ValidationPairs(label)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(silent) > 0 {
		p.warn("left out since their masks do not tell %q: %s", label, strings.Join(silent, ", "))
	}
	if len(held) == 0 {
		return nil, fmt.Errorf("%s holds no pictures back that could be measured", path)
	}
	pairs := make([]pair, len(held))
	for i, v := range held {
		pairs[i] = pair{image: v.Image, mask: v.Mask, group: v.Source, patient: v.Source + "/" + v.Patient, place: v.Place, reading: chosen}
		pairs[i].transpose = v.Transpose != chosen.transpose
		if len(chosen.foreground) == 0 {
			for _, value := range v.Foreground {
				pairs[i].foreground = append(pairs[i].foreground, uint16(value))
			}
		}
	}
	return pairs, nil
}
