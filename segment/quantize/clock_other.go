//go:build !unix

package quantize

import "time"

var begun = time.Now()

// clock is the time in seconds since the program began.
func clock() float64 { return time.Since(begun).Seconds() }
