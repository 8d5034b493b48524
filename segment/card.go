package segment

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

const (
	// CardKey is the key of ONNX's metadata_props that holds a model's card.
	CardKey = "groundglass.card"
	// CardSchema is the version of the card's fields that this program writes,
	// and the newest that it reads.
	CardSchema = 1
	// CardWarning is what every card of this project says.
	CardWarning = "For research only. Not a medical device: do not use it for diagnosis or treatment."
)

// Bounds of what a card may name, which bound the memory too.
const (
	minSize   = 16 // pixels a side of a network's input
	maxSize   = 1024
	maxLabels = 32
)

// ErrNoCard means that an ONNX model has no card.
var ErrNoCard = errors.New("the model has no " + CardKey + " in its metadata, so how to feed it is unknown")

// Card says what a model is, how to feed it and what to expect of it. It
// travels inside the ONNX file, as JSON.
type Card struct {
	Schema       int    `json:"schema"`
	Name         string `json:"name"`
	Version      string `json:"version"`
	Description  string `json:"description"`
	Created      string `json:"created"` // RFC 3339
	Architecture string `json:"architecture"`
	Filters      int    `json:"base_filters"`

	Size    int       `json:"size"`             // side of the square input, pixels
	Window  ct.Window `json:"window"`           // mapped to 0..1
	LungBox bool      `json:"lung_box"`         // the input is the lungs' box, not the whole slice
	Labels  []string  `json:"labels"`           // of the output's channels: background, what is proposed, and kinds within that
	Mirror  bool      `json:"mirror,omitempty"` // run on the slice and on its mirrored picture, left to right, and average

	// Through is how far a slice counts for those before and behind it, in mm, or 0: a proposal is the mean
	// over slices, weighed by a Gaussian of their distance with this standard deviation.
	Through float64 `json:"through_plane,omitempty"`

	Threshold float64 `json:"threshold"` // probability from which a pixel is proposed
	Lambda    float64 `json:"lambda"`    // weight of total variation in training
	Data      string  `json:"data"`      // what it was trained on
	Scores    []Score `json:"scores"`
	Licence   string  `json:"licence"`
	Warning   string  `json:"warning"`

	Wiring
	Quantized *Quantized `json:"quantized,omitempty"` // of an int8 model
}

// Score is a result on pictures that training never saw: Dice and average
// precision pooled over all pixels.
type Score struct {
	Data      string  `json:"data"`
	Images    int     `json:"images"`
	Threshold float64 `json:"threshold"`
	Dice      float64 `json:"dice"`
	Average   float64 `json:"average_precision"`
}

// Classes is the number of the output's channels.
func (c Card) Classes() int { return len(c.Labels) }

// Marks says what the model proposes: the label, or those that make it up.
func (c Card) Marks() string {
	var names []string
	for _, k := range c.foreground() {
		names = append(names, c.Labels[k])
	}
	return strings.Join(names, " and ")
}

// Encode is the text for a model's metadata under [CardKey]. The schema and an
// empty warning are filled in; a card that Load would refuse is an error.
func (c Card) Encode() (string, error) {
	c.Schema = CardSchema
	if c.Warning == "" {
		c.Warning = CardWarning
	}
	if err := c.check(); err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(c, "", "  ")
	return string(text), err
}

// ReadCard reads the card of an ONNX model; without one the error is ErrNoCard.
func ReadCard(model []byte) (Card, error) {
	info, err := ReadModelInfo(model)
	if err != nil {
		return Card{}, err
	}
	return cardIn(info)
}

// cardIn is the checked card in a model's metadata.
func cardIn(info ModelInfo) (Card, error) {
	text, ok := info.Metadata[CardKey]
	if !ok {
		return Card{}, ErrNoCard
	}
	var c Card
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return Card{}, fmt.Errorf("the model's card cannot be read: %w", err)
	}
	return c, c.check()
}

// check tells whether a card can be worked with.
func (c Card) check() error {
	switch {
	case c.Schema < 1:
		return errors.New("the model's card has no schema number")
	case c.Schema > CardSchema:
		return fmt.Errorf("the model's card is of schema %d and this program reads up to %d: a newer version of the program is needed", c.Schema, CardSchema)
	case strings.TrimSpace(c.Name) == "":
		return errors.New("the model's card has no name")
	case !(c.Window.Width > 0) && !(c.Window.Width == 0 && c.Values == valuesHU):
		return fmt.Errorf("the model's card names a window %g wide", c.Window.Width)
	case !(c.Threshold > 0 && c.Threshold <= 1):
		return fmt.Errorf("the model's card names a threshold of %g, not within 0 to 1", c.Threshold)
	case !(c.Through >= 0 && c.Through <= MaxThrough):
		return fmt.Errorf("the model's card names a distance of %g mm through the plane, not within 0 to %d", c.Through, MaxThrough)
	case len(c.Labels) < 1 || len(c.Labels) > maxLabels || slices.Contains(c.Labels, ""):
		return fmt.Errorf("the model's card must name a label for each of the model's output channels, 1 to %d", maxLabels)
	}
	if err := c.checkSize(); err != nil {
		return err
	}
	return c.checkWiring()
}
