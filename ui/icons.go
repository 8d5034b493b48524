package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// icon makes a themed icon of one filled path on a 24 x 24 grid.
func icon(name, path string) fyne.Resource {
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"><path fill="#fff" fill-rule="evenodd" d="%s"/></svg>`, path)
	return theme.NewThemedResource(fyne.NewStaticResource(name+".svg", []byte(svg)))
}

var (
	iconBrush  = icon("brush", "M20.7 3.3a1.6 1.6 0 0 0-2.3 0L9.6 12l2.4 2.4 8.7-8.8a1.6 1.6 0 0 0 0-2.3zM7.6 13.6c-1.9 0-3.3 1.5-3.3 3.3 0 1.4-1.2 2.2-2.3 2.2 1 1.4 2.8 2.2 4.5 2.2 2.5 0 4.4-2 4.4-4.4 0-1.8-1.5-3.3-3.3-3.3z")
	iconEraser = icon("eraser", "M14.6 3.4 21 9.8a1.4 1.4 0 0 1 0 2L13.200 19.600 H21V21.600 H8.200 L3 16.400 a1.400 1.400 0 0 1 0-2zM9 19.600 h1.400 l3-3-5-5-4 4z")
	iconMask   = icon("mask", "M12 2c5 0 9 4.500 9 10s-4 10-9 10-9-4.500-9-10 4-10 9-10zm0 2.200c-3.800 0-6.800 3.500-6.800 7.800s3 7.800 6.800 7.800z")
	iconHeat   = icon("heat", "M13 1.500c.6 3.600 6 6 6 12a7 7 0 0 1-14 0c0-2.700 1.300-4.700 2.800-6 .1 1.700.8 2.600 1.700 3C9.300 7 10.300 3.600 13 1.500zM12 12.500c-1.700 1.400-2.500 2.500-2.500 4a2.500 2.500 0 0 0 5 0c0-1.500-1.300-2.600-2.500-4z")
	iconRuler  = icon("ruler", "M2.300 16.200 16.200 2.300a1 1 0 0 1 1.400 0l4.100 4.100a1 1 0 0 1 0 1.400L7.800 21.700a1 1 0 0 1-1.400 0l-4.100-4.100a1 1 0 0 1 0-1.400zM16.900 4.400 15.300 6l1.800 1.800-1 1-1.800-1.800-1.600 1.600 1.200 1.200-1 1-1.200-1.200-1.600 1.600 1.800 1.800-1 1-1.800-1.800-1.600 1.600 1.200 1.200-1 1-1.200-1.200-1.800 1.800 2.700 2.700L19.600 7.100z")
	iconRegion = icon("region", "M12 4.500c5.500 0 10 3.400 10 7.500s-4.500 7.500-10 7.500S2 16.100 2 12s4.500-7.500 10-7.500zm0 2C7.600 6.500 4 9 4 12s3.600 5.500 8 5.500 8-2.500 8-5.500-3.600-5.500-8-5.500z")
	iconThree  = icon("three", "M3 3h11v18H3zm2 2v14h7V5zM16 3h5v8h-5zm2 2v4h1V5zM16 13h5v8h-5zm2 2v4h1v-4z")
	iconOne    = icon("one", "M5 6.500 8 5h1.300v14H7V7.600L5 8.500zM11.200 9h2v2.200h-2zm0 5.800h2V17h-2zM15.200 6.500l3-1.500h1.300v14h-2.300V7.600l-2 .9z")
)
