package annotate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// model is the session's definition in plain form: whole layers, no packing,
// no laziness, no rectangles.
type model struct {
	w, h    int
	human   [][]uint8 // by slice: free, removed or a label
	guesses []Guess
	setting setting
	frozen  []*layer
	table   table

	done, undone []*step
	sliding      *step // step of the setting that the next move of the same kind extends
	running      *step // proposal that maps are added to
	clock        int
}

// step is an undoable act with the other side of what it changed.
type step struct {
	born    int
	human   map[int][]uint8
	guesses map[int]Guess
	frozen  map[int]*layer
	setting *setting
	table   *[]Label
	joins   bool // of the setting, the connectivity was moved
}

func newModel(w, h, n int) *model {
	m := &model{w: w, h: h, setting: setting{DefaultThreshold, DefaultConnectivity()}, frozen: make([]*layer, n), guesses: make([]Guess, n), table: table{rows: DefaultLabels()}}
	for range n {
		m.human = append(m.human, make([]uint8, w*h))
	}
	return m
}

func (m *model) born() int { m.clock++; return m.clock }

func (m *model) push(s *step) {
	s.born = m.born()
	m.done, m.undone, m.sliding = append(m.done, s), nil, nil
}

func (m *model) swap(s *step) {
	for i, v := range s.human {
		s.human[i], m.human[i] = m.human[i], v
	}
	for i, v := range s.guesses {
		s.guesses[i], m.guesses[i] = m.guesses[i], v
	}
	for i, v := range s.frozen {
		s.frozen[i], m.frozen[i] = m.frozen[i], v
	}
	if s.setting != nil {
		*s.setting, m.setting = m.setting, *s.setting
	}
	if s.table != nil {
		*s.table, m.table.rows = m.table.rows, *s.table
	}
	if s.guesses != nil {
		m.running = nil
	}
	m.sliding = nil
}

func (m *model) undo() {
	if n := len(m.done); n > 0 {
		s := m.done[n-1]
		m.swap(s)
		m.done, m.undone = m.done[:n-1], append(m.undone, s)
	}
}

func (m *model) redo() {
	if n := len(m.undone); n > 0 {
		s := m.undone[n-1]
		m.swap(s)
		m.undone, m.done = m.undone[:n-1], append(m.done, s)
	}
}

func (m *model) slide(to setting) {
	was := m.setting
	if to == was {
		return
	}
	joins := to.connectivity != was.connectivity
	m.setting = to
	if s := m.sliding; s == nil || s.joins != joins {
		s = &step{setting: &was, joins: joins}
		m.push(s)
		m.sliding = s
	} else if *s.setting == to {
		m.done = slices.DeleteFunc(m.done, func(o *step) bool { return o == s })
		m.sliding = nil
	}
}

func (m *model) begin() { m.running = &step{born: m.born(), guesses: map[int]Guess{}} }

func (m *model) propose(i int, g Guess) bool {
	s := m.running
	if s == nil {
		return false
	}
	if len(s.guesses) == 0 {
		at := len(m.done)
		for at > 0 && m.done[at-1].born > s.born {
			at--
		}
		m.done = slices.Insert(m.done, at, s)
	}
	if _, again := s.guesses[i]; !again {
		s.guesses[i] = m.guesses[i]
	}
	m.guesses[i] = g
	return true
}

// imports fills what nobody set on slices that nobody accepted.
func (m *model) imports(planes map[int][]uint8, shown, labels []Label) (n Taken) {
	s := &step{human: map[int][]uint8{}}
	lock := func(v uint8) bool {
		l, _ := m.row(v)
		return l.Locked
	}
	for i, plane := range planes {
		if m.frozen[i] != nil {
			n.Accepted++
			continue
		}
		next := slices.Clone(m.human[i])
		for j, label := range plane {
			state := label
			if label == 0 {
				state = removed
			}
			switch have := m.mask(i).Label[j]; {
			case next[j] == free && (lock(have) || lock(label)):
				n.Locked++
			case next[j] == free:
				next[j] = state
				n.Pixels += m2i(label != 0)
			case next[j] != state:
				n.Kept++
			}
		}
		if !slices.Equal(next, m.human[i]) {
			n.Slices++
			s.human[i], m.human[i] = m.human[i], next
		}
	}
	if len(s.human) > 0 {
		rows := slices.Clone(shown) // those of proposals too
		for _, l := range labels {
			if rowOf(rows, l.Value) < 0 {
				rows = append(rows, l)
			}
		}
		m.keep(s, rows)
	}
	return n
}

// stroke writes state to the pixels that written marks.
func (m *model) stroke(i int, written []bool, state uint8, shown []Label) {
	was := slices.Clone(m.human[i])
	have, label := m.mask(i).Label, state
	if state == removed {
		label = 0
	}
	for j, w := range written {
		if w && m.may(i, j, have[j], label) {
			m.human[i][j] = state
		}
	}
	if !slices.Equal(was, m.human[i]) {
		m.keep(&step{human: map[int][]uint8{i: was}}, shown)
	}
}

func (m *model) freeze(i int, to *layer) {
	if (m.frozen[i] == nil) == (to == nil) {
		return
	}
	m.push(&step{frozen: map[int]*layer{i: m.frozen[i]}})
	m.frozen[i] = to
}

// mask is slice i by definition.
func (m *model) mask(i int) *Mask {
	out := NewMask(m.w, m.h)
	l := layer{guess: m.guesses[i], setting: m.setting}
	if m.frozen[i] != nil {
		l = *m.frozen[i]
	}
	prob := l.guess.Prob
	if prob != nil {
		prob = shuffle(prob, cutOf(l.threshold), l.connectivity, false)
	}
	for j, v := range m.human[i] {
		switch {
		case v == removed:
			out.Origin[j] = HumanRemoved
		case v != free:
			out.Label[j], out.Origin[j] = v, HumanAdded
		case prob != nil && prob[j] > 0 && float64(prob[j]) >= l.threshold*255-1e-9:
			if out.Label[j], out.Origin[j] = ProposalLabel, Model; l.guess.Kind != nil {
				out.Label[j] = l.guess.Kind[j]
			}
		}
	}
	return out
}

// testKinds are what the model of tests tells apart: two that are labels, and
// one that is none.
var testKinds = []string{"consolidation", "ground glass", "fibrosis"}

// randomKinds numbers testKinds, and one beyond.
func randomKinds(r *rand.Rand, n int) []uint8 {
	out := make([]uint8, n)
	for i := range out {
		out[i] = uint8(r.IntN(len(testKinds) + 1))
	}
	return out
}

func (m *model) masks() []*Mask {
	var out []*Mask
	for i := range m.human {
		out = append(out, m.mask(i))
	}
	return out
}

// shuffle is a Connector that joins nothing, but mixes the map up by all that it
// is given.
func shuffle(prob []uint8, cut uint8, c Connectivity, _ bool) []uint8 {
	out := slices.Clone(prob)
	for i := range out {
		out[i] = prob[(i+int(7*c.TV))%len(prob)]
		if c.FillHoles {
			out[i] = max(out[i], prob[i]/2+cut/2)
		}
		out[i] -= min(out[i], uint8(c.LeastArea))
	}
	return out
}

// player makes random actions of the bytes of a fuzz input.
type player struct {
	t       *testing.T
	s       *Session
	m       *model
	gen     int
	in      []byte
	tasks   []*Settling
	shots   []Snapshot
	shotsAs [][]*Mask
	bounded bool // the history may drop edits, and the model keeps them
}

func (p *player) next(n int) int {
	if len(p.in) == 0 {
		return 0
	}
	v := p.in[0]
	p.in = p.in[1:]
	return int(v) % n
}

func (p *player) point() Point {
	return Point{float64(p.next(4*p.m.w+24))/4 - 3, float64(p.next(4*p.m.h+24))/4 - 3}
}

// paint draws with the brush or the eraser and tells the model what the same
// capsules cover.
func (p *player) paint() {
	radius, label := 0.5+float64(p.next(10))/4, uint8(p.next(3))
	var tool Tool = Brush{Radius: radius, Label: label}
	state := label
	if label == 0 {
		tool, state = Eraser{Radius: radius}, removed
	}
	cover := newTestStroke(p.m.w, p.m.h)
	p.s.SetTool(tool) // finishes what is staged
	p.adopt()
	at := p.point()
	i := p.s.Current()
	p.s.Press(at)
	capsule(cover, at, at, radius, 1)
	for range p.next(4) {
		to := p.point()
		p.s.Drag(to)
		capsule(cover, at, to, radius, 1)
		at = to
	}
	if p.next(6) == 0 {
		p.s.CancelStroke()
		return
	}
	p.s.Release()
	written := make([]bool, p.m.w*p.m.h)
	for j, l := range cover.Mask().Label {
		written[j] = l != 0
	}
	p.m.stroke(i, written, state, p.s.Labels())
}

// gesture makes a gesture of a random tool. What it wrote is taken from the
// session: other tests say what tools write; here all must be undone and redone.
func (p *player) gesture() {
	if p.s.Staging() && p.next(3) == 0 {
		p.stage()
		return
	}
	radius, area := 0.5+float64(p.next(10))/4, Area{Label: uint8(1 + p.next(3)), Cut: p.next(4) == 0, Redraw: p.next(3) == 0}
	tools := []Tool{
		RangeBrush{Radius: radius, Label: area.Label, Low: 20, High: 40, Square: p.next(2) == 0}, Sphere{Radius: radius, Label: area.Label, Smooth: 1},
		ProposalBrush{Radius: radius, Threshold: float64(p.next(2)) / 2}, Restore{Radius: radius}, Lasso{Area: area}, Box{area, p.next(2) == 0},
		Move{area.Label}, Polygon{area}, Polygon{area},
		Fill{area.Label}, Wand{Label: area.Label, Tolerance: 10, Firm: p.next(2) == 0, Denoise: p.next(2) == 0, Model: p.next(2) == 0}, EdgeBrush{Radius: radius, Label: area.Label, Step: 20, Model: p.next(2) == 0},
		Grow{Label: area.Label, Low: 10, High: 35, Volume: true, Denoise: true}, Livewire{area.Label}, Scribble{area.Label, radius, true},
	}
	p.s.SetTool(tools[p.next(len(tools))]) // may finish what is staged
	p.adopt()
	press := p.s.Press
	if p.next(4) == 0 {
		press = p.s.PressOther
	}
	for press(p.point()); p.next(4) > 0; {
		p.s.Drag(p.point())
	}
	if p.next(6) == 0 {
		p.s.CancelStroke()
	}
	p.s.Release()
	p.adopt()
}

// stage goes on with a staged stroke.
func (p *player) stage() {
	switch p.next(4) {
	case 0:
		p.s.StepBack()
	case 1:
		p.s.CancelStroke()
	case 2:
		p.finish()
	default:
		p.s.Press(p.point())
		p.s.Release()
	}
	p.adopt()
}

// adopt takes what the session's newest gesture wrote for the model's.
func (p *player) adopt() {
	s := &step{human: map[int][]uint8{}}
	for i := range p.m.human {
		m, now := p.s.Mask(i), make([]uint8, p.m.w*p.m.h)
		for j := range now {
			now[j] = humanState(m.Label[j], m.Origin[j])
		}
		if !slices.Equal(now, p.m.human[i]) {
			s.human[i], p.m.human[i] = p.m.human[i], now
		}
	}
	if len(s.human) > 0 {
		p.m.keep(s, p.s.Labels())
	}
}

func (p *player) act() {
	switch n := len(p.m.human); p.next(21) {
	case 18:
		p.editLabels()
	case 19:
		p.limit()
	case 20:
		p.operate()
	case 16, 17:
		p.gesture()
	case 0, 1, 2:
		p.paint()
	case 3:
		p.s.SetCurrent(p.next(n))
	case 4:
		t := float64(p.next(256)) / 255
		p.s.SetThreshold(t)
		p.m.slide(setting{t, p.m.setting.connectivity})
	case 5:
		p.gen = p.s.BeginProposal()
		p.m.begin()
	case 6, 7:
		i, r := p.next(n), rand.New(rand.NewPCG(uint64(p.next(256)), 0))
		g := Guess{Prob: randomMap(r, p.m.w, p.m.h), Doubt: r.Float64()}
		own := g
		if r.IntN(2) == 0 {
			g.Kind, g.Kinds = randomKinds(r, p.m.w*p.m.h), testKinds
			own.Kind, own.Kinds = slices.Clone(g.Kind), testKinds
		}
		if got, want := p.s.Propose(i, p.gen, own), p.m.propose(i, p.m.labelled(g, p.s.Labels())); got != want && !p.bounded {
			p.t.Fatalf("Propose is %v, want %v", got, want)
		}
	case 8, 9:
		if p.next(2) == 0 {
			if !p.s.Stroking() { // or that is what is taken back
				p.m.undo()
			}
			p.s.Undo()
		} else {
			p.s.Redo()
			p.m.redo()
		}
	case 10:
		p.finish()
		i := p.next(n)
		if p.next(2) == 0 {
			p.s.Accept(i)
			p.m.freeze(i, &layer{guess: p.m.guesses[i], setting: p.m.setting})
		} else {
			p.s.Reopen(i)
			p.m.freeze(i, nil)
		}
	case 11:
		p.shots = append(p.shots, p.s.Snapshot())
		p.m.sliding = nil
		p.shotsAs = append(p.shotsAs, p.m.masks())
	case 12:
		c := Connectivity{TV: float64(p.next(3)), LeastArea: float64(60 * p.next(3)), FillHoles: p.next(2) == 0}
		p.s.SetConnectivity(c)
		p.m.slide(setting{p.m.setting.threshold, c})
	case 13:
		p.s.SetDraft(p.next(3) == 0)
	case 14:
		p.settle()
	case 15:
		p.imports()
	}
}

// finish ends a staged stroke, as what follows would.
func (p *player) finish() {
	p.s.FinishStroke()
	p.adopt()
}

// operation is any operation, on slices of the player's series.
func (p *player) operation() Operation {
	label, planar, mm := uint8(p.next(3)), p.next(2) == 0, float64(1+p.next(3))
	return []Operation{
		KeepLargest{label, planar}, RemoveIslands{label, 3 * mm, planar}, FillHoles{label, 4 * mm, planar}, Dilate{label, mm, planar},
		Erode{label, mm, planar}, Smooth{label, mm, ByMedian, planar}, Smooth{label, mm, ByTotalVariation, planar},
		SplitIslands{Label: max(label, 1), Waist: mm, Into: p.s.Spare(2, max(label, 1))}, Interpolate{label, ByDistance},
		Interpolate{label, ByMorphology}, Clear{label}, Reset{}, Copy{label, p.next(len(p.m.human)), planar},
		ThresholdHU{Label: 2, Low: -9, High: 9}, Propagate{max(label, 1), p.next(len(p.m.human)), 0.6},
		Combine{max(label, 1), Logic(p.next(3)), Operand(p.next(4)), 2},
	}[p.next(16)]
}

// operate does an operation, with or without something between its parts. What it
// makes is held by tables elsewhere; here, that it is what was foretold, that no
// other slice and no accepted one changed, and that all that changed is counted
// and set by a person, but for Reset.
func (p *player) operate() {
	op, at := p.operation(), Scope{p.next(len(p.m.human)), p.next(len(p.m.human))}
	p.finish()
	o := p.s.Prepare(op, at)
	if err := o.Do(context.Background(), nil); err != nil {
		p.t.Fatal(err)
	}
	if p.next(4) == 0 {
		p.act()
	}
	p.finish()
	before, kept := p.m.masks(), p.s.kept()
	done, err := p.s.Finish(o)
	if errors.Is(err, ErrStale) {
		return // and look sees that nothing changed
	}
	was, changed := &step{human: map[int][]uint8{}}, Operated{Accepted: done.Accepted, Locked: done.Locked}
	for i, had := range before {
		got := p.s.Mask(i)
		if o.read[i] && !slices.Equal(got.Label, o.Labels(i)) {
			p.t.Fatalf("%s: slice %d is\n%s and was foretold otherwise", op.Name(), i, picture(got))
		}
		if got.Equal(had) {
			continue
		}
		if !at.Has(i) || p.m.frozen[i] != nil {
			p.t.Fatalf("%s of %v changed slice %d", op.Name(), at, i)
		}
		changed.Slices++
		was.human[i] = slices.Clone(p.m.human[i])
		for k := range got.Label {
			state := humanState(got.Label[k], got.Origin[k])
			changed.Pixels += m2i(state != p.m.human[i][k])
			differs := state != p.m.human[i][k]
			if differs && (state == free && op.Name() != Reset{}.Name() || kept.Has(had.Label[k]) || kept.Has(got.Label[k]) && !o.fresh.Has(got.Label[k])) {
				p.t.Fatalf("%s set pixel %d of slice %d from %d to %d (%v)", op.Name(), k, i, had.Label[k], got.Label[k], got.Origin[k])
			}
			p.m.human[i][k] = state
		}
	}
	if changed.Slices > 0 {
		p.m.keep(was, p.s.Labels())
	}
	if err != nil || done != changed {
		p.t.Fatalf("%s came to %+v, %v, and did %+v", op.Name(), done, err, changed)
	}
}

// imports brings labels in on one slice or two.
func (p *player) imports() {
	p.finish()
	first := p.next(len(p.m.human))
	at := []int{first}
	if second := p.next(len(p.m.human)); second != first {
		at = append(at, second)
	}
	r := rand.New(rand.NewPCG(uint64(p.next(256)), 1))
	planes := map[int][]uint8{}
	for _, i := range at {
		planes[i] = make([]uint8, p.m.w*p.m.h)
		for j := range planes[i] {
			planes[i][j] = uint8(r.IntN(4))
		}
	}
	shown, labels := p.s.Labels(), []Label(nil)
	for v := range uint8(4) {
		if l, ok := p.s.LabelOf(v); v != 0 && ok {
			labels = append(labels, l)
		} else if v != 0 {
			labels = append(labels, Label{Value: v, Name: fmt.Sprintf("Imported %d", v), Export: 100 + v, Color: color.NRGBA{B: v, A: 255}})
		}
	}
	got, err := p.s.Import(Imported{Name: "Import", Labels: labels, Slices: at, Plane: func(i int) []uint8 { return planes[i] }})
	if want := p.m.imports(planes, shown, labels); err != nil || got != want && !p.bounded {
		p.t.Fatalf("an import came to %+v, %v, want %+v", got, err, want)
	}
}

// settle begins the work that is left to do, or ends what was begun some time ago.
func (p *player) settle() {
	if next := p.s.Unsettled(p.next(len(p.m.human))); next != nil && p.next(3) > 0 {
		next.Do()
		p.tasks = append(p.tasks, next)
	}
	if len(p.tasks) > 0 && p.next(3) > 0 {
		p.s.Settle(p.tasks[0])
		p.tasks = p.tasks[1:]
	}
}

// look compares one slice after most actions, so that some stay underived.
func (p *player) look() {
	i := p.next(len(p.m.human) + 2)
	if i >= len(p.m.human) {
		return
	}
	want, mask := p.m.mask(i), p.s.Mask
	if len(p.in)%3 == 0 {
		mask = p.s.Sketch
	}
	if got := mask(i); !got.Equal(want) {
		p.t.Fatalf("slice %d is\n%swant\n%s", i, picture(got), picture(want))
	}
	fore := 0
	var used, uses [256]bool
	for _, l := range want.Label {
		if l != 0 {
			fore++
			used[l] = true
		}
	}
	if p.s.Uses(i, &uses); uses != used {
		p.t.Fatalf("slice %d uses other labels than those of\n%s", i, picture(want))
	}
	g := p.m.guesses[i]
	if doubt, ok := p.s.Doubt(i); doubt != g.Doubt || ok != (g.Prob != nil) {
		p.t.Fatalf("slice %d has a doubt of %g, %t, want that of %+v", i, doubt, ok, g)
	}
	if got := p.s.Foreground(i); got != fore {
		p.t.Fatalf("slice %d has %d labelled pixels, want %d", i, got, fore)
	}
}

func sameMasks(t *testing.T, when string, mask func(int) *Mask, want []*Mask) {
	t.Helper()
	for i, w := range want {
		if got := mask(i); !got.Equal(w) {
			t.Fatalf("%s: slice %d is\n%swant\n%s", when, i, picture(got), picture(w))
		}
	}
}

// play plays the actions of in on a session and on the model: they agree,
// undoing all gives the start and redoing all the end, and snapshots never
// change.
func play(t *testing.T, in []byte) {
	const w, h, n = 11, 7, 4
	p := &player{t: t, s: newTestSession(w, h, n), m: newModel(w, h, n), in: in}
	p.s.keep, p.s.openBytes = 1+len(in)%4, 0
	p.s.SetConnector(shuffle)
	p.s.SetLungs(lungsOf(w * h))
	start := p.m.masks()
	for len(p.in) > 0 {
		locked, locks := p.lockedPixels(), p.s.locked()
		p.act()
		p.holdsLocks(locked, locks)
		p.checkTable()
		p.look()
		checkHistory(t, p.s)
	}
	end, endTable := p.m.masks(), p.m.table.rows
	sameMasks(t, "at the end", p.s.Mask, end)
	p.s.CancelStroke()
	undos, _ := p.s.History().Len()
	for p.s.Undo() {
	}
	sameMasks(t, "all undone", p.s.Mask, start)
	if !slices.Equal(p.s.table, DefaultLabels()) {
		t.Fatalf("all undone, the labels are %v", p.s.table)
	}
	for range undos {
		p.s.Redo()
	}
	sameMasks(t, "redone", p.s.Mask, end)
	if !slices.Equal(p.s.table, endTable) {
		t.Fatalf("redone, the labels are\n%v, want\n%v", p.s.table, endTable)
	}
	for i, shot := range p.shots {
		sameMasks(t, "snapshot", shot.Mask, p.shotsAs[i])
	}
}

// FuzzSession searches for actions on which session and model disagree.
func FuzzSession(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 40 {
		f.Add(randomMap(r, 60, 20))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		defer fuzzlimit.Start()()
		play(t, in)
	})
}

// TestRandomSessions plays long random sessions; in each, some kinds of action
// are more frequent than others.
func TestRandomSessions(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 11))
		in := randomMap(r, 1000, 1)
		for i := 0; i < len(in); i += 1 + r.IntN(12) {
			in[i] = []uint8{0, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 16}[(int(seed)+r.IntN(5))%12]
		}
		play(t, in)
	}
}

// checkHistory holds the counted memory and human pixels against a recount.
func checkHistory(t *testing.T, s *Session) {
	t.Helper()
	var bytes int64
	for _, e := range slices.Concat(s.history.done, s.history.undone) {
		bytes += e.Bytes()
	}
	if bytes != s.history.bytes {
		t.Fatalf("the history counts %d bytes and holds %d", s.history.bytes, bytes)
	}
	for i := range s.sheets {
		if h := &s.sheets[i]; h.mask != nil {
			if p := h.mask.Provenance(); p.Added+p.Removed != h.human {
				t.Fatalf("slice %d counts %d human pixels and has %+v", i, h.human, p)
			}
		}
	}
}

func TestHistoryStaysWithinItsBound(t *testing.T) {
	const limit = 40_000
	s := newTestSession(64, 64, 3)
	s.SetHistoryLimit(limit)
	r := rand.New(rand.NewPCG(7, 8))
	s.SetTool(Brush{Radius: 2, Label: 1})
	for n := range 600 {
		s.SetCurrent(n % 3)
		s.Press(Point{r.Float64() * 64, r.Float64() * 64})
		for range 3 {
			s.Drag(Point{r.Float64() * 64, r.Float64() * 64})
		}
		s.Release()
		s.SetTool([]Tool{Brush{Radius: 2, Label: 1}, Eraser{Radius: 3}, Brush{Radius: 1, Label: 2}}[r.IntN(3)])
		checkHistory(t, s)
		if s.History().Bytes() > limit {
			t.Fatalf("%d bytes in a history of %d", s.History().Bytes(), limit)
		}
	}
	s.MarkExported()
	for s.Undo() {
	}
	if !s.Dirty() {
		t.Error("with its oldest edits dropped, the history took the undone state for the exported one")
	}
	for s.Redo() {
	}
	if s.Dirty() {
		t.Error("redone to the export, and dirty")
	}
}

func TestOversizedEditStaysUndoable(t *testing.T) {
	s := newTestSession(8, 8, 4)
	s.SetHistoryLimit(100)
	dot(s, paint, 1, 1)
	dot(s, paint, 2, 2)
	if undo, _ := s.History().Len(); undo != 1 || !s.Undo() {
		t.Error("the newest edit cannot be undone")
	}
}

func TestDeriveMatchesItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		w, h := 1+r.IntN(20), 1+r.IntN(4)
		m, prob, cut := NewMask(w, h), randomMap(r, w, h), uint8(1+r.IntN(255))
		if r.IntN(5) == 0 {
			prob = nil
		}
		g := &open{prob: prob}
		if r.IntN(2) == 0 {
			g.label = make([]uint8, w*h)
			for i := range g.label {
				g.label[i] = uint8(1 + r.IntN(254))
			}
		}
		for i := range m.Label {
			m.Label[i], m.Origin[i] = uint8(r.IntN(5)), Origin(r.IntN(4))
		}
		want := m.Clone()
		for i, o := range want.Origin {
			if o != HumanAdded && o != HumanRemoved {
				want.Label[i], want.Origin[i] = 0, Untouched
				if prob != nil && prob[i] >= cut {
					want.Label[i], want.Origin[i] = ProposalLabel, Model
					if g.label != nil {
						want.Label[i] = g.label[i]
					}
				}
			}
		}
		if derive(m, g, cut); !m.Equal(want) {
			t.Fatalf("cut %d of %v:\n%swant\n%s", cut, prob, picture(m), picture(want))
		}
	}
}

func TestMasksNotLookedAtArePacked(t *testing.T) {
	s := newTestSession(16, 16, 100)
	g := s.BeginProposal()
	r := rand.New(rand.NewPCG(12, 13))
	want := make([]*Mask, 100)
	for i := range 100 {
		s.Propose(i, g, Guess{Prob: randomMap(r, 16, 16)})
		s.SetCurrent(i)
		if i%2 == 0 {
			dot(s, Brush{Radius: 3, Label: 2}, r.IntN(16), r.IntN(16))
			dot(s, Eraser{Radius: 3}, r.IntN(16), r.IntN(16))
		}
		want[i] = s.Mask(i).Clone()
	}
	held := 0
	for i := range s.sheets {
		if s.sheets[i].mask != nil {
			held++
		}
	}
	if held != maxMasks {
		t.Errorf("%d masks are held, want %d", held, maxMasks)
	}
	shot := s.Snapshot()
	for i := range 100 {
		fore := len(want[i].Label) - bytes.Count(want[i].Label, []byte{0})
		if got := s.Foreground(i); got != fore {
			t.Errorf("slice %d has %d labelled pixels, want %d", i, got, fore)
		}
	}
	sameMasks(t, "unpacked", s.Mask, want)
	sameMasks(t, "snapshot", shot.Mask, want)
}
