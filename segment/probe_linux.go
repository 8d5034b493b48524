package segment

import "syscall"

// limitMemory bounds this process' address space.
func limitMemory() {
	limit := syscall.Rlimit{}
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) == nil && limit.Cur > probeMemory {
		limit.Cur = probeMemory
		_ = syscall.Setrlimit(syscall.RLIMIT_AS, &limit) // without it, tensors are bounded still
	}
}
