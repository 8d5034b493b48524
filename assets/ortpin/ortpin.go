// Package ortpin pins the ONNX Runtime libraries that Groundglass carries: one version, one hash a platform.
//
// To take a new version: change Version, Tarball, Wheel and the hashes below, then run
//
//	go generate ./assets
//
// which fetches the packages anew through their own clients (npm and pip, needed for this step only), checks every
// hash, and writes assets/ort_OS_ARCH.zst and ONNX Runtime's licence and notices to assets/onnxruntime.
package ortpin

import "runtime"

// Version is ONNX Runtime's version. The C API level that onnxruntime_go v1.27.0 asks for starts at 1.24.
const Version = "1.24.3"

// Tarball is the npm package that holds Microsoft's builds, and Integrity its SHA-512 in npm's notation.
const (
	Tarball   = "onnxruntime-node@" + Version
	Integrity = "sha512-JH7+czbc8ALA819vlTgcV+Q214/+VjGeBHDjX81+ZCD0PCVCIFGFNtT0V4sXG/1JXypKPgScQcB3ij/hk3YnTg=="
)

// Wheel is the Python package that holds the same version's licence and third-party notices, which the npm package
// lacks.
const Wheel = "onnxruntime==" + Version

// Texts are the wheel's files by name, with their SHA-256.
var Texts = map[string]string{
	"LICENSE":               "2f07c72751aed99790b8a4869cf2311df85a860b22ded05fa22803587a48922c",
	"ThirdPartyNotices.txt": "0e07b95f3a8d6230037707c5c4a2b554d12c4cb67369669ac255635528ffcee2",
}

// Library is one platform's shared library.
type Library struct {
	GOOS, GOARCH string
	Path         string // in the tarball
	File         string // the name under which it is loaded
	SHA256       string // of the library itself, not compressed
}

// Libraries lists every platform that carries a library. The Windows build offers DirectML: DirectML.dll is loaded
// only when that is asked for, so onnxruntime.dll runs without it.
var Libraries = []Library{
	{"linux", "amd64", "package/bin/napi-v6/linux/x64/libonnxruntime.so.1", "libonnxruntime.so",
		"92ba8e44d31b80a34f5e805076a044122c3be1fffe0d88ed790de7267b0b2682"},
	{"linux", "arm64", "package/bin/napi-v6/linux/arm64/libonnxruntime.so.1", "libonnxruntime.so",
		"33032cb5b91c12edbf028d7c69fa40a31848d66c0095448758af237d5e0b07db"},
	{"darwin", "arm64", "package/bin/napi-v6/darwin/arm64/libonnxruntime." + Version + ".dylib", "libonnxruntime.dylib",
		"76831409ce6eded92b4cb343cf422c458a60c1ea1d5f3cfa69692ab7fcc67f0f"},
	{"windows", "amd64", "package/bin/napi-v6/win32/x64/onnxruntime.dll", "onnxruntime.dll",
		"4bc168111012971ae1ffef36c1f29c06b026d17e9063bd17f6390359fbe32a84"},
}

// Current returns the library of the platform that this program was built for, and whether there is one.
func Current() (Library, bool) {
	for _, l := range Libraries {
		if l.GOOS == runtime.GOOS && l.GOARCH == runtime.GOARCH {
			return l, true
		}
	}
	return Library{}, false
}
