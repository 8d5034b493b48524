package cli

import (
	"context"
	"flag"
	"io"
	"strings"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/nifti"
	"groundglass/annotate/export"
)

var convertCommand = command{
	name: "convert", args: "PATH -o FILE.nii.gz [--series UID]",
	summary: "Writes a series, or a single image, as Hounsfield units in NIfTI",
	notes:   "FILE ends in .nii.gz or .nii. Where PATH holds several series, --series chooses one; groundglass info lists them.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		out := f.String("o", "", "the `FILE` to write, .nii.gz or .nii")
		uid := f.String("series", "", "the `UID` of the series to write")
		return func(ctx context.Context, args []string) error {
			switch {
			case len(args) != 1:
				return wrongUse("one file or folder is needed, not %d", len(args))
			case *out == "":
				return wrongUse("-o FILE.nii.gz is needed")
			case !strings.HasSuffix(*out, ".nii.gz") && !strings.HasSuffix(*out, ".nii"):
				return wrongUse("%s: the file to write must end in .nii.gz or .nii", *out)
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
	defer m.end()
	write := nifti.Write
	if strings.HasSuffix(out, ".gz") {
		write = nifti.WriteGzip
	}
	return export.WriteAtomic(out, func(w io.Writer) error {
		return write(w, volumeHeader(s), func(k int) ([]int16, error) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			slice, err := s.Slice(k)
			if err != nil {
				return nil, err
			}
			m.show(k+1, s.Len())
			return slice.HU, nil
		})
	})
}

// volumeHeader is a series as NIfTI describes it.
func volumeHeader(s *ct.Series) nifti.Header {
	return nifti.Header{
		Dim: [3]int{s.Columns, s.Rows, s.Len()}, Affine: s.Geometry.RAS(), Placed: s.Geometry.Known,
		Description: "Groundglass, Hounsfield units",
	}
}
