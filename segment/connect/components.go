package connect

import "image"

// Connectivity says which pixels touch.
type Connectivity uint8

const (
	Eight Connectivity = iota // by side or corner
	Four                      // by side
)

// dual is the connectivity of what is not set: a closed 8-connected curve
// parts the 4-connected background, and the other way round (Rosenfeld 1970,
// "Connectivity in digital pictures").
func (c Connectivity) dual() Connectivity {
	if c == Eight {
		return Four
	}
	return Eight
}

// Component is a connected part of a mask.
type Component struct {
	Size int             // pixels
	Box  image.Rectangle // the smallest that holds it
}

// Components lists the connected parts of a mask in the order of their first
// pixels. The second result gives the part of each pixel: its index plus 1, or
// 0 where the mask is not set. One pass over the pixels and one over their runs
// (He, Chao, Suzuki 2008, "A run-based two-scan labeling algorithm").
func Components(mask []uint8, w, h int, c Connectivity) ([]Component, []int32) {
	runs := runsOf(mask, w, h, true)
	parts := join(runs, c)
	number := make([]int32, w*h)
	for _, r := range runs {
		row := number[r.y*w+r.x0 : r.y*w+r.x1]
		for i := range row {
			row[i] = r.part + 1
		}
	}
	return parts, number
}

// run is the pixels x0 to x1 (not included) of row y, and the part they are of.
type run struct {
	y, x0, x1 int
	part      int32
}

// runsOf lists the runs of pixels that are set, or those that are not.
func runsOf(mask []uint8, w, h int, set bool) []run {
	var runs []run
	for y := range h {
		row := mask[y*w : (y+1)*w]
		for x := 0; x < w; x++ {
			if (row[x] != 0) != set {
				continue
			}
			x0 := x
			for x < w && (row[x] != 0) == set {
				x++
			}
			runs = append(runs, run{y: y, x0: x0, x1: x})
		}
	}
	return runs
}

// join numbers runs, which are in reading order, by the parts that they are of
// and returns these parts.
func join(runs []run, c Connectivity) []Component {
	root := touching(runs, c)
	var parts []Component
	for i := range runs {
		r := &runs[i]
		if root[i] == int32(i) {
			r.part = int32(len(parts))
			parts = append(parts, Component{})
		} else {
			r.part = runs[root[i]].part
		}
		p := &parts[r.part]
		p.Size += r.x1 - r.x0
		p.Box = p.Box.Union(image.Rect(r.x0, r.y, r.x1, r.y+1))
	}
	return parts
}

// touching gives each run the first run that it is connected with.
func touching(runs []run, c Connectivity) []int32 {
	reach := 0
	if c == Eight {
		reach = 1
	}
	root := make([]int32, len(runs))
	above := 0 // the first run that may still touch the present one from above
	for i, r := range runs {
		root[i] = int32(i)
		for above < i && (runs[above].y < r.y-1 || runs[above].y == r.y-1 && runs[above].x1+reach <= r.x0) {
			above++
		}
		for k := above; k < i && runs[k].y == r.y-1 && runs[k].x0 < r.x1+reach; k++ {
			unite(root, int32(i), int32(k))
		}
	}
	for i := range root {
		root[i] = root[root[i]] // a root is never after its runs, so this is the last step
	}
	return root
}

// unite makes one tree of the trees of a and b, under the earlier root.
func unite(root []int32, a, b int32) {
	a, b = find(root, a), find(root, b)
	root[max(a, b)] = min(a, b)
}

// find is the root of a's tree; paths are halved on the way.
func find(root []int32, a int32) int32 {
	for root[a] != a {
		root[a] = root[root[a]]
		a = root[a]
	}
	return a
}
