package annotate

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"
)

// tape keeps what a recorder is told.
type tape struct {
	records [][]byte
	maps    map[uint64]Map
}

func record(s *Session) *tape {
	t := &tape{maps: map[uint64]Map{}}
	s.OnRecord(func(r Record) {
		t.records = append(t.records, r.Data)
		if r.Map != nil {
			t.maps[r.Map.ID] = *r.Map
		}
	})
	return t
}

// have gives copies of maps, as a file would.
func (t *tape) have(id uint64) (Map, bool) {
	m, ok := t.maps[id]
	if !ok {
		return m, false
	}
	prob, label := m.Planes()
	return NewMap(m.ID, m.Doubt, prob, label, m.prob.n)
}

// canonical is all of a session's state that lasts, in bytes. Numbers that were
// given to what came to nothing are not part of it.
func canonical(s *Session) []byte {
	st := s.State()
	st.newest, st.running, st.current = 0, nil, 0
	var out []byte
	for r := range st.Records() {
		out = append(out, r.Data...)
	}
	return out
}

func replay(t *testing.T, r *Replayer, records [][]byte) {
	t.Helper()
	for n, data := range records {
		if err := r.Replay(data); err != nil {
			t.Fatalf("record %d (%d bytes): %v", n, len(data), err)
		}
	}
}

// playRecorded plays the actions of in, and holds the session that is replayed
// from the records against it after each.
func playRecorded(t *testing.T, in []byte, limit int64) {
	const w, h, n = 11, 7, 4
	fresh := func() *Session {
		s := newTestSession(w, h, n)
		s.SetConnector(shuffle)
		s.SetLungs(lungsOf(w * h))
		s.SetHistoryLimit(limit)
		return s
	}
	p := &player{t: t, s: fresh(), m: newModel(w, h, n), in: in, bounded: limit < DefaultHistoryBytes}
	p.s.keep = 1 + len(in)%4
	tape, copied := record(p.s), fresh()
	copied.keep = 1 + len(in)%3
	r, done := NewReplayer(copied, tape.have), 0
	for len(p.in) > 0 {
		p.act()
		replay(t, r, tape.records[done:])
		done = len(tape.records)
		if !bytes.Equal(canonical(copied), canonical(p.s)) {
			t.Fatalf("after %d records the replayed session differs", done)
		}
		if p.next(24) == 0 { // go on with what a snapshot gives
			state := p.s.State()
			copied = fresh()
			r = NewReplayer(copied, tape.have)
			for rec := range state.Records() {
				replay(t, r, [][]byte{rec.Data})
			}
			if !bytes.Equal(canonical(copied), canonical(p.s)) {
				t.Fatalf("after %d records the session made of a state differs", done)
			}
		}
		if p.next(6) == 0 {
			i := p.next(n)
			if got, want := copied.Mask(i), p.s.Mask(i); !got.Equal(want) {
				t.Fatalf("slice %d is\n%swant\n%s", i, picture(got), picture(want))
			}
		}
	}
	for i := range n {
		if !copied.Mask(i).Equal(p.s.Mask(i)) {
			t.Fatalf("slice %d differs", i)
		}
	}
	p.s.CancelStroke() // what is under way is not in the records
	for copied.Undo() {
		p.s.Undo()
	}
	for i := range n {
		if !copied.Mask(i).Equal(p.s.Mask(i)) {
			t.Fatalf("all undone, slice %d differs", i)
		}
	}
}

func TestReplayedSessionIsTheSame(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 23))
		in := randomMap(r, 700, 1)
		for i := 0; i < len(in); i += 1 + r.IntN(12) {
			in[i] = []uint8{0, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 18}[(int(seed)+r.IntN(5))%12]
		}
		limit := int64(DefaultHistoryBytes)
		if seed%3 == 0 {
			limit = 4000
		}
		playRecorded(t, in, limit)
	}
}

// A lost record costs what it holds: what comes after is done all the same.
func TestReplayGoesOnAfterALostRecord(t *testing.T) {
	s := newTestSession(8, 8, 2)
	tape := record(s)
	dot(s, paint, 1, 1)
	dot(s, paint, 3, 3)
	dot(s, paint, 5, 5)
	s.Undo()
	s.Undo()
	dot(s, paint, 6, 6)
	for lost := range tape.records {
		copied := newTestSession(8, 8, 2)
		r := NewReplayer(copied, tape.have)
		for n, data := range tape.records {
			if n != lost {
				_ = r.Replay(data)
			}
		}
		if last := lost == len(tape.records)-1; copied.Mask(0).Label[6*8+6] == 0 != last {
			t.Errorf("without record %d, the last dot is missing, or there without its record", lost)
		}
	}
}

// What a session never writes, but a damaged or made-up file may hold.
func TestReplayRefusesWhatCannotBe(t *testing.T) {
	tabled := func(id uint64, table []Label, write func(*encoder)) []byte {
		e := &encoder{b: []byte{uint8(kindEdit)}}
		e.num(id)
		e.text("made up")
		write(e)
		e.count(0) // maps
		e.bool(false)
		e.bool(table != nil)
		if table != nil {
			e.labels(table)
		}
		return e.b
	}
	s := newTestSession(4, 2, 1)
	r := NewReplayer(s, func(uint64) (Map, bool) { return Map{}, false })
	if err := r.Replay(tabled(1, []Label{}, func(e *encoder) { e.count(0) })); err == nil || len(s.Labels()) != 3 {
		t.Errorf("an edit took all labels away: %v", err)
	}
	longer := tabled(2, nil, func(e *encoder) {
		e.count(1)
		e.count(0)
		e.rect(image.Rect(0, 0, 2, 1))
		e.byte(formPlain)
		e.bytes([]byte{1, 1, 1})
		e.frozen(nil)
	})
	if err := r.Replay(longer); err == nil || s.CanUndo() {
		t.Errorf("three pixels came into a rectangle of two: %v", err)
	}
}

// FuzzReplay gives a session records from anywhere.
func FuzzReplay(f *testing.F) {
	s := newTestSession(6, 5, 3)
	tape := record(s)
	s.Propose(1, s.BeginProposal(), Guess{Prob: filled(6, 5, 200)})
	dot(s, paint, 1, 1)
	s.Accept(1)
	s.SetThreshold(0.7)
	s.Undo()
	s.MarkExported()
	for _, data := range tape.records {
		f.Add(data, data)
	}
	for r := range s.State().Records() {
		f.Add(r.Data, tape.records[0])
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		s := newTestSession(6, 5, 3)
		r := NewReplayer(s, tape.have)
		for range 2 {
			_, _ = r.Replay(a), r.Replay(b)
		}
		for i := range 3 {
			s.Mask(i)
		}
		checkHistory(t, s)
		for s.Undo() {
		}
		_ = canonical(s)
	})
}
