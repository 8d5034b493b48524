package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
	"groundglass/segment/metrics"
)

// defaultDemo is the folder that a demo without a display writes to.
const defaultDemo = "groundglass-demo"

var demoCommand = command{
	name: "demo", args: "[-o DIR] [--model FILE.onnx]",
	summary: "Opens the window on a made-up patient with proposals; without a display, writes masks and a contact sheet",
	notes: "The patient is a phantom, drawn by the program. Without a display its DICOM files, masks and contact sheet go to DIR,\n" +
		defaultDemo + " where -o is left out, and what an earlier demo wrote there is replaced.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		o := WindowOptions{Demo: true}
		windowFlags(f, &o)
		out := f.String("o", defaultDemo, "the folder `DIR` to write to where there is no display")
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return wrongUse("no files are needed")
			}
			return p.demo(ctx, o, *out)
		}
	},
}

// demo shows the demo case in the window, or does the same work without one.
func (p *Program) demo(ctx context.Context, o WindowOptions, dir string) error {
	why := p.noWindow()
	if why == nil {
		return p.Window(ctx, o)
	}
	if err := p.demoFiles(ctx, phantom.New(phantom.Demo()), o.Model, dir); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.Stdout, "No window was opened: %v. %s\n", why, howToGetWindow)
	return err
}

// demoFiles writes a phantom as DICOM, opens it, proposes, and exports.
func (p *Program) demoFiles(ctx context.Context, patient *phantom.Phantom, model ModelChoice, dir string) error {
	m, err := LoadModel(model)
	if err != nil {
		return err
	}
	defer m.Close()
	files := filepath.Join(dir, "dicom")
	meter := p.meter("drawing the demo patient")
	err = patient.WriteDICOM(ctx, files, meter.show)
	meter.end()
	if err != nil {
		return err
	}
	found, err := p.open(ctx, []string{files})
	if err != nil {
		return err
	}
	s, err := choose(found, patient.Series().UID)
	if err != nil {
		return err
	}
	begun := time.Now()
	snapshot, err := p.proposed(ctx, m, s, cutting{defaultThreshold, annotate.DefaultConnectivity()})
	if err != nil {
		return err
	}
	took := time.Since(begun)
	c := export.FromSnapshot(snapshot)
	set := export.One(c, p.name(), ModelName(m.Card()))
	report, err := p.writePNG(ctx, filepath.Join(dir, "masks"), set, export.Options{Images: true, Overwrite: true})
	if err != nil {
		return err
	}
	sheet := filepath.Join(dir, "contact_sheet.png")
	if err := export.WriteAtomic(sheet, func(w io.Writer) error { return export.Sheet(w, c, export.SheetOptions{}) }); err != nil {
		return err
	}
	score := against(patient, snapshot)
	_, err = fmt.Fprintf(p.Stdout, "A made-up patient of %d slices, as DICOM files: %s\n"+
		"Proposed by %s in %.1f s\n"+
		"Masks and images, read back and compared: %s (%d files)\n"+
		"Contact sheet: %s\n"+
		"Agreement with the patient's true lesions: Dice %.3f (precision %.3f, recall %.3f)\n",
		s.Len(), files, ModelName(m.Card()), took.Seconds(), report.Dir, report.Files, sheet,
		score.Dice, score.Precision, score.Recall)
	return err
}

// against measures a snapshot's proposals against the phantom's lesions.
func against(patient *phantom.Phantom, s annotate.Snapshot) metrics.Result {
	a := metrics.New(s.Threshold)
	for i := range s.Len() {
		if prob := s.Probability(i); prob != nil {
			_ = a.Add(prob, patient.Truth(i)) // both are of the series' size
		}
	}
	return a.Result()
}
