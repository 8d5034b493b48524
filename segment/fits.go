package segment

import (
	"fmt"
	"strings"
)

const floatType = 1 // onnx.TensorProto.FLOAT

// fits checks a model's input and output against its card, in which it fills in
// the names that are left out.
func fits(info ModelInfo, c *Card) error {
	if len(info.Inputs) != 1 {
		return fmt.Errorf("the model has %d inputs (%s), and only models of one can be fed", len(info.Inputs), names(info.Inputs))
	}
	side := c.Size
	if c.Sizes != nil {
		side = -1
	}
	if err := match(info.Inputs, "input", &c.Input, ModelInput, c.inputShape(1, side)); err != nil {
		return err
	}
	return match(info.Outputs, "output", &c.Output, ModelOutput, c.outputShape(1, side))
}

// match looks for a tensor of floats with a name and a shape among values. A
// name that the card leaves out is usual, or that of the only value. A dimension
// that the model leaves open fits; one that the card leaves open (-1) must be.
func match(values []ModelValue, kind string, name *string, usual string, shape []int64) error {
	if *name == "" && len(values) == 1 {
		*name = values[0].Name
	}
	if *name == "" {
		*name = usual
	}
	for _, v := range values {
		if v.Name != *name {
			continue
		}
		if v.Type != floatType {
			return fmt.Errorf("the model's %s %q holds %s where the card needs 32-bit floats", kind, *name, typeName(v.Type))
		}
		if !fitsShape(v.Shape, shape) {
			return fmt.Errorf("the model's %s %q has the shape %s where its card needs %s", kind, *name, shapeName(v.Shape), shapeName(shape))
		}
		return nil
	}
	return fmt.Errorf("the model has no %s named %q, but %s: the card must name one of them", kind, *name, names(values))
}

// fitsShape compares shapes; a model that says nothing fits, until it runs.
func fitsShape(has, needs []int64) bool {
	if has == nil {
		return true
	}
	if len(has) != len(needs) {
		return false
	}
	for i, n := range has {
		if n >= 0 && n != needs[i] {
			return false
		}
	}
	return true
}

// shapeName writes a shape with ? for what is open.
func shapeName(shape []int64) string {
	return strings.ReplaceAll(strings.ReplaceAll(fmt.Sprint(shape), "-1", "?"), " ", "x")
}

// names lists values for people.
func names(values []ModelValue) string {
	var all []string
	for _, v := range values {
		all = append(all, fmt.Sprintf("%q", v.Name))
	}
	return strings.Join(all, ", ")
}

// typeName is a TensorProto.DataType for people.
func typeName(t int) string {
	known := map[int]string{0: "no tensor", 2: "bytes", 3: "8-bit integers", 6: "32-bit integers", 7: "64-bit integers",
		8: "text", 9: "booleans", 10: "16-bit floats", 11: "64-bit floats", 16: "bfloat16 floats"}
	if name, ok := known[t]; ok {
		return name
	}
	return fmt.Sprintf("type %d", t)
}
