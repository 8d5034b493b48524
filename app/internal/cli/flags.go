package cli

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
)

// parse reads flags that stand before, between and after the other arguments, which it returns. After "--" nothing is a
// flag.
func parse(f *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError{err.Error()}
		}
		left := f.Args()
		ended := len(left) < len(args) && args[len(args)-len(left)-1] == "--"
		if ended || len(left) == 0 {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// threshold is a flag's value: a probability from 0 to 1.
type threshold float64

// defaultThreshold is the one that every command starts from.
const defaultThreshold = 0.3

func (t *threshold) String() string { return strconv.FormatFloat(float64(*t), 'g', -1, 64) }

// Set reads the flag.
func (t *threshold) Set(text string) error {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 1) {
		return errors.New("a number from 0 to 1 is needed")
	}
	*t = threshold(v)
	return nil
}

// whole is a flag's value: a whole number between two others. It is not shown as long as it is 0.
type whole struct {
	to          *int
	least, most int
}

func (w *whole) String() string {
	if w.to == nil || *w.to == 0 {
		return ""
	}
	return strconv.Itoa(*w.to)
}

// Set reads the flag.
func (w *whole) Set(text string) error {
	v, err := strconv.Atoi(text)
	if err != nil || v < w.least || v > w.most {
		return fmt.Errorf("a whole number from %d to %d is needed", w.least, w.most)
	}
	*w.to = v
	return nil
}

// jsonFlag declares --json.
func jsonFlag(f *flag.FlagSet) *bool {
	return f.Bool("json", false, "print one JSON object on standard output, and nothing else there")
}

// modelFlag declares --model.
func modelFlag(f *flag.FlagSet) *string {
	return f.String("model", "", "a model to use instead of the program's own: an ONNX `FILE` with a card")
}
