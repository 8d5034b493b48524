package deid

import (
	"cmp"
	"slices"
)

// Sizes of characters, in pixels, and what makes a line of them.
const (
	minCharacter  = 5
	maxCharacter  = 48
	lineOfText    = 5   // characters in the one line that is enough
	saturated     = 100 // of the range of values, what counts as its end: a hundredth
	contrast      = 3   // of the range, what a character must stand out by: a third
	maxCandidates = 20_000
)

// TextLike tells whether a picture of w*h values, row by row, seems to have text
// burned in: a line of small pieces of about one height, side by side, that are as
// bright as the brightest pixel, or as dark as the darkest, and stand out from what
// is around them. It sees neither single letters nor handwriting nor text over
// pixels as bright.
func TextLike(values []int16, w, h int) bool {
	if len(values) == 0 || len(values) != w*h {
		return false
	}
	low, high := int(slices.Min(values)), int(slices.Max(values))
	span := high - low
	if span < 16 {
		return false
	}
	bright := picture{values, w, h, func(v int) int { return high - v }, span}
	dark := picture{values, w, h, func(v int) int { return v - low }, span}
	return hasLine(bright.characters()) || hasLine(dark.characters())
}

// picture is values by how far they are from one end of their range.
type picture struct {
	values []int16
	w, h   int
	depth  func(v int) int
	span   int
}

func (p *picture) at(i int) int { return p.depth(int(p.values[i])) }

// piece is the bounding box of connected pixels; ends are exclusive.
type piece struct{ x0, y0, x1, y1, area int }

func (b piece) height() int { return b.y1 - b.y0 }

// characters are the saturated pieces that may be characters.
func (p *picture) characters() (out []piece) {
	seen := make([]bool, len(p.values))
	var stack []int
	for i := range p.values {
		if seen[i] || p.at(i) > p.span/saturated {
			continue
		}
		var b piece
		b, stack = p.grow(i, seen, stack)
		if b.height() >= minCharacter && b.height() <= min(maxCharacter, p.h/4) && b.x1-b.x0 <= 2*b.height() && p.standsOut(b) {
			if out = append(out, b); len(out) > maxCandidates {
				return nil // noise
			}
		}
	}
	return out
}

// grow collects the saturated pixels that are connected to one, corners included.
func (p *picture) grow(from int, seen []bool, stack []int) (piece, []int) {
	b := piece{p.w, p.h, 0, 0, 0}
	stack = append(stack[:0], from)
	seen[from] = true
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := i%p.w, i/p.w
		b = piece{min(b.x0, x), min(b.y0, y), max(b.x1, x+1), max(b.y1, y+1), b.area + 1}
		for ny := max(y-1, 0); ny <= min(y+1, p.h-1); ny++ {
			for nx := max(x-1, 0); nx <= min(x+1, p.w-1); nx++ {
				if n := ny*p.w + nx; !seen[n] && p.at(n) <= p.span/saturated {
					seen[n] = true
					stack = append(stack, n)
				}
			}
		}
	}
	return b, stack
}

// standsOut tells whether the box around a piece, two pixels away, is mostly far from
// the piece's values.
func (p *picture) standsOut(b piece) bool {
	sum, n := 0, 0
	for y := max(b.y0-2, 0); y < min(b.y1+2, p.h); y++ {
		for x := max(b.x0-2, 0); x < min(b.x1+2, p.w); x++ {
			if y < b.y0 || y >= b.y1 || x < b.x0 || x >= b.x1 {
				sum, n = sum+p.at(y*p.w+x), n+1
			}
		}
	}
	return n > 0 && sum > n*p.span/contrast
}

// hasLine tells whether enough pieces stand side by side, on one line and of about
// one height.
func hasLine(pieces []piece) bool {
	slices.SortFunc(pieces, func(a, b piece) int { return cmp.Or(cmp.Compare(a.y1, b.y1), cmp.Compare(a.x0, b.x0)) })
	for i := range pieces {
		line := []piece{pieces[i]}
		for _, b := range pieces[i+1:] {
			if b.y1 > pieces[i].y1+1 {
				break
			}
			line = append(line, b)
		}
		slices.SortFunc(line, func(a, b piece) int { return cmp.Compare(a.x0, b.x0) })
		if longestRun(line) >= lineOfText {
			return true
		}
	}
	return false
}

// longestRun is the largest number of pieces, in order of x, that follow each other
// without a gap that is wider than they are high.
func longestRun(line []piece) int {
	best, run := 0, 0
	for i, b := range line {
		near := i > 0 && b.x0-line[i-1].x1 <= 3*b.height()/2 && b.x0 >= line[i-1].x1-1
		alike := i > 0 && 3*b.height() >= 2*line[i-1].height() && 2*b.height() <= 3*line[i-1].height()
		if !near || !alike {
			run = 0
		}
		run++
		best = max(best, run)
	}
	return best
}
