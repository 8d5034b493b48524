package ui

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// capture compares the window's picture with the one in testdata.
func (h *harness) capture(name string) {
	h.t.Helper()
	if runtime.GOOS != "linux" {
		h.t.Skip("text is drawn otherwise on this system")
	}
	h.settle()
	test.AssertImageMatches(h.t.(*testing.T), name+".png", h.win.Canvas().Capture())
}

func TestLookEmpty(t *testing.T) {
	h := start(t, nil)
	h.app.Preferences().SetStringList(prefRecent, []string{"/data/chest", "/home/reader/cases/case-07"})
	h.fillRecents()
	h.capture("empty")
}

func TestLookLoading(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(h *harness, s *Services) { s.Opener = slowOpener{gate} })
	defer close(gate)
	h.Window.Open([]string{"/data/chest"})
	h.until("it reads", func() bool { return h.opening.total.Load() > 0 })
	h.clock = h.clock.Add(3 * time.Second)
	h.opening.told = -1
	h.showTask(h.opening)
	h.capture("loading")
}

// slowOpener reads until its gate is closed.
type slowOpener struct{ gate chan struct{} }

func (o slowOpener) Open(ctx context.Context, _ []string, progress func(done, total int)) (*ct.Found, error) {
	progress(120, 300)
	<-o.gate
	return nil, ctx.Err()
}

func TestLookProposing(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(h *harness, s *Services) { h.model.gate = gate })
	h.open(chest("Thorax 1.0 lung", 256, 20))
	h.Do("model.propose")
	for range 7 {
		gate <- struct{}{}
	}
	h.until("seven are there", func() bool { return h.proposing.done.Load() == 7 })
	h.clock = h.clock.Add(5 * time.Second)
	h.proposing.told = -1
	h.showTask(h.proposing)
	h.Do("view.heat")
	h.capture("proposing")
	h.stopProposing()
	h.until("it has stopped", func() bool { return h.proposing == nil })
}

func TestLookEditing(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.FindLungs = findFakeLungs })
	h.found = &ct.Found{
		Series:  []*ct.Series{chest("Thorax 1.0 lung", 256, 20), chest("Topogram", 64, 1)},
		LeftOut: []ct.LeftOut{{File: "/data/chest/notes.txt", Reason: "it is neither DICOM nor a picture"}},
	}
	h.openFound()
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.Do("label.2")
	h.strokeAt(annotate.Point{X: 175, Y: 120}, annotate.Point{X: 190, Y: 150}, annotate.Point{X: 170, Y: 165})
	h.Do("slice.accept")
	h.Do("label.1")
	h.strokeAt(annotate.Point{X: 170, Y: 110}, annotate.Point{X: 200, Y: 140})
	h.hover(176.5, 118.5, true)
	h.capture("editing")
}

// A proposal of two kinds, and a stroke over both.
func TestLookKinds(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.model.kinds = true })
	h.open(chest("Thorax 1.0 lung", 256, 20))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.setRadius(4)
	h.Do("label.3")
	h.strokeAt(annotate.Point{X: 55, Y: 160}, annotate.Point{X: 82, Y: 143})
	h.hover(176.5, 118.5, true)
	h.capture("kinds")
}

// In a small window nothing is cut off at the sides, and the panel scrolls.
func TestLookSmall(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) {
		s.Marks, s.FindLungs = "Proposals mark ground glass and consolidation.", findFakeLungs
	})
	h.open(chest("Thorax 1.0 lung", 256, 20))
	h.win.Resize(fyne.NewSize(1024, 700))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.setTV(1)
	h.setLeastArea(250)
	h.Do("model.fill")
	h.strokeAt(annotate.Point{X: 175, Y: 120})
	h.session.Accept(h.session.Current())
	h.panel.tv.slider.MouseIn(&desktop.MouseEvent{})
	h.capture("small")
	h.panel.tv.slider.MouseOut()
}

func TestLookAlone(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 256, 9))
	h.Do("view.alone")
	h.capture("alone")
}

func TestLookExport(t *testing.T) {
	h := start(t, nil)
	h.app.Preferences().SetString(prefExport, "/home/reader/labels")
	h.open(chest("Thorax", 256, 9))
	h.Do("file.export")
	h.win.Canvas().Unfocus() // its cursor blinks
	h.capture("export")
	h.named["export.hide"].(*hintCheck).SetChecked(true)
	h.set("export.folder", "/home/reader/labels/Miller")
	h.press(pressNext)
	h.capture("leaving")
}

// In the smallest window, too, the form shows what becomes of the identity, whatever the
// format asks for, and what is wrong with names.
func TestLookExportSmall(t *testing.T) {
	h := start(t, nil)
	h.app.Preferences().SetString(prefExport, "/home/reader/labels")
	s := chest("Thorax", 256, 9)
	s.Patient = ct.Patient{ID: "MR-77", Name: "Miller^Ann"}
	h.open(s)
	h.win.Resize(fyne.NewSize(840, 700))
	h.Do("file.export")
	for _, p := range h.out.Presets() {
		h.set("export.preset", p.Title)
		h.inSight("export.hide")
	}
	h.set("export.preset", "Semi-supervised")
	h.set("export.folder", "/home/reader/labels/Miller 2")
	h.set("export.doubt", "2")
	h.press(pressNext)
	h.set("export.doubt", "")
	h.inSight("export.hide")
	h.win.Canvas().Unfocus() // its cursor blinks
	h.capture("export-small")
}

// inSight checks that a control can be seen without scrolling.
func (h *harness) inSight(name string) {
	h.t.Helper()
	h.settle()
	o, to := h.named[name], h.named["dialog.Go on"]
	at, below := h.app.Driver().AbsolutePositionForObject(o), h.app.Driver().AbsolutePositionForObject(to)
	if !o.Visible() || at.Y < 0 || at.Y+o.Size().Height > below.Y {
		h.t.Errorf("%s is at %g, %g high, and the buttons at %g", name, at.Y, o.Size().Height, below.Y)
	}
}

func TestLookExported(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) {
		h.out.remarks = []string{"Slice 3 has two labels in one place, and the format can hold one."}
	})
	h.open(chest("Thorax", 256, 9))
	h.win.Resize(fyne.NewSize(840, 700))
	h.export(outgoing{dir: "/home/reader/labels/groundglass-png-2024-05-01", all: h.now(), options: ExportOptions{Preset: "png"}})
	h.until("it is done", func() bool { return h.dialog() == txtExported })
	h.capture("exported")
}

func TestLookError(t *testing.T) {
	h := start(t, nil)
	h.found = &ct.Found{LeftOut: []ct.LeftOut{
		{File: "/data/chest/1.dcm", Reason: "the pixel data ends after 1024 of 524288 bytes"},
		{File: "/data/chest/2.dcm", Reason: "transfer syntax 1.2.840.10008.1.2.4.90 (JPEG 2000) can't be read"},
	}}
	h.Window.Open([]string{"/data/chest"})
	h.until("the error is shown", func() bool { return h.dialog() == txtOpenFailed })
	h.capture("error")
}

func TestLookKeys(t *testing.T) {
	h := start(t, nil)
	h.Do("help.keys")
	h.drain()
	h.win.Canvas().Unfocus() // its cursor blinks
	h.capture("keys")
}

func TestLookUnsaved(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 256, 9))
	h.strokeAt(annotate.Point{X: 170, Y: 110})
	h.quit()
	h.capture("unsaved")
}

func TestLookUnreadableSlice(t *testing.T) {
	h := start(t, nil)
	s := chest("Thorax", 256, 9)
	bad := ct.NewSeries(ct.Series{Rows: 256, Columns: 256, Sources: s.Sources, Geometry: s.Geometry, Description: "Thorax"}, func(i int) (*ct.Slice, error) {
		if i == 4 {
			return nil, errors.New("/data/chest/004.dcm: the pixel data ends after 1024 of 524288 bytes")
		}
		return s.Slice(i)
	})
	h.found = &ct.Found{Series: []*ct.Series{bad}}
	h.Window.Open([]string{"/data/chest"})
	h.until("it says so", func() bool { return h.message.label.Text != "" })
	h.capture("slice-error")
}
