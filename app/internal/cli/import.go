package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
	"groundglass/annotate/labels"
)

var importCommand = command{
	name: "import", args: "PATH... --labels FILE -o DIR [flags]",
	summary: "Brings masks made elsewhere to the slices of a series, and exports them",
	notes: "FILE is a file or a folder of masks, named as often as need be: PNG pictures, matched by name; NIfTI volumes, by position;\n" +
		"DICOM segmentations and structure sets, by UID or position; COCO, labelme and YOLO files, by the names of images; or an export of\n" +
		"this program. Nothing is resampled: what does not lie on the slices' own pixels is left out with the reason. Values and\n" +
		"names become labels by the usual conventions, or by --value 7=vessel; those that nothing names get labels of their own.\n" +
		"Where labels overlap, those of the --labels named later win, and of a folder those of the later file in natural order; but\n" +
		"the lung goes beneath what is in it. Volumes of one folder that have the same label on the same slices are left out: name\n" +
		"the one that is of the series, or several. It says what was matched how, what became of each value, and what was left\n" +
		"out, and writes NAME_mask.png with label values for each slice and manifest.json, as groundglass export does. What is\n" +
		"known to be of other images or another patient, by the manifest of its export or by a DICOM file's Patient ID, is left\n" +
		"out, unless --other-images is given. The exit status is 1 where no labels came in, or a file was left out that the call\n" +
		"names, or a mask that the manifest of an export of these images names.",
	kept: "nothing was written",
	prepare: func(p *Program, f *flag.FlagSet) action {
		c := importCall{}
		f.Func("labels", "a file or folder with masks; the flag may be repeated for more than one `FILE`", func(path string) error {
			c.files = append(c.files, path)
			return nil
		})
		f.Func("value", "what a value of pictures or volumes is, as `N=NAME`, or what a label that comes in by a name is to be called, as OLD=NAME; background is none; repeat the flag for more", c.addValue)
		cut := threshold(labels.DefaultThreshold)
		f.Var(&cut, "threshold", "the `SHARE` from which a pixel is in a fractional segmentation (default 0.5)")
		f.BoolVar(&c.o.Transposed, "transposed", false, "rows and columns of PNG masks are exchanged, as in COVID-SemiSeg")
		f.BoolVar(&c.o.OtherImages, "other-images", false, "take masks, too, that are known to be of other images or of another patient; of an export, of one case")
		f.StringVar(&c.dir, "o", "", "the folder `DIR` to write to")
		f.StringVar(&c.uid, "series", "", "the series of this `UID`, where there are several")
		binary := f.Bool("binary", false, "write 0 and 255 instead of label values")
		f.BoolVar(&c.out.Images, "images", false, "write the slices as pictures too, at the lung window")
		f.BoolVar(&c.out.Overwrite, "overwrite", false, "replace an export that is already in DIR")
		identity := identityFlags(f)
		asJSON := jsonFlag(f)
		return func(ctx context.Context, args []string) error {
			switch {
			case len(args) == 0:
				return wrongUse("a file or folder of images is needed")
			case len(c.files) == 0:
				return wrongUse("--labels FILE is needed")
			case c.dir == "":
				return wrongUse("-o DIR is needed")
			}
			c.identity, c.paths, c.o.Threshold, c.out.Values, c.json = *identity, args, max(float64(cut), 1e-9), !*binary, *asJSON
			return p.importLabels(ctx, c)
		}
	},
}

// importCall is what import was asked for.
type importCall struct {
	paths, files []string
	dir, uid     string
	o            labels.Options
	out          export.Options
	json         bool
	identity     identityCall
}

// addValue reads a flag such as 7=vessel.
func (c *importCall) addValue(text string) error {
	number, name, ok := strings.Cut(text, "=")
	v, err := strconv.Atoi(strings.TrimSpace(number))
	if cut := strings.LastIndexByte(text, '='); ok && err != nil { // names may have one
		return c.rename(strings.TrimSpace(text[:cut]), strings.TrimSpace(text[cut+1:]))
	}
	if !ok || strings.TrimSpace(name) == "" {
		return errNamed
	}
	if v == 0 && !strings.EqualFold(strings.TrimSpace(name), labels.Background) {
		return errors.New("0 is the background always")
	}
	if c.o.Values == nil {
		c.o.Values = map[int]string{}
	}
	c.o.Values[v] = name
	return nil
}

var errNamed = errors.New("a number or a name, = and a name are needed")

// rename reads a flag such as Tumour=nodule.
func (c *importCall) rename(was, name string) error {
	if was == "" || name == "" {
		return errNamed
	}
	if strings.EqualFold(name, labels.Background) {
		return errors.New("a label that has a name is no background")
	}
	if c.o.Names == nil {
		c.o.Names = map[string]string{}
	}
	c.o.Names[was] = name
	return nil
}

// importReport is what import prints with --json.
type importReport struct {
	Dir      string            `json:"dir"` // "" where nothing was written
	Series   string            `json:"series"`
	Slices   int               `json:"slices"`
	Labelled int               `json:"labelled"` // slices
	Matches  []labels.Match    `json:"matches"`  // with slices counted from 1, as in manifests
	Meanings []labels.Meaning  `json:"meanings"`
	Overlaps []labels.Overlap  `json:"overlaps"`
	LeftOut  []labels.LeftOut  `json:"left_out"`
	OfOthers bool              `json:"of_others"` // some of that would come in with --other-images
	Remarks  []string          `json:"remarks"`
	Labels   map[string]string `json:"labels"` // names by value
}

func (p *Program) importLabels(ctx context.Context, c importCall) error {
	if err := p.exportApart(c.identity, slices.Concat(c.paths, c.files), c.dir); err != nil {
		return err
	}
	found, err := p.openImages(ctx, c.paths, c.uid)
	if err != nil {
		return err
	}
	s, err := choose(found, c.uid)
	if err != nil {
		return err
	}
	session := annotate.NewSession(s)
	meter := p.meter("reading labels")
	c.o.Table, c.o.Key = session.Labels(), LabelKey(p.keyFile(c.identity.key))
	in, err := labels.Read(ctx, s, c.files, c.o, meter.show)
	meter.end()
	if err != nil {
		return err
	}
	if _, err := session.Import(in.Import("Import")); err != nil {
		return err
	}
	written := ""
	if in.Report.Labelled > 0 {
		report, err := p.exportImported(ctx, session, c)
		if err != nil {
			return err
		}
		written = report.String()
	}
	return p.tellImported(c, s, in, written)
}

func (p *Program) exportImported(ctx context.Context, s *annotate.Session, c importCall) (export.Report, error) {
	identity, done, err := p.identity(c.identity, false)
	if err != nil {
		return export.Report{}, err
	}
	in := export.FromSnapshot(s.Snapshot())
	for _, warning := range NameWarnings(c.dir, "", in) {
		p.warn("%s", warning)
	}
	one := export.One(in, p.name(), "")
	one.Cases, c.out.Identity = identity.CaseNames([]*ct.Series{s.Series()}), identity
	report, err := p.writePNG(ctx, c.dir, one, c.out)
	var label *export.NamedLabel
	if errors.As(err, &label) {
		err = fmt.Errorf("%w. --value %q names it anew", err, label.Name+"=NAME")
	}
	return report, errors.Join(err, done())
}

// tellImported prints what came in and what did not, as sentences or as JSON.
func (p *Program) tellImported(c importCall, s *ct.Series, in *labels.Labels, written string) error {
	if c.json {
		r := importReport{
			Series: s.UID, Slices: s.Len(), Labelled: in.Report.Labelled, Matches: append([]labels.Match{}, in.Report.Matches...),
			Meanings: append([]labels.Meaning{}, in.Report.Meanings...), Overlaps: append([]labels.Overlap{}, in.Report.Overlaps...),
			LeftOut: append([]labels.LeftOut{}, in.Report.LeftOut...), OfOthers: in.Report.OfOthers, Remarks: append([]string{}, in.Report.Remarks...), Labels: map[string]string{},
		}
		if written != "" {
			r.Dir = c.dir
		}
		for i := range r.Matches {
			r.Matches[i].Slice++
		}
		for _, l := range in.Table {
			r.Labels[fmt.Sprint(l.ExportValue())] = l.Name
		}
		if err := p.printJSON(r); err != nil {
			return err
		}
	} else {
		for _, line := range append([]string{in.Report.Summary()}, in.Report.Lines()...) {
			fmt.Fprintln(p.Stdout, oneLine(line))
		}
		if in.Report.OfOthers {
			fmt.Fprintln(p.Stdout, "What was left out as of other images or another patient comes in with --other-images.")
		}
		if written != "" {
			fmt.Fprintln(p.Stdout, written)
		}
	}
	if written == "" {
		return errors.New("no labels came in; nothing was written")
	}
	var left []ct.LeftOut
	for _, l := range in.Report.LeftOut {
		if l.Part == "" {
			left = append(left, ct.LeftOut{File: l.File, Reason: l.Reason})
		}
	}
	err := namedLeftOut(c.files, left)
	for _, l := range in.Report.Lost() {
		if l.Part != "" || !named(c.files, l.File) {
			err = errors.Join(err, errors.New(l.String()))
		}
	}
	return err
}
