package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"

	"groundglass/assets"
	"groundglass/assets/ortpin"
	"groundglass/segment"
)

var versionCommand = command{
	name: "version", summary: "Prints the version of the program and what it carries",
	prepare: func(p *Program, f *flag.FlagSet) action {
		return func(_ context.Context, args []string) error {
			if len(args) > 0 {
				return wrongUse("no arguments are needed")
			}
			_, err := fmt.Fprintf(p.Stdout, "groundglass %s %s/%s\nONNX Runtime %s\nmodel: %s\n",
				p.Version, runtime.GOOS, runtime.GOARCH, ortpin.Version, bundledModel())
			return err
		}
	},
}

// bundledModel names the model that the program carries.
func bundledModel() string {
	if assets.Model() == nil {
		return "none"
	}
	card, err := segment.ReadCard(assets.Model())
	if err != nil {
		return err.Error()
	}
	return ModelName(card)
}

// helpCommand is made anew since it lists the table that it is in.
func helpCommand() command {
	return command{
		name: "help", args: "[COMMAND]", summary: "Says how to call the program, or one of its commands",
		prepare: func(p *Program, f *flag.FlagSet) action {
			return func(_ context.Context, args []string) error { return p.help(args) }
		},
	}
}

func (p *Program) help(args []string) error {
	if len(args) == 0 {
		return overview(p.Stdout)
	}
	c, ok := find(args[0])
	if !ok || len(args) > 1 {
		return wrongUse("there is no command %q", strings.Join(args, " "))
	}
	c.help(p.Stdout)
	return nil
}

// overview lists the commands.
func overview(w io.Writer) error {
	fmt.Fprint(w, "Groundglass labels ground glass on chest CT, offline. For research only: it is not a medical device.\n\n")
	for _, c := range append([]command{windowCommand}, commands()...) {
		fmt.Fprintf(w, "  %s\n      %s\n", c.line(), c.summary)
	}
	_, err := fmt.Fprint(w, "\nThe exit status is 0, 1 where something failed, 2 where the program was called wrongly.\n"+
		"groundglass help COMMAND tells more.\n")
	return err
}

// line is how a command is called.
func (c command) line() string {
	return strings.Join(strings.Fields("groundglass "+c.name+" "+c.args), " ")
}

// help prints what a command does and its flags.
func (c command) help(w io.Writer) {
	fmt.Fprintf(w, "usage: %s\n\n%s.\n", c.line(), c.summary)
	if c.notes != "" {
		fmt.Fprintf(w, "\n%s\n", c.notes)
	}
	f := flag.NewFlagSet(c.name, flag.ContinueOnError)
	c.prepare(&Program{}, f)
	before := "\n"
	f.VisitAll(func(g *flag.Flag) {
		value, text := flag.UnquoteUsage(g)
		dashes := "--"
		if len(g.Name) == 1 {
			dashes = "-"
		}
		fmt.Fprintf(w, "%s  %-20s %s\n", before, dashes+g.Name+" "+value, text)
		before = ""
	})
}
