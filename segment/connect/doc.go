// Package connect makes a mask hang together. [Fill] closes its holes,
// [DropSmall] and [KeepLargest] drop its specks, [Components] lists its parts.
//
// Pictures are w×h, row by row from the top left, one byte a pixel. A mask's
// pixel is set where its byte is not 0. Functions never write to their
// arguments, keep nothing between calls, may run at the same time, and give the
// same bytes for the same input on every processor. Data that is shorter than
// w×h panics as an index out of range does.
package connect
