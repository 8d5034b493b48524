package cli

import (
	"context"
	"flag"

	"groundglass/annotate"
	"groundglass/segment/metrics"
)

var evaluateCommand = command{
	name: "evaluate", args: "--pairs FILE.csv | --config TRAINING.json [--model FILE.onnx] [--threshold 0.3] [--tv W] [--min-area A] [--fill-holes] [--json] [--out DIR]",
	summary: "Measures a model on images whose true masks are known",
	notes: "The CSV has a header with the columns image and mask. Further ones, in any order, are welcome: group; patient, from whom\n" +
		"95 % intervals are drawn; spacing, or spacing_x and spacing_y, the mm between the image's pixels, for measures in mm (DICOM\n" +
		"brings its own); position, in mm along the patient, so that the pictures of a patient are proposed as a series, in which\n" +
		"neighbours count (--through); foreground and transpose, which overrule the options. Paths are relative to the CSV's\n" +
		"folder, or else to the working folder. With --config the pictures are those that a training's configuration holds back,\n" +
		"and its labels say which values of masks are foreground.\n\n" +
		"An image is a picture, PNG or JPEG, read as a lung window, or a DICOM file of one slice. A mask is a PNG of its size; above\n" +
		"0 is foreground unless --foreground names grey values. The table has Dice, precision and recall pooled over pixels at the\n" +
		"threshold, average precision, and the connected parts a slice (8 neighbours) of proposals and of masks. --json and --out\n" +
		"hold all measures; segment/metrics/README.md lists them. --out writes evaluation.json, evaluation.csv (every cut-off),\n" +
		"measures.csv (groups, with intervals), patients.csv, images.csv, precision_recall.csv and precision_recall.png.\n\n" +
		"Without --tv, --min-area and --fill-holes the model alone is measured. With one of them, what propose and export would\n" +
		"write at the threshold; the average precision and the other cut-offs then mean little.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		var e evaluation
		f.StringVar(&e.pairs, "pairs", "", "the `FILE` that lists images and masks, CSV")
		f.StringVar(&e.config, "config", "", "a training's configuration, JSON in `FILE`, in place of --pairs")
		f.StringVar(&e.out, "out", "", "a folder `DIR` to write tables and the precision-recall picture to")
		f.StringVar(&e.label, "label", "", "`NAME` of the kind to measure, as in the card of a model that tells kinds apart; all that it marks where it is left out")
		f.Var(&e.defaults.foreground, "foreground", "grey `VALUES` of masks that are foreground, such as 1 or 1,2; all above 0 where it is left out")
		f.BoolVar(&e.defaults.transpose, "transpose", false, "images and masks are stored with rows and columns exchanged")
		f.Var(&e.tolerance, "tolerance", "`MM` that surfaces may be apart for surface Dice; 2 where it is left out")
		cut, model, asJSON := cuttingFlags(f, annotate.Connectivity{}), modelFlags(f), jsonFlag(f)
		e.tolerance = 2
		return func(ctx context.Context, args []string) error {
			if (e.pairs == "") == (e.config == "") || len(args) > 0 {
				return wrongUse("--pairs FILE.csv or --config FILE.json is needed, and no other arguments")
			}
			e.cut, e.model, e.asJSON = *cut, *model, *asJSON
			return p.evaluate(ctx, e)
		}
	},
}

// evaluation is what evaluate was asked for.
type evaluation struct {
	pairs, config, out, label string
	model                     ModelChoice
	defaults                  reading // of pairs that say nothing else
	cut                       cutting
	tolerance                 millimetres
	asJSON                    bool
}

// intervalSeed makes intervals the same every time.
const intervalSeed = 1

func (e evaluation) settings() metrics.Settings {
	return metrics.Settings{Threshold: float64(e.cut.at), Tolerance: float64(e.tolerance), Bootstrap: metrics.Bootstrap{Seed: intervalSeed}}
}

// listed finds the pairs.
func (p *Program) listed(e evaluation) ([]pair, error) {
	if e.config != "" {
		return p.configPairs(e.config, e.label, e.defaults)
	}
	return readPairs(e.pairs, e.defaults)
}

func (p *Program) evaluate(ctx context.Context, e evaluation) error {
	pairs, err := p.listed(e)
	if err != nil {
		return err
	}
	m, err := LoadModel(e.model)
	if err != nil {
		return err
	}
	defer m.Close()
	of, err := channelOf(m.Card(), e.label)
	if err != nil {
		return err
	}
	report, images, err := p.study(ctx, e, measurement{m, of, e.cut}, pairs)
	if err != nil {
		return err
	}
	p.evaluationWarnings(report, pairs)
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

// evaluationWarnings says what may be a mistake in the list.
func (p *Program) evaluationWarnings(r metrics.StudyReport, pairs []pair) {
	if r.All.Lesions == 0 {
		p.warn("no mask has any foreground")
	}
	unnamed := 0
	for _, q := range pairs {
		if q.patient == "" {
			unnamed++
		}
	}
	if 0 < unnamed && unnamed < len(pairs) {
		p.warn("%d of %d pairs name no patient, so there are no intervals for them all together", unnamed, len(pairs))
	}
}

// study measures the pairs, together and one by one.
func (p *Program) study(ctx context.Context, e evaluation, by measurement, pairs []pair) (metrics.StudyReport, [][]metrics.Measure, error) {
	study := metrics.NewStudy(e.settings())
	images := make([][]metrics.Measure, len(pairs))
	meter := p.meter("evaluating")
	done := 0
	err := by.measure(ctx, pairs, func(i int, m metrics.Image) error {
		scores, err := study.Add(m)
		images[i] = scores.Measures()
		done++
		meter.show(done, len(pairs))
		return err
	})
	meter.end()
	if err != nil {
		return metrics.StudyReport{}, nil, err
	}
	report, err := study.Report()
	return report, images, err
}
