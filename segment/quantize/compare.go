package quantize

import (
	"fmt"
	"math"

	"groundglass/segment"
	"groundglass/segment/metrics"
)

// Comparison measures how far an int8 model's proposals are from its float
// model's, over some pictures, at one threshold (0..1). Start with
// NewComparison.
type Comparison struct {
	level               int
	float, int8         *metrics.Accumulator
	images              int
	differing, proposed int64 // pixels: by one model only, by either
}

// NewComparison returns an empty comparison.
func NewComparison(threshold float64) *Comparison {
	return &Comparison{level: int(math.Ceil(threshold * 255)), float: metrics.New(threshold), int8: metrics.New(threshold)}
}

// Add counts one picture: each model's probabilities, 255 being 1, and the true
// mask, foreground where it is not 0.
func (c *Comparison) Add(float, int8, truth []uint8) error {
	if len(float) != len(int8) {
		return fmt.Errorf("the models propose on %d and %d pixels", len(float), len(int8))
	}
	if err := c.float.Add(float, truth); err != nil {
		return err
	}
	if err := c.int8.Add(int8, truth); err != nil {
		return err
	}
	for i, p := range float {
		a, b := int(p) >= c.level, int(int8[i]) >= c.level
		if a != b {
			c.differing++
		}
		if a || b {
			c.proposed++
		}
	}
	c.images++
	return nil
}

// Difference is what was measured, as a source's line on the int8 model's card.
func (c *Comparison) Difference(data string) segment.Difference {
	return segment.Difference{
		Data: data, Images: c.images, FloatDice: c.float.Result().Dice, Dice: c.int8.Result().Dice,
		Pixels: c.differing, Share: float64(c.differing) / float64(max(1, c.proposed)),
	}
}
