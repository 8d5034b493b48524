package metrics

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Interval is a confidence interval.
type Interval struct{ Low, High float64 }

// MarshalJSON writes the two ends: [0.71, 0.86].
func (i Interval) MarshalJSON() ([]byte, error) { return json.Marshal([2]float64{i.Low, i.High}) }

// Bootstrap says how confidence intervals are found.
type Bootstrap struct {
	Samples int     // how often patients are drawn; 0 means 1000
	Level   float64 // confidence, between 0 and 1; 0 means 0.95
	Seed    uint64
}

// Intervals draws as many patients as there are, with replacement, Samples
// times, asks statistics for the measures of each draw, always equally many, and
// takes the percentiles that cut off the same share at both ends: the percentile
// method of Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
// chapter 13. Patients are drawn, not slices, since slices of a patient resemble
// each other and would make the interval too narrow.
//
// The draw, patient numbers from 0 on, is reused after statistics returns. The
// same seed gives the same intervals. A measure that is not a number in any draw
// has an interval that is none either. It fails without patients, and with
// settings out of range.
func (b Bootstrap) Intervals(patients int, statistics func(draw []int) []float64) ([]Interval, error) {
	if b.Samples == 0 {
		b.Samples = 1000
	}
	b.Level = b.level()
	if patients < 1 {
		return nil, errors.New("there are no patients to draw from")
	}
	if b.Samples < 1 || !(b.Level > 0 && b.Level < 1) {
		return nil, fmt.Errorf("an interval cannot have %d samples and confidence %g", b.Samples, b.Level)
	}
	var values [][]float64 // one row a measure
	source, draw := rand.NewPCG(b.Seed, 0), make([]int, patients)
	for range b.Samples {
		for k := range draw {
			// A multiplication, not IntN, whose way may change with Go.
			number, _ := bits.Mul64(source.Uint64(), uint64(patients))
			draw[k] = int(number)
		}
		for i, v := range statistics(draw) {
			if i == len(values) {
				values = append(values, nil)
			}
			values[i] = append(values[i], v)
		}
	}
	out := make([]Interval, len(values))
	for i, v := range values {
		out[i] = b.cut(v)
	}
	return out, nil
}

// level is the confidence.
func (b Bootstrap) level() float64 {
	if b.Level == 0 {
		return 0.95
	}
	return b.Level
}

// cut is the interval of what the draws measured.
func (b Bootstrap) cut(values []float64) Interval {
	if slices.ContainsFunc(values, math.IsNaN) {
		return Interval{math.NaN(), math.NaN()}
	}
	slices.Sort(values)
	tail := (1 - b.Level) / 2 * 100
	return Interval{percentile(values, tail), percentile(values, 100-tail)}
}
