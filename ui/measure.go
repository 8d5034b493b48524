package ui

import (
	"fmt"
	"slices"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// ruler is a measuring tool; the zero ruler is none.
type ruler uint8

const (
	noRuler ruler = iota
	distance
	ellipse
	rectangle
)

// figure is one measurement of a slice, between two points in image
// coordinates. It touches no mask.
type figure struct {
	kind           ruler
	x0, y0, x1, y1 float64
}

// measuring is the state of the measuring tools.
type measuring struct {
	ruler   ruler
	figures map[*annotate.Session]map[int][]*figure // by slice, kept while the program runs
	picked  *figure                                 // the one that Delete takes; nil: none
	drawing bool
	first   bool // what is drawn is new, its second point is dragged
	corner  int  // of the picked figure, that is dragged
}

const (
	reach  = 9 // how near, in canvas units, a press is to a point that it takes hold of
	minute = 4 // a figure that is smaller on the screen is none
)

// takeRuler takes a measuring tool in hand, or puts it away for the brush.
func (w *Window) takeRuler(r ruler) {
	if w.measure.ruler == r {
		r = noRuler
	}
	w.endFigure()
	if r != noRuler && w.session != nil {
		w.session.FinishStroke()
	}
	w.measure.ruler = r
	w.pickLast()
	w.showBrush()
	w.showFigures()
	w.stale |= annotate.ToolChanged
	w.flushSoon()
}

// figuresOf are those of the slice in view.
func (w *Window) figuresOf() []*figure {
	if w.session == nil {
		return nil
	}
	return w.measure.figures[w.session][w.shown]
}

func (w *Window) setFigures(f []*figure) {
	if w.measure.figures == nil {
		w.measure.figures = map[*annotate.Session]map[int][]*figure{}
	}
	if w.measure.figures[w.session] == nil {
		w.measure.figures[w.session] = map[int][]*figure{}
	}
	w.measure.figures[w.session][w.shown] = f
}

// pressRuler takes hold of a figure's point that is near, or begins a figure.
func (w *Window) pressRuler(x, y float64) {
	if w.slice == nil {
		return
	}
	m := &w.measure
	m.drawing, m.first = true, false
	for _, f := range w.figuresOf() {
		for i, p := range f.points() {
			if w.view.Near(p[0], p[1], x, y) <= reach {
				m.picked, m.corner = f, i
				w.showFigures()
				return
			}
		}
	}
	x, y = w.inside(x, y)
	m.picked, m.corner, m.first = &figure{m.ruler, x, y, x, y}, 1, true
	w.setFigures(append(w.figuresOf(), m.picked))
	w.showFigures()
}

// points are those that can be dragged.
func (f *figure) points() [2][2]float64 { return [2][2]float64{{f.x0, f.y0}, {f.x1, f.y1}} }

// inside is the point of the picture nearest to a point.
func (w *Window) inside(x, y float64) (float64, float64) {
	return min(max(x, 0), float64(w.slice.W)), min(max(y, 0), float64(w.slice.H))
}

func (w *Window) dragRuler(x, y float64) {
	m := &w.measure
	if !m.drawing || w.slice == nil {
		return
	}
	x, y = w.inside(x, y)
	if m.corner == 0 {
		m.picked.x0, m.picked.y0 = x, y
	} else {
		m.picked.x1, m.picked.y1 = x, y
	}
	w.showFigures()
}

// endFigure ends what is drawn; what is too small to be meant is dropped.
func (w *Window) endFigure() {
	m := &w.measure
	if !m.drawing {
		return
	}
	f := m.picked
	m.drawing = false
	if m.first && w.view.Near(f.x0, f.y0, f.x1, f.y1) < minute {
		w.deleteFigure()
		return
	}
	w.trace("measure", map[string]any{"slice": w.shown, "kind": int(f.kind), "points": f.points(), "text": w.figureText(f)})
	w.flushSoon()
}

// cancelFigure drops a figure that is being drawn, and reports whether one was.
func (w *Window) cancelFigure() bool {
	if !w.measure.drawing {
		return false
	}
	w.measure.drawing = false
	w.view.Forget()
	w.deleteFigure()
	return true
}

// deleteFigure takes the picked figure away; the one drawn before it is picked.
func (w *Window) deleteFigure() {
	m := &w.measure
	f := slices.DeleteFunc(w.figuresOf(), func(f *figure) bool { return f == m.picked })
	w.setFigures(f)
	w.pickLast()
	w.figuresChanged()
}

// pickLast picks the figure of the slice that was drawn last, while a measuring
// tool is in hand.
func (w *Window) pickLast() {
	w.measure.picked = nil
	if f := w.figuresOf(); len(f) > 0 && w.measure.ruler != noRuler {
		w.measure.picked = f[len(f)-1]
	}
}

// clearFigures takes all figures of the slice away.
func (w *Window) clearFigures() {
	w.setFigures(nil)
	w.measure.picked = nil
	w.figuresChanged()
}

func (w *Window) figuresChanged() {
	w.showFigures()
	w.stale |= annotate.ToolChanged
	w.flushSoon()
}

func (w *Window) hasFigure() bool { return slices.Contains(w.figuresOf(), w.measure.picked) }

// showFigures shows the figures of the slice in view.
func (w *Window) showFigures() {
	var marks []viewport.Mark
	for _, f := range w.figuresOf() {
		marks = append(marks, viewport.Mark{
			Shape: map[ruler]viewport.MarkShape{distance: viewport.Line, ellipse: viewport.Oval, rectangle: viewport.Box}[f.kind],
			X0:    f.x0, Y0: f.y0, X1: f.x1, Y1: f.y1, Text: w.figureText(f), Picked: f == w.measure.picked,
		})
	}
	w.view.SetMarks(marks)
}

// figureText is what was measured.
func (w *Window) figureText(f *figure) []string {
	g := w.session.Series().Geometry
	if f.kind == distance {
		format := txtDistancePixels
		if g.Known {
			format = txtDistanceMM
		}
		return []string{fmt.Sprintf(format, g.Distance(f.x0, f.y0, f.x1, f.y1))}
	}
	r := ct.Region{Shape: ct.Rectangle, X0: f.x0, Y0: f.y0, X1: f.x1, Y1: f.y1}
	if f.kind == ellipse {
		r.Shape = ct.Ellipse
	}
	format := txtAreaPixels
	if g.Known {
		format = txtAreaMM
	}
	area := fmt.Sprintf(format, r.Area()*g.PixelArea())
	if w.slice == nil {
		return []string{area}
	}
	st := w.slice.Statistics(r)
	if st.Pixels == 0 {
		return []string{area, txtNoPixels}
	}
	lines := []string{area, fmt.Sprintf(txtMeanSD, st.Mean, st.SD), fmt.Sprintf(txtMinMax, st.Min, st.Max)}
	if w.session.Series().Assumed {
		lines = append(lines, txtAssumedHU)
	}
	return lines
}
