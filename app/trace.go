package main

import (
	"encoding/json"
	"io"
	"maps"
	"sync"
	"time"
)

// tracer writes events as JSON lines: the fields, and the event's name and time.
func tracer(w io.Writer) func(event string, fields map[string]any) {
	var mu sync.Mutex
	begun := time.Now()
	return func(event string, fields map[string]any) {
		line := map[string]any{"event": event, "ms": time.Since(begun).Milliseconds()}
		maps.Copy(line, fields)
		b, err := json.Marshal(line)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		_, _ = w.Write(append(b, '\n'))
	}
}
