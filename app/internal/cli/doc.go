// Package cli is the program's command line: subcommands, flags, what they print and the exit status.
//
// Start with Program.Run. Each subcommand is in a file of its own and has a row in the table commands. What a command is
// asked for goes to standard output; with --json that is one JSON object and nothing else. Progress, warnings and errors
// go to standard error. The exit status is 0, 1 where something failed, or 2 where the program was called wrongly.
//
// The package opens no window: Program.Window does, so that everything else works, and is tested, without a display.
package cli
