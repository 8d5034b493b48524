package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours of the window. It is dark, and nothing in it is brighter than the
// picture, so that the eye stays adapted to reading CT.
var (
	colGround   = color.NRGBA{0x0e, 0x10, 0x13, 0xff}
	colPanel    = color.NRGBA{0x16, 0x19, 0x1d, 0xff}
	colInput    = color.NRGBA{0x22, 0x27, 0x2e, 0xff}
	colRaised   = color.NRGBA{0x2b, 0x31, 0x3a, 0xff}
	colEdge     = color.NRGBA{0x6d, 0x77, 0x82, 0xff}
	colLine     = color.NRGBA{0x33, 0x3a, 0x43, 0xff}
	colText     = color.NRGBA{0xe4, 0xe7, 0xea, 0xff}
	colDim      = color.NRGBA{0xa6, 0xaf, 0xb8, 0xff}
	colOff      = color.NRGBA{0x8b, 0x94, 0x9e, 0xff}
	colAccent   = color.NRGBA{0x6c, 0xb4, 0xee, 0xff}
	colOnAccent = color.NRGBA{0x06, 0x14, 0x20, 0xff}
	colGood     = color.NRGBA{0x7f, 0xd1, 0x8c, 0xff}
	colWarn     = color.NRGBA{0xf0, 0xc0, 0x5a, 0xff}
	colBad      = color.NRGBA{0xff, 0x8a, 0x80, 0xff}
	colPicked   = color.NRGBA{0x24, 0x3b, 0x50, 0xff}
	colBrush    = color.NRGBA{0xff, 0xeb, 0x78, 0xff}
	colPlate    = color.NRGBA{0x08, 0x0a, 0x0d, 0xd8} // under text in the picture
	colErase    = color.NRGBA{0xff, 0x8a, 0x80, 0xff}
)

// darkTheme is the toolkit's theme in these colours, whatever the desktop's
// setting is, and a little tighter.
type darkTheme struct{ fyne.Theme }

// NewTheme returns the program's theme.
func NewTheme() fyne.Theme { return darkTheme{theme.DefaultTheme()} }

var themeColors = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          colPanel,
	theme.ColorNameButton:              colRaised,
	theme.ColorNameDisabledButton:      colInput,
	theme.ColorNameDisabled:            colOff,
	theme.ColorNameError:               colBad,
	theme.ColorNameFocus:               color.NRGBA{0x6c, 0xb4, 0xee, 0x66},
	theme.ColorNameForeground:          colText,
	theme.ColorNameForegroundOnError:   colOnAccent,
	theme.ColorNameForegroundOnPrimary: colOnAccent,
	theme.ColorNameForegroundOnSuccess: colOnAccent,
	theme.ColorNameForegroundOnWarning: colOnAccent,
	theme.ColorNameHeaderBackground:    colPanel,
	theme.ColorNameHover:               color.NRGBA{0xff, 0xff, 0xff, 0x14},
	theme.ColorNameHyperlink:           colAccent,
	theme.ColorNameInputBackground:     colInput,
	theme.ColorNameInputBorder:         colEdge,
	theme.ColorNameMenuBackground:      colRaised,
	theme.ColorNameOverlayBackground:   colPanel,
	theme.ColorNamePlaceHolder:         colDim,
	theme.ColorNamePressed:             color.NRGBA{0xff, 0xff, 0xff, 0x28},
	theme.ColorNamePrimary:             colAccent,
	theme.ColorNameScrollBar:           color.NRGBA{0xff, 0xff, 0xff, 0x55},
	theme.ColorNameSelection:           colPicked,
	theme.ColorNameSeparator:           colLine,
	theme.ColorNameSuccess:             colGood,
	theme.ColorNameWarning:             colWarn,
}

var themeSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNamePadding:      4,
	theme.SizeNameInnerPadding: 6,
	theme.SizeNameText:         13,
	theme.SizeNameCaptionText:  11,
	theme.SizeNameInlineIcon:   18,

	theme.SizeNameModalBlurRadius: 0, // costs half a second a dialog without a graphics card
}

// Color returns our colour where there is one, else the dark variant's.
func (d darkTheme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := themeColors[n]; ok {
		return c
	}
	return d.Theme.Color(n, theme.VariantDark)
}

// Size returns our size where there is one.
func (d darkTheme) Size(n fyne.ThemeSizeName) float32 {
	if s, ok := themeSizes[n]; ok {
		return s
	}
	return d.Theme.Size(n)
}
