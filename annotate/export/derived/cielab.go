package derived

import (
	"image/color"
	"math"
)

// cielab is a colour in the CIELab space as DICOM encodes it (PS3.3 C.10.7.1.1,
// white point D50).
func cielab(c color.NRGBA) [3]uint16 {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	// The matrix from linear sRGB to XYZ, adapted to D50 by Bradford.
	x := root((0.4360747*r + 0.3850649*g + 0.1430804*b) / 0.9642)
	y := root(0.2225045*r + 0.7168786*g + 0.0606169*b)
	z := root((0.0139322*r + 0.0971045*g + 0.7141733*b) / 0.8251)
	scaled := func(v float64) uint16 { return uint16(math.Round(min(max(v, 0), 1) * 65535)) }
	return [3]uint16{scaled((116*y - 16) / 100), scaled((500*(x-y) + 128) / 255), scaled((200*(y-z) + 128) / 255)}
}

// linear is the light of an sRGB value, 0 to 1.
func linear(v uint8) float64 {
	s := float64(v) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

// root is the cube root of the CIELab space.
func root(v float64) float64 {
	if v > 216.0/24389 {
		return math.Cbrt(v)
	}
	return (24389.0/27*v + 16) / 116
}
