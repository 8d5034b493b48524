package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
)

// Exit statuses.
const (
	statusOK     = 0
	statusFailed = 1
	statusUsage  = 2
)

// Program is the program as its command line sees it.
type Program struct {
	Stdout, Stderr io.Writer
	Version        string
}

// usageError is a call that is wrong in itself, whatever the files hold.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func wrongUse(format string, a ...any) error { return usageError{fmt.Sprintf(format, a...)} }

// action does a command's work on its arguments, the flags having been read.
type action func(ctx context.Context, args []string) error

// command is a row of the table of subcommands.
type command struct {
	name, args, summary string
	notes               string // more than the summary says, for its help; "" for nothing
	prepare             func(p *Program, f *flag.FlagSet) action
}

// commands are the subcommands in the order of the help.
func commands() []command {
	return []command{trainCommand}
}

// Run does what the arguments, the program's name left out, ask for, and returns the exit status. When ctx ends the
// work stops and leaves no half-written file.
func (p Program) Run(ctx context.Context, args []string) int {
	if len(args) > 0 {
		i := slices.IndexFunc(commands(), func(c command) bool { return c.name == args[0] })
		if i >= 0 {
			return p.run(ctx, commands()[i], args[1:])
		}
	}
	fmt.Fprintln(p.Stderr, "usage: groundglass COMMAND")
	return statusUsage
}

// run runs one command.
func (p Program) run(ctx context.Context, c command, args []string) int {
	f := flag.NewFlagSet(c.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	act := c.prepare(&p, f)
	rest, err := parse(f, args)
	if errors.Is(err, flag.ErrHelp) {
		c.help(p.Stdout)
		return statusOK
	}
	if err == nil {
		err = act(ctx, rest)
	}
	return p.finish(ctx, c, err)
}

// finish says what went wrong and returns the exit status.
func (p Program) finish(ctx context.Context, c command, err error) int {
	var wrong usageError
	switch {
	case err == nil:
		return statusOK
	case errors.As(err, &wrong):
		fmt.Fprintf(p.Stderr, "groundglass %s: %v\nusage: %s\n", c.name, err, c.line())
		return statusUsage
	case ctx.Err() != nil:
		fmt.Fprintf(p.Stderr, "groundglass %s: stopped before the end\n", c.name)
	default:
		fmt.Fprintf(p.Stderr, "groundglass %s: %v\n", c.name, err)
	}
	return statusFailed
}

// parse reads flags that stand before, between and after the other arguments, which it returns. After "--" nothing is a
// flag.
func parse(f *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError{err.Error()}
		}
		left := f.Args()
		ended := len(left) < len(args) && args[len(args)-len(left)-1] == "--"
		if ended || len(left) == 0 {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}
