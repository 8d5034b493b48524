package main

import (
	"bytes"
	"io"
)

// toolkitLog passes on what Fyne logs, and tells failed where that is that the window could not be made: Fyne says so in
// its log alone, and would go on without a window.
type toolkitLog struct {
	out    io.Writer
	failed func(cause string)
	near   bool // the line before said that there is no window
}

func (l *toolkitLog) Write(line []byte) (int, error) {
	if _, cause, ok := bytes.Cut(line, []byte("Cause:")); ok && l.near {
		l.failed(string(bytes.TrimSpace(cause)))
	}
	l.near = bytes.Contains(line, []byte("window creation error"))
	return l.out.Write(line)
}
