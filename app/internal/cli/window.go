package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// WindowOptions say what the window opens with.
type WindowOptions struct {
	Paths []string // files and folders; none for an empty window
	Demo  bool     // the demo case instead
	Model ModelChoice
	Trace string // a file that is told what happens, for tests; "" for none
}

// windowCommand is what runs where no command is named.
var windowCommand = command{
	args:    "[PATH...]",
	summary: "Opens the window, on files and folders if any are named",
	notes:   "groundglass help lists the commands that need no window.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		var o WindowOptions
		windowFlags(f, &o)
		return func(ctx context.Context, args []string) error {
			if len(args) == 1 && args[0] == demoCommand.name { // behind the window's flags
				o.Demo = true
				return p.demo(ctx, o, defaultDemo)
			}
			if err := exist(args); err != nil {
				return err
			}
			o.Paths = args
			return p.window(ctx, o)
		}
	},
}

// windowFlags declares the flags of the window.
func windowFlags(f *flag.FlagSet, o *WindowOptions) {
	o.Model.declare(f)
	f.StringVar(&o.Trace, "trace", "", "write what happens in the window to `FILE`, one JSON object a line, for tests")
}

// exist looks for the named paths. One bare word that is none is taken for a misspelt command.
func exist(paths []string) error {
	for i, path := range paths {
		_, err := os.Stat(path)
		switch {
		case err == nil:
		case i == 0 && errors.Is(err, os.ErrNotExist) && filepath.Base(path) == path && filepath.Ext(path) == "":
			return wrongUse("%q is neither a command nor a file or folder", path)
		case errors.Is(err, os.ErrNotExist):
			return fmt.Errorf("%s: no such file or folder", path)
		default:
			return err
		}
	}
	return nil
}

// window opens the window, or says why it cannot.
func (p *Program) window(ctx context.Context, o WindowOptions) error {
	if err := p.noWindow(); err != nil {
		return fmt.Errorf("%w. %s groundglass help lists the commands that need no window", err, howToGetWindow)
	}
	return p.Window(ctx, o)
}

// noWindow says why there can be no window; nil where there can.
func (p *Program) noWindow() error {
	if p.Window == nil {
		return errors.New("this build has no window")
	}
	return noDisplay()
}

const howToGetWindow = "To get the window, run this on a desktop, or over ssh -X."
