package xtest

import (
	"math"
	"strings"
	"time"

	"github.com/jezek/xgb/xproto"
	xtestext "github.com/jezek/xgb/xtest"
)

// Pointer buttons as X numbers them.
const (
	Left = 1 + iota
	Middle
	Right
	WheelUp
	WheelDown
)

// pause lets a toolkit that reads the state of keys and buttons once a frame see each of them.
const pause = 40 * time.Millisecond

// Point is a position on the display in pixels.
type Point struct{ X, Y float64 }

// event injects one event; d.t fails if the server refuses it.
func (d *Display) event(kind, detail byte, x, y int) {
	d.t.Helper()
	err := xtestext.FakeInputChecked(d.conn, kind, detail, 0, d.root, int16(x), int16(y), 0).Check()
	if err != nil {
		d.t.Fatalf("injecting input: %v", err)
	}
}

// Move puts the pointer at a point, rounded to whole pixels.
func (d *Display) Move(p Point) {
	d.at.x, d.at.y = int(math.Round(p.X)), int(math.Round(p.Y))
	d.event(xproto.MotionNotify, 0, d.at.x, d.at.y)
}

// Down presses a button.
func (d *Display) Down(button byte) { d.event(xproto.ButtonPress, button, 0, 0) }

// Up releases a button.
func (d *Display) Up(button byte) { d.event(xproto.ButtonRelease, button, 0, 0) }

// Click moves to a point and clicks there.
func (d *Display) Click(p Point, button byte) {
	d.Move(p)
	time.Sleep(pause)
	d.Down(button)
	time.Sleep(pause)
	d.Up(button)
	time.Sleep(pause)
}

// Drag presses a button at the first point of a path, goes along it at a speed in pixels a second, 125 moves a second
// as a common mouse sends, and releases the button at the last point.
func (d *Display) Drag(path []Point, button byte, speed float64) {
	const rate = 125.
	d.Move(path[0])
	time.Sleep(2 * pause)
	d.Down(button)
	time.Sleep(pause)
	start, total := time.Now(), length(path)
	steps := math.Ceil(total * rate / speed)
	for s := 1.; s <= steps; s++ {
		d.Move(along(path, total*s/steps))
		time.Sleep(time.Until(start.Add(time.Duration(s / rate * float64(time.Second)))))
	}
	time.Sleep(pause)
	d.Up(button)
	time.Sleep(pause)
}

func length(path []Point) float64 {
	sum := 0.
	for i := range path[1:] {
		sum += math.Hypot(path[i+1].X-path[i].X, path[i+1].Y-path[i].Y)
	}
	return sum
}

// along is the point at a distance from a path's beginning.
func along(path []Point, distance float64) Point {
	for i, to := range path[1:] {
		from := path[i]
		if l := math.Hypot(to.X-from.X, to.Y-from.Y); l < distance {
			distance -= l
		} else if l > 0 {
			return Point{from.X + (to.X-from.X)*distance/l, from.Y + (to.Y-from.Y)*distance/l}
		}
	}
	return path[len(path)-1]
}

// Circle is a closed path of n points.
func Circle(centre Point, radius float64, n int) []Point {
	path := make([]Point, n+1)
	for i := range path {
		a := 2 * math.Pi * float64(i) / float64(n)
		path[i] = Point{centre.X + radius*math.Cos(a), centre.Y + radius*math.Sin(a)}
	}
	return path
}

// Wheel turns the wheel by notches under the pointer, down for a positive number.
func (d *Display) Wheel(notches int) {
	button := byte(WheelDown)
	if notches < 0 {
		button, notches = WheelUp, -notches
	}
	for range notches {
		d.Down(button)
		d.Up(button)
		time.Sleep(pause)
	}
}

// Key presses a key, with its modifiers before it: "b", "ctrl+z", "ctrl+shift+z", "pagedown".
func (d *Display) Key(chord string) {
	d.t.Helper()
	names := strings.Split(chord, "+")
	for _, name := range names {
		d.KeyDown(name)
		time.Sleep(pause / 2)
	}
	for i := range names {
		d.KeyUp(names[len(names)-1-i])
		time.Sleep(pause / 2)
	}
	time.Sleep(pause)
}

// Type types text, one key after the other; capitals are typed with shift.
func (d *Display) Type(text string) {
	d.t.Helper()
	for _, c := range text {
		switch _, plain := d.keys[string(c)]; {
		case c == ' ':
			d.Key("space")
		case plain:
			d.Key(string(c))
		default:
			d.Key("shift+" + string(shifted(c)))
		}
	}
}

// shifted is the key under a character that a US keyboard types with shift.
func shifted(c rune) rune {
	const with, without = `~!@#$%^&*()_+{}|:"<>?`, "`1234567890-=[]\\;',./"
	if i := strings.IndexRune(with, c); i >= 0 {
		return rune(without[i])
	}
	return []rune(strings.ToLower(string(c)))[0]
}

// KeyDown presses a key.
func (d *Display) KeyDown(name string) { d.event(xproto.KeyPress, byte(d.key(name)), 0, 0) }

// KeyUp releases a key.
func (d *Display) KeyUp(name string) { d.event(xproto.KeyRelease, byte(d.key(name)), 0, 0) }

func (d *Display) key(name string) xproto.Keycode {
	d.t.Helper()
	k, ok := d.keys[strings.ToLower(name)]
	if !ok {
		d.t.Fatalf("the keyboard has no key %q", name)
	}
	return k
}

// named are the keys that are not a character, by X keysym.
var named = map[xproto.Keysym]string{
	0xffe1: "shift", 0xffe3: "ctrl", 0xffe9: "alt", 0xff1b: "escape", 0xff09: "tab", 0xff0d: "return", 0x20: "space",
	0xff51: "left", 0xff52: "up", 0xff53: "right", 0xff54: "down", 0xff55: "pageup", 0xff56: "pagedown", 0xff50: "home",
	0xff57: "end", 0xffff: "delete", 0xff08: "backspace", 0xffbe: "f1", 0xffbf: "f2", 0xffc8: "f11",
}

// loadKeys reads the keyboard: the key of every unshifted printable ASCII character and of every named key.
func (d *Display) loadKeys() {
	setup := xproto.Setup(d.conn)
	first := setup.MinKeycode
	m, err := xproto.GetKeyboardMapping(d.conn, first, byte(setup.MaxKeycode-first+1)).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	d.keys = map[string]xproto.Keycode{}
	per := int(m.KeysymsPerKeycode)
	for i := 0; i+per <= len(m.Keysyms); i += per {
		sym, name := m.Keysyms[i], ""
		if sym > 0x20 && sym < 0x7f {
			name = string(rune(sym))
		} else {
			name = named[sym]
		}
		if _, taken := d.keys[name]; name != "" && !taken {
			d.keys[name] = first + xproto.Keycode(i/per)
		}
	}
}
