package cli

import (
	"flag"
	"fmt"
	"strings"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
)

// setFlags declares the flags of how a set is written, beside those of every export.
func setFlags(f *flag.FlagSet, o *export.Options) {
	f.Func("window", "the window of 8-bit pictures, as `WIDTH,LEVEL` in HU (default 1500,-600)", func(s string) error {
		var w ct.Window
		var rest string
		if n, _ := fmt.Sscanf(s+"\n", "%g,%g%s", &w.Width, &w.Level, &rest); n != 2 || !(w.Width >= 1 && w.Width <= 1<<16 && w.Level >= -1<<16 && w.Level <= 1<<16) {
			return fmt.Errorf("must be two numbers, as 1500,-600")
		}
		o.Window = w
		return nil
	})
	f.IntVar(&o.Square, "square", 0, "resample pictures and masks to `N` pixels a side")
	f.IntVar(&o.Folds, "folds", 5, "divide patients into `N` parts for cross-validation, or hold one out as a test or for validation; 1 for none")
	f.Var((*threshold)(&o.LeastConfidence), "least-confidence", "the least mean probability `P` of proposed pixels that makes a proposal a pseudo-label (default: any)")
	f.Var((*threshold)(&o.LargestDoubt), "largest-doubt", "the largest doubt `D` of the model, 0 to 1, that makes a proposal a pseudo-label (default: any)")
}

// presetFlags finds the preset of a name, and refuses flags that it does not heed.
func presetFlags(f *flag.FlagSet, name string) (p export.Preset, err error) {
	if p, err = export.PresetNamed(name); err != nil {
		return p, wrongUse("%v", err)
	}
	heeds := map[string]bool{
		"window": p.Uses.Window, "square": p.Uses.Square, "folds": p.Uses.Held || p.Uses.Split, "least-confidence": p.Uses.Limits,
		"largest-doubt": p.Uses.Limits, "values": p.Uses.Values, "images": p.Uses.Images || p.Uses.Window,
	}
	f.Visit(func(given *flag.Flag) {
		if known, ok := heeds[given.Name]; ok && !known {
			err = wrongUse("the preset %s has no use for --%s", p.Name, given.Name)
		}
	})
	return p, err
}

// presetNames are the names of all presets, in words.
func presetNames() string {
	var names []string
	for _, p := range export.Presets() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// presetNotes tells what each preset writes.
func presetNotes() string {
	var b strings.Builder
	for _, p := range export.Presets() {
		fmt.Fprintf(&b, "  %-16s %s\n", p.Name, p.Title)
	}
	return b.String()
}
