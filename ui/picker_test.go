package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"groundglass/annotate/ct"
)

// several are series of two studies, one with remarks.
func several() *ct.Found {
	thin := chest("Thorax 1.0 lung", 128, 40)
	thin.StudyUID = "1.2.1"
	thick := chest("Thorax 5.0 soft tissue, reconstructed for the follow-up of the third of May", 96, 9)
	thick.StudyUID = "1.2.1"
	thick.Warnings = []string{"slices are missing: 2 after slice 4", "the slices are stacked at a slant of 12.0 degrees, as with a tilted gantry"}
	thick.Geometry.Uneven = true
	old := chest("Pictures", 64, 12)
	old.StudyUID = "1.2.2"
	old.Geometry.Known = false
	return &ct.Found{
		Series:  []*ct.Series{thick, thin, old},
		LeftOut: []ct.LeftOut{{File: "/data/chest/scout.dcm", Reason: "a localizer, not a slice"}},
	}
}

func TestPickingASeries(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.AutoPropose = true })
	h.found = several()
	h.Window.Open([]string{"/data/chest"})
	h.until("it asks which", func() bool { return h.dialog() == txtPickHead })
	if h.session.Series() != h.found.Series[1] || h.last("proposal") != nil {
		t.Fatal("the longest series is not what is shown first, or a proposal has begun")
	}
	h.typedKey(fyne.KeyDown)
	h.typedKey(fyne.KeyDown) // there are no more
	h.typedKey(fyne.KeyReturn)
	h.drain()
	if h.dialog() != "" || h.session.Series() != h.found.Series[2] || h.last("proposal") == nil {
		t.Fatalf("picked %s", h.session.Series().Description)
	}
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.press("series.pick")
	h.typedKey(fyne.KeyUp)
	h.typedKey(fyne.KeyEscape)
	if h.dialog() != "" || h.session.Series() != h.found.Series[2] {
		t.Error("Esc did not leave the series as it was")
	}
	if !h.Do("file.series") {
		t.Fatal("the menu does not offer the series")
	}
	h.typedKey(fyne.KeyUp)
	h.press("dialog.Show")
	if h.session.Series() != h.found.Series[1] {
		t.Error("picking another one did not show it")
	}
	h.until("it is proposed for", func() bool { return h.proposing == nil && proposedAny(h.session) })
	n := len(h.model.order)
	h.press("series.pick")
	h.press("dialog.Show")
	h.list.picker.SetSelectedIndex(2)
	h.drain()
	if h.session.Series() != h.found.Series[2] || len(h.model.order) != n || h.proposing != nil {
		t.Error("a series that was proposed for is proposed for again")
	}
	h.closeAll()
	if h.Do("file.series") {
		t.Error("there is nothing to pick from")
	}
}

func TestLookPicker(t *testing.T) {
	h := start(t, nil)
	h.found = several()
	h.openFound()
	h.Do("file.series")
	h.until("the thumbnails are made", func() bool {
		for _, t := range h.picking.thumbs {
			if t == nil || !t.idle() {
				return false
			}
		}
		return true
	})
	h.capture("picker")
}

func TestReportSaysWhatIsRemarkable(t *testing.T) {
	found := several()
	want := []string{"96 x 96 pixels of 3.75 x 3.75 mm (across, down); slices 7.5 mm apart.", "Slices from -150.0 to -90.0 mm.",
		"Modality CT, kernel not said, slice thickness not said, body part not said.",
		"Transfer syntax explicit VR, little endian.", "Remark: Slices are missing: 2 after slice 4.",
		"Remark: The slices are stacked at a slant of 12.0 degrees, as with a tilted gantry."}
	if got := seriesLines(found.Series[0]); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the report says %q", got)
	}
	if got := seriesLines(found.Series[1])[1]; got != "Slices from -150.0 to 142.5 mm, without gaps." {
		t.Errorf("of an even series it says %q", got)
	}
	one := *found.Series[1]
	one.Sources = one.Sources[:1]
	if got := seriesLines(&one)[0]; got != "128 x 128 pixels of 2.81 x 2.81 mm (across, down)." {
		t.Errorf("of one slice it says %q", got)
	}
	if got := seriesLines(found.Series[2])[0]; got != "64 x 64 pixels; their size is not known." {
		t.Errorf("of pictures it says %q", got)
	}
}

func TestLookReport(t *testing.T) {
	h := start(t, nil)
	h.found = several()
	h.openFound()
	h.Do("file.report")
	h.capture("report")
}

// Series that name no study are of none.
func TestStudies(t *testing.T) {
	a, none, b := &ct.Series{StudyUID: "1"}, &ct.Series{}, &ct.Series{StudyUID: "2"}
	all := []*ct.Series{none, a, none, b, a}
	if got := studies(all); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("studies %v", got)
	}
	if x, y, z := studyNumber(all, none), studyNumber(all, a), studyNumber(all, b); x != 0 || y != 1 || z != 2 {
		t.Errorf("numbers %d, %d, %d", x, y, z)
	}
	if got := studyNumber([]*ct.Series{none, a}, a); got != 0 {
		t.Errorf("the only study has the number %d", got)
	}
}
