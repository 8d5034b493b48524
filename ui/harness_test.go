package ui

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// harness is a window without a screen, with services that do as a test says.
// What other goroutines hand over waits until the test lets it run.
type harness struct {
	*Window
	t     testing.TB
	clock time.Time
	found *ct.Found
	err   error
	model *fakeModel
	out   *fakeExporter

	mu     sync.Mutex
	queue  []func()
	events []string
	fields []map[string]any
}

// start shows a window whose services are fakes; change may alter them.
func start(t testing.TB, change func(h *harness, s *Services)) *harness {
	t.Helper()
	h := &harness{t: t, clock: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC), model: &fakeModel{}, out: &fakeExporter{key: "/home/reader/.local/share/groundglass/identity.key"}}
	s := Services{Opener: h, Proposer: h.model, Exporter: h.out, Version: "1.0"}
	s.Connector = func(*ct.Series) annotate.Connector { return fakeConnector }
	s.Demo = func(context.Context) (*ct.Found, error) {
		return &ct.Found{Series: []*ct.Series{chest("Demo case", 96, 12)}}, nil
	}
	s.Trace = func(event string, fields map[string]any) {
		h.events = append(h.events, event)
		h.fields = append(h.fields, fields)
	}
	if change != nil {
		change(h, &s)
	}
	a := test.NewTempApp(t)
	h.Window = newWindow(a, s, func(f func()) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.queue = append(h.queue, f)
	})
	for _, v := range h.viewports() {
		v.On.Post = nil // or the picture would change whenever it comes to rest
	}
	h.Window.now = func() time.Time { return h.clock }
	h.win.Resize(fyne.NewSize(1200, 800))
	h.drain()
	return h
}

// Open implements Opener.
func (h *harness) Open(ctx context.Context, _ []string, progress func(done, total int)) (*ct.Found, error) {
	progress(3, 12)
	if h.err != nil {
		return nil, h.err
	}
	return h.found, ctx.Err()
}

// drain runs what was handed over.
func (h *harness) drain() {
	for {
		h.mu.Lock()
		q := h.queue
		h.queue = nil
		h.mu.Unlock()
		if len(q) == 0 {
			return
		}
		for _, f := range q {
			f()
		}
	}
}

// until drains until something is so.
func (h *harness) until(what string, so func() bool) {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		h.drain()
		if so() {
			h.drain()
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// open opens series and waits for their thumbnails.
func (h *harness) open(series ...*ct.Series) {
	h.t.Helper()
	h.found = &ct.Found{Series: series}
	h.openFound()
}

func (h *harness) openFound() {
	h.t.Helper()
	h.Window.Open([]string{"/data/chest"})
	h.until("the series is open", func() bool { return h.session != nil && h.shown == h.session.Current() && h.opening == nil })
	if h.dialog() == txtPickHead {
		h.typedKey(fyne.KeyEscape)
	}
	h.settle()
}

// settle waits for what is worked out in the background, brings the slice list
// up to date and waits for its thumbnails.
func (h *harness) settle() {
	h.t.Helper()
	h.until("all proposals hang together", func() bool { return h.session == nil || h.session.Unsettled(0) == nil })
	h.until("the lungs are measured", func() bool {
		v := h.involvementOf(h.session)
		return v == nil || v.lungs == nil && !proposedAny(h.session) || v.lungs != nil && !v.busy && len(v.stale) == 0 && h.stale == 0
	})
	h.list.refresh()
	h.until("the thumbnails are made", func() bool {
		t := h.list.thumbs
		return t == nil || t.idle()
	})
}

// idle tells whether all thumbnails that were asked for are made.
func (t *thumbs) idle() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.busy
}

// last returns the fields of the last event of a name.
func (h *harness) last(event string) map[string]any {
	for i := len(h.events) - 1; i >= 0; i-- {
		if h.events[i] == event {
			return h.fields[i]
		}
	}
	return nil
}

// dialog is the title of the dialog on top; empty when there is none.
func (h *harness) dialog() string {
	if len(h.dialogs) == 0 {
		return ""
	}
	return h.dialogs[len(h.dialogs)-1].title
}

// press presses a named button.
func (h *harness) press(name string) {
	h.t.Helper()
	o, ok := h.named[name].(fyne.Tappable)
	if !ok {
		h.t.Fatalf("there is no button %q", name)
	}
	test.Tap(o)
	h.drain()
}

// strokeAt draws a stroke through image points.
func (h *harness) strokeAt(points ...annotate.Point) {
	at := func(p annotate.Point) fyne.Position {
		x, y := h.view.View().ToScreen(p.X, p.Y)
		return fyne.NewPos(float32(x), float32(y))
	}
	h.view.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(points[0])}, Button: desktop.MouseButtonPrimary})
	for _, p := range points[1:] {
		h.view.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(p)}})
	}
	h.view.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	h.view.DragEnd()
	h.drain()
}

// fakeModel proposes a disc in each slice. It waits for gate before each slice
// where there is one.
type fakeModel struct {
	gate  chan struct{}
	err   error
	kinds bool // the disc's core is consolidation
	mu    sync.Mutex
	order []int
}

func (m *fakeModel) Name() string { return "TV-UNet 16 on CPU" }

func (m *fakeModel) Propose(ctx context.Context, s *ct.Series, next func() int, each func(int, annotate.Guess), progress func(done, total int)) error {
	if m.err != nil {
		return m.err
	}
	done := map[int]bool{}
	for len(done) < s.Len() {
		progress(len(done), s.Len())
		if m.gate != nil {
			select {
			case <-m.gate:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		i := nearestOf(next(), done, s.Len())
		done[i] = true
		m.mu.Lock()
		m.order = append(m.order, i)
		m.mu.Unlock()
		g := annotate.Guess{Prob: disc(s.Columns, s.Rows), Doubt: fakeDoubt(i)}
		if m.kinds {
			g.Kind, g.Kinds = core(g.Prob), []string{"ground glass", "consolidation"}
		}
		each(i, g)
	}
	progress(s.Len(), s.Len())
	return nil
}

// fakeDoubt is how unsure the fake model is of slice i: another number for each
// of any 20 that follow each other.
func fakeDoubt(i int) float64 { return float64(i*7%20) / 20 }

// fakeConnector proposes less by the weight, more where holes are filled, and
// nothing where parts must be large. Drafts propose one pixel more.
func fakeConnector(prob []uint8, cut uint8, c annotate.Connectivity, draft bool) []uint8 {
	out := make([]uint8, len(prob))
	level := float64(cut) + 60*c.TV
	if c.FillHoles {
		level -= 20
	}
	for i, v := range prob {
		if float64(v) >= level && c.LeastArea < 500 {
			out[i] = 255
		}
	}
	if draft && c.TV > 0 {
		out[0] = 255
	}
	return out
}

func nearestOf(at int, done map[int]bool, n int) int {
	for d := range n {
		for _, i := range []int{at + d, at - d} {
			if i >= 0 && i < n && !done[i] {
				return i
			}
		}
	}
	return 0
}

// disc is a probability map: a soft disc in the picture's left half.
func disc(w, h int) []uint8 {
	out := make([]uint8, w*h)
	for i := range out {
		d := math.Hypot(float64(i%w)-0.31*float64(w), float64(i/w)-0.55*float64(h)) / float64(w)
		out[i] = uint8(255 * math.Max(0, math.Min(1, 1.6-d*16)))
	}
	return out
}

// core is 1 where a map is certain, and 0 elsewhere.
func core(prob []uint8) []uint8 {
	out := make([]uint8, len(prob))
	for i, v := range prob {
		out[i] = v / 255
	}
	return out
}

// now is the present state of the series that is shown.
func (h *harness) now() []annotate.Snapshot { return []annotate.Snapshot{h.session.Snapshot()} }

// fakeExporter notes what it is asked for.
type fakeExporter struct {
	err      error
	gate     chan struct{}
	dir      string
	options  ExportOptions
	marked   []int // of the first series
	series   int
	key      string // its file
	there    bool
	remarks  []string
	warnings []string
}

func (e *fakeExporter) Key() (file string, there bool) { return e.key, e.there }

func (e *fakeExporter) Apart(dir string, series []*ct.Series, _ bool) error {
	if images := filepath.Dir(series[0].Sources[0].File); dir == images {
		return fmt.Errorf("%s is what it is to be made of", dir)
	}
	return nil
}

func (e *fakeExporter) Naming(dir, name string, series []*ct.Series) (out []string) {
	for what, text := range map[string]string{"The folder's name": filepath.Base(dir), "The data set's name": name} {
		for _, s := range series {
			family, _, _ := strings.Cut(strings.ToLower(s.Patient.Name), "^")
			if family != "" && strings.Contains(strings.ToLower(text), family) {
				out = append(out, fmt.Sprintf("%s has %q in it, which is part of the patient's name or ID.", what, family))
			}
		}
	}
	return out
}

func (e *fakeExporter) Presets() []Preset {
	return []Preset{
		{Name: "png", Title: "PNG masks", About: "A mask a slice.", Images: true, Values: true, Window: true},
		{Name: "semi", Title: "Semi-supervised", About: "Pictures, masks, weights and a table: slices by their status into labelled, pseudo-labelled by the model within limits of confidence and doubt, and unlabelled, for training code that takes all three.", Named: true, Images: true, Values: true, Window: true, Square: true, Limits: true},
		{Name: "set", Title: "Data set", About: "All cases together.", Many: true, Named: true, Square: true, Limits: true},
	}
}

func (e *fakeExporter) Leaving(dir string, all []annotate.Snapshot, o ExportOptions) Leaving {
	id := LeavingField{"Patient's ID", "MR-77", "p1"}
	if o.Identity {
		id.Leaves = id.Here
	}
	l := Leaving{Warnings: e.warnings, Fields: []LeavingField{id, {"Patient's name", "Miller^Ann", ""}}}
	if strings.Contains(strings.ToLower(dir), "miller") {
		l.Warnings = []string{`The folder has "miller" in it, which is part of the patient's name or ID.`}
	}
	return l
}

func (e *fakeExporter) Export(ctx context.Context, dir string, all []annotate.Snapshot, o ExportOptions, progress func(done, total int)) (Exported, error) {
	s := all[0]
	e.dir, e.options, e.marked, e.series = dir, o, nil, len(all)
	progress(1, s.Len())
	if e.gate != nil {
		select {
		case <-e.gate:
		case <-ctx.Done():
			return Exported{}, ctx.Err()
		}
	}
	for i := range s.Len() {
		n := 0
		for _, l := range s.Mask(i).Label {
			if l != 0 {
				n++
			}
		}
		e.marked = append(e.marked, n)
	}
	done := Exported{Summary: fmt.Sprintf("%d slices. All was read back.", s.Len()), Remarks: e.remarks}
	if !o.Identity {
		done.Key, done.KeyMade, e.there = e.key, !e.there, true
	}
	return done, e.err
}

var errDisk = errors.New("write /data/out: no space left on device")

// chest is a series of ellipses that look a little like a chest.
func chest(name string, size, slices int) *ct.Series {
	meta := ct.Series{
		UID: "1.2." + name, Description: name, Modality: "CT", Rows: size, Columns: size, TransferSyntaxes: []string{"1.2.840.10008.1.2.1"},
		Geometry: ct.Geometry{
			Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0}, Origin: [3]float64{-180, -180, -150},
			Step: [3]float64{0, 0, 7.5}, Spacing: [3]float64{360 / float64(size), 360 / float64(size), 7.5}, Known: true,
		},
	}
	for i := range slices {
		meta.Sources = append(meta.Sources, ct.Source{File: fmt.Sprintf("%03d.dcm", i), PositionMM: -150 + 7.5*float64(i), HasPosition: true})
	}
	return ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		hu := make([]int16, size*size)
		for p := range hu {
			x, y := float64(p%size)/float64(size)-0.5, float64(p/size)/float64(size)-0.5
			hu[p] = tissue(x, y, float64(i)/float64(slices))
		}
		return &ct.Slice{HU: hu, W: size, H: size}, nil
	})
}

func tissue(x, y, z float64) int16 {
	in := func(cx, cy, rx, ry float64) float64 {
		return (x-cx)*(x-cx)/(rx*rx) + (y-cy)*(y-cy)/(ry*ry)
	}
	lung := 0.13 + 0.05*math.Sin(math.Pi*z)
	switch {
	case in(0, 0, 0.44, 0.33) > 1:
		return -1000
	case in(-0.2, 0, lung, 0.24) < 1 || in(0.2, 0, lung, 0.24) < 1:
		v := -860.0
		if d := in(-0.19, 0.05, 0.07, 0.07); d < 1 {
			v += 330 * (1 - d)
		}
		if math.Abs(math.Mod(math.Abs(x*7+y*5), 1)-0.5) > 0.47 {
			v += 500
		}
		return int16(v)
	case in(0, 0.24, 0.05, 0.05) < 1:
		return 450
	case in(0, 0, 0.41, 0.3) > 1:
		return -90
	}
	return 40
}
