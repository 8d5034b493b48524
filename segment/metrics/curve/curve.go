// Package curve draws line charts as PNG pictures: precision-recall curves and
// the learning curves of a training. Start with [Draw]; [PrecisionRecall] makes
// the chart of measured groups.
package curve

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"

	"groundglass/segment/metrics"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Line is a named series of points, in the order in which they are joined.
// Points that are not finite break the line.
type Line struct {
	Name   string
	X, Y   []float64 // of one length
	Dashed bool
}

// Chart is what Draw draws. An axis whose limits are equal fits the lines.
type Chart struct {
	Title, XLabel, YLabel  string
	XMin, XMax, YMin, YMax float64
	Lines                  []Line
	LegendLow              bool // puts the names into the lower left corner, not the upper right
	Width, Height          int  // of the picture in pixels; 0 means 900 and 600
}

// palette is Okabe and Ito's, which colour-blind people can tell apart.
var palette = []color.RGBA{
	{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255},
	{230, 159, 0, 255}, {86, 180, 233, 255}, {60, 60, 60, 255},
}

// maxSide bounds the picture's sides in pixels.
const maxSide = 8192

// Draw writes the chart as a PNG. A chart without lines shows its empty axes.
func Draw(w io.Writer, c Chart) error {
	width, height := c.Width, c.Height
	if width == 0 {
		width = 900
	}
	if height == 0 {
		height = 600
	}
	if width < 0 || height < 0 || width > maxSide || height > maxSide {
		return fmt.Errorf("a chart of %dx%d pixels cannot be drawn", width, height)
	}
	p, err := c.plot()
	if err != nil {
		return err
	}
	const dpi = 96
	side := func(pixels int) vg.Length { return vg.Length(pixels) * vg.Inch / dpi }
	canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(side(width), side(height)), vgimg.UseDPI(dpi))}
	const margin = 10
	p.Draw(draw.Crop(draw.New(canvas), margin, -margin, margin, -margin))
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("write the chart %q: %w", c.Title, err)
	}
	return nil
}

// plot lays the chart out.
func (c Chart) plot() (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.Title, c.XLabel, c.YLabel
	c.style(p)
	p.Add(plotter.NewGrid())
	for i, l := range c.Lines {
		if len(l.X) != len(l.Y) {
			return nil, fmt.Errorf("line %q of the chart has %d x and %d y values", l.Name, len(l.X), len(l.Y))
		}
		if err := addLine(p, l, i); err != nil {
			return nil, fmt.Errorf("line %q of the chart: %w", l.Name, err)
		}
	}
	fit(&p.X, c.XMin, c.XMax)
	fit(&p.Y, c.YMin, c.YMax)
	return p, nil
}

// style sets type, distances and the place of the names.
func (c Chart) style(p *plot.Plot) {
	p.Title.Padding, p.Legend.Padding = vg.Points(8), vg.Points(3)
	p.Legend.Top, p.Legend.Left = !c.LegendLow, c.LegendLow
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(-6), vg.Points(-6)
	if c.LegendLow {
		p.Legend.XOffs, p.Legend.YOffs = vg.Points(6), vg.Points(6)
	}
	for _, style := range []*text.Style{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle,
		&p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		style.Font.Variant = "Sans"
	}
}

// addLine adds the finite stretches of line number i, and its name once.
func addLine(p *plot.Plot, l Line, i int) error {
	for k, xy := range stretches(l) {
		m, err := mark(xy, palette[i%len(palette)], l.Dashed)
		if err != nil {
			return err
		}
		p.Add(m)
		if k == 0 && l.Name != "" {
			p.Legend.Add(l.Name, m)
		}
	}
	return nil
}

// ink is what can be drawn both in the chart and beside a name.
type ink interface {
	plot.Plotter
	plot.Thumbnailer
}

// mark is a stretch of a line, or a dot where it has a single point.
func mark(xy plotter.XYs, c color.Color, dashed bool) (ink, error) {
	if len(xy) == 1 {
		dot, err := plotter.NewScatter(xy)
		if err != nil {
			return nil, err
		}
		dot.Color, dot.Radius, dot.Shape = c, vg.Points(2.5), draw.CircleGlyph{}
		return dot, nil
	}
	line, err := plotter.NewLine(xy)
	if err != nil {
		return nil, err
	}
	line.Color, line.Width = c, vg.Points(1.6)
	if dashed {
		line.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
	}
	return line, nil
}

// stretches cuts a line at the points that are not finite.
func stretches(l Line) []plotter.XYs {
	var out []plotter.XYs
	var run plotter.XYs
	for i := range l.X {
		if sum := l.X[i] + l.Y[i]; !math.IsNaN(sum) && !math.IsInf(sum, 0) {
			run = append(run, plotter.XY{X: l.X[i], Y: l.Y[i]})
		} else if run != nil {
			out, run = append(out, run), nil
		}
	}
	if run != nil {
		out = append(out, run)
	}
	return out
}

// fit gives an axis the chart's limits, or sensible ones where there are none.
func fit(a *plot.Axis, low, high float64) {
	switch {
	case low < high:
		a.Min, a.Max = low, high
	case math.IsInf(a.Min, 0) || math.IsInf(a.Max, 0):
		a.Min, a.Max = 0, 1
	case a.Min == a.Max:
		a.Min, a.Max = a.Min-0.5, a.Max+0.5
	}
}

// PrecisionRecall is the chart of the groups of a report, sorted by name, each
// with its average precision; all images together are dashed.
func PrecisionRecall(r metrics.Report) Chart {
	c := Chart{Title: "Precision and recall", XLabel: "recall", YLabel: "precision", XMax: 1, YMax: 1, LegendLow: true, Width: 720, Height: 720}
	names := make([]string, 0, len(r.Groups))
	for name := range r.Groups {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c.Lines = append(c.Lines, precisionRecall(name, r.Groups[name]))
	}
	if len(names) != 1 {
		all := precisionRecall("all", r.All)
		all.Dashed = true
		c.Lines = append(c.Lines, all)
	}
	return c
}

func precisionRecall(name string, r metrics.Result) Line {
	l := Line{Name: fmt.Sprintf("%s (average precision %.3f)", name, r.AveragePrecision)}
	for _, p := range r.Curve {
		l.X, l.Y = append(l.X, p.Recall), append(l.Y, p.Precision)
	}
	return l
}
