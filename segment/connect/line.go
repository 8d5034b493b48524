package connect

// line finds the best u of one row or column of pixels,
//
//	minimise ½ Σ (u[i] − y[i])² + λ Σ |u[i] − u[i−1]|
//
// exactly and in linear time. It pulls a string taut through the tube of height
// 2λ around the sums of y; u is the string's slope (Davies, Kovac 2001, "Local
// extremes, runs, strings and multiresolution"; Barbero, Sra 2014, section 3).
// If held, the pixels before the first and after the last are 0 for good, and
// the steps to them count too.
type line struct {
	u []float32
	// The string is settled up to apex. From there, floor is the tightest string
	// over the tube's lower side, and ceiling, all heights negated, that under
	// its upper side: chains that bend one way, with one piece in common at most.
	apex           knot
	floor, ceiling chain
}

// knot is a point of the string: at the left side of pixel x, at height y.
type knot struct{ x, y float64 }

// chain is the knots after the apex, first to end, of the tightest string over
// some points.
type chain struct {
	knots      []knot
	first, end int
}

// beyond is so far from the line's ends that a string to there is level: it
// stands for pixels held at 0.
const beyond = 1 << 30

// solve writes the best u for y to u, which must not overlap.
func (l *line) solve(u, y []float32, lambda float32, held bool) {
	n := len(y)
	l.u, l.apex = u[:n], knot{}
	for _, c := range []*chain{&l.floor, &l.ceiling} {
		if len(c.knots) < n+2 {
			c.knots = make([]knot, n+2)
		}
		c.first, c.end = 0, 0
	}
	sum, half := 0.0, float64(lambda)
	if held {
		l.apex.x = -beyond
		l.narrow(0, half, -half)
	}
	for i, v := range y[:n-1] {
		sum += float64(v)
		l.narrow(float64(i+1), sum+half, sum-half)
	}
	sum += float64(y[n-1])
	if held {
		l.narrow(float64(n), sum+half, sum-half)
		l.narrow(float64(n)+beyond, sum, sum)
	} else {
		l.narrow(float64(n), sum, sum)
	}
	l.settle(l.floor.knots[l.floor.first])
}

// narrow leads the string through between high and low at x.
func (l *line) narrow(x, high, low float64) {
	if l.ceiling.pull(knot{l.apex.x, -l.apex.y}, knot{x, -high}) {
		for c := &l.floor; c.first < c.end; c.first++ {
			k := c.knots[c.first]
			if !steeper(l.apex, k, knot{x, high}) {
				break
			}
			l.settle(k)
		}
	}
	if l.floor.pull(l.apex, knot{x, low}) {
		for c := &l.ceiling; c.first < c.end; c.first++ {
			k := knot{c.knots[c.first].x, -c.knots[c.first].y}
			if !steeper(l.apex, knot{x, low}, k) {
				break
			}
			l.settle(k)
		}
	}
}

// pull adds a point to a chain and drops the knots that the string then passes
// above. It tells whether the string goes straight from the apex to the point.
func (c *chain) pull(apex, k knot) (straight bool) {
	knots, first, n := c.knots, c.first, c.end
	for ; n > first+1; n-- {
		if steeper(knots[n-2], knots[n-1], k) {
			break
		}
	}
	if n == first+1 && !steeper(apex, knots[first], k) {
		n = first
	}
	knots[n] = k
	c.end = n + 1
	return n == first
}

// steeper tells whether it is steeper from a to b than from a to c, both of
// which are right of a.
func steeper(a, b, c knot) bool {
	return float64((b.y-a.y)*(c.x-a.x)) > float64((c.y-a.y)*(b.x-a.x))
}

// settle makes k the apex.
func (l *line) settle(k knot) {
	v := float32((k.y - l.apex.y) / (k.x - l.apex.x))
	part := l.u[int(max(l.apex.x, 0)):min(int(k.x), len(l.u))]
	for i := range part {
		part[i] = v
	}
	l.apex = k
}
