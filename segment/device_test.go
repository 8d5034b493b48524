package segment

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fake is a network on a made-up device: it writes value, and its clock goes on
// by what a run takes. A run that takes for ever ends with its context.
type fake struct {
	value  float32
	takes  time.Duration
	clock  *atomic.Int64 // nanoseconds; nil where nobody looks
	fails  error
	hangs  chan struct{} // a run does not come back before it is closed
	closed atomic.Int32
}

func (f *fake) Run(ctx context.Context, _, out []*Tensor) error {
	if f.hangs != nil {
		<-f.hangs
		return nil
	}
	if f.takes == forEver {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	if f.clock != nil {
		f.clock.Add(int64(f.takes))
	}
	for i := range out[0].Floats() {
		out[0].Floats()[i] = f.value
	}
	return f.fails
}

const forEver = math.MaxInt64

func (f *fake) Close() { f.closed.Add(1) }

// opens is a candidate that opens f.
func opens(title string, f *fake) candidate {
	return candidate{title, func() (runner, error) { return f, nil }}
}

// fakeTrial is a trial by a clock that only runs of these networks move, against
// a CPU that takes 50 ms and gives 0.5.
func fakeTrial(devices ...*fake) *trial {
	cpu, clock := &fake{value: 0.5, takes: 50 * time.Millisecond}, new(atomic.Int64)
	for _, f := range append(devices, cpu) {
		f.clock = clock
	}
	return &trial{
		now: func() time.Time { return time.Unix(0, clock.Load()) }, cpu: cpu, workers: 1, open: time.Minute, runs: time.Minute, grace: 50 * time.Millisecond,
		slot:   func() (*slot, error) { return testCard().newSlot(1, 16) },
		decode: func(out []float32) ([]float32, error) { return append([]float32{}, out...), nil },
	}
}

func TestChooseDevice(t *testing.T) {
	for _, c := range []struct {
		name   string
		device *fake
		says   string // why it is not used; "" for a device that is
	}{
		{"good", &fake{value: 0.505}, ""},
		{"wrong", &fake{value: 0.52}, "differ from the CPU's by 0.02"},
		{"not a number", &fake{value: float32(math.NaN())}, "differ from the CPU's by +Inf"},
		{"slow", &fake{value: 0.5, takes: 50 * time.Millisecond}, "on the CPU"},
		{"failing", &fake{value: 0.5, fails: errors.New("no such kernel")}, "no such kernel"},
		{"endless, but stops", &fake{value: 0.5, takes: forEver}, "too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := fakeTrial(c.device)
			if c.device.takes == forEver {
				tr.runs = 100 * time.Millisecond
			}
			r, title, err := tr.choose([]candidate{opens("Fake", c.device)})
			if c.says == "" {
				if err != nil || r != c.device || title != "Fake" || c.device.closed.Load() != 0 {
					t.Errorf("%v, %q, %v", r, title, err)
				}
				return
			}
			if r != nil || err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "Fake: ") {
				t.Errorf("%v, %v", r, err)
			}
			if c.device.closed.Load() != 1 {
				t.Errorf("closed %d times", c.device.closed.Load())
			}
		})
	}
}

// A device that fails does not keep the next one from being tried.
func TestChooseDeviceInOrder(t *testing.T) {
	missing := candidate{"Missing", func() (runner, error) { return nil, errors.New("no driver") }}
	wrong, first, second, slow := &fake{value: 1}, &fake{value: 0.5}, &fake{value: 0.5}, &fake{value: 0.5, takes: time.Second}
	tr := fakeTrial(wrong, first, second, slow)
	r, title, err := tr.choose([]candidate{missing, opens("Wrong", wrong), opens("Slow", slow), opens("First", first), opens("Second", second)})
	if err != nil || title != "First" || r != first {
		t.Errorf("%q, %v", title, err)
	}
	tr.forced = true
	if _, title, err = tr.choose([]candidate{opens("Slow", slow)}); err != nil || title != "Slow" {
		t.Errorf("a slow device that was asked for: %q, %v", title, err)
	}
}

// A device that does not come back, from opening or from running, is left
// behind, and closed if it comes back after all.
func TestChooseDeviceHangs(t *testing.T) {
	for _, where := range []string{"opening", "running"} {
		back := make(chan struct{})
		hanging := &fake{value: 0.5}
		c := opens("Hanging", hanging)
		if where == "running" {
			hanging.hangs = back
		} else {
			c.open = func() (runner, error) { <-back; return hanging, nil }
		}
		tr := fakeTrial(hanging)
		tr.open, tr.runs = 100*time.Millisecond, 100*time.Millisecond
		r, _, err := tr.choose([]candidate{c})
		if r != nil || !errors.Is(err, errStuck) || hanging.closed.Load() != 0 {
			t.Errorf("%s: %v, %v, closed %d times", where, r, err, hanging.closed.Load())
		}
		close(back)
		for hanging.closed.Load() == 0 && t.Context().Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}
}

// A loaded model moves to the device that is chosen and keeps its answers; its
// runs there go one at a time.
func TestModelMovesToDevice(t *testing.T) {
	m := loadIdentity(t, func(c *Card) { c.LungBox = false })
	want, err := m.Propose(t.Context(), drawing(64, 64))
	if err != nil || m.Device() != "CPU" {
		t.Fatalf("%v on %s", err, m.Device())
	}
	other := loadIdentity(t, nil)
	c := candidate{"Other", func() (runner, error) { return other.runner, nil }}
	if err := m.chooseDevice("other", []candidate{c}); err != nil || m.Device() != "Other" {
		t.Fatalf("%v on %s", err, m.Device())
	}
	if _, ok := m.runner.(*serial); !ok {
		t.Error("runs on another device are not serial")
	}
	got, err := m.Propose(t.Context(), drawing(64, 64))
	if err != nil || string(got) != string(want) {
		t.Errorf("%v, or another map", err)
	}
	if err := m.chooseDevice("third", nil); err == nil || !strings.Contains(err.Error(), "cannot run on third") {
		t.Errorf("a named device that is not there: %v", err)
	}
}

func TestParseDevice(t *testing.T) {
	t.Setenv(DeviceEnv, "")
	for name, want := range map[string]string{"": "auto", "CPU": "cpu", "cuda": "cuda", "WebGPU": "webgpu"} {
		if got, err := ParseDevice(name); err != nil || got != want {
			t.Errorf("%q is %q, %v", name, got, err)
		}
	}
	if _, err := ParseDevice("abacus"); err == nil || !strings.Contains(err.Error(), `no device "abacus": choose one of auto, cpu, coreml`) {
		t.Errorf("%v", err)
	}
	t.Setenv(DeviceEnv, "Gpu")
	if _, err := ParseDevice(""); err == nil || !strings.Contains(err.Error(), DeviceEnv) {
		t.Errorf("%v", err)
	}
	if got, err := ParseDevice("cpu"); err != nil || got != "cpu" {
		t.Errorf("a name beside the environment's: %q, %v", got, err)
	}
}

// With the bundled library each provider is either there or fails with an
// error; a model loads whichever it is, and on the CPU it always runs.
func TestRealDevices(t *testing.T) {
	text, err := testCard().Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, device := range Devices() {
		m, err := LoadWith(identity(64, text), LoadOptions{Device: device})
		if err != nil {
			if device == "cpu" || device == "auto" || !strings.Contains(err.Error(), "cannot run on "+device) {
				t.Errorf("%s: %v", device, err)
			}
			t.Log(err)
			continue
		}
		if _, err := m.Propose(t.Context(), drawing(64, 64)); err != nil || device == "cpu" && m.Device() != "CPU" {
			t.Errorf("%s: %v on %s", device, err, m.Device())
		}
		m.Close()
	}
}
