package metrics

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Interval is a confidence interval.
type Interval struct{ Low, High float64 }

// Bootstrap says how confidence intervals are found.
type Bootstrap struct {
	Samples int     // how often patients are drawn; 0 means 1000
	Level   float64 // confidence, between 0 and 1; 0 means 0.95
	Seed    uint64
}

// Interval draws as many patients as there are, with replacement, Samples
// times, asks statistic for the measure of each draw, and takes the percentiles
// that cut off the same share at both ends: the percentile method of Efron and
// Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. Patients are
// drawn, not slices, since slices of a patient resemble each other and would
// make the interval too narrow.
//
// The draw, patient numbers from 0 on, is reused after statistic returns. The
// same seed gives the same interval. It fails without patients, with settings
// out of range, and where the statistic is not a number.
func (b Bootstrap) Interval(patients int, statistic func(draw []int) float64) (Interval, error) {
	if b.Samples == 0 {
		b.Samples = 1000
	}
	if b.Level == 0 {
		b.Level = 0.95
	}
	if patients < 1 {
		return Interval{}, errors.New("there are no patients to draw from")
	}
	if b.Samples < 1 || !(b.Level > 0 && b.Level < 1) {
		return Interval{}, fmt.Errorf("an interval cannot have %d samples and confidence %g", b.Samples, b.Level)
	}
	source := rand.NewPCG(b.Seed, 0)
	draw, values := make([]int, patients), make([]float64, b.Samples)
	for i := range values {
		for k := range draw {
			// A multiplication, not IntN, whose way may change with Go.
			number, _ := bits.Mul64(source.Uint64(), uint64(patients))
			draw[k] = int(number)
		}
		if values[i] = statistic(draw); math.IsNaN(values[i]) {
			return Interval{}, errors.New("a measure to find an interval for is not a number")
		}
	}
	slices.Sort(values)
	tail := (1 - b.Level) / 2 * 100
	return Interval{percentile(values, tail), percentile(values, 100-tail)}, nil
}

// Patients gathers images by patient, so that intervals can be found for any
// measure of Result. Memory is about 12 KB a patient. It is for one goroutine
// at a time.
type Patients struct{ groups *Groups }

// NewPatients returns no patients; results are taken at threshold (0..1).
func NewPatients(threshold float64) *Patients { return &Patients{NewGroups(threshold)} }

// Add counts one image of a patient; see Accumulator.Add.
func (p *Patients) Add(patient string, probability, truth []uint8) error {
	return p.groups.Add(patient, probability, truth)
}

// Result returns what the images of all patients measure.
func (p *Patients) Result() Result { return p.groups.all.Result() }

// Interval is the confidence interval of a measure, such as the pooled Dice; see
// Bootstrap. The order in which patients were added does not matter.
func (p *Patients) Interval(b Bootstrap, measure func(Result) float64) (Interval, error) {
	names := make([]string, 0, len(p.groups.groups))
	for name := range p.groups.groups {
		names = append(names, name)
	}
	slices.Sort(names)
	return b.Interval(len(names), func(draw []int) float64 {
		all := New(p.groups.threshold)
		for _, i := range draw {
			all.merge(p.groups.groups[names[i]])
		}
		return measure(all.Result())
	})
}
