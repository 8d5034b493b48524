package nifti

import (
	"encoding/binary"
	"math"
)

// kind is a data type of the voxels.
type kind struct {
	name  string
	bytes int
	value func(o binary.ByteOrder, b []byte) float64 // of the first voxel in b
}

// kinds are the data types that can be read, by their codes in nifti1.h.
// Integers of 64 bits beyond 2^53 are rounded.
var kinds = map[int]kind{
	2:    {"uint8", 1, func(_ binary.ByteOrder, b []byte) float64 { return float64(b[0]) }},
	4:    {"int16", 2, func(o binary.ByteOrder, b []byte) float64 { return float64(int16(o.Uint16(b))) }},
	8:    {"int32", 4, func(o binary.ByteOrder, b []byte) float64 { return float64(int32(o.Uint32(b))) }},
	16:   {"float32", 4, func(o binary.ByteOrder, b []byte) float64 { return float64(math.Float32frombits(o.Uint32(b))) }},
	64:   {"float64", 8, func(o binary.ByteOrder, b []byte) float64 { return math.Float64frombits(o.Uint64(b)) }},
	256:  {"int8", 1, func(_ binary.ByteOrder, b []byte) float64 { return float64(int8(b[0])) }},
	512:  {"uint16", 2, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint16(b)) }},
	768:  {"uint32", 4, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint32(b)) }},
	1024: {"int64", 8, func(o binary.ByteOrder, b []byte) float64 { return float64(int64(o.Uint64(b))) }},
	1280: {"uint64", 8, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint64(b)) }},
}

// refused are the other data types of nifti1.h.
var refused = map[int]string{
	1:    "single bits",
	32:   "complex numbers",
	128:  "RGB colours",
	1536: "128-bit floats",
	1792: "complex numbers",
	2048: "complex numbers",
	2304: "RGBA colours",
}
