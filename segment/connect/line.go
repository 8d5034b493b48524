package connect

// line is the best u of one row or column of n pixels,
//
//	minimise ½ Σ (u[i] − y[i])² + λ Σ |u[i] − u[i−1]|
//
// found exactly, for all but contrived rows in linear time (Condat
// 2013, "A direct algorithm for 1-D total variation denoising"; the names are
// the paper's). If held, the pixels before the first and after the last are 0 for
// good, and the steps to them count too.
//
// A segment from k0 is being read at k; its value lies in vmin..vmax, and umin
// and umax are the flows, within ±λ, over its end if it has that value. km and
// kp are the last places where the segment may end with vmin or with vmax.
type line struct {
	y, u               []float32
	lambda             float32
	k, k0, km, kp      int
	vmin, vmax         float32
	umin, umax, double float32
}

// solve writes the best u for y to u, which must not overlap.
func (l *line) solve(u, y []float32, lambda float32, held bool) {
	l.y, l.u, l.lambda, l.double = y, u[:len(y)], lambda, 2*lambda
	l.k, l.k0, l.km, l.kp = 0, 0, 0, 0
	l.vmin, l.vmax, l.umin, l.umax = y[0]-lambda, y[0]+lambda, lambda, -lambda
	if held {
		l.k, l.k0, l.km, l.kp = -1, -1, -1, -1
		l.vmin, l.vmax = 0, 0 // as of a pixel that weighs infinitely much
	}
	for {
		l.read()
		if held && l.finishHeld() || !held && l.finishFree() {
			return
		}
	}
}

// read goes on to the last pixel, and ends segments on the way.
func (l *line) read() {
	y, lambda := l.y, l.lambda
	k, vmin, vmax, umin, umax := l.k, l.vmin, l.vmax, l.umin, l.umax
	for k < len(y)-1 {
		a, b := umin+(y[k+1]-vmin), umax+(y[k+1]-vmax)
		if a < -lambda { // the next pixel is too low for this segment
			k = l.end(l.km, vmin)
			vmin, vmax, umin, umax = y[k], y[k]+l.double, lambda, -lambda
			continue
		}
		if b > lambda {
			k = l.end(l.kp, vmax)
			vmin, vmax, umin, umax = y[k]-l.double, y[k], lambda, -lambda
			continue
		}
		k++
		umin, umax = a, b
		if umin >= lambda {
			if l.k0 >= 0 {
				vmin += (umin - lambda) / float32(k-l.k0+1)
			}
			umin, l.km = lambda, k
		}
		if umax <= -lambda {
			if l.k0 >= 0 {
				vmax += (umax + lambda) / float32(k-l.k0+1)
			}
			umax, l.kp = -lambda, k
		}
	}
	l.k, l.vmin, l.vmax, l.umin, l.umax = k, vmin, vmax, umin, umax
}

// end ends the segment at pixel to with value v; the next begins after it, at
// the pixel that is returned.
func (l *line) end(to int, v float32) int {
	part := l.u[max(l.k0, 0) : to+1]
	for i := range part {
		part[i] = v
	}
	l.k0, l.km, l.kp = to+1, to+1, to+1
	return to + 1
}

// finishFree ends the last segment where no flow leaves the line, or splits it
// and returns false.
func (l *line) finishFree() bool {
	switch {
	case l.umin < 0:
		kp := l.kp
		l.k = l.end(l.km, l.vmin)
		l.kp = max(l.k, kp)
		l.vmin = l.y[l.k]
		l.umin, l.umax = l.lambda, l.y[l.k]+l.lambda-l.vmax
	case l.umax > 0:
		km := l.km
		l.k = l.end(l.kp, l.vmax)
		l.km = max(l.k, km)
		l.vmax = l.y[l.k]
		l.umax, l.umin = -l.lambda, l.y[l.k]-l.lambda-l.vmin
	default:
		v := l.vmin
		if l.k0 >= 0 {
			v += l.umin / float32(l.k-l.k0+1)
		}
		l.end(len(l.y)-1, v)
		return true
	}
	return false
}

// finishHeld ends the last segment before a pixel that is held at 0, or splits
// it and returns false.
func (l *line) finishHeld() bool {
	n := len(l.y)
	switch {
	case l.vmin > 0:
		l.k = l.end(l.km, l.vmin)
		if l.k < n {
			l.vmin, l.vmax = l.y[l.k], l.y[l.k]+l.double
		}
	case l.vmax < 0:
		l.k = l.end(l.kp, l.vmax)
		if l.k < n {
			l.vmin, l.vmax = l.y[l.k]-l.double, l.y[l.k]
		}
	default:
		l.end(n-1, 0)
	}
	l.umin, l.umax = l.lambda, -l.lambda
	return l.k0 >= n
}
