package segment

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// memoryLimit bounds what the tensors of all guarded sessions take together. A
// U-Net of 64 filters at 512x512 takes about 4 GB.
const memoryLimit = 6 << 30

// guardedMemory counts the guarded sessions. They share an allocator, which is
// there as long as one of them is, since it keeps what it was once given.
var guardedMemory struct {
	sync.Mutex
	sessions int
}

// holdMemory makes the allocator unless it is there; releaseMemory undoes it.
func holdMemory() error {
	guardedMemory.Lock()
	defer guardedMemory.Unlock()
	if guardedMemory.sessions == 0 {
		if err := makeMemory(); err != nil {
			return fmt.Errorf("bounding the memory: %w", err)
		}
	}
	guardedMemory.sessions++
	return nil
}

func releaseMemory() {
	guardedMemory.Lock()
	defer guardedMemory.Unlock()
	guardedMemory.sessions--
	if guardedMemory.sessions == 0 {
		if where, err := ort.GetMemoryInfo(); err == nil {
			_ = ort.UnregisterAllocator(where)
		}
	}
}

func makeMemory() error {
	where, err := ort.GetMemoryInfo()
	if err != nil {
		return err
	}
	const asRequested, usual = 1, -1
	limit, err := ort.NewArenaCfg(memoryLimit, asRequested, usual, usual)
	if err != nil {
		return err
	}
	defer limit.Destroy()
	return ort.CreateAndRegisterAllocator(where, limit)
}

// guard sets what keeps a model from taking more than its share: tensors come
// from the bounded allocator, and nothing is computed while the model loads,
// since that would take other memory and could not be stopped.
func guard(o *ort.SessionOptions) error {
	return errors.Join(
		o.SetLogSeverityLevel(ort.LoggingLevelFatal), // what goes wrong is an error, and said once
		o.AddSessionConfigEntry("session.use_env_allocators", "1"),
		o.AddSessionConfigEntry("optimization.disable_specified_optimizers", "ConstantFolding"),
	)
}

// outOfMemory tells whether ONNX Runtime failed for want of memory: that of the
// allocator, or the machine's.
func outOfMemory(err error) bool {
	for _, sign := range []string{"Available memory of", "Failed to allocate memory", "bad_alloc", "bad allocation"} {
		if strings.Contains(err.Error(), sign) {
			return true
		}
	}
	return false
}
