package ct

// Window is a window level in Hounsfield units (DICOM PS3.3 C.11.2), applied
// as the exact linear function so that 8-bit pictures survive a round trip.
type Window struct {
	Width float64 `json:"width"`
	Level float64 `json:"level"`
}

// The usual windows of chest CT.
var (
	Lung        = Window{1500, -600}
	Mediastinum = Window{350, 50}
	Bone        = Window{2000, 400}
)

// Preset is a window with the name that people know it by.
type Preset struct {
	Name string
	Window
}

// Presets lists the usual windows in the order in which they are offered.
var Presets = []Preset{
	{"Lung", Lung},
	{"Mediastinum", Mediastinum},
	{"Bone", Bone},
}

// Unit maps hu to 0..1, clipped: 0 at the window's lower edge, 1 at its upper.
func (w Window) Unit(hu float64) float64 {
	if w.Width <= 0 {
		if hu < w.Level {
			return 0
		}
		return 1
	}
	return min(1, max(0, (hu-w.Level)/w.Width+0.5))
}
