// Groundglass is an offline desktop program for labelling ground glass on chest CT. Called with files and folders it
// opens its window; its subcommands do the same work without one: see package cli.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"groundglass/app/internal/cli"
)

// version is the program's, as in FyneApp.toml; releases set it with -ldflags "-X main.version=...".
var version = "0.1.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	program := cli.Program{Stdout: os.Stdout, Stderr: os.Stderr, Version: version, Window: window, KeyFile: keyFile}
	os.Exit(program.Run(ctx, os.Args[1:]))
}
