package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/segment"
	"groundglass/segment/quantize"
	"groundglass/segment/train"
)

var quantizeCommand = command{
	name: "quantize", args: "--config FILE [--model FILE.onnx] -o OUT.onnx",
	summary: "Makes a model of 8-bit integers from a float one, and measures what it loses and gains",
	notes: "The configuration is the training's. Ranges of the integers come from its training pictures; its validation pictures\n" +
		"then show how far the two models differ, and the int8 model's card keeps that.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		config := f.String("config", "", "the training's configuration, JSON in `FILE`")
		out := f.String("o", "", "the `FILE` to write, ONNX")
		model := modelFlag(f)
		return func(ctx context.Context, args []string) error {
			if *config == "" || *out == "" || len(args) > 0 {
				return wrongUse("--config, -o and no other arguments are needed")
			}
			return p.quantize(ctx, *config, *model, *out)
		}
	},
}

// calibrationPictures is how many set the integers' ranges.
const calibrationPictures = 128

// speedRuns is how many runs of a model its speed is the best of.
const speedRuns = 40

func (p *Program) quantize(ctx context.Context, configFile, modelFile, out string) error {
	config, err := train.ReadConfig(configFile)
	if err != nil {
		return err
	}
	pictures, err := train.Pictures(config)
	if err != nil {
		return err
	}
	validation := chosen(pictures, func(p train.Picture) bool { return p.Validation })
	if len(validation) == 0 {
		return fmt.Errorf("%s: no picture is held out for validation, so the models cannot be compared", configFile)
	}
	data, err := ModelBytes(modelFile)
	if err != nil {
		return err
	}
	float, err := segment.LoadWith(data, segment.LoadOptions{Device: "cpu"})
	if err != nil {
		return err
	}
	defer float.Close()
	q := quantizing{p, float}
	inputs, err := q.inputs(ctx, spread(chosen(pictures, func(p train.Picture) bool { return p.Trained }), calibrationPictures), validation)
	if err != nil {
		return err
	}
	small, err := quantize.Model(ctx, data, float.Card().Size, inputs)
	if err != nil {
		return err
	}
	card := float.Card()
	card.Quantized = &segment.Quantized{From: segment.Fingerprint(data), Pictures: len(inputs)}
	if card.Quantized.Differences, err = q.compare(ctx, small, validation); err != nil {
		return err
	}
	ratio, err := quantize.Ratio(ctx, data, small, speedRuns)
	if err != nil {
		return err
	}
	if small, err = quantize.WithCard(small, card); err != nil {
		return err
	}
	err = export.WriteAtomic(out, func(w io.Writer) error {
		_, err := w.Write(small)
		return err
	})
	return errors.Join(err, p.quantized(card.Quantized.Differences, ratio, len(data), len(small)))
}

// quantizing is the work of quantize on one float model.
type quantizing struct {
	*Program
	float *segment.Model
}

// inputs is what the network is given of training pictures, but for those that look like a validation picture.
func (q quantizing) inputs(ctx context.Context, training, validation []train.Picture) ([][]float32, error) {
	var held train.Held
	size := q.float.Card().Size
	err := q.each(ctx, "reading validation pictures", validation, func(_ train.Picture, s *ct.Slice, _ *train.Mask) error {
		held.Add(q.float.Input(s), size)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var inputs [][]float32
	err = q.each(ctx, "reading training pictures", training, func(_ train.Picture, s *ct.Slice, _ *train.Mask) error {
		if in := q.float.Input(s); !held.Has(in, size) {
			inputs = append(inputs, in)
		}
		return nil
	})
	return inputs, err
}

// each reads pictures one after the other.
func (q quantizing) each(ctx context.Context, what string, pictures []train.Picture, f func(train.Picture, *ct.Slice, *train.Mask) error) error {
	meter := q.meter(what)
	defer meter.end()
	for i, p := range pictures {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s, m, err := p.Read()
		if err != nil {
			return err
		}
		if err := f(p, s, m); err != nil {
			return err
		}
		meter.show(i+1, len(pictures))
	}
	return nil
}

// compare measures both models on pictures, a line a source in the sources'
// order.
func (q quantizing) compare(ctx context.Context, int8 []byte, pictures []train.Picture) ([]segment.Difference, error) {
	small, err := segment.LoadWith(int8, segment.LoadOptions{Device: "cpu"})
	if err != nil {
		return nil, err
	}
	defer small.Close()
	var sources []string
	comparisons := map[string]*quantize.Comparison{}
	err = q.each(ctx, "comparing", pictures, func(p train.Picture, s *ct.Slice, m *train.Mask) error {
		c := comparisons[p.Source]
		if c == nil {
			c = quantize.NewComparison(q.float.Card().Threshold)
			comparisons[p.Source], sources = c, append(sources, p.Source)
		}
		a, err := q.float.Propose(ctx, s)
		if err != nil {
			return err
		}
		b, err := small.Propose(ctx, s)
		if err != nil {
			return err
		}
		return c.Add(a, b, m.Pixels)
	})
	if err != nil {
		return nil, err
	}
	var list []segment.Difference
	for _, s := range sources {
		list = append(list, comparisons[s].Difference(s))
	}
	return list, nil
}

func chosen(all []train.Picture, keep func(train.Picture) bool) []train.Picture {
	var list []train.Picture
	for _, p := range all {
		if keep(p) {
			list = append(list, p)
		}
	}
	return list
}

// spread takes n pictures, or all where there are fewer, at equal distances.
func spread(all []train.Picture, n int) []train.Picture {
	n = min(n, len(all))
	list := make([]train.Picture, n)
	for i := range list {
		list[i] = all[i*len(all)/n]
	}
	return list
}

// quantized prints what was measured.
func (p *Program) quantized(differences []segment.Difference, ratio float64, floatBytes, bytes int) error {
	w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "source\timages\tfloat Dice\tint8 Dice\tdifference\tpixels that differ\tof those proposed")
	for _, d := range differences {
		fmt.Fprintf(w, "%s\t%d\t%.4f\t%.4f\t%+.4f\t%d\t%.2f %%\n", d.Data, d.Images, d.FloatDice, d.Dice, d.Dice-d.FloatDice, d.Pixels, 100*d.Share)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.Stdout, "%.2f times as fast here, on one thread; %.1f MB instead of %.1f\n", ratio, float64(bytes)/1e6, float64(floatBytes)/1e6)
	return err
}
