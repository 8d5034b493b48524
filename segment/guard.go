package segment

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Operators that models from anywhere may use: those of networks that make maps
// from pictures. All of them keep what they work on in tensors, of which the
// memory is bounded; text, sequences, optional values, and operators that list
// what they find are left out, since those take memory of their own.
var allowedOperators = map[string][]string{
	"": strings.Fields(`
		Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization BitShift Cast Ceil Celu
		Clip Concat Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div
		Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor Gather GatherElements GatherND
		Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HardSigmoid HardSwish
		Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Less LessOrEqual Log
		LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxUnpool Mean MeanVarianceNormalization Min
		Mish Mod Mul Neg Not Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization Range Reciprocal
		ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
		Relu Reshape Resize Round Scan ScatterElements ScatterND Selu Shape Sigmoid Sign Sin Sinh Size Slice Softmax Softplus
		Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu Unsqueeze
		Upsample Where Xor`),
	"com.microsoft": strings.Fields(`
		BiasGelu ConvTransposeWithDynamicPads DequantizeLinear DynamicQuantizeMatMul FastGelu FusedConv FusedGemm FusedMatMul
		Gelu GridSample MatMulInteger16 MatMulIntegerToFloat NhwcMaxPool QGemm QLinearAdd QLinearAveragePool QLinearConcat
		QLinearConv QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul QLinearReduceMean QLinearSigmoid QLinearSoftmax
		QLinearWhere QuantizeLinear QuickGelu SkipLayerNormalization`),
}

// maxNodes bounds a graph's nodes, those of the graphs within it too. The
// largest published networks have a few thousand.
const maxNodes = 50_000

// unsafe says why a model from anywhere is not run; nil for one that may be.
func (r *modelReader) unsafe() error {
	switch {
	case r.functions:
		return errors.New("the model defines functions of its own: export it again with them inlined")
	case r.sparse:
		return errors.New("the model has sparse tensors: export it again with dense ones")
	case r.text:
		return errors.New("the model works on text, which no picture needs")
	case r.nodes > maxNodes:
		return fmt.Errorf("the model has %d operators, more than %d", r.nodes, maxNodes)
	}
	inOrder := func(a, b operator) int { return strings.Compare(a.domain+a.name, b.domain+b.name) }
	for _, op := range slices.SortedFunc(maps.Keys(r.operators), inOrder) {
		allowed, ok := allowedOperators[op.domain]
		if !ok {
			return fmt.Errorf("the model uses the operator %s of the domain %q, which this program does not have", op.name, op.domain)
		}
		if !slices.Contains(allowed, op.name) {
			return fmt.Errorf("the model uses the operator %s, which is none of those that this program runs", op.name)
		}
	}
	return nil
}

// operator is what a node does.
type operator struct{ domain, name string }

const textType = 8 // onnx.TensorProto.STRING
