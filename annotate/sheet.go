package annotate

import "image"

// sheet is the state of one slice. The human layer lives in the human pixels
// of mask, or packed while nobody looks; all else in mask is a cache of what
// derives from guess.
type sheet struct {
	mask    *Mask
	packed  []byte  // where mask is nil: the human layer; nil when there is none
	guess   Guess   // none until proposed
	made    recipe  // what mask was derived by; zero when it is stale
	joined  *joined // the proposal as a Connector last made it; nil when there is none
	human   int     // pixels that a person set
	count   int     // labelled pixels
	counted recipe  // what count was counted by; zero when it is stale
	frozen  *layer  // what an accepted or rejected slice derives from; nil for others
	shared  bool    // a snapshot reads mask: copy before writing
	used    uint64  // when the mask was last asked for
	open    open    // maps that mask derives from, as long as it is there
}

// layer is what the sheet derives from: an accepted slice stays with what it
// was accepted with.
func (h *sheet) layer(r *rules) layer {
	if h.frozen != nil {
		return *h.frozen
	}
	return layer{guess: h.guess, setting: r.setting, draft: r.draft}
}

// stale notes that the derived pixels no longer hold.
func (h *sheet) stale() { h.made, h.counted = recipe{}, recipe{} }

// fresh returns the mask as the rules have it, making it if need be.
func (h *sheet) fresh(r *rules) *Mask {
	l := h.layer(r)
	if h.mask == nil {
		h.unpack(r.w, r.h)
	}
	if by := r.recipe(l); !h.made.serves(by) || h.made.joins() && !h.joined.holds(l.guess.prob, h.made) {
		h.own()
		if by.joins() {
			deriveJoined(h.mask, h.maps(l.guess), h.connected(r, l, by))
			by = h.joined.by
		} else {
			derive(h.mask, h.maps(l.guess), by.cut)
		}
		h.made = by
	}
	return h.mask
}

// connected is the sheet's proposal as a Connector makes it.
func (h *sheet) connected(r *rules, l layer, by recipe) *joined {
	if !h.joined.holds(l.guess.prob, by) {
		h.joined = join(r.connect, l.guess.prob, by)
	}
	return h.joined
}

// proposes is the label and origin of pixel i where no person set it. The mask
// must be fresh.
func (h *sheet) proposes(i int) (uint8, Origin) {
	g := h.maps(h.layer(&rules{}).guess)
	if h.made.joins() {
		return g.derived(i, h.joined.has(i))
	}
	return g.derived(i, g.reaches(i, h.made.cut))
}

// pack keeps the human layer and forgets the mask.
func (h *sheet) pack() {
	if h.human > 0 {
		h.packed = packHuman(h.mask, h.mask.Bounds())
	}
	h.mask, h.open = nil, open{}
}

// maps are the maps of a guess of the sheet's. The last ones stay unpacked as long
// as there is a mask.
func (h *sheet) maps(g Guess) *open {
	if h.open.opens(g) {
		return &h.open
	}
	o := g.open()
	if h.mask != nil {
		h.open = o
	}
	return &o
}

// unpack makes the mask with its human layer, and the rest still to derive.
func (h *sheet) unpack(w, hgt int) { h.unpackTo(NewMask(w, hgt)) }

// unpackTo is unpack into an empty mask.
func (h *sheet) unpackTo(m *Mask) {
	unpackHuman(h.packed, m.Bounds(), func(y, x0, x1 int, state uint8) {
		for i := y*m.W + x0; i < y*m.W+x1 && state != free; i++ {
			m.Label[i], m.Origin[i] = pixel(state)
		}
	})
	h.mask, h.packed, h.made, h.shared = m, nil, recipe{}, false
}

// own makes the mask safe to write to.
func (h *sheet) own() {
	if h.shared {
		h.mask, h.shared = h.mask.Clone(), false
	}
}

// foreground counts the labelled pixels; it asks for the mask only where a
// person has set pixels.
func (h *sheet) foreground(r *rules, mask func() *Mask) int {
	l := h.layer(r)
	by := r.recipe(l)
	if h.counted == by {
		return h.count
	}
	switch {
	case h.human > 0:
		h.count = countAtLeast(mask().Label, 1)
	case by.joins():
		h.count = h.connected(r, l, by).n
	default:
		h.count = l.guess.prob.count(by.cut)
	}
	h.counted = by
	return h.count
}

// status is how far the work on the slice has come.
func (h *sheet) status() Status {
	switch {
	case h.frozen != nil && h.frozen.rejected:
		return Rejected
	case h.frozen != nil:
		return Accepted
	case h.human > 0:
		return InWork
	case h.guess.prob != nil:
		return Proposed
	}
	return New
}

// patch is what one Edit holds of one slice: the human layer within rect, and
// what the slice was frozen to.
type patch struct {
	slice  int
	rect   image.Rectangle
	runs   []byte
	frozen *layer
}

// patchBytes is what a patch takes beside its runs.
const patchBytes = 96

// swap exchanges what the patch holds with the sheet's. The sheet's mask must
// be its own, and fresh or stale as a whole.
func (h *sheet) swap(p *patch) {
	m := h.mask
	runs := packHuman(m, p.rect)
	bare := h.made == recipe{} || h.layer(&rules{}).guess.prob == nil
	unpackHuman(p.runs, p.rect, func(y, x0, x1 int, state uint8) {
		if state != free || bare {
			h.fill(y*m.W+x0, y*m.W+x1, state)
			return
		}
		for i, end := y*m.W+x0, y*m.W+x1; i < end; i++ {
			for i+8 < end && all8(m, i, state) {
				i += 8
			}
			h.set(i, state)
		}
	})
	p.runs = runs
	h.counted = recipe{}
	h.swapFrozen(p)
}

func (h *sheet) swapFrozen(p *patch) {
	if p.frozen != h.frozen {
		p.frozen, h.frozen = h.frozen, p.frozen
		h.stale()
	}
}

// swapPacked is swap for a sheet without a mask, whose bounds are given; states is
// scratch of as many pixels.
func (h *sheet) swapPacked(p *patch, states []uint8, bounds image.Rectangle) {
	h.swapFrozen(p)
	if p.rect.Empty() {
		return
	}
	w := bounds.Dx()
	put := func(y, x0, x1 int, state uint8) {
		row := states[y*w+x0 : y*w+x1]
		if clear(row); state == free {
			return
		}
		for i := range row {
			row[i] = state
		}
	}
	clear(states)
	unpackHuman(h.packed, bounds, put)
	runs := packStates(states, w, p.rect)
	unpackHuman(p.runs, p.rect, put)
	h.human += countHuman(p.runs) - countHuman(runs)
	p.runs, h.packed, h.counted = runs, nil, recipe{}
	if h.human > 0 {
		h.packed = packStates(states, w, bounds)
	}
}

// fill gives the pixels [start, end) a human state; free ones must have no
// proposal to show.
func (h *sheet) fill(start, end int, state uint8) {
	label, origin := pixel(state)
	if state == free {
		origin = Untouched
	}
	labels, origins := h.mask.Label[start:end], h.mask.Origin[start:end]
	h.human += len(labels) * m2i(origin.Human())
	for i, o := range origins {
		h.human -= int(o >> 1)
		labels[i], origins[i] = label, origin
	}
}

// set gives pixel i a human state; a free pixel shows the proposal.
func (h *sheet) set(i int, state uint8) {
	was, m := m2i(h.mask.Origin[i].Human()), h.mask
	if state == free {
		m.Label[i], m.Origin[i] = h.proposes(i)
	} else {
		m.Label[i], m.Origin[i] = pixel(state)
	}
	h.human += m2i(state != free) - was
}

func m2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
