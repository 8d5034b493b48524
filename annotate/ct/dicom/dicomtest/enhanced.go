package dicomtest

import (
	"fmt"
	"strconv"
)

// Group returns a sequence's one item, made of elements.
func Group(elements ...Element) []Dataset {
	d := Dataset{}
	for _, e := range elements {
		d[e.Tag] = e
	}
	return []Dataset{d}
}

// Enhanced returns an enhanced CT image of n frames of 2x1 pixels, whose stored
// values count from 0. Frame i, counted from 0, lies at height i+1 mm. The shared
// functional groups give the orientation, pixels of 0.5x0.6 mm and the intercept
// -10; frame 1 overrules it with slope 2 and intercept 100.
func Enhanced(n int) Dataset {
	pixels := make([]uint16, 2*n)
	for i := range pixels {
		pixels[i] = uint16(i)
	}
	d := CT(2, 1, 0, pixels)
	for _, t := range []uint32{0x00200032, 0x00200037, 0x00280030, 0x00281052, 0x00281053} {
		delete(d, t)
	}
	d.Set(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2.1")
	d.Set(0x00280008, "IS", strconv.Itoa(n))
	d.Set(0x52009229, "SQ", Group(
		Element{0x00209116, "SQ", Group(Element{0x00200037, "DS", `1\0\0\0\1\0`})},
		Element{0x00289110, "SQ", Group(Element{0x00280030, "DS", `0.5\0.6`})},
		Element{0x00289145, "SQ", Group(Element{0x00281052, "DS", "-10"}, Element{0x00281053, "DS", "1"})},
	))
	var frames []Dataset
	for i := range n {
		f := Group(Element{0x00209113, "SQ", Group(Element{0x00200032, "DS", fmt.Sprintf(`0\0\%d`, i+1)})})[0]
		if i == 1 {
			f.Set(0x00289145, "SQ", Group(Element{0x00281052, "DS", "100"}, Element{0x00281053, "DS", "2"}))
		}
		frames = append(frames, f)
	}
	d.Set(0x52009230, "SQ", frames)
	return d
}
