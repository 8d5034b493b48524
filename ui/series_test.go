package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

func TestTheFirstSeriesIsTheLikeliestCT(t *testing.T) {
	mask, scan, mr := chest("mask", 32, 40), chest("scan", 32, 5), chest("MR", 32, 30)
	mask.Unlikely, mr.Modality = true, "MR"
	long := chest("long scan", 32, 9)
	for _, c := range []struct {
		all  []*ct.Series
		want int
	}{
		{[]*ct.Series{mask, scan}, 1},
		{[]*ct.Series{mr, scan, long, mask}, 2},
		{[]*ct.Series{mask, mr}, 1},
		{[]*ct.Series{mask}, 0},
	} {
		if got := best(c.all); got != c.want {
			t.Errorf("of %d series, %d is first, not %d", len(c.all), got, c.want)
		}
	}
}

func TestNothingIsProposedOnAMaskOrAfterCancel(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.AutoPropose = true })
	mask := chest("mask", 64, 9)
	mask.Unlikely = true
	h.open(mask)
	if h.last("proposal") != nil {
		t.Error("a mask was proposed on")
	}
	if h.notice.text.Text != txtDoubtMask {
		t.Errorf("it says %q", h.notice.text.Text)
	}
	h.open(mask, chest("scan", 64, 4)) // cancels the choice
	if h.last("proposal") != nil || h.session.Series().Description != "scan" {
		t.Error("after Cancel it was proposed on, or the mask is in view")
	}
}

// A series that is chosen while another is proposed for has its turn after that.
func TestASeriesChosenLaterIsProposedFor(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(h *harness, s *Services) { s.AutoPropose, h.model.gate = true, gate })
	h.found = &ct.Found{Series: []*ct.Series{chest("one", 64, 9), chest("two", 64, 3)}}
	h.Window.Open([]string{"/data/chest"})
	h.until("it asks which", func() bool { return h.dialog() == txtPickHead })
	h.typedKey(fyne.KeyReturn)
	h.drain()
	gate <- struct{}{}
	h.list.picker.SetSelectedIndex(1)
	close(gate)
	h.until("the second is proposed", func() bool { return h.proposing == nil && h.awaiting == nil && proposedAny(h.session) })
	if h.session.Series().Description != "two" || h.session.Probability(2) == nil {
		t.Error("the second series is not proposed for")
	}
}

func TestDoubtsAboutASeries(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s *ct.Series)
		want   string
	}{
		{"a chest", func(s *ct.Series) { s.Made.BodyPart = "CHEST" }, ""},
		{"derived by anonymizing", func(s *ct.Series) { s.Made.Type = []string{"DERIVED", "SECONDARY", "AXIAL"} }, ""},
		{"another part", func(s *ct.Series) { s.Made.BodyPart = "HEAD" }, "HEAD"},
		{"a projection", func(s *ct.Series) { s.Made.Type = []string{"DERIVED", "SECONDARY", "MIP"} }, "MIP"},
		{"another modality", func(s *ct.Series) { s.Modality = "MR" }, "MR"},
		{"coronal slices", func(s *ct.Series) { s.Geometry.Column = [3]float64{0, 0, -1} }, "not axial"},
		{"a mask", func(s *ct.Series) { s.Unlikely = true }, "mask"},
	} {
		s := chest("Thorax", 32, 3)
		c.change(s)
		got := strings.Join(doubts(s), " ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// sliceError is like that of a model that leaves slices out.
type sliceError struct {
	i   int
	err error
}

func (e *sliceError) Error() string { return fmt.Sprintf("slice %d is left out: %v", e.i+1, e.err) }
func (e *sliceError) Unwrap() error { return e.err }
func (e *sliceError) Slice() int    { return e.i }

func TestSlicesThatCannotBeProposedForAreToldByReason(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 12))
	var all []error
	for _, i := range []int{9, 2, 3, 4, 0} {
		all = append(all, &sliceError{i, fmt.Errorf("%s: %w", h.session.Series().Sources[i].File, errors.New("the pixel data ends early"))})
	}
	all = append(all, &sliceError{7, errors.New("no such file")})
	h.model.err = errors.Join(all...)
	h.Do("model.propose")
	h.until("it says so", func() bool { return h.dialog() == txtProposeFailed })
	e := h.last("error")
	want := []string{"Slice 1, 3–5, 10: The pixel data ends early.", "Slice 8: No such file."}
	if !slices.Equal(e["lines"].([]string), want) || e["text"] != fmt.Sprintf(txtUnproposedN, 6) {
		t.Errorf("it says %q and lists %q", e["text"], e["lines"])
	}
}

func TestAStrokeOnAnAcceptedSliceIsRemarkedUponOnce(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.session.Accept(h.session.Current())
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	if h.last("toast") == nil || !strings.Contains(h.toast.text.Text, "Ctrl+Shift+A") || !h.toast.box.Visible() {
		t.Fatal("nothing is said of the stroke")
	}
	h.events, h.fields = nil, nil
	h.strokeAt(annotate.Point{X: 20, Y: 30})
	if h.last("toast") != nil {
		t.Error("it is said again")
	}
	h.session.Step(1)
	h.until("the next slice is shown", func() bool { return h.shown == h.session.Current() })
	h.strokeAt(annotate.Point{X: 20, Y: 30})
	if h.last("toast") != nil {
		t.Error("it is said of a slice that is not accepted")
	}
}

func TestClickedRowsLeaveTheKeysToThePicker(t *testing.T) {
	h := start(t, nil)
	h.found = several()
	h.Window.Open([]string{"/data/chest"})
	h.until("it asks which", func() bool { return h.dialog() == txtPickHead })
	list := h.named["pick.list"].(*pickList)
	list.Select(0)
	h.win.Canvas().Focus(list) // as after a click
	h.key(fyne.KeyDown, fyne.KeyDown)
	if h.picking.chosen != 2 {
		t.Errorf("the keys went to row %d", h.picking.chosen)
	}
	h.key(fyne.KeyReturn)
	if h.dialog() != "" || h.session.Series() != h.found.Series[2] {
		t.Error("Enter did not show the series")
	}
}
