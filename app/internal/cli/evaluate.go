package cli

import (
	"context"
	"flag"
	"fmt"
	"sync"

	"groundglass/segment"
	"groundglass/segment/metrics"
)

var evaluateCommand = command{
	name: "evaluate", args: "--pairs FILE.csv [--model FILE.onnx] [--threshold 0.3] [--json] [--out DIR]",
	summary: "Measures a model on images whose true masks are known",
	notes: "The CSV has a header with the columns image, mask and, if wished, group. Paths are relative to the CSV's folder, or\n" +
		"else to the working folder. A mask is a PNG of the image's size; above 0 is foreground. A picture of 8 bits is read as\n" +
		"a lung window; DICOM files of one slice work too. Dice, precision, recall and IoU are pooled over pixels.\n" +
		"With --out it writes precision_recall.png, evaluation.json, evaluation.csv (every cut-off) and images.csv (every image).",
	prepare: func(p *Program, f *flag.FlagSet) action {
		var e evaluation
		f.StringVar(&e.pairs, "pairs", "", "the `FILE` that lists images and masks, CSV")
		f.StringVar(&e.out, "out", "", "a folder `DIR` to write tables and the precision-recall picture to")
		at, model, asJSON := thresholdFlag(f), modelFlag(f), jsonFlag(f)
		return func(ctx context.Context, args []string) error {
			if e.pairs == "" || len(args) > 0 {
				return wrongUse("--pairs FILE.csv is needed, and no other arguments")
			}
			e.at, e.model, e.asJSON = float64(*at), *model, *asJSON
			return p.evaluate(ctx, e)
		}
	},
}

// evaluation is what evaluate was asked for.
type evaluation struct {
	pairs, out, model string
	at                float64
	asJSON            bool
}

func (p *Program) evaluate(ctx context.Context, e evaluation) error {
	pairs, err := readPairs(e.pairs)
	if err != nil {
		return err
	}
	m, err := LoadModel(e.model)
	if err != nil {
		return err
	}
	defer m.Close()
	groups := metrics.NewGroups(e.at)
	images := make([]metrics.Result, 0, len(pairs))
	meter := p.meter("evaluating")
	err = measure(ctx, m, pairs, func(i int, prob, truth []uint8) error {
		one := metrics.New(e.at)
		if err := one.Add(prob, truth); err != nil {
			return err
		}
		images = append(images, one.Result())
		meter.show(i+1, len(pairs))
		return groups.Add(pairs[i].group, prob, truth)
	})
	meter.end()
	if err != nil {
		return err
	}
	report := groups.Report()
	delete(report.Groups, "") // pairs without a group count in all
	if e.out != "" {
		if err := writeEvaluation(e.out, report, pairs, images); err != nil {
			return err
		}
	}
	if e.asJSON {
		return p.printJSON(report)
	}
	return p.evaluationTable(report)
}

// measured is a pair's proposal and truth, or why there is none.
type measured struct {
	prob, truth []uint8
	err         error
}

// measureWorkers is how many pairs are in work at once.
const measureWorkers = 2

// measure proposes every pair's image, and hands the pairs to each in their order, so that sums come out the same every
// time. Worker k takes the pairs k, k+2, k+4 and so on: no more than two wait.
func measure(ctx context.Context, m *segment.Model, pairs []pair, each func(i int, prob, truth []uint8) error) error {
	var group sync.WaitGroup
	defer group.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var results [measureWorkers]chan measured
	for k := range results {
		results[k] = make(chan measured)
		group.Go(func() {
			for i := k; i < len(pairs); i += measureWorkers {
				select {
				case results[k] <- pairs[i].measure(ctx, m):
				case <-ctx.Done():
					return
				}
			}
		})
	}
	for i := range pairs {
		select {
		case r := <-results[i%measureWorkers]:
			if r.err == nil {
				r.err = each(i, r.prob, r.truth)
			}
			if r.err != nil {
				return fmt.Errorf("line %d: %w", pairs[i].line, r.err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// measure reads a pair's files and proposes its image.
func (p pair) measure(ctx context.Context, m *segment.Model) measured {
	slice, err := readSlice(ctx, p.image)
	if err != nil {
		return measured{err: err}
	}
	truth, w, h, err := readMask(p.mask)
	if err != nil {
		return measured{err: err}
	}
	if w != slice.W || h != slice.H {
		return measured{err: fmt.Errorf("%s has %dx%d pixels, its mask %s has %dx%d", p.image, slice.W, slice.H, p.mask, w, h)}
	}
	prob, err := m.Propose(ctx, slice)
	if err != nil {
		return measured{err: fmt.Errorf("%s: %w", p.image, err)}
	}
	return measured{prob: prob, truth: truth}
}
