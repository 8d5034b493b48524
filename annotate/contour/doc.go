// Package contour turns masks into closed lines along the edges of their pixels,
// for formats that keep outlines in place of pixels: Trace finds them, with holes
// told apart; Polygon.Keyhole joins the holes to the line around them where a
// format knows none.
//
// Corners are those of pixels: the pixel in column x and row y covers [x, x+1) by
// [y, y+1), and its centre is (x+0.5, y+0.5); x runs to the right and y down. As
// no line meets a centre, filling what Trace gives by the centres of pixels, by the
// even-odd or by the non-zero rule, gives back the very mask, in any order.
package contour
