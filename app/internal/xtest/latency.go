package xtest

import (
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Latency is what a stroke's moves took to be seen.
type Latency struct {
	Seen  []time.Duration // from the injection of each move to the first change of the screen at its point
	Moves int             // injected
	Polls float64         // looks at the screen a second
}

// spot is half the width of the square that is watched around a point, and unlike the least change of a colour that
// counts.
const spot, unlike = 1, 8

// Latencies presses the left button at a point and moves the pointer to the right by steps of whole pixels, rate times a
// second. What is drawn must be narrower than a step.
func (d *Display) Latencies(from Point, step, moves int, rate float64) Latency {
	d.t.Helper()
	d.Move(from)
	time.Sleep(2 * pause)
	d.Down(Left)
	time.Sleep(8 * pause)
	w := d.watch(int(from.X)+step, int(from.Y), step, moves)
	sent := make([]time.Time, moves)
	start := time.Now()
	for i := range moves {
		time.Sleep(time.Until(start.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
		sent[i] = time.Now()
		d.Move(Point{from.X + float64((i+1)*step), from.Y})
	}
	seen, polls := w.end(2 * time.Second)
	d.Up(Left)
	time.Sleep(4 * pause)
	l := Latency{Moves: moves, Polls: polls}
	for i, at := range seen {
		if at.After(sent[i]) {
			l.Seen = append(l.Seen, at.Sub(sent[i]))
		}
	}
	return l
}

// lookEvery is the time from one look at the screen to the next: often enough to tell milliseconds, and little enough
// work not to hold up what is watched.
const lookEvery = time.Millisecond

// watch looks at a row of spots, on a connection of its own.
type watch struct {
	conn       *xgb.Conn
	root       xproto.Window
	x, y       int // of the strip's corner
	step, n    int
	before     []byte
	mu         sync.Mutex
	seen       []time.Time // when a spot first changed
	left       int
	polls      int
	began      time.Time
	stop, done chan struct{}
	err        error
}

func (d *Display) watch(x, y, step, n int) *watch {
	d.t.Helper()
	conn, err := xgb.NewConnDisplay(d.name)
	if err != nil {
		d.t.Fatal(err)
	}
	w := &watch{conn: conn, root: d.root, x: x - spot, y: y - spot, step: step, n: n, seen: make([]time.Time, n), left: n,
		stop: make(chan struct{}), done: make(chan struct{})}
	if w.before, err = w.look(); err != nil {
		d.t.Fatal(err)
	}
	w.began = time.Now()
	go w.run()
	return w
}

// look is the strip's picture.
func (w *watch) look() ([]byte, error) {
	r, err := xproto.GetImage(w.conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.root), int16(w.x), int16(w.y), uint16(w.width()), 2*spot+1, 0xffffffff).Reply()
	if err != nil {
		return nil, err
	}
	return r.Data, nil
}

func (w *watch) width() int { return (w.n-1)*w.step + 2*spot + 1 }

func (w *watch) run() {
	defer close(w.done)
	for {
		select {
		case <-w.stop:
			return
		default:
		}
		begun := time.Now()
		now, err := w.look()
		if err != nil {
			w.err = err
			return
		}
		at := time.Now()
		w.compare(now, at)
		time.Sleep(lookEvery - time.Since(begun))
	}
}

// compare notes the spots that differ for the first time.
func (w *watch) compare(now []byte, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.polls++
	for i := range w.n {
		if w.seen[i].IsZero() && w.differs(now, i) {
			w.seen[i] = at
			w.left--
		}
	}
}

func (w *watch) differs(now []byte, i int) bool {
	for y := range 2*spot + 1 {
		from := 4 * (y*w.width() + i*w.step)
		for p := from; p < from+4*(2*spot+1); p++ {
			if a, b := int(now[p]), int(w.before[p]); p%4 < 3 && max(a-b, b-a) > unlike {
				return true
			}
		}
	}
	return false
}

// end waits until all spots have changed, or for a limit, and returns when they did, and the looks a second.
func (w *watch) end(limit time.Duration) ([]time.Time, float64) {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		w.mu.Lock()
		left := w.left
		w.mu.Unlock()
		if left == 0 {
			break
		}
	}
	close(w.stop)
	<-w.done
	w.conn.Close()
	return w.seen, float64(w.polls) / time.Since(w.began).Seconds()
}
