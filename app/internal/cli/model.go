package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"groundglass/assets"
	"groundglass/segment"
)

// errNoModel is for builds that carry no model.
var errNoModel = errors.New("this build carries no model: name one with --model FILE")

// ModelBytes returns a model's ONNX bytes: those of a file, or the program's own where path is "".
func ModelBytes(path string) ([]byte, error) {
	if path != "" {
		data, err := os.ReadFile(path)
		var why *fs.PathError
		if errors.As(err, &why) {
			return nil, fmt.Errorf("the model %s cannot be read: %w", path, why.Err)
		}
		return data, err
	}
	if data := assets.Model(); data != nil {
		return data, nil
	}
	return nil, errNoModel
}

// ModelName is a model's name and version, for people.
func ModelName(c segment.Card) string { return strings.TrimSpace(c.Name + " " + c.Version) }

// LoadModel loads the model of a file, or the program's own where path is "": of that, what runs faster here.
func LoadModel(path string) (*segment.Model, error) {
	data, err := ModelBytes(path)
	if err != nil {
		return nil, err
	}
	if path == "" {
		return segment.LoadFaster(data, assets.Int8Model())
	}
	m, err := segment.Load(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}
