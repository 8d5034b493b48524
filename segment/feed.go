package segment

import (
	"errors"
	"fmt"
	"math"

	"groundglass/annotate/ct"
)

// window is the card's, or all that a slice can hold where the card has none.
func (c Card) window() ct.Window {
	if c.Window.Width == 0 {
		return ct.Window{Width: math.MaxUint16, Level: -0.5}
	}
	return c.Window
}

// feed puts a picture, side*side values of the window as 0..1, into a network's
// input in its layout and scale.
func (c Card) feed(dst, picture []float32) {
	n := c.channels()
	for k := range n {
		factor, offset := c.scale(k)
		first, step := k*len(picture), 1
		if c.Layout == layoutNHWC {
			first, step = k, n
		}
		for i, v := range picture {
			dst[first+i*step] = v*factor + offset
		}
	}
}

// decode makes a network's output for one picture into probabilities, a map of
// side*side a channel. An output that cannot be probabilities is an error.
func (c Card) decode(out []float32) ([][]float32, error) {
	n := c.Classes()
	v := make([]float32, len(out))
	if c.Layout == layoutNHWC {
		area := len(out) / n
		for i, x := range out {
			v[i%n*area+i/n] = x
		}
	} else {
		copy(v, out)
	}
	maps := planes(v, n)
	switch c.Activation {
	case sigmoid:
		for i, x := range v {
			v[i] = float32(1 / (1 + math.Exp(-float64(x))))
		}
	case softmax:
		softmaxOver(maps)
	}
	return maps, probable(v)
}

// softmaxOver makes the values of each pixel into probabilities that sum to 1.
func softmaxOver(maps [][]float32) {
	for i := range maps[0] {
		most := maps[0][i]
		for _, m := range maps {
			most = max(most, m[i])
		}
		sum := 0.0
		for _, m := range maps {
			e := math.Exp(float64(m[i] - most))
			m[i], sum = float32(e), sum+e
		}
		for _, m := range maps {
			m[i] = float32(float64(m[i]) / sum)
		}
	}
}

// slack is how far beyond 0..1 rounding may take a probability.
const slack = 0.01

// probable refuses what cannot be probabilities.
func probable(v []float32) error {
	low, high := v[0], v[0]
	for _, x := range v {
		if x != x {
			return errors.New("the model gives values that are no numbers")
		}
		low, high = min(low, x), max(high, x)
	}
	if low < -slack || high > 1+slack {
		return fmt.Errorf("the model gives values from %.3g to %.3g where its card says that they are probabilities: its activation may be sigmoid or softmax", low, high)
	}
	return nil
}

// total is the sum of some of the maps, at most 1.
func total(maps [][]float32, which []int) []float32 {
	if len(which) == 1 {
		return maps[which[0]]
	}
	sum := make([]float32, len(maps[0]))
	for _, k := range which {
		for i, p := range maps[k] {
			sum[i] = min(1, sum[i]+p)
		}
	}
	return sum
}
