package ui

import (
	"sync"

	"groundglass/annotate/ct"
)

// ahead decodes, in the background, the slices that are likely to be looked at
// next: those in the direction in which one scrolls, and the one behind.
type ahead struct {
	mu     sync.Mutex
	series *ct.Series // nil: nothing is wanted
	at     int        // the slice in view
	step   int        // 1 or -1
	turn   int        // counts what was asked for
	busy   bool
}

// aheadSlices is how many slices are decoded ahead.
const aheadSlices = 8

// look tells that slice i of a series is in view.
func (a *ahead) look(s *ct.Series, i int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s != a.series || a.step == 0 || i > a.at {
		a.step = 1
	} else if i < a.at {
		a.step = -1
	}
	a.series, a.at = s, i
	a.turn++
	if !a.busy && s != nil {
		a.busy = true
		go a.work()
	}
}

// stop ends the work.
func (a *ahead) stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.series = nil
	a.turn++
}

// work decodes what is wanted, and begins anew when something else is.
func (a *ahead) work() {
	for {
		a.mu.Lock()
		s, at, step, turn := a.series, a.at, a.step, a.turn
		a.mu.Unlock()
		for _, i := range likely(at, step) {
			if s == nil || a.asked() != turn {
				break
			}
			if i >= 0 && i < s.Len() {
				_, _ = s.Slice(i) // an error is told when the slice is looked at
			}
		}
		a.mu.Lock()
		if a.turn == turn {
			a.busy = false
			a.mu.Unlock()
			return
		}
		a.mu.Unlock()
	}
}

func (a *ahead) asked() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.turn
}

// likely lists the slices to decode, the most likely first.
func likely(at, step int) []int {
	order := []int{at + step, at - step}
	for n := 2; n <= aheadSlices; n++ {
		order = append(order, at+n*step)
	}
	return order
}
