// Package viewport is the widget that shows one slice of CT: grey values by a
// window level, a heat overlay of the model's probabilities, label masks, a
// brush cursor, the letters of the patient's sides; and that turns pointer
// events into gestures in image pixels.
//
// Start with New, give it a Frame with SetFrame, and set Viewport.On to learn
// what the user does. It knows no session and no model: whoever owns it says
// what to show. Everything belongs to the UI goroutine.
//
// Image coordinates are continuous: the pixel in column i and row j covers
// [i, i+1) x [j, j+1), so its centre is (i+0.5, j+0.5).
//
// The picture is painted as three layers that hold only the visible part of the
// slice in image resolution; the graphics card scales them. What changes is
// composed anew at most once a frame, and only in the rectangle that changed.
package viewport
