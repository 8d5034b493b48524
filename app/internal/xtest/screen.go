package xtest

import (
	"encoding/binary"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"github.com/jezek/xgb/xproto"
)

// Picture is what the display shows.
func (d *Display) Picture() *image.RGBA {
	d.t.Helper()
	r, err := xproto.GetImage(d.conn, xproto.ImageFormatZPixmap, xproto.Drawable(d.root), 0, 0, Width, Height, 0xffffffff).Reply()
	if err != nil {
		d.t.Fatalf("taking a screenshot: %v", err)
	}
	m := image.NewRGBA(image.Rect(0, 0, Width, Height))
	for i := 0; i+3 < len(m.Pix) && i+3 < len(r.Data); i += 4 { // the server's BGRX
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = r.Data[i+2], r.Data[i+1], r.Data[i], 0xff
	}
	return m
}

// Screenshot writes the display's picture to NAME.png in the artifacts folder and returns it.
func (d *Display) Screenshot(name string) *image.RGBA {
	d.t.Helper()
	m := d.Picture()
	d.keep(m, name)
	return m
}

// ScreenshotOf writes the picture of what lies at a window's place.
func (d *Display) ScreenshotOf(w xproto.Window, name string) {
	d.t.Helper()
	d.keep(d.Picture().SubImage(d.Place(w)), name)
}

func (d *Display) keep(m image.Image, name string) {
	d.t.Helper()
	f, err := os.Create(filepath.Join(Artifacts(d.t), name+".png"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		d.t.Fatal(err)
	}
}

// Windows are the managed top-level windows (_NET_CLIENT_LIST), oldest first.
func (d *Display) Windows() []xproto.Window {
	raw := d.property(d.root, "_NET_CLIENT_LIST")
	windows := make([]xproto.Window, len(raw)/4)
	for i := range windows {
		windows[i] = xproto.Window(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return windows
}

// Title is a window's name.
func (d *Display) Title(w xproto.Window) string { return string(d.property(w, "_NET_WM_NAME")) }

// Place is where a window's contents lie on the display.
func (d *Display) Place(w xproto.Window) image.Rectangle {
	d.t.Helper()
	g, err := xproto.GetGeometry(d.conn, xproto.Drawable(w)).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	o, err := xproto.TranslateCoordinates(d.conn, w, d.root, 0, 0).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	return image.Rect(0, 0, int(g.Width), int(g.Height)).Add(image.Pt(int(o.DstX), int(o.DstY)))
}

// CloseWindow asks a window to close, as its close button does (WM_DELETE_WINDOW, ICCCM 4.2.8.1).
func (d *Display) CloseWindow(w xproto.Window) {
	d.t.Helper()
	e := xproto.ClientMessageEvent{Format: 32, Window: w, Type: d.atom("WM_PROTOCOLS"),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(d.atom("WM_DELETE_WINDOW")), xproto.TimeCurrentTime, 0, 0, 0})}
	if err := xproto.SendEventChecked(d.conn, false, w, 0, string(e.Bytes())).Check(); err != nil {
		d.t.Fatal(err)
	}
}

// property is a window property's bytes, nil when it has none.
func (d *Display) property(w xproto.Window, name string) []byte {
	r, err := xproto.GetProperty(d.conn, false, w, d.atom(name), xproto.GetPropertyTypeAny, 0, 1024).Reply()
	if err != nil {
		return nil
	}
	return r.Value
}

func (d *Display) atom(name string) xproto.Atom {
	d.t.Helper()
	r, err := xproto.InternAtom(d.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	return r.Atom
}
