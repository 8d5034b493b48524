package ui

import (
	"slices"
	"sync"
	"testing"
	"time"

	"groundglass/annotate/ct"
)

// Slices are decoded in the direction of scrolling, before they are asked for.
func TestDecodingAhead(t *testing.T) {
	var mu sync.Mutex
	var decoded []int
	s := chest("Thorax", 64, 40)
	watched := ct.NewSeries(*s, func(i int) (*ct.Slice, error) {
		mu.Lock()
		decoded = append(decoded, i)
		mu.Unlock()
		return s.Slice(i)
	})
	var a ahead
	idle := func() []int {
		for {
			a.mu.Lock()
			busy := a.busy
			a.mu.Unlock()
			time.Sleep(time.Millisecond)
			if !busy {
				mu.Lock()
				defer mu.Unlock()
				got := decoded
				decoded = nil
				return got
			}
		}
	}
	a.look(watched, 20)
	if got, want := idle(), []int{21, 19, 22, 23, 24, 25, 26, 27, 28}; !slices.Equal(got, want) {
		t.Errorf("decoded %v, want %v", got, want)
	}
	a.look(watched, 18)
	if got, want := idle(), []int{17, 16, 15, 14, 13, 12, 11, 10}; !slices.Equal(got, want) {
		t.Errorf("going back decoded %v, want %v", got, want)
	}
	a.look(watched, 1)
	if got, want := idle(), []int{0, 2}; !slices.Equal(got, want) {
		t.Errorf("at the end decoded %v, want %v", got, want)
	}
	a.stop()
	if got := idle(); len(got) != 0 {
		t.Errorf("after the end decoded %v", got)
	}
}
