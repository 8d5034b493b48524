package xtest

import (
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// open maps a red 400x300 window on the display and returns it with its events.
func open(t *testing.T, d *Display) (xproto.Window, <-chan xgb.Event) {
	c, err := xgb.NewConnDisplay(d.name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	w, err := xproto.NewWindowId(c)
	if err != nil {
		t.Fatal(err)
	}
	screen := xproto.Setup(c).DefaultScreen(c)
	xproto.CreateWindow(c, screen.RootDepth, w, screen.Root, 0, 0, 400, 300, 0, xproto.WindowClassInputOutput,
		screen.RootVisual, xproto.CwBackPixel|xproto.CwEventMask, []uint32{0xc02030,
			xproto.EventMaskKeyPress | xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease |
				xproto.EventMaskPointerMotion | xproto.EventMaskExposure})
	xproto.ChangeProperty(c, xproto.PropModeReplace, w, d.atom("WM_PROTOCOLS"), xproto.AtomAtom, 32, 1,
		xgbUint32(uint32(d.atom("WM_DELETE_WINDOW"))))
	if err := xproto.MapWindowChecked(c, w).Check(); err != nil {
		t.Fatal(err)
	}
	events := make(chan xgb.Event, 10000)
	go func() {
		for {
			e, err := c.WaitForEvent()
			if e == nil && err == nil {
				close(events)
				return
			}
			events <- e
		}
	}()
	return w, events
}

func xgbUint32(v uint32) []byte {
	b := make([]byte, 4)
	xgb.Put32(b, v)
	return b
}

// next returns the next event of type E.
func next[E xgb.Event](t *testing.T, events <-chan xgb.Event) E {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case e := <-events:
			if e, ok := e.(E); ok {
				return e
			}
		case <-limit:
			var none E
			t.Fatalf("no %T comes", none)
		}
	}
}

func TestDisplay(t *testing.T) {
	t.Setenv("GROUNDGLASS_ARTIFACTS", t.TempDir())
	d := Start(t)
	w, events := open(t, d)
	next[xproto.ExposeEvent](t, events)
	d.Until("the window is managed", 5*time.Second, func() bool { return slices.Contains(d.Windows(), w) })
	place := d.Place(w)
	at := func(x, y int) Point { return Point{float64(place.Min.X + x), float64(place.Min.Y + y)} }

	if got := d.Screenshot("red").RGBAAt(place.Min.X+9, place.Min.Y+9); got != (color.RGBA{0xc0, 0x20, 0x30, 0xff}) {
		t.Errorf("the screenshot shows %v in the window", got)
	}
	if _, err := os.Stat(filepath.Join(Artifacts(t), "red.png")); err != nil {
		t.Error(err)
	}

	d.Click(at(50, 60), Right)
	if e := next[xproto.ButtonPressEvent](t, events); e.EventX != 50 || e.EventY != 60 || e.Detail != Right {
		t.Errorf("the click arrives as %v", e)
	}
	d.Click(at(50, 60), Left)
	for _, c := range []struct {
		chord string
		state uint16
	}{{"ctrl+z", xproto.ModMaskControl}, {"b", 0}, {"ctrl+shift+z", xproto.ModMaskControl | xproto.ModMaskShift}} {
		d.Key(c.chord)
		e := next[xproto.KeyPressEvent](t, events)
		for e.Detail == d.key("ctrl") || e.Detail == d.key("shift") {
			e = next[xproto.KeyPressEvent](t, events)
		}
		if want := d.key(c.chord[len(c.chord)-1:]); e.Detail != want || e.State != c.state {
			t.Errorf("%s arrives as key %d with modifiers %d, not %d with %d", c.chord, e.Detail, e.State, want, c.state)
		}
	}
	d.CloseWindow(w)
	if e := next[xproto.ClientMessageEvent](t, events); xproto.Atom(e.Data.Data32[0]) != d.atom("WM_DELETE_WINDOW") {
		t.Errorf("closing arrives as %v", e)
	}
}

// A drag at 600 pixels a second arrives as a fast hand's: pressed, about 125 moves a second, released.
func TestDrag(t *testing.T) {
	d := Start(t)
	w, events := open(t, d)
	next[xproto.ExposeEvent](t, events)
	d.Until("the window is managed", 5*time.Second, func() bool { return slices.Contains(d.Windows(), w) })
	place := d.Place(w)
	centre := Point{float64(place.Min.X + 200), float64(place.Min.Y + 150)}
	begun := time.Now()
	d.Drag(Circle(centre, 95.5, 60), Left, 600)
	t.Logf("600 pixels took %v", time.Since(begun))
	next[xproto.ButtonPressEvent](t, events)
	moves := 0
	for {
		switch e := (<-events).(type) {
		case xproto.MotionNotifyEvent:
			moves++
			continue
		case xproto.ButtonReleaseEvent:
			if e.EventX != 296 || e.EventY != 150 {
				t.Errorf("the drag ends at %d,%d", e.EventX, e.EventY)
			}
		default:
			continue
		}
		break
	}
	if moves < 100 || moves > 200 {
		t.Errorf("%d moves arrive, want about 125", moves)
	}
}
