package ui

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// leaning is a series of pixels 0.5 mm wide and 0.8 mm high, of a gantry that
// leans by 20 degrees, whose values are 10 times the row plus the column. The
// first column is padding.
func leaning() *ct.Series {
	sin, cos := math.Sincos(20 * math.Pi / 180)
	meta := ct.Series{UID: "1.2.3", Description: "leaning", Modality: "CT", Rows: 60, Columns: 80, Geometry: ct.Geometry{
		Row: [3]float64{1, 0, 0}, Column: [3]float64{0, cos, -sin}, Origin: [3]float64{-20, -10, 40},
		Step: [3]float64{0, 0, 3 / cos}, Spacing: [3]float64{0.8, 0.5, 3}, Known: true,
	}}
	for i := range 5 {
		meta.Sources = append(meta.Sources, ct.Source{File: "x", PositionMM: 37.5 + 3*float64(i), HasPosition: true})
	}
	return ct.NewSeries(meta, func(int) (*ct.Slice, error) {
		s := &ct.Slice{HU: make([]int16, 60*80), Pad: make([]bool, 60*80), W: 80, H: 60}
		for i := range s.HU {
			s.HU[i] = int16(10*(i/80) + i%80)
			s.Pad[i] = i%80 == 0
		}
		return s, nil
	})
}

// texts are those of the measurements in view.
func (h *harness) texts() (all [][]string) {
	for _, f := range h.figuresOf() {
		all = append(all, h.figureText(f))
	}
	return all
}

func TestMeasurements(t *testing.T) {
	h := start(t, nil)
	h.open(leaning())
	before := h.session.Mask(h.session.Current()).Clone()
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyM})
	h.strokeAt(annotate.Point{X: 10, Y: 10}, annotate.Point{X: 40, Y: 30}, annotate.Point{X: 70, Y: 60})
	h.Do("measure.rectangle")
	h.strokeAt(annotate.Point{X: 4, Y: 2}, annotate.Point{X: 2, Y: 4})
	h.strokeAt(annotate.Point{X: 50, Y: 5}, annotate.Point{X: 50.1, Y: 5}) // too small to be meant
	h.Do("measure.ellipse")
	h.strokeAt(annotate.Point{X: -30, Y: 10}, annotate.Point{X: 20, Y: 20}) // begins beside the picture
	want := [][]string{
		{"50.0 mm"}, // 60 x 0.5 mm and 50 x 0.8 mm
		{"Area 1.6 mm²", "Mean 28 HU, SD 5", "Min 22, max 33 HU"},
		{"Area 62.8 mm²", "Mean 155 HU, SD 26", "Min 107, max 202 HU"},
	}
	got := h.texts()
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want[:2] {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("measured %q, want %q", got[i], want[i])
		}
	}
	if got[2][0] != want[2][0] || got[2][1][:9] != want[2][1][:9] {
		t.Errorf("measured %q, want about %q", got[2], want[2])
	}
	if !h.session.Mask(h.session.Current()).Equal(before) || h.session.CanUndo() {
		t.Error("measuring changed the mask")
	}
	h.Do("slice.next")
	if len(h.texts()) != 0 {
		t.Errorf("the next slice shows %v", h.texts())
	}
	h.Do("slice.previous")
	if len(h.texts()) != 3 {
		t.Error("the measurements are gone")
	}
}

func TestMeasurementsAreMovedAndDeleted(t *testing.T) {
	h := start(t, nil)
	h.open(leaning())
	h.Do("measure.distance")
	h.strokeAt(annotate.Point{X: 10, Y: 10}, annotate.Point{X: 30, Y: 10})
	h.strokeAt(annotate.Point{X: 30, Y: 10}, annotate.Point{X: 50, Y: 10}) // its end
	if got := h.texts(); len(got) != 1 || got[0][0] != "20.0 mm" {
		t.Fatalf("moving the end gives %v", got)
	}
	h.strokeAt(annotate.Point{X: 10, Y: 40}, annotate.Point{X: 30, Y: 40})
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if got := h.texts(); len(got) != 1 || got[0][0] != "20.0 mm" {
		t.Fatalf("Delete left %v", got)
	}
	x, y := h.view.View().ToScreen(40, 40)
	h.view.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(x), float32(y))}, Button: desktop.MouseButtonPrimary})
	h.view.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(x)+90, float32(y))}})
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	h.view.DragEnd()
	if len(h.texts()) != 1 || h.measure.ruler != distance {
		t.Fatalf("Esc while drawing left %v", h.texts())
	}
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if h.measure.ruler != noRuler || h.Do("measure.delete") {
		t.Error("Esc did not put the measuring tool away")
	}
	h.strokeAt(annotate.Point{X: 40, Y: 30}, annotate.Point{X: 50, Y: 30})
	if !h.session.CanUndo() {
		t.Error("the brush does not paint after measuring")
	}
	h.Do("measure.distance")
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	if len(h.texts()) != 0 {
		t.Error("Backspace did not delete")
	}
}

// A picture has no millimetres.
func TestMeasuringPictures(t *testing.T) {
	h := start(t, nil)
	s := leaning()
	meta := *s
	meta.Geometry = ct.Geometry{Row: [3]float64{1}, Column: [3]float64{0, 1}, Spacing: [3]float64{1, 1, 1}}
	h.open(ct.NewSeries(meta, s.Slice))
	h.Do("measure.distance")
	h.strokeAt(annotate.Point{X: 10, Y: 10}, annotate.Point{X: 40, Y: 50})
	h.Do("measure.rectangle")
	h.strokeAt(annotate.Point{X: 60, Y: 10}, annotate.Point{X: 64, Y: 12})
	if got := h.texts(); len(got) != 2 || got[0][0] != "50.0 px" || got[1][0] != "Area 8.0 px" {
		t.Errorf("measured %v", got)
	}
}

// The probe tells Hounsfield units, and where in the patient the pointer is.
func TestProbe(t *testing.T) {
	h := start(t, nil)
	h.open(leaning())
	h.session.SetCurrent(3)
	h.drain()
	h.hover(20.5, 10.5, true)
	sin, cos := math.Sincos(20 * math.Pi / 180)
	want := placeText([3]float64{-10, -10 + 8*cos, 40 + 9/cos - 8*sin})
	if h.status.hu.Text != "120 HU" || h.status.pixel.Text != "x 20  y 10" || h.status.place.Text != want {
		t.Errorf("the status line says %q, %q, %q; want %q", h.status.hu.Text, h.status.pixel.Text, h.status.place.Text, want)
	}
	if got := h.status.slice.Text; got != "Slice 4 of 5, 46.5 mm" {
		t.Errorf("the status line says %q", got)
	}
	h.hover(0.5, 10.5, true)
	if h.status.hu.Text != txtPadding {
		t.Errorf("padding is shown as %q", h.status.hu.Text)
	}
}

func TestMeasurementsAreReadable(t *testing.T) {
	for _, ground := range []color.NRGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, viewport.MarkColor} {
		a := float64(viewport.MarkPlate.A) / 255
		mix := func(over, under uint8) uint8 { return uint8(a*float64(over) + (1-a)*float64(under)) }
		p := viewport.MarkPlate
		if k := contrast(viewport.MarkColor, color.NRGBA{mix(p.R, ground.R), mix(p.G, ground.G), mix(p.B, ground.B), 255}); k < 4.5 {
			t.Errorf("over %v the text has a contrast of %.1f", ground, k)
		}
	}
}

// Hounsfield units that are a guess are not shown without saying so.
func TestStatisticsOfAssumedValues(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 3))
	f := &figure{rectangle, 10, 10, 30, 30}
	if lines := h.figureText(f); slices.Contains(lines, txtAssumedHU) {
		t.Errorf("%q", lines)
	}
	h.session.Series().Assumed = true
	if lines := h.figureText(f); !slices.Contains(lines, txtAssumedHU) {
		t.Errorf("%q says nothing of the assumed window", lines)
	}
}
