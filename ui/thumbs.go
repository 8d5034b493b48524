package ui

import (
	"image"
	"sync"

	"groundglass/annotate/ct"
)

// thumbSize is the width and height of a thumbnail, in its own pixels.
const thumbSize = 56

// thumbs makes small pictures of the slices of one series at the window
// that it is first shown with,
// on a goroutine of its own, the last asked for first.
type thumbs struct {
	series *ct.Series
	window ct.Window
	ready  func(i int) // called on that goroutine

	mu     sync.Mutex
	made   map[int][]uint8 // grey, thumbSize squared; nil for one that can't be read
	wanted []int
	busy   bool
	closed bool
}

func newThumbs(s *ct.Series, ready func(int)) *thumbs {
	return &thumbs{series: s, window: initialWindow(s), ready: ready, made: map[int][]uint8{}}
}

// get returns the thumbnail of slice i, or nil and asks for it.
func (t *thumbs) get(i int) []uint8 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if g, ok := t.made[i]; ok || t.closed {
		return g
	}
	for k, n := range t.wanted {
		if n == i {
			t.wanted = append(t.wanted[:k], t.wanted[k+1:]...)
			break
		}
	}
	t.wanted = append(t.wanted, i)
	if !t.busy {
		t.busy = true
		go t.work()
	}
	return nil
}

// close ends the work.
func (t *thumbs) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed, t.wanted = true, nil
}

// maxWanted bounds the requests: what has scrolled by need not be made.
const maxWanted = 32

func (t *thumbs) work() {
	for {
		t.mu.Lock()
		n := len(t.wanted)
		if n == 0 {
			t.busy = false
			t.mu.Unlock()
			return
		}
		i := t.wanted[n-1]
		t.wanted = t.wanted[max(0, n-maxWanted) : n-1]
		t.mu.Unlock()
		var grey []uint8
		if s, err := t.series.Slice(i); err == nil {
			grey = thumbnail(s, t.window)
		}
		t.mu.Lock()
		t.made[i] = grey
		t.mu.Unlock()
		t.ready(i)
	}
}

// thumbnail averages a slice down, in a square with its proportions kept.
func thumbnail(s *ct.Slice, w ct.Window) []uint8 {
	out := make([]uint8, thumbSize*thumbSize)
	for y := range thumbSize {
		for x := range thumbSize {
			r := thumbCell(x, y, s.W, s.H)
			if r.Empty() {
				continue
			}
			sum, n := 0.0, 0
			for j := r.Min.Y; j < r.Max.Y; j += 2 {
				for i := r.Min.X; i < r.Max.X; i += 2 {
					sum += w.Unit(float64(s.HU[j*s.W+i]))
					n++
				}
			}
			out[y*thumbSize+x] = uint8(sum/float64(n)*255 + 0.5)
		}
	}
	return out
}

// thumbCell is the part of a picture of w x h that pixel (x, y) of its
// thumbnail stands for; empty beside the picture.
func thumbCell(x, y, w, h int) image.Rectangle {
	side := max(w, h)
	x0, y0 := x*side/thumbSize-(side-w)/2, y*side/thumbSize-(side-h)/2
	x1, y1 := (x+1)*side/thumbSize-(side-w)/2, (y+1)*side/thumbSize-(side-h)/2
	return image.Rect(x0, y0, max(x1, x0+1), max(y1, y0+1)).Intersect(image.Rect(0, 0, w, h))
}
