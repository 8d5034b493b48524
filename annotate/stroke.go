package annotate

import (
	"image"
	"slices"
)

// Stroke is what a gesture does on one slice, and the only thing that writes
// pixels on a person's behalf. It clips, keeps what it overwrites for the Edit,
// notes what to redraw, and heeds locked labels and the paint rule. It holds as long as its gesture.
type Stroke struct {
	slice   int
	sheet   *sheet
	limits  *limits
	gesture *gesture
	status  Status  // of the slice, as last told
	hu      []int16 // nil until asked for

	before *Mask           // rows as they were, where saved; nil while sealed
	saved  []bool          // by row
	sealed *patch          // what was overwritten, while before is nil
	total  image.Rectangle // all that was written
	dirty  image.Rectangle // written since takeDirty
}

// Slice is the index of the slice that the stroke is on.
func (s *Stroke) Slice() int { return s.slice }

// Bounds is the slice's rectangle.
func (s *Stroke) Bounds() image.Rectangle {
	if s.before == nil {
		s.unseal()
	}
	return s.sheet.mask.Bounds()
}

// Mask is the slice's mask as it is now, to read. It holds until another slice
// of the gesture is asked for: see On.
func (s *Stroke) Mask() *Mask {
	if s.before == nil {
		s.unseal()
	}
	return s.sheet.mask
}

// Probability is the slice's probability map, to read; nil when there is none.
func (s *Stroke) Probability() []uint8 { return s.sheet.maps(s.sheet.guess).prob }

// Span gives the columns [x0, x1) of row y a label as set by a person; label 0
// erases. What lies outside the slice, or what a limit refuses, stays.
func (s *Stroke) Span(y, x0, x1 int, label uint8) {
	if label == 0 {
		s.span(y, x0, x1, removed)
	} else if label != removed {
		s.gesture.paints(label)
		s.span(y, x0, x1, label)
	}
}

// Free gives the columns [x0, x1) of row y back to the proposal, as if no
// person had set them.
func (s *Stroke) Free(y, x0, x1 int) { s.span(y, x0, x1, free) }

func (s *Stroke) span(y, x0, x1 int, state uint8) {
	if s.gesture.muted {
		return
	}
	m := s.Mask()
	x0, x1 = max(x0, 0), min(x1, m.W)
	if y < 0 || y >= m.H || x0 >= x1 {
		return
	}
	first, last := x1, x0
	row := y * m.W
	plain := state != free && s.limits.plain
	if plain && state != removed && s.limits.protected[state] {
		return
	}
	for x := x0; x < x1; x++ {
		have := m.Label[row+x]
		if humanState(have, m.Origin[row+x]) == state {
			continue
		}
		if plain && s.limits.protected[have] || !plain && !s.allowed(x, y, state) {
			continue
		}
		s.save(y)
		s.sheet.set(row+x, state)
		first, last = min(first, x), x+1
	}
	if first < last {
		s.wrote(image.Rect(first, y, last, y+1))
	}
}

// wrote notes that pixels of r differ from before.
func (s *Stroke) wrote(r image.Rectangle) {
	s.sheet.counted = recipe{}
	s.dirty, s.total = s.dirty.Union(r), s.total.Union(r)
}

// allowed asks the limits.
func (s *Stroke) allowed(x, y int, state uint8) bool {
	i := y*s.sheet.mask.W + x
	have, label := s.sheet.mask.Label[i], state
	switch state {
	case free:
		label, _ = s.sheet.proposes(i)
	case removed:
		label = 0
	}
	return s.limits.allow(i, have, label)
}

// save keeps row y as it was before the stroke.
func (s *Stroke) save(y int) {
	if s.saved[y] {
		return
	}
	s.saved[y] = true
	m := s.sheet.mask
	a, b := y*m.W, (y+1)*m.W
	copy(s.before.Label[a:b], m.Label[a:b])
	copy(s.before.Origin[a:b], m.Origin[a:b])
}

// TakeBack undoes all that the gesture has written on this slice so far, for
// tools that show what they would do while the pointer moves.
func (s *Stroke) TakeBack() {
	if s.Mask(); s.total.Empty() {
		return
	}
	if p, ok := s.patch(); ok {
		s.sheet.swap(&p)
		s.wrote(p.rect)
	}
	s.total = image.Rectangle{}
}

// takeDirty returns what was written since it was last called.
func (s *Stroke) takeDirty() image.Rectangle {
	r := s.dirty
	s.dirty = image.Rectangle{}
	return r
}

// patch returns what the stroke overwrote; ok is false when it changed nothing.
// Every row of total was saved when it was first written to, and the rows
// between hold no change.
func (s *Stroke) patch() (p patch, ok bool) {
	if s.total.Empty() {
		return patch{}, false
	}
	if s.before == nil {
		return *s.sealed, true
	}
	m := s.sheet.mask
	for y := s.total.Min.Y; y < s.total.Max.Y; y++ {
		s.save(y)
	}
	if sameHuman(s.before, m, s.total) {
		return patch{}, false
	}
	return patch{slice: s.slice, rect: s.total, runs: packHuman(s.before, s.total), frozen: s.sheet.frozen}, true
}

// seal keeps what was overwritten in few bytes, and lets the slice's mask go:
// a gesture may go over any number of slices.
func (s *Stroke) seal() {
	if p, ok := s.patch(); ok {
		p.runs = slices.Clip(p.runs)
		s.sealed = &p
	} else {
		s.total = image.Rectangle{}
	}
	s.gesture.session.scratch.give(s.before)
	s.before, s.hu = nil, nil
}

// unseal makes the stroke ready to write, again or for the first time.
func (s *Stroke) unseal() {
	s.gesture.opened(s)
	s.sheet = s.gesture.session.writable(s.slice)
	m := s.sheet.mask
	s.before = s.gesture.session.scratch.take(m.W, m.H)
	s.saved = make([]bool, m.H)
	if s.sealed == nil {
		return
	}
	for y := s.total.Min.Y; y < s.total.Max.Y; y++ {
		s.save(y)
	}
	unpackHuman(s.sealed.runs, s.sealed.rect, func(y, x0, x1 int, state uint8) {
		for i := y*m.W + x0; i < y*m.W+x1; i++ {
			if s.before.Label[i], s.before.Origin[i] = pixel(state); state == free {
				s.before.Label[i], s.before.Origin[i] = 0, Untouched
			}
		}
	})
	s.sealed = nil
}
