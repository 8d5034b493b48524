package annotate

import (
	"image"
	"runtime"
	"testing"
)

// TestOperationSheet does each operation on the phantom and compares the picture
// with testdata/operations.png, row by row: the lesions with specks, holes and a
// stroke; islands removed, the largest part, holes filled, split into two; dilated
// by 3 mm, eroded by 2 mm, median of 4 mm, total variation of 6 mm, the next slice
// interpolated by distance; by morphology, copied from the slice before, threshold
// where unlabelled, and inside the label, united with the other label; intersected
// with the proposal, the proposal subtracted, propagated to the slice before,
// cleared, back to the proposal.
func TestOperationSheet(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the phantom has other pixels here")
	}
	here, next := Scope{sheetSlice, sheetSlice}, Scope{sheetSlice + 1, sheetSlice + 1}
	drawn := func(s *Session) { // on two slices, with one between
		s.Operate(Clear{}, Scope{sheetSlice, sheetSlice + 2})
		drawWith(s, Brush{Radius: 7, Label: 1}, false, Point{165, 90}, Point{190, 110})
		s.SetCurrent(sheetSlice + 2)
		drawWith(s, Brush{Radius: 12, Label: 1}, false, Point{175, 110}, Point{195, 130})
	}
	tiles := []struct {
		before func(*Session)
		op     Operation
		at     Scope
	}{
		{worn, Clear{Label: 9}, here},
		{worn, RemoveIslands{Label: 1, Least: 60}, here},
		{worn, KeepLargest{}, here},
		{worn, FillHoles{Label: 1}, here},
		{worn, SplitIslands{Label: 1, Into: []Label{{Value: 2, Name: "Consolidation"}}}, here},
		{worn, Dilate{Label: 1, MM: 3}, here},
		{worn, Erode{Label: 1, MM: 2}, here},
		{worn, Smooth{Label: 1, MM: 4}, here},
		{worn, Smooth{Label: 1, MM: 6, By: ByTotalVariation}, here},
		{drawn, Interpolate{Label: 1}, next},
		{drawn, Interpolate{Label: 1, By: ByMorphology}, next},
		{worn, Copy{From: sheetSlice}, next},
		{worn, ThresholdHU{Label: 2, Low: -780, High: -500}, here},
		{worn, ThresholdHU{Label: 2, Low: -500, High: 100, Where: WhereInside, Within: 1}, here},
		{worn, Combine{Label: 1, With: WithLabel, Other: 2}, here},
		{worn, Combine{Label: 1, How: Intersect, With: WithProposal}, here},
		{worn, Combine{Label: 2, How: Subtract, With: WithProposal}, here},
		{func(s *Session) { worn(s); s.SetThreshold(1) }, Propagate{Label: 1, From: sheetSlice, At: 0.5}, Scope{sheetSlice - 1, sheetSlice}},
		{worn, Clear{Label: 1}, here},
		{worn, Reset{}, here},
	}
	const columns = 5
	w, h := sheetZoom*sheetPart.Dx()+4, sheetZoom*sheetPart.Dy()+4
	sheet := image.NewRGBA(image.Rect(0, 0, columns*w, len(tiles)/columns*h))
	s := sheetSession()
	for n, c := range tiles {
		c.before(s)
		if done, err := s.Operate(c.op, c.at); err != nil || n > 0 && done.Pixels == 0 {
			t.Errorf("%s came to %+v, %v", c.op.Name(), done, err)
		}
		drawTile(t, sheet, image.Pt(n%columns*w, n/columns*h), s, c.at.From)
		for s.UndoName() != "Proposal" {
			s.Undo()
		}
		s.SetCurrent(sheetSlice)
	}
	compareSheet(t, sheet, "operations")
}

// worn makes specks and holes, and paints another label.
func worn(s *Session) {
	for k := range 12 {
		at := Point{float64(150 + k*37%66), float64(70 + k*53%90)}
		drawWith(s, Brush{Radius: 1, Label: 1}, false, at)
		at = Point{float64(168 + k*13%30), float64(124 + k*7%24)}
		drawWith(s, Eraser{Radius: 1}, false, at)
	}
	drawWith(s, Brush{Radius: 4, Label: 2}, false, Point{165, 150}, Point{205, 125})
}
