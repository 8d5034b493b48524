package phantom

// The patient is laid out in a square of frame mm. The slices together cover
// height mm, from below the lowest recess of the lungs (z = 0) to above their tops.
const (
	frame  = 400.0
	height = 300.0
)

// skin is the outline of the body.
var skin = []keyframe{
	{0, half{{0, -166}, {30, -168}, {75, -164}, {115, -138}, {142, -98}, {156, -48}, {158, -6}, {146, 30}, {112, 54}, {66, 64}, {25, 65}, {0, 60}}},
	{70, half{{0, -158}, {30, -162}, {75, -158}, {115, -134}, {143, -95}, {158, -45}, {161, -4}, {149, 31}, {113, 55}, {66, 65}, {25, 66}, {0, 61}}},
	{150, half{{0, -148}, {30, -156}, {75, -152}, {115, -128}, {145, -88}, {164, -40}, {170, 0}, {158, 38}, {120, 60}, {70, 68}, {25, 67}, {0, 62}}},
	{205, half{{0, -134}, {28, -139}, {70, -142}, {112, -126}, {148, -90}, {172, -44}, {180, 0}, {170, 36}, {130, 58}, {72, 66}, {24, 62}, {0, 57}}},
	{250, half{{0, -112}, {30, -118}, {70, -120}, {112, -108}, {150, -80}, {176, -40}, {182, -4}, {170, 30}, {130, 52}, {75, 60}, {25, 58}, {0, 54}}},
	{300, half{{0, -84}, {28, -86}, {64, -84}, {104, -76}, {140, -56}, {164, -28}, {170, 0}, {156, 26}, {120, 44}, {72, 52}, {25, 52}, {0, 48}}},
}

// cavity is the inside of the rib cage, with the dent that the spine makes.
// Its points correspond to those of skin.
var cavity = []keyframe{
	{0, half{{0, -130}, {24, -138}, {58, -137}, {91, -112}, {111, -74}, {118, -32}, {112, 6}, {92, 26}, {62, 33}, {37, 26}, {22, 4}, {8, -20}}},
	{60, half{{0, -127}, {24, -136}, {58, -136}, {92, -112}, {113, -74}, {120, -32}, {114, 6}, {94, 27}, {64, 34}, {38, 27}, {22, 4}, {8, -20}}},
	{150, half{{0, -121}, {22, -131}, {52, -129}, {82, -108}, {104, -72}, {113, -30}, {107, 6}, {87, 28}, {58, 36}, {34, 28}, {21, 4}, {8, -22}}},
	{205, half{{0, -114}, {18, -120}, {44, -116}, {70, -97}, {90, -67}, {98, -30}, {93, 1}, {76, 19}, {52, 26}, {32, 19}, {20, 0}, {8, -22}}},
	{240, half{{0, -95}, {15, -97}, {36, -93}, {56, -80}, {72, -57}, {79, -28}, {74, -3}, {60, 12}, {42, 17}, {27, 11}, {18, -4}, {7, -22}}},
	{265, half{{0, -74}, {14, -72}, {28, -68}, {42, -58}, {53, -42}, {57, -24}, {53, -8}, {44, 3}, {33, 5}, {23, 2}, {17, -7}, {6, -22}}},
	{282, half{{0, -50}, {16, -46}, {26, -44}, {34, -38}, {40, -30}, {42, -22}, {40, -13}, {35, -8}, {29, -7}, {23, -9}, {18, -14}, {8, -22}}},
	{290, half{{0, -26}, {20, -26}, {26, -26}, {28, -25}, {29, -24}, {30, -23}, {29, -22}, {28, -21}, {27, -20}, {25, -20}, {20, -21}, {8, -22}}},
}

// lungTop is the height at which the lungs end.
const lungTop = 288.0

// fatLayer is the fat under the skin at one height, in mm.
type fatLayer struct{ z, front, side, back float64 }

var fatLayers = []fatLayer{
	{0, 20, 22, 9}, {70, 15, 20, 9}, {150, 13, 18, 8}, {205, 12, 15, 8}, {300, 9, 11, 7},
}

// fatDepth is the thickness of the fat in mm at control point i of the skin at height z.
func fatDepth(z float64, i int) float64 {
	k := 1
	for k < len(fatLayers)-1 && z >= fatLayers[k].z {
		k++
	}
	low, high := fatLayers[k-1], fatLayers[k]
	t := clamp((z-low.z)/(high.z-low.z), 0, 1)
	mix := func(a, b, t float64) float64 { return a + (b-a)*t }
	side := mix(low.side, high.side, t)
	place := 2 * float64(i) / (halfPoints - 1)
	if place < 1 {
		return mix(mix(low.front, high.front, t), side, place)
	}
	return mix(side, mix(low.back, high.back, t), place-1)
}
