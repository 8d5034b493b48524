package annotate

import "image"

// Event says what a Record did, for people.
type Event struct {
	What   string // "edit", "undo", "redo", "proposal", "setting", "export"
	Edit   uint64 // number of the edit; 0 where there is none
	Name   string // of the edit; "" where the record does not say
	Slices []int  // whose pixels or acceptance it changed, from 0; nil where the record does not say

	Labels []Label // the label table, where it was changed

	Map          uint64  // number of the map of a proposal
	Threshold    float64 // of a setting
	Connectivity Connectivity
}

// Event reads a record of a step; ok is false for one of a State, and for one
// that tells nothing.
func (r Record) Event() (e Event, ok bool) {
	d := &decoder{b: r.Data, layout: LayoutNow}
	switch kind(d.byte()) {
	case kindEdit:
		const most = 1 << 20
		edit := d.edit(image.Rect(0, 0, most, most), most, func(int, uint64) Guess { return Guess{} })
		e = Event{What: "edit", Edit: edit.id, Name: edit.name}
		for _, p := range edit.patches {
			e.Slices = append(e.Slices, p.slice)
		}
		if edit.tabled {
			e.Labels = edit.table
		}
	case kindUndo:
		e = Event{What: "undo", Edit: d.num()}
	case kindRedo:
		e = Event{What: "redo", Edit: d.num()}
	case kindMap:
		e = Event{What: "proposal", Edit: d.num(), Name: d.text()}
		e.Slices, e.Map = []int{int(d.num())}, d.num()
	case kindSetting:
		e = Event{What: "setting", Edit: d.num(), Name: d.text()}
		to := d.setting()
		e.Threshold, e.Connectivity = to.threshold, to.connectivity
	case kindExported:
		e = Event{What: "export"}
		return e, true
	default:
		return Event{}, false
	}
	return e, d.err == nil
}
