package segment

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	ort "github.com/yalue/onnxruntime_go"
)

// provider is one of ONNX Runtime's execution providers other than the CPU's.
type provider struct {
	name, title string
	systems     []string     // GOOS where it can be
	missing     func() error // why it cannot work here; nil for nothing to look for
	add         func(o *ort.SessionOptions) error
}

// providers are those that are tried, best first.
var providers = []provider{
	{"coreml", "CoreML", []string{"darwin"}, nil, func(o *ort.SessionOptions) error {
		return o.AppendExecutionProviderCoreMLV2(map[string]string{"ModelFormat": "MLProgram", "MLComputeUnits": "ALL"})
	}},
	{"cuda", "CUDA", []string{"linux", "windows"}, cudaMissing, addCUDA},
	{"directml", "DirectML", []string{"windows"}, nil, func(o *ort.SessionOptions) error {
		// DirectML's documentation asks for no memory patterns and for one operator at a time, which is the default.
		return errors.Join(o.SetMemPattern(false), o.AppendExecutionProviderDirectML(0))
	}},
	{"webgpu", "WebGPU", []string{"linux", "windows", "darwin"}, vulkanMissing, func(o *ort.SessionOptions) error {
		return o.AppendExecutionProvider("WebGPU", nil)
	}},
}

func addCUDA(o *ort.SessionOptions) error {
	c, err := ort.NewCUDAProviderOptions()
	if err != nil {
		return err
	}
	defer c.Destroy()
	return o.AppendExecutionProviderCUDA(c)
}

// cudaMissing looks for CUDA's part of ONNX Runtime, which is a file of its own
// beside the library: the bundled build has none. Asking ONNX Runtime itself
// would make it write to standard error.
func cudaMissing() error {
	file := map[string]string{"windows": "onnxruntime_providers_cuda.dll"}[runtime.GOOS]
	if file == "" {
		file = "libonnxruntime_providers_cuda.so"
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(libraryPath), file)); err != nil {
		return fmt.Errorf("this build of ONNX Runtime has no CUDA (set %s to one that has)", libraryEnv)
	}
	return nil
}

// vulkanMissing looks for what WebGPU needs on Linux. Without Vulkan the library
// would write to standard error, and Vulkan without a graphics device is a
// program on the CPU: a hundred times slower, it would only use up its trial.
func vulkanMissing() error {
	if runtime.GOOS != "linux" {
		return nil
	}
	if !anyFile("/dev/dri/renderD*", "/dev/nvidia0", "/dev/dxg") {
		return errors.New("there is no graphics device")
	}
	folders := filepath.SplitList(os.Getenv("LD_LIBRARY_PATH"))
	folders = append(folders, "/usr/lib", "/usr/lib64", "/usr/lib/*-linux-gnu*", "/usr/local/lib", "/lib/*-linux-gnu*", "/run/opengl-driver/lib")
	for i := range folders {
		folders[i] = filepath.Join(folders[i], "libvulkan.so.1")
	}
	if !anyFile(folders...) {
		return errors.New("Vulkan's loader, libvulkan.so.1, is not installed")
	}
	return nil
}

// anyFile tells whether a file matches one of the patterns.
func anyFile(patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		found, _ := filepath.Glob(p)
		return len(found) > 0
	})
}

// candidates are the devices to try for a choice that ParseDevice returned.
func candidates(choice string, open func(p *provider) (runner, error)) []candidate {
	var all []candidate
	for i := range providers {
		p := &providers[i]
		if choice != p.name && (choice != deviceAuto || !slices.Contains(p.systems, runtime.GOOS)) {
			continue
		}
		all = append(all, candidate{p.title, func() (runner, error) {
			if p.missing != nil {
				if err := p.missing(); err != nil {
					return nil, err
				}
			}
			return open(p)
		}})
	}
	return all
}
