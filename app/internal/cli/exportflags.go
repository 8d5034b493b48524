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
	f.StringVar(&o.Name, "name", "", "the `NAME` of the data set")
	f.IntVar(&o.Square, "square", 0, "resample pictures and masks to `N` pixels a side")
	f.IntVar(&o.Folds, "folds", 5, "divide patients into `N` parts for cross-validation, or hold one out as a test or for validation; 1 for none")
	f.Var((*threshold)(&o.LeastConfidence), "least-confidence", "the least mean probability `P` of proposed pixels that makes a proposal a pseudo-label (default: any)")
	f.Var((*threshold)(&o.LargestDoubt), "largest-doubt", "the largest doubt `D` of the model, 0 to 1, that makes a proposal a pseudo-label (default: any)")
}

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

// presetFlags finds the preset of a name, and refuses flags that it does not heed.
func presetFlags(f *flag.FlagSet, name string) (p export.Preset, err error) {
	if p, err = export.PresetNamed(name); err != nil {
		return p, wrongUse("%v", err)
	}
	f.Visit(func(given *flag.Flag) {
		for _, o := range optionFlags {
			if o.name == given.Name && !o.heeded(p.Uses) {
				err = wrongUse("the preset %s has no use for --%s", p.Name, o.name)
			}
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
