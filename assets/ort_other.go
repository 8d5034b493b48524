//go:build !(linux && (amd64 || arm64)) && !(darwin && arm64) && !(windows && amd64)

package assets

// ONNXRuntime is empty: no library is pinned for this platform.
var ONNXRuntime []byte
