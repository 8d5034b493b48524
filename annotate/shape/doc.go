// Package shape changes the shape of masks: connected parts, islands, holes,
// distances, dilation and erosion by millimetres, smoothing, the parting of what
// touches, and slices between slices that are drawn.
//
// A Set is the pixels of one label in a slice or a stack of slices, kept as runs
// of columns, so that a volume of which little is marked takes little time and
// memory. Build one with NewSet and Add, plane by plane, and read the result with
// Plane. No function changes a Set that it is given, and each may be called on
// any goroutine.
package shape
