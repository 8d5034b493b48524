package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
)

// crashes are the reports of crashes, in the user's data folder: crash.log gets the last words of this program,
// crash-before.log has those of the one before.
type crashes struct {
	dir   string
	fresh bool // crash-before.log is of the program that ran last
}

const crashBefore = "crash-before.log"

// logCrashes has a crash's last words written down too.
func logCrashes() (c crashes, stop func(), err error) {
	data, err := dataFolder()
	if err != nil {
		return c, nil, err
	}
	c.dir = filepath.Join(data, "crashes")
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return c, nil, err
	}
	path := filepath.Join(c.dir, "crash.log")
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		if err := os.Rename(path, filepath.Join(c.dir, crashBefore)); err != nil {
			return c, nil, err
		}
		c.fresh = true
	}
	f, err := os.Create(path)
	if err != nil {
		return c, nil, err
	}
	defer f.Close() // the runtime has a handle of its own
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		return c, nil, err
	}
	return c, func() { _ = debug.SetCrashOutput(nil, debug.CrashOptions{}) }, nil
}

// recovered adds to the report of the program that ran last where the work stood that it left.
func (c crashes) recovered(dir string, step uint64) {
	if !c.fresh {
		return
	}
	f, err := os.OpenFile(filepath.Join(c.dir, crashBefore), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintf(f, "\nwork in %s was recovered up to step %d\n", dir, step)
}
