package annotate

import (
	"image"

	"groundglass/annotate/ct"
)

// DefaultThreshold is the threshold of a new session.
const DefaultThreshold = 0.3

// DefaultConnectivity is the connectivity of a new session. It was chosen by
// measuring: see segment/connect/README.md.
func DefaultConnectivity() Connectivity { return Connectivity{TV: 0.1} }

// maxMasks is how many masks a session keeps unpacked.
const maxMasks = 24

// Session is the work on one series: masks, proposals, history, the current
// slice and tool. One goroutine owns it. Indices outside the series are
// ignored, and read as nothing.
type Session struct {
	rules
	series   *ct.Series
	sheets   []sheet
	current  int
	table    []Label // as edits left it
	shown    []Label // what Labels gives
	active   uint8
	tool     Tool
	rule     PaintRule
	lungs    func(slice int) []uint8
	history  History
	listener func(Change)
	clock    uint64 // of masks asked for
	keep     int    // masks to keep unpacked

	looks     [256]Look
	protected [256]bool  // labels that tools may not touch
	known     [256]Label // the last definition of each value
	owed      What       // what the next emit is to tell as well

	generation int
	proposal   *Edit // what the running proposal adds to
	sealed     bool

	recorder  func(Record)
	told      [256]Look // the looks that the recorder knows
	maps      uint64    // newest number given to a map
	replaying bool

	gesture *gesture // under way; nil when there is none
	scratch scratch
	reach   float64 // of Stroke.Reach

	openBytes int // of a gesture's slices: see openParts
}

// NewSession starts work on a series, with default labels, brush, threshold and
// connectivity.
func NewSession(s *ct.Series) *Session {
	out := &Session{
		rules:   rules{w: s.Columns, h: s.Rows, setting: setting{DefaultThreshold, DefaultConnectivity()}},
		series:  s,
		sheets:  make([]sheet, s.Len()),
		active:  ProposalLabel,
		tool:    Brush{Radius: 8, Label: ProposalLabel},
		keep:    maxMasks,
		history: History{limit: DefaultHistoryBytes},
		looks:   allShown(),

		openBytes: openBytes,
	}
	out.setTable(DefaultLabels())
	return out
}

// Series is the series that the session works on.
func (s *Session) Series() *ct.Series { return s.series }

// OnChange sets the one listener for changes; nil for none.
func (s *Session) OnChange(f func(Change)) { s.listener = f }

func (s *Session) emit(slice int, r image.Rectangle, w What) {
	w, s.owed = w|s.owed, 0
	if w&LabelChanged != 0 {
		s.recordLooks()
	}
	if s.listener != nil && w != 0 {
		s.listener(Change{Slice: slice, Rect: r, What: w})
	}
}

func (s *Session) has(i int) bool { return i >= 0 && i < len(s.sheets) }

func (s *Session) bounds() image.Rectangle { return image.Rect(0, 0, s.w, s.h) }

// Current is the index of the slice in view.
func (s *Session) Current() int { return s.current }

// SetCurrent brings slice i into view; beyond the ends, the nearest. A stroke
// under way ends on its own slice; a staged one stays open there.
func (s *Session) SetCurrent(i int) {
	i = min(max(i, 0), max(len(s.sheets)-1, 0))
	if i == s.current {
		return
	}
	s.Release()
	s.current = i
	s.emit(i, image.Rectangle{}, Current)
}

// Step moves the view by n slices.
func (s *Session) Step(n int) { s.SetCurrent(s.current + n) }

// Mask is slice i at the present threshold and connectivity; nil outside the
// series. It is to
// read only, and holds until the session's next change: ask again then.
func (s *Session) Mask(i int) (m *Mask) {
	s.settling(i, func() { m = s.maskBy(i, &s.rules) })
	return m
}

func (s *Session) maskBy(i int, r *rules) *Mask {
	if !s.has(i) {
		return nil
	}
	h := &s.sheets[i]
	made := h.mask == nil
	m := h.fresh(r)
	s.clock++
	h.used = s.clock
	if made {
		s.packOldest()
	}
	return m
}

// bare makes slice i's mask hold its human layer, and all else stale.
func (s *Session) bare(i int) {
	h := &s.sheets[i]
	made := h.mask == nil
	if made {
		h.unpack(s.w, s.h)
	}
	h.stale()
	s.clock++
	h.used = s.clock
	if made {
		s.packOldest()
	}
}

// writable makes slice i's mask fresh and the session's own.
func (s *Session) writable(i int) *sheet {
	s.Mask(i)
	h := &s.sheets[i]
	h.own()
	return h
}

// packOldest packs the masks longest unused, so that few are held at once.
func (s *Session) packOldest() {
	for {
		n, oldest := s.idle()
		if n <= s.keep {
			return
		}
		s.sheets[oldest].pack()
	}
}

// idle counts the masks held, but for those of a stroke, and finds the oldest.
func (s *Session) idle() (n, oldest int) {
	oldest = -1
	for i := range s.sheets {
		h := &s.sheets[i]
		if h.mask == nil || s.gesture.holds(i) {
			continue
		}
		n++
		if oldest < 0 || h.used < s.sheets[oldest].used {
			oldest = i
		}
	}
	return n, oldest
}

// Foreground is the number of labelled pixels of slice i.
func (s *Session) Foreground(i int) (n int) {
	if !s.has(i) {
		return 0
	}
	s.settling(i, func() { n = s.sheets[i].foreground(&s.rules, func() *Mask { return s.maskBy(i, &s.rules) }) })
	return n
}

// Status is how far the work on slice i has come.
func (s *Session) Status(i int) Status {
	if !s.has(i) {
		return New
	}
	return s.sheets[i].status()
}

// Accept marks slice i as right as it is; undoable. A person has then vouched
// for each of its pixels: new proposals and the threshold leave it alone, until
// Reopen. Strokes still change it.
func (s *Session) Accept(i int) {
	s.decide(i, false, "Accept slice")
}

// Reject marks slice i as not to be used, and leaves it as it is, as Accept does;
// undoable. One of the two takes the other's place.
func (s *Session) Reject(i int) { s.decide(i, true, "Reject slice") }

func (s *Session) decide(i int, rejected bool, name string) {
	if !s.has(i) {
		return
	}
	to := layer{guess: s.sheets[i].guess, setting: s.setting}
	if was := s.sheets[i].frozen; was != nil {
		if was.rejected == rejected {
			return
		}
		to = *was
	}
	if to.rejected = rejected; !s.refuses() {
		s.freeze(i, &to, name)
	}
}

// Reopen takes the mark of Accept or Reject away, and lets slice i follow the threshold
// again; undoable.
func (s *Session) Reopen(i int) {
	if s.has(i) && s.sheets[i].frozen != nil && !s.refuses() {
		s.freeze(i, nil, "Reopen slice")
	}
}

func (s *Session) freeze(i int, to *layer, name string) {
	s.FinishStroke()
	e := &Edit{id: s.history.newID(), name: name, patches: []patch{{slice: i, frozen: to}}}
	e.swap(s)
	s.history.push(e)
	s.emit(i, s.bounds(), Pixels|StatusChanged|HistoryChanged)
}

// SliceThreshold is the threshold that slice i's pixels derive from: the
// session's, or the one that the slice was accepted with.
func (s *Session) SliceThreshold(i int) float64 {
	if !s.has(i) {
		return s.threshold
	}
	return s.sheets[i].layer(&s.rules).threshold
}

// ActiveLabel is the value of the label that the brush paints.
func (s *Session) ActiveLabel() uint8 { return s.active }

// SetActiveLabel chooses a label of the table; a tool in hand that paints takes it.
func (s *Session) SetActiveLabel(v uint8) {
	if rowOf(s.shown, v) < 0 || v == s.active {
		return
	}
	s.activate(v)
	s.emit(s.current, image.Rectangle{}, LabelChanged)
}

// activate makes a label the active one, and leaves it to the next emit to tell.
func (s *Session) activate(v uint8) {
	s.active = v
	if t, ok := s.tool.(Labeller); ok {
		s.take(t.Labelled(v))
		s.owed |= ToolChanged
	}
}

// Tool is the tool in hand.
func (s *Session) Tool() Tool { return s.tool }

// SetTool takes a tool in hand; nil for none. A stroke under way keeps the tool
// that it began with, but a staged one that is open follows the settings of its
// tool, and is finished when another tool is taken.
func (s *Session) SetTool(t Tool) {
	s.take(t)
	s.emit(s.current, image.Rectangle{}, ToolChanged)
}
