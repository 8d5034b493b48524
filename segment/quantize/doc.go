// Package quantize makes a network of 8-bit integers from a float one that
// segment/train wrote: [Model], from the network and some of the inputs that it
// will see. [Comparison] measures what is lost, [Ratio] what is gained.
//
// Weights are symmetric integers of 8 bits with a step for each output channel;
// values between layers are unsigned integers of 8 bits with one step and one
// zero point each, over the span with the least squared error on the calibration
// inputs. Processors without VNNI add pairs of such products in 16 bits with
// saturation and get sums wrong: segment refuses int8 models there. Weights of 7
// bits, which just fit, would be right everywhere, but differ in two to three
// times as many pixels. The head keeps its floats, and its biases make up for
// what the logits have shifted.
//
// The result is standard ONNX with QuantizeLinear and DequantizeLinear round
// each convolution (Jacob et al. 2018, arXiv:1712.05877), which ONNX Runtime
// fuses into integer convolutions. It takes any batch, of one size.
package quantize
