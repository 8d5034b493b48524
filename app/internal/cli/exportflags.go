package cli

import (
	"flag"
	"fmt"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/export"
)

// setFlags declares the flags of how a set is written, beside those of every export.
func setFlags(f *flag.FlagSet, o *export.Options) {
	f.Func("window", "the window of 8-bit pictures, as `WIDTH,LEVEL` in HU (default 1500,-600)", func(s string) error {
		var w ct.Window
		var rest string
		if n, _ := fmt.Sscanf(s+"\n", "%g,%g%s", &w.Width, &w.Level, &rest); n != 2 || !(w.Width >= 1 && w.Width <= 1<<16 && w.Level >= -1<<16 && w.Level <= 1<<16) {
			return fmt.Errorf("a width of 1 to %d and a level of %d to %d are needed, as 1500,-600", 1<<16, -1<<16, 1<<16)
		}
		o.Window = w
		return nil
	})
	f.StringVar(&o.Name, "name", "", "the `NAME` of the data set; Dataset123_Lungs gives nnU-Net's a number, too, which otherwise is 500")
	f.Var(&whole{&o.Square, export.MinSquare, export.MaxSquare}, "square", fmt.Sprintf(
		"resample pictures and masks to `N` pixels a side, %d to %d (default: none is resampled)", export.MinSquare, export.MaxSquare))
	f.Var(&whole{&o.Folds, 1, mostFolds}, "folds", "divide patients into `N` parts for cross-validation, or hold one out as a test or for validation; 1 for none (default 5)")
	f.Var((*threshold)(&o.LeastConfidence), "least-confidence", "the least mean probability `P` of proposed pixels, 0 to 1, that makes a proposal a pseudo-label (default: any)")
	f.Var((*threshold)(&o.LargestDoubt), "largest-doubt", "the largest doubt `D` of the model, 0 to 1, that makes a proposal a pseudo-label (default: any)")
}

// mostFolds bounds how many parts patients are divided into.
const mostFolds = 1000

// optionFlags are the flags that not every preset heeds, and which do.
var optionFlags = []struct {
	name   string
	heeded func(u export.Uses) bool
}{
	{"images", func(u export.Uses) bool { return u.Images }},
	{"values", func(u export.Uses) bool { return u.Values }},
	{"name", func(u export.Uses) bool { return u.Name }},
	{"window", func(u export.Uses) bool { return u.Window }},
	{"square", func(u export.Uses) bool { return u.Square }},
	{"folds", func(u export.Uses) bool { return u.Held || u.Split }},
	{"least-confidence", func(u export.Uses) bool { return u.Limits }},
	{"largest-doubt", func(u export.Uses) bool { return u.Limits }},
}

// presetFlags finds the preset of a name, and refuses flags that it does not heed with these options.
func presetFlags(f *flag.FlagSet, name string, with export.Options) (p export.Preset, err error) {
	if p, err = export.PresetNamed(name); err != nil {
		return p, wrongUse("%v", err)
	}
	if p.Uses.NoLabels && given(f, "labels") {
		return p, wrongUse("the preset %s has no use for --labels", p.Name)
	}
	for _, o := range optionFlags {
		switch {
		case !given(f, o.name):
		case !o.heeded(p.Uses):
			return p, wrongUse("the preset %s has no use for --%s", p.Name, o.name)
		case o.name == "window" && !p.Pictures(with):
			return p, wrongUse("--window is of pictures, which the preset %s writes with --images only", p.Name)
		}
	}
	return p, nil
}

// onlyLabels are the labels that a call names by their names or values, and the others; all, where it names none.
func onlyLabels(table []annotate.Label, asked []string) (kept, left []annotate.Label, err error) {
	if len(asked) == 0 {
		return table, nil, nil
	}
	met := make([]bool, len(asked))
	var all []string
	for _, l := range table {
		all = append(all, fmt.Sprintf("%d %s", l.ExportValue(), l.Name))
		keep := false
		for k, a := range asked {
			if strings.EqualFold(a, l.Name) || a == fmt.Sprint(l.ExportValue()) {
				keep, met[k] = true, true
			}
		}
		if keep {
			kept = append(kept, l)
		} else {
			left = append(left, l)
		}
	}
	for k, a := range asked {
		if !met[k] {
			return nil, nil, wrongUse("there is no label %q; there are %s", a, strings.Join(all, ", "))
		}
	}
	return kept, left, nil
}

// given tells whether a call names a flag.
func given(f *flag.FlagSet, name string) (named bool) {
	f.Visit(func(g *flag.Flag) { named = named || g.Name == name })
	return named
}

// proposalFlags are of what a model proposes, and without a meaning for work that is there.
var proposalFlags = []string{"threshold", "tv", "min-area", "fill-holes", "model", "card", "device"}

// givenOf are the flags of some that a call names.
func givenOf(f *flag.FlagSet, names []string) (out []string) {
	for _, name := range names {
		if given(f, name) {
			out = append(out, "--"+name)
		}
	}
	return out
}

// presetNotes tells what each preset writes, and which flags it heeds.
func presetNotes() string {
	var b strings.Builder
	for _, p := range export.Presets() {
		var flags []string
		for _, o := range optionFlags {
			if o.heeded(p.Uses) {
				flags = append(flags, "--"+o.name)
			}
		}
		heeds := ""
		if len(flags) > 0 {
			heeds = " (" + strings.Join(flags, " ") + ")"
		}
		fmt.Fprintf(&b, "  %-16s %s%s\n", p.Name, p.Title, heeds)
	}
	return b.String()
}
