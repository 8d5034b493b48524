package ct

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// CardName is the file that says, for all pictures in its folder, what their
// grey values are in Hounsfield units: {"width": 1500, "level": -500} names the
// window whose edges are black and white, {"slope": 1, "intercept": -32768}
// the units of a stored value.
const CardName = "window.json"

// The kinds of values that pictures have.
const (
	eightBit   = "8-bit"
	sixteenBit = "16-bit"
	signedBits = "signed 16-bit"
)

// greyScale says what grey values are in Hounsfield units.
type greyScale struct {
	window           Window  // black and white are its edges, unless it is linear
	slope, intercept float64 // slope * value + intercept, where it is linear
	linear           bool
	given            bool // by a window card
}

// lungScale is that of pictures of which nothing is known.
var lungScale = greyScale{window: Lung}

// hu converts a value of which white is the largest.
func (g greyScale) hu(v, white float64) int16 {
	if g.linear {
		return huOf(g.slope*v + g.intercept)
	}
	return huOf(v/white*g.window.Width + g.window.Level - g.window.Width/2)
}

// signed is the scale of signed values with 32768 added: without a slope from a
// card they are Hounsfield units.
func (g greyScale) signed() greyScale {
	if !g.linear {
		g.slope, g.intercept = 1, 0
	}
	g.linear = true
	g.intercept -= g.slope * 0x8000
	return g
}

// slice converts a picture.
func (g greyScale) slice(m image.Image) (*Slice, error) {
	b := m.Bounds()
	s := &Slice{HU: make([]int16, b.Dx()*b.Dy()), W: b.Dx(), H: b.Dy()}
	switch m := m.(type) {
	case *image.Gray:
		var table [256]int16
		for v := range table {
			table[v] = g.hu(float64(v), 255)
		}
		for y := range s.H {
			for x, v := range m.Pix[y*m.Stride:][:s.W] {
				s.HU[y*s.W+x] = table[v]
			}
		}
	case *image.Gray16:
		for y := range s.H {
			line := m.Pix[y*m.Stride:][:2*s.W]
			for x := range s.W {
				s.HU[y*s.W+x] = g.hu(float64(uint16(line[2*x])<<8|uint16(line[2*x+1])), 0xffff)
			}
		}
	default:
		if err := g.fromColour(s, m); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// scaleFor is the scale of a picture: that of the card in its folder, or the
// usual one.
func scaleFor(path string) (greyScale, error) {
	card := filepath.Join(filepath.Dir(path), CardName)
	g, err := readCard(card)
	if errors.Is(err, fs.ErrNotExist) {
		return lungScale, nil
	}
	if err != nil {
		return g, fmt.Errorf("%s beside the picture: %w", CardName, err)
	}
	return g, nil
}

// maxCard bounds a window card, in bytes.
const maxCard = 64 << 10

func readCard(path string) (greyScale, error) {
	f, err := os.Open(path)
	if err != nil {
		return greyScale{}, err
	}
	defer f.Close()
	var card struct{ Width, Level, Slope, Intercept *float64 }
	d := json.NewDecoder(io.LimitReader(f, maxCard))
	d.DisallowUnknownFields()
	if err := d.Decode(&card); err != nil {
		return greyScale{}, fmt.Errorf("not a window card: %w", err)
	}
	window, linear := card.Width != nil && card.Level != nil, card.Slope != nil && card.Intercept != nil
	switch {
	case window && !linear && card.Slope == nil && card.Intercept == nil && *card.Width > 0:
		return greyScale{window: Window{*card.Width, *card.Level}, given: true}, nil
	case linear && card.Width == nil && card.Level == nil && *card.Slope != 0:
		return greyScale{slope: *card.Slope, intercept: *card.Intercept, linear: true, given: true}, nil
	}
	return greyScale{}, errors.New(`a window card holds either "width", above 0, and "level", or "slope", not 0, and "intercept"`)
}

// ends says what black and white are, white being called so.
func (g greyScale) ends(white string) string {
	low, high := g.window.Level-g.window.Width/2, g.window.Level+g.window.Width/2
	return fmt.Sprintf("%g HU, %s is %g HU", low, white, high)
}

// text says how values of the kinds become Hounsfield units.
func (g greyScale) text(kinds []string) string {
	greys := strings.Join(kinds, " and ") + " grey"
	switch {
	case g.linear:
		return fmt.Sprintf("%s: HU = %g x value %+g, as %s says", greys, g.slope, g.intercept, CardName)
	case len(kinds) == 1 && kinds[0] == signedBits:
		return greys + ", taken as HU"
	case g.given:
		return fmt.Sprintf("%s: black is %s, as %s says", greys, g.ends("white"), CardName)
	}
	return fmt.Sprintf("%s: black is %s (a lung window, as no %s says otherwise)", greys, g.ends("white"), CardName)
}

// dark is the share of the range of 16 bits below which the brightest pixel of
// what is taken as a lung window makes one doubt it.
const dark = 0.25

// describeGreys says what the values of pictures are, and looks at the one
// in the middle where that may be wrong.
func describeGreys(meta *Series, kinds []string, load func(i int) (*Slice, error)) {
	scale, err := scaleFor(meta.Sources[0].File)
	if err != nil {
		return // said of each picture
	}
	meta.Values = scale.text(kinds)
	meta.Assumed = !scale.given && !(len(kinds) == 1 && kinds[0] == signedBits)
	if scale.given && !scale.linear {
		meta.Window = scale.window
	}
	if scale.given || len(kinds) != 1 || kinds[0] != sixteenBit {
		return
	}
	middle, err := load(len(meta.Sources) / 2)
	if err != nil {
		return // said when the slice is opened
	}
	low, high := int16(math.MaxInt16), int16(math.MinInt16)
	for _, v := range middle.HU {
		low, high = min(low, v), max(high, v)
	}
	if Lung.Unit(float64(high)) < dark || Lung.Unit(float64(low)) > dark && Lung.Unit(float64(high)) < 1-dark {
		meta.Warnings = append(meta.Warnings, fmt.Sprintf(`the 16-bit values use a small part of their range and may be Hounsfield units with an offset: a file %s beside the pictures, as {"slope": 1, "intercept": -1024}, says so`, CardName))
	}
}
