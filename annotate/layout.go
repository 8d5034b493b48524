package annotate

// Layout is how records are laid out. FORMAT.md in annotate/project says what
// changed from one to the next.
type Layout uint8

// Version 1 of the format has had three layouts, which it does not tell apart.
const (
	layoutFirst    Layout = iota
	layoutLooks           // edits have label tables; labels have codes; looks are known
	layoutRejected        // a slice can be rejected
	layoutPainted         // edits have the label that they painted; the paint rule is known

	// LayoutNow is the one of the records that sessions make.
	LayoutNow = layoutPainted
)

// SetLayout says how the records to come are laid out; without it, as LayoutNow.
func (r *Replayer) SetLayout(l Layout) { r.layout = l }

// OldLayout finds the layout of records that some version of the program made, all
// of them the same: the newest in which most make sense.
func (r *Replayer) OldLayout(records [][]byte) Layout {
	best, most := LayoutNow, -1
	for l := int(LayoutNow); l >= 0; l-- {
		n := 0
		for _, data := range records {
			n += m2i(r.fits(data, Layout(l)))
		}
		if n > most {
			best, most = Layout(l), n
		}
	}
	return best
}

// fits reports whether a record in a layout ends where it should.
func (r *Replayer) fits(data []byte, l Layout) bool {
	d := &decoder{b: data, layout: l}
	bounds, slices := r.s.bounds(), len(r.s.sheets)
	none := func(int, uint64) Guess { return Guess{} }
	switch kind(d.byte()) {
	case kindEdit, kindDone, kindUndone:
		d.edit(bounds, slices, none)
	case kindHead:
		d.top(bounds, slices, none)
	case kindSlice:
		d.below(slices)
		d.num()
		d.frozen(0, none)
		d.layer(bounds)
	case kindLooks:
		if l < layoutLooks {
			d.labels()
		} else {
			d.looks()
		}
	case kindRule:
		return l >= layoutPainted
	default:
		return true
	}
	return d.err == nil && len(d.b) == 0
}
