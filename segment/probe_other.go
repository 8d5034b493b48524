//go:build !linux

package segment

// limitMemory does nothing here: tensors are bounded still.
func limitMemory() {}
