package segment

const (
	bulgeLeast = 15.0 // mm, the least length of a chord that is rounded
	bulgeSpot  = 5.0  // mm, the most that the hull touches a spot of air within a consolidation
	bulgeRun   = 14.0 // mm of the outline on either side that give its direction
	bulgeMost  = 0.5  // of the edge's length, how far off the tangents may meet
	bulgeRound = 35.0 // mm, the least radius of the chest wall
)

// round rounds the outline over each run of the hull's edges that are open,
// pixels being mm wide. A short edge between two open ones is open too: a bit of
// air within what fills the lung.
func (h hull) round(m plane, open []bool, mm float64) {
	short := func(i int) bool {
		a, b := h.edge(i)
		return b.sub(a).length()*mm < bulgeSpot
	}
	n := len(h)
	for i := range h {
		if open[i] || !open[(i+n-1)%n] || !short(i) {
			continue
		}
		open[i] = open[(i+1)%n]
	}
	for i := range h {
		if !open[i] || open[(i+n-1)%n] {
			continue
		}
		last := i
		for open[(last+1)%n] && (last+1)%n != i {
			last = (last + 1) % n
		}
		h.bulge(m, i, (last+1)%n, mm)
	}
}

// bulge fills what lies between the chord from corner i to corner j and the
// curve that goes on from the outline on both sides of it: the parabola whose
// tangents at the chord's ends are the outline's.
func (h hull) bulge(m plane, i, j int, mm float64) {
	a, b := h[i], h[j]
	long := b.sub(a).length()
	if long*mm < bulgeLeast {
		return
	}
	top := h.tangents(i, j, bulgeRun/mm, min(bulgeMost*long, long*long*mm/(4*bulgeRound)))
	steps := int(2*long) + 1
	for k := range steps {
		f := (float64(k) + 0.5) / float64(steps)
		chord := a.to(b, f)
		curve := a.to(top, f).to(top.to(b, f), f)
		draw(m, chord, curve)
	}
}

// tangents is where the outline's directions at the ends of the chord from i to
// j, as they are over a run of pixels, meet; most pixels off the chord's middle
// where they meet further off or never.
func (h hull) tangents(i, j int, run, most float64) vec {
	a, b := h[i], h[j]
	chord := b.sub(a)
	long := chord.length()
	normal := vec{chord.y, -chord.x}.scale(1 / long)
	furthest := a.to(b, 0.5).add(normal.scale(most))
	in := a.sub(h.walk(i, -1, run))
	out := b.sub(h.walk(j, 1, run))
	sine := in.cross(out)
	if sine == 0 {
		return furthest
	}
	along := chord.cross(out) / sine
	meet := a.add(in.scale(along))
	up := meet.sub(a).cross(chord) / long
	if along <= 0 || up <= 0 || up > most {
		return furthest
	}
	return meet
}

// walk is the place that lies some pixels along the hull from corner i, forward
// or, with step -1, back.
func (h hull) walk(i, step int, pixels float64) vec {
	at := h[i]
	for range h {
		i = (i + step + len(h)) % len(h)
		d := h[i].sub(at).length()
		if d >= pixels {
			return at.to(h[i], pixels/d)
		}
		at, pixels = h[i], pixels-d
	}
	return at
}

// draw sets the pixels on the way from a to b.
func draw(m plane, a, b vec) {
	long := b.sub(a).length()
	for d := 0.0; d <= long; d += 0.5 {
		if p := a.to(b, d/max(long, 0.5)); p.within(m) {
			m.v[p.pixel(m.w)] = 1
		}
	}
}
