package connect

import "slices"

// Fill returns the mask with its holes set to 1: parts of what is not set that
// do not touch the picture's border and have at most limit pixels (below 0:
// however large). With Eight, what is not set is 4-connected, and the other way
// round.
func Fill(mask []uint8, w, h, limit int, c Connectivity) []uint8 {
	out := slices.Clone(mask[:w*h])
	if limit == 0 {
		return out
	}
	holes := runsOf(mask, w, h, false)
	parts := join(holes, c.dual())
	paint(out, w, holes, 1, func(i int32) bool {
		b := parts[i].Box
		inside := b.Min.X > 0 && b.Min.Y > 0 && b.Max.X < w && b.Max.Y < h
		return inside && (limit < 0 || parts[i].Size <= limit)
	})
	return out
}

// DropSmall returns the mask without the parts that have fewer than least
// pixels.
func DropSmall(mask []uint8, w, h, least int, c Connectivity) []uint8 {
	out := slices.Clone(mask[:w*h])
	if least <= 1 {
		return out
	}
	runs := runsOf(mask, w, h, true)
	parts := join(runs, c)
	paint(out, w, runs, 0, func(i int32) bool { return parts[i].Size < least })
	return out
}

// KeepLargest returns the mask with its n largest parts alone; of equal ones,
// those whose first pixel comes first.
func KeepLargest(mask []uint8, w, h, n int, c Connectivity) []uint8 {
	out := slices.Clone(mask[:w*h])
	runs := runsOf(mask, w, h, true)
	parts := join(runs, c)
	order := make([]int32, len(parts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return parts[b].Size - parts[a].Size })
	drop := make([]bool, len(parts))
	for _, i := range order[min(max(n, 0), len(order)):] {
		drop[i] = true
	}
	paint(out, w, runs, 0, func(i int32) bool { return drop[i] })
	return out
}

// paint writes v to the runs of the chosen parts.
func paint(mask []uint8, w int, runs []run, v uint8, chosen func(part int32) bool) {
	for _, r := range runs {
		if !chosen(r.part) {
			continue
		}
		row := mask[r.y*w+r.x0 : r.y*w+r.x1]
		for i := range row {
			row[i] = v
		}
	}
}
