package codec

import "math"

// tagTree is a tag tree (T.800 B.10.2): a quad tree of minima, leaves first, row
// by row, which packet headers reveal bit by bit.
type tagTree []tagNode

type tagNode struct {
	parent int32 // -1 for the root
	value  int32 // math.MaxInt32 until it is known
	low    int32 // the value is at least this
}

func newTagTree(w, h int) tagTree {
	n := 0
	for cw, ch := w, h; ; cw, ch = (cw+1)/2, (ch+1)/2 {
		n += cw * ch
		if cw*ch <= 1 {
			break
		}
	}
	t := make(tagTree, 0, n)
	for start := 0; len(t) < n; w, h = (w+1)/2, (h+1)/2 {
		start += w * h // of the next level
		for i := range w * h {
			parent := int32(-1)
			if start < n {
				parent = int32(start + i/w/2*((w+1)/2) + i%w/2)
			}
			t = append(t, tagNode{parent: parent, value: math.MaxInt32})
		}
	}
	return t
}

// below reads on until it is known whether a leaf's value is below the limit.
func (t tagTree) below(b *packetBits, leaf int, limit int32) bool {
	var path [32]int32
	n := 0
	for k := int32(leaf); k >= 0; k = t[k].parent {
		path[n] = k
		n++
	}
	low := int32(0)
	for n--; n >= 0; n-- {
		node := &t[path[n]]
		low = max(low, node.low)
		for low < limit && low < node.value {
			if b.bit() != 0 {
				node.value = low
			} else {
				low++
			}
		}
		node.low = low
	}
	return t[leaf].value < limit
}
