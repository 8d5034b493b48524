package project

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

const testW, testH, testSlices = 24, 16, 5

func testSession() *annotate.Session {
	meta := ct.Series{UID: "1.2.3", Rows: testH, Columns: testW, Sources: make([]ct.Source, testSlices)}
	for i := range meta.Sources {
		meta.Sources[i] = ct.Source{File: fmt.Sprintf("s%03d.dcm", i), SOPInstanceUID: fmt.Sprintf("1.2.3.%d", i)}
	}
	return annotate.NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) {
		return &ct.Slice{W: testW, H: testH, HU: make([]int16, testW*testH)}, nil
	}))
}

// canonical is all of a session's state that lasts.
func canonical(s *annotate.Session) string {
	s.SetCurrent(0)
	var out []byte
	for r := range s.State().Records() {
		out = append(out, r.Data...)
	}
	return string(out)
}

// editor works on a session at random, and keeps what it records: the model of
// what was done.
type editor struct {
	s     *annotate.Session
	r     *rand.Rand
	steps [][]byte
	maps  map[uint64]annotate.Map
	probs map[uint64][]uint8 // as the model made them
	also  func(annotate.Record)
}

func newEditor(s *annotate.Session, seed uint64) *editor {
	e := &editor{s: s, r: rand.New(rand.NewPCG(seed, 77)), maps: map[uint64]annotate.Map{}, probs: map[uint64][]uint8{}}
	s.OnRecord(e.record)
	return e
}

func (e *editor) record(r annotate.Record) {
	e.steps = append(e.steps, r.Data)
	if r.Map != nil {
		e.maps[r.Map.ID] = *r.Map
	}
	if e.also != nil {
		e.also(r)
	}
}

// kept has a store write down what the editor does, too.
func (e *editor) kept(st *Store) {
	e.also = st.Record
	e.s.OnRecord(e.record)
}

func (e *editor) act() {
	s, r := e.s, e.r
	switch r.IntN(12) {
	case 0:
		if g := s.BeginProposal(); true {
			for i := range testSlices {
				prob := make([]uint8, testW*testH)
				for j := range prob {
					prob[j] = uint8(r.Uint32()) & uint8(r.Uint32())
				}
				n, made := len(e.maps), slices.Clone(prob)
				s.Propose(i, g, annotate.Guess{Prob: prob, Doubt: r.Float64()})
				if len(e.maps) > n {
					e.probs[uint64(len(e.maps))] = made
				}
			}
		}
	case 1:
		s.SetThreshold(r.Float64())
	case 2, 3:
		s.Undo()
	case 4:
		s.Redo()
	case 5:
		s.Accept(r.IntN(testSlices))
	case 6:
		s.Reopen(r.IntN(testSlices))
	case 7:
		s.MarkExported()
	default:
		e.stroke()
	}
}

func (e *editor) stroke() {
	s, r := e.s, e.r
	at := func() annotate.Point { return annotate.Point{X: r.Float64() * testW, Y: r.Float64() * testH} }
	s.SetCurrent(r.IntN(testSlices))
	s.SetTool([]annotate.Tool{annotate.Brush{Radius: 2, Label: uint8(1 + r.IntN(3))}, annotate.Eraser{Radius: 3}}[r.IntN(2)])
	s.Press(at())
	for range r.IntN(4) {
		s.Drag(at())
	}
	s.Release()
}

// after is the state after the first n steps that were recorded.
func (e *editor) after(t testing.TB, n int) string {
	t.Helper()
	s := testSession()
	r := annotate.NewReplayer(s, func(id uint64) (annotate.Map, bool) { m, ok := e.maps[id]; return m, ok })
	for _, data := range e.steps[:n] {
		if err := r.Replay(data); err != nil {
			t.Fatal(err)
		}
	}
	return canonical(s)
}

func testOptions(fs FS) Options {
	return Options{FS: fs, Program: "Groundglass test", User: "tester", JournalBytes: 2000}
}

// keep opens a project for a new session.
func keep(t testing.TB, o Options, dir string, on ...Events) (*annotate.Session, *Project, *Store, Report) {
	t.Helper()
	s := testSession()
	p, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	st, report, err := p.Keep(s, append(on, Events{})[0])
	if err != nil {
		t.Fatal(err)
	}
	return s, p, st, report
}

// recovered is the state that a new session gets of a folder, the number of the
// last step in it, and what is said of it.
func recovered(t testing.TB, disk FS, dir string) (state string, step int, report Report) {
	t.Helper()
	s := testSession()
	l, err := load(disk, dir+"/series/"+SeriesID(s.Series()), s)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return canonical(s), int(l.step), l.report
}

// load brings the work in a folder, at which nobody is, into a new session.
func load(disk FS, dir string, s *annotate.Session) (loaded, error) {
	return loadLive(disk, dir, s, false)
}
