package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
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
		data, err := readModelFile(path)
		var why *fs.PathError
		if errors.As(err, &why) {
			err = why.Err
		}
		if err != nil {
			return nil, fmt.Errorf("the model %s cannot be read: %w", path, err)
		}
		return data, nil
	}
	if data := assets.Model(); data != nil {
		return data, nil
	}
	return nil, errNoModel
}

// maxModelFile is the largest file that ONNX's format can be, in bytes.
const maxModelFile = 2 << 30

func readModelFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file")
	case info.Size() > maxModelFile:
		return nil, errors.New("it has more than 2 GiB")
	}
	return io.ReadAll(io.LimitReader(f, maxModelFile))
}

// ModelName is a model's name and version, for people.
func ModelName(c segment.Card) string { return strings.TrimSpace(c.Name + " " + c.Version) }

// ModelChoice says which model to run and on what.
type ModelChoice struct {
	File   string // ONNX; "" is the program's own
	Card   string // its card's file; "" is the one beside it or in it
	Device string // as segment.ParseDevice takes it
	// Through stands for the card's distance through the plane, where it is not nil.
	Through *float64
}

// modelFlags declares --model, --card and --device.
func modelFlags(f *flag.FlagSet) *ModelChoice {
	var c ModelChoice
	c.declare(f)
	return &c
}

// declare declares the flags that make the choice.
func (c *ModelChoice) declare(f *flag.FlagSet) {
	f.StringVar(&c.File, "model", "", "a model to use instead of the program's own: an ONNX `FILE` with a card")
	f.StringVar(&c.Card, "card", "", "the model's card, YAML or JSON, where it is not beside the model as model.yaml or in it: a `FILE`")
	f.Func("through", fmt.Sprintf("how far a slice counts for those before and behind it, a standard deviation of `MM` millimetres, 0 to %d; as the model's card says where it is left out", segment.MaxThrough),
		func(text string) error {
			v := new(float64)
			c.Through = v
			return (&bounded{v, segment.MaxThrough}).Set(text)
		})
	f.Func("device", "what to run the model on, the fastest that works where it is left out: a `NAME` out of "+strings.Join(segment.Devices(), ", "),
		func(name string) (err error) {
			c.Device, err = segment.ParseDevice(name)
			return err
		})
}

// ReadModel returns a model's ONNX bytes and its card, which is not checked against them. A card that something else was
// chosen for says so in its version.
func (c ModelChoice) ReadModel() ([]byte, segment.Card, error) {
	data, card, err := c.readModel()
	if err == nil && c.Through != nil && *c.Through != card.Through {
		card.Through = *c.Through
		card.Version = strings.TrimSpace(fmt.Sprintf("%s (%g mm through the plane)", card.Version, card.Through))
	}
	return data, card, err
}

func (c ModelChoice) readModel() ([]byte, segment.Card, error) {
	data, err := ModelBytes(c.File)
	if err != nil {
		return nil, segment.Card{}, err
	}
	var card *segment.Card
	switch {
	case c.Card != "":
		card, err = segment.CardFile(c.Card)
	case c.File != "":
		card, err = segment.CardBeside(c.File)
	}
	if err != nil {
		return nil, segment.Card{}, err
	}
	if card != nil {
		return data, *card, nil
	}
	own, err := segment.ReadCard(data)
	return data, own, c.blame(err)
}

// blame names the model's file in an error, and the way out where the card is what is missing.
func (c ModelChoice) blame(err error) error {
	if errors.Is(err, segment.ErrNoCard) {
		err = fmt.Errorf("%w: put a card beside the model, or name one with --card", err)
	}
	if err != nil && c.File != "" {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return err
}

// LoadModel loads the model that was chosen; of the program's own, what runs faster here.
func LoadModel(c ModelChoice) (*segment.Model, error) {
	data, card, err := c.ReadModel()
	if err != nil {
		return nil, err
	}
	o := segment.LoadOptions{Card: &card, Device: c.Device, Probe: c.File != ""}
	if c.File == "" && c.Card == "" {
		o.Int8 = assets.Int8Model()
	}
	m, err := segment.LoadWith(data, o)
	return m, c.blame(err)
}
