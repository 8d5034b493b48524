package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"groundglass/annotate/export"
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

	// Window opens the window and returns when it is closed; nil where there is none. It is called on the goroutine
	// that calls Run.
	Window func(ctx context.Context, o WindowOptions) error

	// KeyFile is where the key of pseudonyms is, unless a call names another one; nil where there is none.
	KeyFile func() (string, error)

	quiet bool // no meters
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
	kept                string // what a call leaves that is stopped, as the end of a sentence; "" where that is its own to say
	prepare             func(p *Program, f *flag.FlagSet) action
}

// commands are the subcommands in the order of the help.
func commands() []command {
	return []command{
		infoCommand, convertCommand, proposeCommand, evaluateCommand, trainCommand, quantizeCommand, importCommand, exportCommand, verifyCommand, deidentifyCommand, identifyCommand,
		demoCommand, versionCommand, helpCommand(),
	}
}

// find returns the command of a name; what is no name is for the window.
func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return windowCommand, false
}

// Run does what the arguments, the program's name left out, ask for, and returns the exit status. When ctx ends the
// work stops and leaves no half-written file.
func (p Program) Run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		return p.run(ctx, windowCommand, nil)
	}
	switch args[0] {
	case "-h", "-help", "--help":
		return p.run(ctx, helpCommand(), nil)
	case "-version", "--version":
		return p.run(ctx, versionCommand, nil)
	}
	c, named := find(args[0])
	if named {
		args = args[1:]
	}
	return p.run(ctx, c, args)
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
	name := strings.TrimSpace("groundglass " + c.name)
	var wrong usageError
	var stopped *export.Stopped
	switch {
	case err == nil:
		return statusOK
	case errors.As(err, &wrong):
		fmt.Fprintf(p.Stderr, "%s: %v\nusage: %s\n%s tells more\n", name, err, c.line(), strings.TrimSpace("groundglass help "+c.name))
		return statusUsage
	case ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(ctx))):
		fmt.Fprintf(p.Stderr, "%s: stopped before the end%s\n", name, c.keeps(err))
	case errors.As(err, &stopped):
		fmt.Fprintf(p.Stderr, "%s: %v; the same call goes on from there, and with --restart begins anew\n", name, err)
	default:
		fmt.Fprintf(p.Stderr, "%s: %v\n", name, err)
	}
	return statusFailed
}

// interrupted is the error of a call that was stopped, and what it leaves.
type interrupted struct {
	error
	kept string
}

func (e interrupted) Unwrap() error { return e.error }

// keeps says what a call leaves that was stopped, behind a semicolon.
func (c command) keeps(err error) string {
	var stopped *export.Stopped
	var own interrupted
	kept := c.kept
	switch {
	case errors.As(err, &stopped):
		kept = stopped.Kept() + "; the same call goes on from there, and with --restart begins anew"
	case errors.As(err, &own):
		kept = own.kept
	}
	if kept == "" {
		return ""
	}
	return "; " + kept
}
