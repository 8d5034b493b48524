package segment

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"groundglass/assets/ortpin"

	ort "github.com/yalue/onnxruntime_go"
)

// Start finds ONNX Runtime and starts it, once a process: every later call returns what the first one returned.
// OpenSession and the tensors call it themselves; call it first to learn early, and in words fit for a user, that the
// library is missing or damaged.
var Start = sync.OnceValue(start)

// libraryPath is the library that start loads.
var libraryPath string

func start() error {
	path, err := findLibrary()
	if err != nil {
		return fmt.Errorf("ONNX Runtime: %w", err)
	}
	ort.SetSharedLibraryPath(path)
	libraryPath = path
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("ONNX Runtime: %s does not load (version %s is needed): %w", path, ortpin.Version, err)
	}
	_ = ort.DisableTelemetry() // an error means that this build has none
	return nil
}

// Runtime names the library that models run on: "ONNX Runtime 1.24.3".
func Runtime() string {
	if Start() != nil {
		return "ONNX Runtime missing"
	}
	return "ONNX Runtime " + ort.GetVersion()
}

// Options say how a session runs. The zero value is right for most.
type Options struct {
	Threads     int  // within an operator; 0 means as many as this process may use
	Unoptimized bool // leaves out ONNX Runtime's graph optimizations

	guarded  bool      // the model is not trusted
	provider *provider // nil is the CPU
}

// Session is a loaded model with fixed input and output names. Its methods may be called from several goroutines.
type Session struct {
	mu      sync.RWMutex // held for reading by runs, for writing by Close
	session *ort.DynamicAdvancedSession
	inputs  []string
	outputs []string
	guarded bool
}

// OpenSession loads an ONNX model whose Run takes inputs and fills outputs, in the order given here.
//
// A model is untrusted input: it is read from memory only, and one that refers to data in other files, in any of its
// graphs, is refused (see ReadModelInfo), so that a model file cannot make the program read the disk.
func OpenSession(model []byte, inputs, outputs []string, o Options) (*Session, error) {
	if _, err := ReadModelInfo(model); err != nil {
		return nil, err
	}
	if len(inputs) == 0 || len(outputs) == 0 {
		return nil, errors.New("a session needs at least one input and one output")
	}
	if err := Start(); err != nil {
		return nil, err
	}
	if o.guarded {
		if err := holdMemory(); err != nil {
			return nil, err
		}
	}
	s, err := o.session(model, inputs, outputs)
	if err != nil {
		if o.guarded {
			releaseMemory()
		}
		return nil, err
	}
	return &Session{session: s, inputs: inputs, outputs: outputs, guarded: o.guarded}, nil
}

func (o Options) session(model []byte, inputs, outputs []string) (*ort.DynamicAdvancedSession, error) {
	opts, err := o.native()
	if err != nil {
		return nil, fmt.Errorf("session options: %w", err)
	}
	defer opts.Destroy()
	s, err := ort.NewDynamicAdvancedSessionWithONNXData(model, inputs, outputs, opts)
	if err != nil {
		return nil, fmt.Errorf("the model does not load: %w", err)
	}
	return s, nil
}

func (o Options) native() (*ort.SessionOptions, error) {
	opts, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	threads := o.Threads
	level := ort.GraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll)
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if o.Unoptimized {
		level = ort.GraphOptimizationLevelDisableAll
	}
	err = errors.Join(
		opts.SetIntraOpNumThreads(threads),
		opts.SetInterOpNumThreads(1),
		opts.SetGraphOptimizationLevel(level),
		// Idle workers must not spin: where processors are shared they take the time of the thread that works.
		opts.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
	)
	if err == nil && o.guarded {
		err = guard(opts)
	}
	if err == nil && o.provider != nil {
		err = o.provider.add(opts)
	}
	if err != nil {
		opts.Destroy()
		return nil, err
	}
	return opts, nil
}

// Run runs the model once. in and out follow the order of OpenSession's names, and out's tensors are overwritten; a
// tensor written by one run must not be used by another one at the same time. When ctx ends, the run stops within
// about one operator, Run returns ctx's cause, what is in out is undefined, and the session stays usable.
func (s *Session) Run(ctx context.Context, in, out []*Tensor) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.session == nil {
		return errClosed
	}
	inputs, err := values("input", s.inputs, in)
	if err != nil {
		return err
	}
	outputs, err := values("output", s.outputs, out)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	opts, err := ort.NewRunOptions()
	if err != nil {
		return fmt.Errorf("run options: %w", err)
	}
	defer opts.Destroy()
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { _ = opts.Terminate(); close(stopped) })
	err = s.session.RunWithOptions(inputs, outputs, opts)
	if !stop() {
		<-stopped // Terminate is done with opts
	}
	runtime.KeepAlive(in)
	runtime.KeepAlive(out)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("running the model: %w", err)
	}
	return nil
}

// values checks tensors against the names of their places.
func values(kind string, names []string, tensors []*Tensor) ([]ort.Value, error) {
	if len(tensors) != len(names) {
		return nil, fmt.Errorf("the model takes %d %s tensors, not %d", len(names), kind, len(tensors))
	}
	v := make([]ort.Value, len(tensors))
	for i, t := range tensors {
		if t == nil || t.value == nil {
			return nil, fmt.Errorf("%s %q has no tensor, or a closed one", kind, names[i])
		}
		v[i] = t.value
	}
	return v, nil
}

// Close frees the session, after waiting for its runs to end. Closing twice does nothing.
func (s *Session) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session != nil {
		_ = s.session.Destroy()
		s.session = nil
		if s.guarded {
			releaseMemory()
		}
	}
}
