// Package region finds the pixels that belong together: Flood a region of a
// mask, Wand and a Grower what hangs together by its HU, Stick a brush to the border
// of a lesion, follow an edge with a Wire, and Walk from a few hints to the
// whole.
//
// All are pure functions of HU planes: row-major, the pixel in column x and row
// y at y*W+x. They give whole pixels, the same ones each time, and take memory
// and time bounded by the size of what they are given.
package region
