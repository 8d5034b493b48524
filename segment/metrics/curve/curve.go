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
	Width, Height          int // of the picture in pixels; 0 means 900 and 600
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
	p.Draw(draw.New(canvas))
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("write the chart %q: %w", c.Title, err)
	}
	return nil
}

// plot lays the chart out.
func (c Chart) plot() (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.Title, c.XLabel, c.YLabel
	p.Title.Padding, p.Legend.Padding = vg.Points(6), vg.Points(2)
	p.Legend.Top = true
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

// addLine adds the finite stretches of line number i.
func addLine(p *plot.Plot, l Line, i int) error {
	named := false
	for _, stretch := range stretches(l) {
		line, err := plotter.NewLine(stretch)
		if err != nil {
			return err
		}
		line.Color = palette[i%len(palette)]
		line.Width = vg.Points(1.6)
		if l.Dashed {
			line.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
		}
		p.Add(line)
		if !named && l.Name != "" {
			p.Legend.Add(l.Name, line)
			named = true
		}
	}
	return nil
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
	c := Chart{Title: "Precision and recall", XLabel: "recall", YLabel: "precision", XMax: 1, YMax: 1, Width: 720, Height: 720}
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
