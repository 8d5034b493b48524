package ui

import "groundglass/annotate"

// operation is one of the menu Mask that has parameters: a form asks for them.
type operation struct {
	id, name, hint string
	about          aboutLabels
	planar         bool // slices may be taken each by itself
	scope          scopeKind
	params         []param
	make           func(f *operateForm) annotate.Operation
	gap            bool // a line above it in the menu
}

// aboutLabels says which labels an operation can be about.
type aboutLabels int

const (
	oneLabel aboutLabels = iota
	anyLabel             // one or every
	noLabel
)

// scopeKind says which slices an operation is about.
type scopeKind int

const (
	oneSlice scopeKind = iota
	someSlices
	allSlices
)

var scopeNames = []string{oneSlice: txtScopeSlice, someSlices: txtScopeRange, allSlices: txtScopeAll}

// param is a number, or a choice.
type param struct {
	id, name         string
	unit             unit
	low, high, value float64
	decimals         int
	step             float64                       // of the arrow keys
	initial          func(w *Window) float64       // in place of value
	choices          func(f *operateForm) []string // nil: it is a number
}

// unit is what a number counts; in pixels where their size is not known.
type unit int

const (
	plainNumber unit = iota
	millimetres
	extent // mm² in one slice, else mm³
	hounsfield
	sliceNumber
)

func choice(id, name string, options ...string) param {
	return param{id: id, name: name, choices: func(*operateForm) []string { return options }}
}

func length(id, name string, high, value float64) param {
	return param{id: id, name: name, unit: millimetres, high: high, value: value, decimals: 1, step: 0.5}
}

func size(id, name string, value float64) param {
	return param{id: id, name: name, unit: extent, high: 20000, value: value, step: 5}
}

func hu(id, name string, value float64) param {
	return param{id: id, name: name, unit: hounsfield, low: -1024, high: 3071, value: value, step: 10}
}

// inView is a slice, at first the one in view.
func inView(id, name string) param {
	return param{id: id, name: name, unit: sliceNumber, low: 1, high: 1, step: 1, initial: func(w *Window) float64 { return float64(w.session.Current() + 1) }}
}

// operations are all that ask for parameters, in the order of the menu.
func operations() []*operation {
	all := append(partOperations(), shapeOperations()...)
	return append(all, otherOperations()...)
}

func partOperations() []*operation {
	return []*operation{
		{id: "islands", name: txtOpIslands, hint: txtHintIslands, about: anyLabel, planar: true, scope: allSlices, params: []param{size("least", txtSmallerThan, 20)},
			make: func(f *operateForm) annotate.Operation {
				return annotate.RemoveIslands{Label: f.label(), Least: f.number("least"), Planar: f.planar()}
			}},
		{id: "largest", name: txtOpLargest, hint: txtHintLargest, about: anyLabel, planar: true, scope: allSlices,
			make: func(f *operateForm) annotate.Operation {
				return annotate.KeepLargest{Label: f.label(), Planar: f.planar()}
			}},
		{id: "split", name: txtOpSplit, hint: txtHintSplit, scope: allSlices,
			params: []param{length("waist", txtWaist, 20, 0), {id: "parts", name: txtParts, low: 2, high: 12, value: 2, step: 1}},
			make: func(f *operateForm) annotate.Operation {
				return annotate.SplitIslands{Label: f.label(), Waist: f.number("waist"), Into: f.w.session.Spare(int(f.number("parts"))-1, f.label())}
			}},
		{id: "holes", name: txtOpHoles, hint: txtHintHoles, about: anyLabel, planar: true, params: []param{size("most", txtHolesUpTo, 0)},
			make: func(f *operateForm) annotate.Operation {
				return annotate.FillHoles{Label: f.label(), Most: f.number("most"), Planar: f.planar()}
			}},
	}
}

func shapeOperations() []*operation {
	return []*operation{
		{id: "dilate", name: txtOpDilate, hint: txtHintDilate, about: anyLabel, planar: true, params: []param{length("mm", txtBy, 30, 1)}, gap: true,
			make: func(f *operateForm) annotate.Operation {
				return annotate.Dilate{Label: f.label(), MM: f.number("mm"), Planar: f.planar()}
			}},
		{id: "erode", name: txtOpErode, hint: txtHintErode, about: anyLabel, planar: true, params: []param{length("mm", txtBy, 30, 1)},
			make: func(f *operateForm) annotate.Operation {
				return annotate.Erode{Label: f.label(), MM: f.number("mm"), Planar: f.planar()}
			}},
		{id: "smooth", name: txtOpSmooth, hint: txtHintSmoothMask, about: anyLabel, planar: true, params: []param{choice("how", txtMethod, txtByMedian, txtByTV), length("mm", txtRadius, 20, 2)},
			make: func(f *operateForm) annotate.Operation {
				return annotate.Smooth{Label: f.label(), MM: f.number("mm"), By: annotate.Smoothing(f.choice("how")), Planar: f.planar()}
			}},
		{id: "interpolate", name: txtOpInterpolate, hint: txtHintInterpolate, about: anyLabel, scope: allSlices, params: []param{choice("how", txtMethod, txtByDistance, txtByMorphology)},
			make: func(f *operateForm) annotate.Operation {
				return annotate.Interpolate{Label: f.label(), By: annotate.Interpolation(f.choice("how"))}
			}},
	}
}

func otherOperations() []*operation {
	return []*operation{
		{id: "threshold", name: txtOpThreshold, hint: txtHintThresholdHU, params: []param{hu("low", txtRangeFromHU, -750), hu("high", txtRangeToHU, -300), {id: "where", name: txtWhere, choices: whereChoices}}, gap: true,
			make: func(f *operateForm) annotate.Operation {
				where, within := f.where()
				return annotate.ThresholdHU{Label: f.label(), Low: int16(f.number("low")), High: int16(f.number("high")), Where: where, Within: within}
			}},
		{id: "combine", name: txtOpCombine, hint: txtHintCombine, params: []param{choice("how", txtHow, txtUnion, txtIntersect, txtSubtract), {id: "with", name: txtWith, choices: operandChoices}},
			make: func(f *operateForm) annotate.Operation {
				with, other := f.operand()
				return annotate.Combine{Label: f.label(), How: annotate.Logic(f.choice("how")), With: with, Other: other}
			}},
		{id: "copy", name: txtOpCopy, hint: txtHintCopy, about: anyLabel, scope: someSlices, params: []param{inView("from", txtFromSlice), choice("there", txtWhatIsThere, txtStays, txtGoes)},
			make: func(f *operateForm) annotate.Operation {
				return annotate.Copy{Label: f.label(), From: int(f.number("from")) - 1, Replace: f.choice("there") == 1}
			}},
		{id: "propagate", name: txtOpPropagate, hint: txtHintPropagate, scope: allSlices,
			params: []param{inView("from", txtFromSlice), {id: "at", name: txtThreshold, low: 0.01, high: 1, decimals: 2, step: 0.05, initial: func(w *Window) float64 { return w.session.Threshold() }}},
			make: func(f *operateForm) annotate.Operation {
				return annotate.Propagate{Label: f.label(), From: int(f.number("from")) - 1, At: f.number("at")}
			}},
		{id: "clear", name: txtOpClear, hint: txtHintClear, about: anyLabel, gap: true,
			make: func(f *operateForm) annotate.Operation { return annotate.Clear{Label: f.label()} }},
		{id: "reset", name: txtOpReset, hint: txtHintReset, about: noLabel,
			make: func(*operateForm) annotate.Operation { return annotate.Reset{} }},
	}
}

// whereChoices are where a threshold may give its label, and where reads them.
func whereChoices(f *operateForm) []string {
	return f.labelNames(txtWhereFree, txtWhereAny)
}

func (f *operateForm) where() (annotate.Where, uint8) {
	switch k := f.choice("where"); k {
	case 0:
		return annotate.WhereUnlabelled, 0
	case 1:
		return annotate.WhereAny, 0
	default:
		return annotate.WhereInside, f.table[k-2].Value
	}
}

// operandChoices are what a label can be combined with, and operand reads them.
func operandChoices(f *operateForm) []string {
	return f.labelNames(txtWithProposal, txtWithPrevious, txtWithNext)
}

func (f *operateForm) operand() (annotate.Operand, uint8) {
	switch k := f.choice("with"); k {
	case 0:
		return annotate.WithProposal, 0
	case 1:
		return annotate.WithPrevious, 0
	case 2:
		return annotate.WithNext, 0
	default:
		return annotate.WithLabel, f.table[k-3].Value
	}
}
