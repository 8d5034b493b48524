package cli

import (
	"flag"
	"fmt"
	"strconv"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/segment/connect"
	"groundglass/segment/metrics"
)

// Connector makes the proposals of a series hang together: the window and every command use it.
func Connector(s *ct.Series) annotate.Connector {
	return connector(s.Columns, s.Rows, pixelArea(s.Geometry))
}

// connector is for slices of w by h pixels of an area in mm².
func connector(w, h int, area float64) annotate.Connector {
	return func(prob []uint8, cut uint8, c annotate.Connectivity, draft bool) []uint8 {
		o := connect.Options{TV: c.TV, LeastArea: c.LeastArea, PixelArea: area, Draft: draft}
		if c.FillHoles {
			o.HolePixels = -1
		}
		return connect.Apply(prob, w, h, cut, o)
	}
}

// pixelArea is a pixel's area in mm², as areaOf has it.
func pixelArea(g ct.Geometry) float64 {
	if !g.Known {
		return 1
	}
	return areaOf([2]float64{g.Spacing[0], g.Spacing[1]})
}

// areaOf is the area in mm² of pixels so many mm apart, and 1 where that is unknown, so that areas are then in pixels.
func areaOf(spacing [2]float64) float64 {
	if a := spacing[0] * spacing[1]; a > 0 {
		return a
	}
	return 1
}

// cutting is how probabilities become a mask.
type cutting struct {
	at threshold
	annotate.Connectivity
}

// cuttingFlags declares --threshold and the flags of the connectivity, which is c where they are left out.
func cuttingFlags(f *flag.FlagSet, c annotate.Connectivity) *cutting {
	out := &cutting{at: defaultThreshold, Connectivity: c}
	f.Var(&out.at, "threshold", "probability, 0 to 1, from which a pixel is foreground; `T` is 0.3 where it is left out")
	f.Var(&bounded{&out.TV, annotate.MaxTV}, "tv", fmt.Sprintf(
		"weight of total variation, 0 to %d, which smooths and joins what is proposed; `W` is %g where it is left out", annotate.MaxTV, c.TV))
	f.Var(&bounded{&out.LeastArea, annotate.MaxLeastArea}, "min-area", fmt.Sprintf(
		"drop parts below `A` mm2, 0 to %d, or below A pixels where their size is unknown; A is %g where it is left out", annotate.MaxLeastArea, c.LeastArea))
	f.BoolVar(&out.FillHoles, "fill-holes", c.FillHoles, fmt.Sprintf(
		"fill holes, or with --fill-holes=false leave them; %t where it is left out", c.FillHoles))
	return out
}

// level is the least value, 1 to 255, of foreground.
func (c cutting) level() uint8 { return metrics.Level(float64(c.at)) }

// connected is the map that stands in for the probabilities of a slice of w by h pixels of an area in mm²: its values of
// at least the level are the mask.
func (c cutting) connected(prob []uint8, w, h int, area float64) []uint8 {
	return connector(w, h, area)(prob, c.level(), c.Connectivity, false)
}

// bounded is a flag's value: a number from 0 to most.
type bounded struct {
	value *float64
	most  float64
}

func (b *bounded) String() string {
	if b.value == nil {
		return ""
	}
	return strconv.FormatFloat(*b.value, 'g', -1, 64)
}

// Set reads the flag.
func (b *bounded) Set(text string) error {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= b.most) {
		return fmt.Errorf("a number from 0 to %g is needed", b.most)
	}
	*b.value = v
	return nil
}
