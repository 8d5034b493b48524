// Package connect makes a proposal hang together: from a map of probabilities
// and a threshold to a mask without specks, holes and frayed edges.
//
// [Apply] does all of it by [Options] whose zero value changes nothing. Its
// parts stand alone: [Smooth] denoises the map by anisotropic total variation
// and [Denoise] is the solver behind it; [Fill], [DropSmall] and [KeepLargest]
// work on a mask, and [Components] lists its parts.
//
// Pictures are w×h, row by row from the top left, one byte a pixel. A mask's
// pixel is set where its byte is not 0. Functions never write to their
// arguments, keep nothing between calls, may run at the same time, and give the
// same bytes for the same input on every processor and any number of them. Data
// that is shorter than w×h panics as an index out of range does.
package connect
