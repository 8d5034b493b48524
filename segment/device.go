package segment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// DeviceEnv is the environment variable that names the device to run models on
// where the program's call does not.
const DeviceEnv = "GROUNDGLASS_DEVICE"

// Devices that are no kind of processor.
const (
	deviceAuto = "auto" // the fastest that gives what the CPU gives
	deviceCPU  = "cpu"
	titleCPU   = "CPU"
)

// Devices lists the names that ParseDevice knows.
func Devices() []string {
	names := []string{deviceAuto, deviceCPU}
	for _, p := range providers {
		names = append(names, p.name)
	}
	return names
}

// ParseDevice checks a device's name, whatever its case. An empty one means
// what the environment says, or else "auto".
func ParseDevice(name string) (string, error) {
	where := ""
	if name == "" {
		name, where = os.Getenv(DeviceEnv), DeviceEnv+": "
	}
	if name == "" {
		return deviceAuto, nil
	}
	if n := strings.ToLower(name); slices.Contains(Devices(), n) {
		return n, nil
	}
	return "", fmt.Errorf("%sthere is no device %q: choose one of %s", where, name, strings.Join(Devices(), ", "))
}

// runner is a loaded network: a Session, or what stands for one in tests.
type runner interface {
	Run(ctx context.Context, in, out []*Tensor) error
	Close()
}

// candidate is a device that a model might run on.
type candidate struct {
	title string // "CUDA"
	open  func() (runner, error)
}

// What a device must keep to so as to be used.
const (
	maxDifference = 0.01             // of any probability from the CPU's
	openLimit     = 20 * time.Second // for loading the model, which may mean compiling it
	runsLimit     = 5 * time.Second  // for three runs, unless the device was asked for
	trialGrace    = time.Second
)

// trial compares devices with the CPU on one input. The slots that it makes
// hold that input.
type trial struct {
	cpu     runner
	slot    func() (*slot, error)
	decode  func(out []float32) ([]float32, error) // to probabilities
	workers int                                    // runs at once on the CPU; another device runs one at a time
	forced  bool                                   // need not be faster
	open    time.Duration                          // limit of opening
	runs    time.Duration                          // limit of the runs
	grace   time.Duration
	now     func() time.Time

	reference func() (outcome, error) // the CPU's
}

// outcome is what a run gave and how long it took.
type outcome struct {
	prob []float32
	took time.Duration
}

// choose returns the first candidate that passes the trial and its title, or
// nil and the reasons why none did. Each candidate takes at most both limits and
// twice the grace.
func (t *trial) choose(all []candidate) (runner, string, error) {
	t.reference = sync.OnceValues(func() (outcome, error) { return t.measure(t.cpu, 2, sliceLimit, func() {}) })
	var reasons []error
	for _, c := range all {
		r, err := t.prove(c)
		if err == nil {
			return r, c.title, nil
		}
		reasons = append(reasons, fmt.Errorf("%s: %w", c.title, err))
	}
	return nil, "", errors.Join(reasons...)
}

// prove opens a candidate, and closes it again unless it passes.
func (t *trial) prove(c candidate) (runner, error) {
	open := func(context.Context) (runner, error) { return c.open() }
	r, err := bounded(context.Background(), t.open, t.grace, open, func(r runner, err error) {
		if err == nil {
			r.Close()
		}
	})
	if err != nil {
		return nil, err
	}
	err = t.compare(r)
	if err != nil && !errors.Is(err, errStuck) {
		r.Close()
	}
	return r, err
}

// compare tells why a device is not used. When that is errStuck, r is closed
// once it comes back.
func (t *trial) compare(r runner) error {
	want, err := t.reference()
	if err != nil {
		return fmt.Errorf("the CPU does not run the model: %v", err)
	}
	got, err := t.measure(r, 3, t.runs, r.Close)
	if err != nil {
		return err
	}
	if d := difference(got.prob, want.prob); !(d <= maxDifference) {
		return fmt.Errorf("its probabilities differ from the CPU's by %.3g", d)
	}
	if cpu := want.took / time.Duration(t.workers); got.took >= cpu && !t.forced {
		return fmt.Errorf("a slice takes %v, and %v on the CPU", got.took, cpu)
	}
	return nil
}

// measure runs n times, of which the fastest counts. A run that does not come
// back is left behind with errStuck, and late is called if it ever does.
func (t *trial) measure(r runner, n int, limit time.Duration, late func()) (outcome, error) {
	s, err := t.slot()
	if err != nil {
		return outcome{}, err
	}
	runs := func(ctx context.Context) (outcome, error) {
		best := outcome{took: math.MaxInt64}
		for range n {
			begun := t.now()
			if err := r.Run(ctx, s.in, s.out); err != nil {
				return outcome{}, err
			}
			best.took = min(best.took, t.now().Sub(begun))
		}
		var err error
		best.prob, err = t.decode(s.out[0].Floats())
		return best, err
	}
	return bounded(context.Background(), limit, t.grace, runs, func(outcome, error) { late() })
}

// difference is the greatest between two lists, infinite where a value is not a
// number.
func difference(a, b []float32) float64 {
	most := 0.0
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		most = max(most, d)
	}
	return most
}

// serial lets one run through at a time, for devices that take no more.
type serial struct {
	runner
	mu sync.Mutex
}

func (s *serial) Run(ctx context.Context, in, out []*Tensor) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runner.Run(ctx, in, out)
}
