package cli

import (
	"flag"
	"fmt"
	"io"
)

// line is how a command is called.
func (c command) line() string { return "groundglass " + c.name + " " + c.args }

// help prints what a command does and its flags.
func (c command) help(w io.Writer) {
	fmt.Fprintf(w, "usage: %s\n\n%s.\n", c.line(), c.summary)
	if c.notes != "" {
		fmt.Fprintf(w, "\n%s\n", c.notes)
	}
	f := flag.NewFlagSet(c.name, flag.ContinueOnError)
	c.prepare(&Program{}, f)
	first := true
	f.VisitAll(func(g *flag.Flag) {
		if first {
			fmt.Fprintln(w)
			first = false
		}
		value, text := flag.UnquoteUsage(g)
		dashes := "--"
		if len(g.Name) == 1 {
			dashes = "-"
		}
		fmt.Fprintf(w, "  %-22s %s\n", dashes+g.Name+" "+value, text)
	})
}
