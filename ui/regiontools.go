package ui

import (
	"fyne.io/fyne/v2"

	"groundglass/annotate"
)

// regionSettings are what the panel holds of the tools that find regions.
type regionSettings struct {
	tolerance float64 // HU that the wand takes around what it is pressed on
	reach     float64 // mm that the wand reaches; 0: no limit
	denoise   bool    // they compare smoothed HU
	firm      bool    // they do not go through narrow places
	holes     bool    // they fill small holes
	volume    bool    // growing goes through all slices
	radius    float64 // mm that growing reaches; 0: no limit
	most      float64 // ml that growing stops at; 0: no limit
	step      float64 // HU from which on the edge brush takes tissues for two
	hint      float64 // width of a scribble's line, in image pixels
	model     bool    // wand, edge brush and scribbles heed the model's probability
}

func defaultRegionSettings() regionSettings {
	return regionSettings{tolerance: annotate.DefaultWandTolerance, reach: 40, denoise: true, firm: true, holes: true, radius: 40, most: 200, step: annotate.DefaultEdgeStep, hint: 3, model: true}
}

// smallHole is the size of holes that growing fills, in pixels: a vessel's. The
// wand, which keeps to one slice, fills that of several.
const smallHole, wandHole = 30, 150

func (r *regionSettings) fill(size int) int {
	if r.holes {
		return size
	}
	return 0
}

// regionTools are those that find what belongs together.
func (w *Window) regionTools() []*tool {
	r := &w.region
	return []*tool{
		{id: "tool.edge", name: txtEdgeBrush, keys: []key{plain(fyne.KeyK)}, icon: iconEdge, rows: []string{"size", "smooth", "edge", "heed", "cut"}, cursor: roundCursor, flips: true, make: func(l uint8) annotate.Tool {
			return annotate.EdgeBrush{Radius: w.radius, Label: l, Step: r.step, Smooth: w.brush.smooth, Model: r.model}
		}},
		{id: "tool.fill", name: txtFillTool, keys: []key{plain(fyne.KeyF)}, icon: iconFill, rows: []string{"cut", "fill"}, cursor: crossCursor, flips: true, make: func(l uint8) annotate.Tool {
			return annotate.Fill{Label: l}
		}},
		{id: "tool.wand", name: txtWand, keys: []key{plain(fyne.KeyW)}, icon: iconWand, rows: []string{"tolerance", "wand", "wand.radius", "found", "heed", "cut"}, cursor: crossCursor, flips: true, make: func(l uint8) annotate.Tool {
			return annotate.Wand{Label: l, Tolerance: int(r.tolerance), Denoise: r.denoise, Firm: r.firm, Holes: r.fill(wandHole), Radius: r.reach, Model: r.model}
		}},
		{id: "tool.grow", name: txtGrow, keys: []key{shift(fyne.KeyF)}, icon: iconGrow, rows: []string{"range", "found", "grow.volume", "grow.radius", "grow.most", "cut"}, cursor: crossCursor, flips: true, make: func(l uint8) annotate.Tool {
			return annotate.Grow{Label: l, Low: int(w.brush.low), High: int(w.brush.high), Volume: r.volume, Denoise: r.denoise, Firm: r.firm, Holes: r.fill(smallHole), Radius: r.radius, Most: r.most}
		}},
		{id: "tool.wire", name: txtWire, keys: []key{shift(fyne.KeyW)}, icon: iconWire, rows: []string{"cut", "wire"}, cursor: crossCursor, flips: true, make: func(l uint8) annotate.Tool {
			return annotate.Livewire{Label: l}
		}},
		{id: "tool.scribble", name: txtScribble, keys: []key{plain(fyne.KeyY)}, icon: iconScribble, rows: []string{"scribble", "outside", "scribble.model"}, cursor: crossCursor, flips: true, make: func(l uint8) annotate.Tool {
			return annotate.Scribble{Label: l, Radius: r.hint / 2, Model: r.model}
		}},
	}
}

// regionTable are the commands of these tools beside those that take them in hand.
func (w *Window) regionTable() []*command {
	return []*command{
		{id: "grow.volume", menu: txtTools, name: txtGrowVolume, keys: []key{plain(fyne.KeyZ)}, gap: true, when: w.hasSeries, on: w.is(&w.region.volume),
			do: func() { w.region.volume = !w.region.volume; w.takeTool(w.toolByID("tool.grow")) }},
		{id: "grow.stop", menu: txtTools, name: txtGrowStop, do: w.stopGrowing, when: func() bool { return w.growing != nil }},
	}
}

var (
	iconEdge     = icon("edge", "M9 4a8 8 0 0 1 4.500 1.400V18.600A8 8 0 1 1 9 4zm0 2a6 6 0 1 0 2.500 11.500v-11A6 6 0 0 0 9 6zM16 3h2v18h-2z")
	iconFill     = icon("fill", "M10.500 3.200 19 11.700 10.700 20 2.500 11.700 8.700 5.500 7 3.800 8.400 2.400zM10.200 6.900 5.300 11.700h9.700zM20.500 14.500s2 2.300 2 3.700a2 2 0 0 1-4 0c0-1.400 2-3.700 2-3.700z")
	iconWand     = icon("wand", "M13.600 8.200 15.800 10.400 5.200 21 3 18.800zM17 2l.8 2.200L20 5l-2.200.8L17 8l-.8-2.200L14 5l2.200-.8zM20 10.500l.6 1.600 1.600.6-1.600.6-.6 1.700-.6-1.700-1.600-.6 1.600-.6zM10 2.500l.6 1.600 1.600.6-1.600.6-.6 1.700-.6-1.700-1.600-.6 1.600-.6z")
	iconGrow     = icon("grow", "M12 2.500a9.500 9.500 0 1 1 0 19 9.500 9.500 0 0 1 0-19zm0 1.800a7.700 7.700 0 1 0 0 15.400 7.700 7.700 0 0 0 0-15.400zM12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12zm0 1.800a4.200 4.200 0 1 0 0 8.400 4.200 4.200 0 0 0 0-8.400zM12 9.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400z")
	iconWire     = icon("wire", "M4.500 16a2.500 2.500 0 0 1 2.400 1.800c3.400-.6 3.200-2.600 3.100-5C9.900 9.600 9.800 5.700 17 5.100a2.500 2.500 0 1 1 .2 2c-5.400.5-5.300 2.900-5.200 5.600.1 2.800.2 6.400-5 7.100A2.500 2.500 0 1 1 4.500 16z")
	iconScribble = icon("scribble", "M3 15c2-6 5-10 7-9 2.200 1-2.200 7.200-.8 7.800C10.800 14.500 13 8 15.200 9c2 1-1.600 5.400-.4 6 .9.500 2.600-1.600 3.600-3.500l1.800 1c-1.600 3.200-4.200 5.500-6.200 4.500-1.500-.8-1.300-2.600-.8-4.300-1.300 1.900-3 3.900-4.800 3-1.900-.9-1-3.700.1-6C7 11 5.700 13.300 4.900 15.700zM16 19h6v2h-6z")
)
