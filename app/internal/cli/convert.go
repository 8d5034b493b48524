package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"groundglass/annotate/ct"
	"groundglass/annotate/export"
)

var convertCommand = command{
	name: "convert", args: "PATH -o FILE.nii.gz [--series UID] [--overwrite]",
	summary: "Writes a series, or a single image, as Hounsfield units in NIfTI",
	notes:   "FILE ends in .nii.gz or .nii. Where PATH holds several series, --series chooses one; groundglass info lists them.",
	kept:    "nothing was written",
	prepare: func(p *Program, f *flag.FlagSet) action {
		out := f.String("o", "", "the `FILE` to write, .nii.gz or .nii")
		uid := f.String("series", "", "the `UID` of the series to write")
		overwrite := f.Bool("overwrite", false, "replace a FILE that is there")
		return func(ctx context.Context, args []string) error {
			switch {
			case len(args) != 1:
				return wrongUse("one file or folder is needed, not %d", len(args))
			case *out == "":
				return wrongUse("-o FILE.nii.gz is needed")
			case !strings.HasSuffix(*out, ".nii.gz") && !strings.HasSuffix(*out, ".nii"):
				return wrongUse("%s: the file to write must end in .nii.gz or .nii", *out)
			}
			if _, err := os.Lstat(*out); err == nil && !*overwrite {
				return fmt.Errorf("%s is there already; choose another name, or replace it with --overwrite", *out)
			}
			return p.convert(ctx, args[0], *out, *uid)
		}
	},
}

func (p *Program) convert(ctx context.Context, path, out, uid string) error {
	found, err := p.open(ctx, []string{path})
	if err != nil {
		return err
	}
	s, err := choose(found, uid)
	if err != nil {
		return err
	}
	m := p.meter("writing " + out)
	err = export.WriteAtomic(out, func(w io.Writer) error {
		return s.WriteNIfTI(ctx, w, strings.HasSuffix(out, ".gz"), m.show)
	})
	m.end()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Stdout, "%s: %s of %d x %d pixels\n", out, ct.Count(s.Len(), "slice"), s.Columns, s.Rows)
	return err
}
