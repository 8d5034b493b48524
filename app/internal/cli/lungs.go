package cli

import (
	"errors"
	"fmt"
	"math"

	"groundglass/segment"
)

// sliceLungs is what propose says of the lungs of a slice.
type sliceLungs struct {
	LungPX      int    `json:"lung_px"`
	Involvement shares `json:"involvement"`
	of          *seriesLungs
}

// seriesLungs is what propose says of the lungs of a series.
type seriesLungs struct {
	UID         string `json:"uid"`
	Source      string `json:"source"` // the first slice's file
	LungPX      int    `json:"lung_px"`
	Involvement shares `json:"involvement"`
	Sided       bool   `json:"-"` // it is known which side is the patient's right
}

// shares are the shares of the lungs that are proposed, 0 to 1, of each lung and of both; null where there is
// none, and for each lung where the sides are not known.
type shares struct {
	Right *float64 `json:"right"`
	Left  *float64 `json:"left"`
	Total *float64 `json:"total"`
}

func sharesOf(v segment.Involvement, sided bool) shares {
	share := func(l segment.Lung) *float64 {
		if s, ok := l.Share(); ok {
			return &s
		}
		return nil
	}
	if !sided {
		return shares{Total: share(v.Both())}
	}
	return shares{share(v.Right), share(v.Left), share(v.Both())}
}

// findLungs finds the lungs of a slice and keeps what is proposed in them. The series has the slice at hand, since the
// model has just seen it; one that cannot be read again has no lungs.
func (w *writers) findLungs(i int, proposed []uint8) {
	slice, err := w.plan.series.Slice(i)
	if err != nil {
		return
	}
	w.lungs.Find(i, slice)
	w.lungs.Mark(i, proposed)
}

// measure measures the lungs once all slices are there.
func (w *writers) measure() {
	w.lungs.Join()
	all := &seriesLungs{UID: w.plan.series.UID, Involvement: sharesOf(w.lungs.Total(), w.lungs.Sided()), Sided: w.lungs.Sided()}
	if len(w.plan.slices) > 0 {
		all.Source = w.plan.slices[0].Source
	}
	for i := range w.plan.slices {
		v := w.lungs.Involvement(i)
		n := int(v.Both().Size)
		w.plan.slices[i].sliceLungs = sliceLungs{n, sharesOf(v, w.lungs.Sided()), all}
		all.LungPX += n
	}
}

// lungsOf lists the series that slices are of.
func lungsOf(done []proposedSlice) []*seriesLungs {
	out := []*seriesLungs{}
	for i, s := range done {
		if i == 0 || s.of != done[i-1].of {
			out = append(out, s.of)
		}
	}
	return out
}

// printLungs prints a line a series, which names the series where there are several.
func (p *Program) printLungs(all []*seriesLungs) error {
	var errs []error
	for _, s := range all {
		name := ""
		if len(all) > 1 {
			name = " of the series of " + s.Source
		}
		line := "no lung found" + name
		switch v := s.Involvement; {
		case s.LungPX > 0 && !s.Sided:
			line = fmt.Sprintf("lung involved%s: both %s (sides not known)", name, percent(v.Total))
		case s.LungPX > 0:
			line = fmt.Sprintf("lung involved%s: right %s, left %s, both %s", name, percent(v.Right), percent(v.Left), percent(v.Total))
		}
		_, err := fmt.Fprintln(p.Stdout, line)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// percent is a share as people read it.
func percent(share *float64) string {
	if share == nil {
		return "not found"
	}
	if p := 100 * *share; p > 0 && p < 1 {
		return "under 1 %"
	}
	return fmt.Sprintf("%.0f %%", math.Round(100**share))
}
