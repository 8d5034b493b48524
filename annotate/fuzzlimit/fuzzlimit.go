// Package fuzzlimit ends the search of a fuzz target at an input that takes too
// long, which Go's own fuzzing never does. Fuzz targets alone import it.
package fuzzlimit

import (
	"flag"
	"fmt"
	"runtime/debug"
	"time"
)

// Limit is how long one input may take. Inputs are of at most about 1 MB.
const Limit = 2 * time.Second

// Start watches over one input until the function that it returns is called. In a
// process that fuzzes, an input over the limit ends the process with the stacks of
// its goroutines, so that the fuzzer keeps the input as one that fails; anywhere
// else, as where seeds are tested, nothing happens.
func Start() (stop func()) {
	if f := flag.Lookup("test.fuzzworker"); f == nil || f.Value.String() != "true" {
		return func() {}
	}
	t := time.AfterFunc(Limit, func() {
		debug.SetTraceback("all")
		panic(fmt.Sprintf("the input takes more than %v", Limit))
	})
	return func() { t.Stop() }
}
