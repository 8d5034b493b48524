package annotate

import (
	"image/color"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// lungAt is the lungs of random sessions.
func lungAt(slice, j int) bool { return (j+slice)%5 != 0 }

// lungsOf is the same as masks of n pixels.
func lungsOf(n int) func(slice int) []uint8 {
	return func(slice int) []uint8 {
		mask := make([]uint8, n)
		for j := range mask {
			mask[j] = uint8(m2i(lungAt(slice, j)))
		}
		return mask
	}
}

// table is what the model holds of labels, beside the history.
type table struct {
	rows   []Label
	hidden LabelSet
	rule   PaintRule
}

// has is the row of a value, of those that edits made or that a proposal gives.
func (m *model) row(v uint8) (l Label, ok bool) {
	for _, l := range m.table.rows {
		if l.Value == v {
			return l, true
		}
	}
	return Label{}, m.given()[v]
}

// given are the labels that proposals give at some threshold.
func (m *model) given() (out [256]bool) {
	all := slices.Clone(m.guesses)
	for _, l := range m.frozen {
		if l != nil {
			all = append(all, l.guess)
		}
	}
	for _, g := range all {
		if g.Kind == nil && g.Prob != nil {
			out[ProposalLabel] = true
		}
		for _, v := range g.Kind {
			out[v] = true
		}
	}
	return out
}

// labelled is a guess whose kinds are the labels that they get now.
func (m *model) labelled(g Guess, shown []Label) Guess {
	if g.Kind == nil {
		return g
	}
	kinds := g.Kind
	g.Kind = make([]uint8, len(kinds))
	for j, k := range kinds {
		g.Kind[j] = ProposalLabel
		for _, want := range [][2]string{{"consolidation", "95436008"}, {"ground glass", "1217294009"}, {"fibrosis", "none"}} {
			if int(k) >= len(g.Kinds) || g.Kinds[k] != want[0] {
				continue
			}
			at := slices.IndexFunc(shown, func(l Label) bool { return strings.ToLower(l.Name) == want[0] })
			if at < 0 {
				at = slices.IndexFunc(shown, func(l Label) bool { return l.Code.Value == want[1] })
			}
			if at >= 0 {
				g.Kind[j] = shown[at].Value
			}
		}
	}
	return g
}

// may is what Limits promises.
func (m *model) may(slice, j int, have, label uint8) bool {
	for _, v := range []uint8{have, label} {
		if l, ok := m.row(v); v != 0 && (!ok || l.Locked || m.table.hidden.Has(v)) {
			return false
		}
	}
	r := m.table.rule
	switch {
	case r.Lungs && label != 0 && !lungAt(slice, j):
		return false
	case have == label && have != 0 || r.Over == OverAll:
		return true
	case r.Over == OverNothing:
		return have == 0 || label == 0
	}
	return r.Chosen.Has(have)
}

// keep makes an edit that a person did, with the labels that there are then.
func (m *model) keep(s *step, shown []Label) {
	if was := m.table.rows; len(shown) > len(was) {
		s.table, m.table.rows = &was, shown
	}
	m.push(s)
}

// relabel makes an edit of another table, with what becomes of human pixels.
func (m *model) relabel(rows []Label, human map[int][]uint8) {
	s := &step{human: human, table: &rows}
	m.swap(s)
	m.push(s)
}

// editLabels does one random edit of the label table.
func (p *player) editLabels() {
	p.finish()
	rows := slices.Clone(p.s.Labels())
	at := p.next(len(rows))
	l := rows[at]
	switch p.next(8) {
	case 0:
		l = Label{Color: color.NRGBA{R: 9, A: 255}, Name: string(rune('A' + p.next(20))), Key: rune('1' + p.next(9)), Export: uint8(p.next(9))}
		v, err := p.s.AddLabel(l)
		if err != nil {
			return
		}
		l, _ = p.s.LabelOf(v)
		rows = append(freeKey(rows, l), l)
	case 1:
		to := p.next(len(rows))
		if err := p.s.MoveLabel(l.Value, to); err != nil {
			p.t.Fatal(err)
		}
		if to == at {
			return
		}
		rows = slices.Insert(slices.Delete(rows, at, at+1), to, l)
	case 2, 3:
		p.removeLabel(rows, l, p.next(len(rows)+1))
		return
	case 4:
		l.Name = strings.Repeat("x", 1+p.next(5))
		if err := p.s.SetLabel(l); err != nil || l == rows[at] {
			return
		}
		rows[at] = l
	default:
		l.Locked = !l.Locked
		if err := p.s.SetLabel(l); err != nil {
			p.t.Fatal(err)
		}
		rows[at] = l
	}
	p.m.relabel(rows, nil)
}

// removeLabel removes a label in favour of that of a row, or of none.
func (p *player) removeLabel(rows []Label, l Label, to int) {
	var becomes Label
	if to < len(rows) {
		becomes = rows[to]
	}
	refuse := l.Value == becomes.Value || l.Locked || becomes.Locked || len(rows) == 1 || p.m.given()[l.Value]
	if err := p.s.RemoveLabel(l.Value, becomes.Value); (err != nil) != refuse && !p.bounded {
		p.t.Fatalf("to remove %+v in favour of %+v gives %v", l, becomes, err)
	}
	if refuse {
		return
	}
	human := map[int][]uint8{}
	for i, was := range p.m.human {
		now := slices.Clone(was)
		for j, v := range now {
			if v == l.Value {
				if now[j] = becomes.Value; becomes.Value == 0 {
					now[j] = removed
				}
			}
		}
		if !slices.Equal(now, was) {
			human[i] = now
		}
	}
	p.m.relabel(slices.DeleteFunc(rows, func(o Label) bool { return o.Value == l.Value }), human)
}

// limit changes what tools may do, which is no edit.
func (p *player) limit() {
	p.finish()
	if p.next(2) == 0 {
		v, hide := uint8(1+p.next(3)), p.next(3) == 0
		p.s.SetLabelLook(v, Look{Hidden: hide, Opacity: 1})
		p.m.table.hidden.Put(v, hide)
		return
	}
	r := PaintRule{Over: Over(p.next(3)), Lungs: p.next(3) == 0}
	for v := range uint8(4) {
		r.Chosen.Put(v, p.next(2) == 0)
	}
	p.s.SetPaintRule(r)
	p.m.table.rule = r
}

// lockedPixels is, for each slice, the human layer of locked labels; 0 elsewhere.
func (p *player) lockedPixels() [][]uint8 {
	locked := p.s.locked()
	out := make([][]uint8, len(p.s.sheets))
	for i := range out {
		out[i] = make([]uint8, p.m.w*p.m.h)
		unpackHuman(p.s.sheets[i].humanRuns(), p.s.bounds(), func(y, x0, x1 int, state uint8) {
			for x := x0; x < x1 && locked.Has(state); x++ {
				out[i][y*p.m.w+x] = state
			}
		})
	}
	return out
}

// holdsLocks fails where what was done since changed pixels of a label that was
// locked before and after, or gave such a label to others.
func (p *player) holdsLocks(was [][]uint8, locked LabelSet) {
	p.t.Helper()
	now, still := p.lockedPixels(), p.s.locked()
	for i := range now {
		for j := range now[i] {
			for _, v := range []uint8{was[i][j], now[i][j]} {
				if was[i][j] != now[i][j] && v != 0 && locked.Has(v) && still.Has(v) {
					p.t.Fatalf("pixel %d of slice %d went from %d to %d of the locked labels", j, i, was[i][j], now[i][j])
				}
			}
		}
	}
}

// checkTable holds the session's labels against the model's.
func (p *player) checkTable() {
	p.t.Helper()
	shown := p.s.Labels()
	if n := len(p.m.table.rows); len(shown) < n || !slices.Equal(shown[:n], p.m.table.rows) {
		p.t.Fatalf("the labels are\n%v, want\n%v", shown, p.m.table.rows)
	}
	for v, want := range p.m.given() {
		v := uint8(v)
		if want = want || rowOf(p.m.table.rows, v) >= 0; want != (rowOf(shown, v) >= 0) {
			p.t.Fatalf("that there is a label %d is %t, want %t", v, !want, want)
		}
	}
	for i := range p.s.sheets {
		unpackHuman(p.s.sheets[i].humanRuns(), p.s.bounds(), func(_, _, _ int, state uint8) {
			if state != free && state != removed && rowOf(p.s.table, state) < 0 {
				p.t.Fatalf("slice %d has pixels of the value %d, which is no label", i, state)
			}
		})
	}
	if err := CheckLabels(shown); err != nil {
		p.t.Fatal(err)
	}
	if _, ok := p.s.LabelOf(p.s.ActiveLabel()); !ok {
		p.t.Fatalf("the active label, %d, is not in the table", p.s.ActiveLabel())
	}
}

// TestRandomLabels plays sessions in which the label table is often edited.
func TestRandomLabels(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 21))
		in := randomMap(r, 800, 1)
		for i := 0; i < len(in); i += 1 + r.IntN(9) {
			in[i] = []uint8{0, 6, 8, 8, 15, 16, 18, 18, 18, 19}[(int(seed)+r.IntN(6))%10]
		}
		play(t, in)
	}
}
