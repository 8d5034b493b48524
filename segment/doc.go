// Package segment proposes ground glass on CT slices with a neural network.
//
// [Load] reads a model: an ONNX file with its [Card] inside; [LoadWith] takes one
// from elsewhere with a card of its own, and a device. [Model.Examine] runs it
// on one slice, which gives a [Proposal], and [Model.ProposeSeries] on a whole
// series. What lies
// between a slice and the network is here too and works without a model:
// [LungBox] finds the lungs, [Input] makes the network's picture of them and
// [Restore] brings probabilities back to the slice's own grid. [LungMask] and
// [FindLungs] tell the right lung and the left from the rest, and [Involvement]
// how much of them is marked.
package segment
