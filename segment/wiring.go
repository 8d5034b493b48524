package segment

import (
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
)

// Wiring is how a network takes pictures and gives probabilities, for models
// that were made elsewhere. The zero value is how this project's own models do
// it. CARD.md describes the fields for those who write cards.
type Wiring struct {
	Input  string `json:"input,omitempty"`  // its name; "" is "image", or the model's only one
	Output string `json:"output,omitempty"` // its name; "" is "prob", or the model's only one

	Layout   string    `json:"layout,omitempty"`   // NCHW, also for "", or NHWC
	Channels int       `json:"channels,omitempty"` // of the input, all equal: 1, also for 0, or 3
	Values   string    `json:"values,omitempty"`   // unit (0..1), also for "", grey (0..255) or hu
	Mean     []float64 `json:"mean,omitempty"`     // taken from the values: one number, or one a channel
	Std      []float64 `json:"std,omitempty"`      // then divided by: one number, or one a channel
	Sizes    *Sizes    `json:"sizes,omitempty"`    // instead of one size

	Activation string   `json:"activation,omitempty"` // still to be applied: none, also for "", sigmoid or softmax
	Foreground []string `json:"foreground,omitempty"` // labels whose sum is proposed; none: the second, or the only one
	Kinds      []string `json:"kinds,omitempty"`      // labels of kinds within it; see Card.KindLabels
}

// Sizes are the sides of the square input that a network takes: multiples of
// Multiple from Min to Max.
type Sizes struct {
	Min      int `json:"min"`
	Max      int `json:"max"`
	Multiple int `json:"multiple"`
}

// Words of a card.
const (
	layoutNCHW, layoutNHWC           = "NCHW", "NHWC"
	valuesUnit, valuesGrey, valuesHU = "unit", "grey", "hu"
	activated, sigmoid, softmax      = "none", "sigmoid", "softmax"
)

// oneOf tells whether a card's word is "" or one of those allowed.
func oneOf(field, word string, allowed ...string) error {
	if word == "" || slices.Contains(allowed, word) {
		return nil
	}
	return fmt.Errorf("the model's card has %q for %s: choose one of %s", word, field, strings.Join(allowed, ", "))
}

// checkWiring tells whether a card's wiring makes sense.
func (c Card) checkWiring() error {
	err := errors.Join(
		oneOf("layout", c.Layout, layoutNCHW, layoutNHWC),
		oneOf("values", c.Values, valuesUnit, valuesGrey, valuesHU),
		oneOf("activation", c.Activation, activated, sigmoid, softmax),
	)
	if err != nil {
		return err
	}
	if c.Channels != 0 && c.Channels != 1 && c.Channels != 3 {
		return fmt.Errorf("the model's card names %d input channels, neither 1 nor 3", c.Channels)
	}
	for field, v := range map[string][]float64{"mean": c.Mean, "std": c.Std} {
		if len(v) > 1 && len(v) != c.channels() {
			return fmt.Errorf("the model's card has %d numbers for %s and %d input channels", len(v), field, c.channels())
		}
	}
	if slices.ContainsFunc(c.Std, func(v float64) bool { return !(v > 0) }) {
		return fmt.Errorf("the model's card has %v for std: all must be above 0", c.Std)
	}
	for _, label := range slices.Concat(c.Foreground, c.Kinds) {
		if !slices.Contains(c.Labels, label) {
			return fmt.Errorf("the model's card names %q as foreground or as a kind, which is none of its labels %q", label, c.Labels)
		}
	}
	if len(c.Foreground) > len(c.Labels) || len(c.Kinds) > len(c.Labels) {
		return errors.New("the model's card names a label twice as foreground or as a kind")
	}
	if c.Activation == softmax && len(c.Labels) < 2 {
		return errors.New("the model's card asks for a softmax over one channel: it needs a sigmoid, or another label")
	}
	return nil
}

// checkSize tells whether a card names a size, or sizes, that can be worked
// with.
func (c Card) checkSize() error {
	z := c.sizes()
	switch {
	case z.Min < minSize || z.Max > maxSize || z.Max < z.Min:
		if c.Sizes == nil {
			return fmt.Errorf("the model's card names an input of %d pixels, outside %d to %d", c.Size, minSize, maxSize)
		}
		return fmt.Errorf("the model's card names inputs of %d to %d pixels, which is no range within %d to %d", z.Min, z.Max, minSize, maxSize)
	case c.Sizes != nil && c.Size != 0:
		return errors.New("the model's card has both size and sizes: one must go")
	case z.Multiple < 1 || z.Min%z.Multiple != 0 || z.Max%z.Multiple != 0:
		return fmt.Errorf("the model's card names inputs of %d to %d pixels, which must be multiples of %d", z.Min, z.Max, z.Multiple)
	}
	return nil
}

// sizes are those of the input, one size being a range too.
func (c Card) sizes() Sizes {
	if c.Sizes != nil {
		return *c.Sizes
	}
	return Sizes{c.Size, c.Size, 1}
}

// side is the input's side for a part of a slice: as near to the part's own
// pixels as the network allows, and not below.
func (c Card) side(box image.Rectangle) int {
	z := c.sizes()
	side := max(box.Dx(), box.Dy())
	return min(z.Max, max(z.Min, (side+z.Multiple-1)/z.Multiple*z.Multiple))
}

func (c Card) channels() int { return max(1, c.Channels) }

// inputShape and outputShape are those of n pictures; -1 stands for a size that
// depends on the picture.
func (c Card) inputShape(n, side int) []int64 { return c.shape(n, c.channels(), side) }

func (c Card) outputShape(n, side int) []int64 { return c.shape(n, c.Classes(), side) }

func (c Card) shape(n, channels, side int) []int64 {
	if c.Layout == layoutNHWC {
		return []int64{int64(n), int64(side), int64(side), int64(channels)}
	}
	return []int64{int64(n), int64(channels), int64(side), int64(side)}
}

// foreground lists the channels whose sum is proposed.
func (c Card) foreground() []int {
	if len(c.Foreground) == 0 {
		return []int{min(1, len(c.Labels)-1)}
	}
	return c.indices(c.Foreground)
}

func (c Card) indices(labels []string) []int {
	var all []int
	for _, label := range labels {
		all = append(all, slices.Index(c.Labels, label))
	}
	return all
}

// KindLabels names the kinds within the foreground that a model tells apart,
// in the order of Proposal.Kinds: those that the card names, or else the labels
// that make up the foreground where they are several, or else, where the card
// names no foreground, the labels from channel 2 on.
func (c Card) KindLabels() []string {
	switch {
	case len(c.Kinds) > 0:
		return c.Kinds
	case len(c.Foreground) > 1:
		return c.Foreground
	case len(c.Foreground) == 0 && len(c.Labels) > 2:
		return c.Labels[2:]
	}
	return nil
}

// scale is what the unit values of channel k, the window as 0..1, are
// multiplied by, and what is then added to them.
func (c Card) scale(k int) (factor, offset float32) {
	gain, low := 1.0, 0.0
	switch c.Values {
	case valuesGrey:
		gain = 255
	case valuesHU:
		w := c.window()
		gain, low = w.Width, w.Level-w.Width/2
	}
	mean, std := 0.0, 1.0
	if len(c.Mean) > 0 {
		mean = c.Mean[min(k, len(c.Mean)-1)]
	}
	if len(c.Std) > 0 {
		std = c.Std[min(k, len(c.Std)-1)]
	}
	return float32(gain / std), float32((low - mean) / std)
}
