package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundglass/annotate/export"
)

var verifyCommand = command{
	name: "verify", args: "DIR [--json]",
	summary: "Reads an export back and compares every file with its manifest",
	notes:   "The exit status is 1 where anything differs. With --json it prints {\"ok\", \"slices\", \"files\", \"problems\"}.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		asJSON := jsonFlag(f)
		return func(ctx context.Context, args []string) error {
			if len(args) != 1 {
				return wrongUse("one folder is needed, not %d", len(args))
			}
			return p.verify(ctx, args[0], *asJSON)
		}
	},
}

// verifyReport is what verify prints with --json.
type verifyReport struct {
	OK       bool     `json:"ok"`
	Slices   int      `json:"slices"`
	Files    int      `json:"files"`
	Problems []string `json:"problems"`
}

func (p *Program) verify(ctx context.Context, dir string, asJSON bool) error {
	r, err := export.Verify(ctx, dir)
	if err != nil {
		return err
	}
	if asJSON {
		err = p.printJSON(verifyReport{r.OK(), r.Slices, r.Files, append([]string{}, r.Problems...)})
	} else {
		for _, problem := range r.Problems {
			fmt.Fprintln(p.Stdout, problem)
		}
		_, err = fmt.Fprintln(p.Stdout, r)
	}
	if err == nil && !r.OK() {
		err = errors.New(r.String())
	}
	return err
}
