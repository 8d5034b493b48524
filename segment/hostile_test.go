package segment

import (
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"groundglass/segment/onnx"

	"google.golang.org/protobuf/encoding/protowire"
)

// foreign is a model of the given card whose foreground is what body makes of
// its input, a float tensor [1,1,64,64].
func foreign(t testing.TB, body func(g *onnx.Graph, x string) string) []byte {
	t.Helper()
	text, err := testCard().Encode()
	if err != nil {
		t.Fatal(err)
	}
	g := onnx.New("foreign", 17)
	x := g.Input(ModelInput, onnx.Float, 1, 1, 64, 64)
	y := body(g, x)
	g.OpTo(ModelOutput, "Concat", []string{x, y}, onnx.Attr{Name: "axis", Value: int64(1)})
	g.Output(ModelOutput, onnx.Float, 1, 2, 64, 64)
	g.Metadata[CardKey] = text
	return g.Bytes()
}

// one64 brings whatever a bomb made back to a picture, so that nothing of it
// can be left out.
func one64(g *onnx.Graph, x, bomb string) string {
	most := g.Op("ReduceMax", []string{bomb}, onnx.Attr{Name: "keepdims", Value: int64(0)})
	return g.Op("Mul", []string{x, most})
}

// bombs are small models that would take more memory than there is.
func bombs(t testing.TB) map[string][]byte {
	huge := func(g *onnx.Graph) string { return g.Ints(1<<16, 1<<16, 4) }
	return map[string][]byte{
		"ConstantOfShape": foreign(t, func(g *onnx.Graph, x string) string {
			return one64(g, x, g.Op("ConstantOfShape", []string{huge(g)}))
		}),
		"Expand": foreign(t, func(g *onnx.Graph, x string) string {
			return one64(g, x, g.Op("Expand", []string{g.Scalar(1), huge(g)}))
		}),
		"Tile": foreign(t, func(g *onnx.Graph, x string) string {
			return one64(g, x, g.Op("Tile", []string{x, g.Ints(1, 1, 1<<12, 1<<12)}))
		}),
		"Range": foreign(t, func(g *onnx.Graph, x string) string {
			return one64(g, x, g.Op("Range", []string{g.Scalar(0), g.Scalar(math.MaxInt32 * 8), g.Scalar(1)}))
		}),
		"Resize": foreign(t, func(g *onnx.Graph, x string) string {
			return one64(g, x, g.Op("Resize", []string{x, "", g.Floats(1, 1, 4096, 4096)}))
		}),
		"Pad": foreign(t, func(g *onnx.Graph, x string) string {
			return one64(g, x, g.Op("Pad", []string{x, g.Ints(0, 0, 1<<17, 1<<17, 0, 0, 1<<17, 1<<17)}))
		}),
		"doubling": foreign(t, func(g *onnx.Graph, x string) string {
			y := x
			for range 40 {
				y = g.Op("Concat", []string{y, y}, onnx.Attr{Name: "axis", Value: int64(2)})
			}
			return one64(g, x, y)
		}),
	}
}

// bombEnv tells the test's own program that it runs with little memory.
const bombEnv = "GROUNDGLASS_TEST_BOMBS"

// No model takes more memory than it may, neither when it loads nor when it
// runs: with 3 GiB of address space the program survives all of them.
func TestBombsUnderMemoryLimit(t *testing.T) {
	if os.Getenv(bombEnv) == "" {
		if runtime.GOOS != "linux" {
			t.Skip("address space can be limited on Linux only")
		}
		cmd := exec.Command("sh", "-c", `ulimit -v 3145728; exec "$0" -test.run '^TestBombsUnderMemoryLimit$' -test.v`, os.Args[0])
		cmd.Env = append(os.Environ(), bombEnv+"=1")
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "7 bombs") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	n := 0
	for name, data := range bombs(t) {
		m, err := LoadWith(data, LoadOptions{Device: "cpu"})
		if err == nil {
			_, err = m.Propose(t.Context(), drawing(64, 64))
			m.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "more memory") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n++
	}
	t.Logf("%d bombs", n)
}

// endless is a model with a loop that never ends, and a card.
func endless(t testing.TB) []byte {
	body := onnx.New("body", 17)
	body.Inputs = []onnx.Value{{Name: "i", Type: onnx.Int64}, {Name: "go", Type: onnx.Bool}, {Name: "v", Type: onnx.Float, Dims: []any{int64(1), int64(1), int64(64), int64(64)}}}
	body.OpTo("on", "Identity", []string{"go"})
	body.OpTo("w", "Sin", []string{"v"})
	body.Output("on", onnx.Bool)
	body.Output("w", onnx.Float, 1, 1, 64, 64)
	data := foreign(t, func(g *onnx.Graph, x string) string {
		g.Tensors = append(g.Tensors, onnx.Tensor{Name: "yes", Type: onnx.Bool, Raw: []byte{1}})
		return g.Op("Identity", []string{"looped"})
	})
	var graph []byte
	if err := fields(body.Bytes(), func(n int, _ uint64, v []byte) error {
		if n == 7 {
			graph = v
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	attr := append(message(1, []byte("body")), message(6, graph)...)
	attr = protowire.AppendVarint(protowire.AppendTag(attr, 20, protowire.VarintType), 5)
	node := append(message(1, nil), message(1, []byte("yes"))...) // no count, but a condition
	node = append(node, message(1, []byte(ModelInput))...)
	node = append(node, message(2, []byte("looped"))...)
	node = append(node, message(4, []byte("Loop"))...)
	node = append(node, message(5, attr)...)
	return append(data, message(7, message(1, node))...)
}

// A loop that never ends is stopped, with a sentence that says so, and the
// model can be closed.
func TestEndlessLoopIsStopped(t *testing.T) {
	m, err := LoadWith(endless(t), LoadOptions{Device: "cpu"})
	if err != nil {
		t.Fatal(err)
	}
	m.limit = 200 * time.Millisecond
	_, err = m.Propose(t.Context(), drawing(64, 64))
	if err == nil || !strings.Contains(err.Error(), "stopped: it took more than 200ms") {
		t.Errorf("%v", err)
	}
	m.Close()
}

// A run that does not even stop when it is told to is left behind.
func TestStuckModelIsLeftBehind(t *testing.T) {
	m := loadIdentity(t, nil)
	back := make(chan struct{})
	native := m.runner
	m.runner = &fake{hangs: back}
	m.limit, m.grace = 50*time.Millisecond, 50*time.Millisecond
	for _, says := range []string{"stopped", "given up"} {
		if _, err := m.Propose(t.Context(), drawing(64, 64)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	close(back)
	for m.stuck.Load() && t.Context().Err() == nil {
		time.Sleep(time.Millisecond)
	}
	m.runner = native
	if _, err := m.Propose(t.Context(), drawing(64, 64)); err != nil {
		t.Errorf("after the run has come back: %v", err)
	}
}

// A run that is slow to stop when it is cancelled does not keep others out.
func TestCancelledRunIsLeftBehind(t *testing.T) {
	m := loadIdentity(t, nil)
	back := make(chan struct{})
	defer close(back)
	native := m.runner
	m.runner = &fake{hangs: back}
	m.grace = 10 * time.Millisecond
	why := errors.New("the person pressed cancel")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := m.Propose(ctx, drawing(64, 64)); !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
	m.runner = native
	if _, err := m.Propose(t.Context(), drawing(64, 64)); err != nil {
		t.Errorf("while the other run goes on: %v", err)
	}
}

func TestForeignRefusals(t *testing.T) {
	custom := foreign(t, func(g *onnx.Graph, x string) string {
		g.Nodes = append(g.Nodes, onnx.Node{Op: "Magic", Domain: "com.example", Inputs: []string{x}, Outputs: []string{"y"}})
		return "y"
	})
	unique := foreign(t, func(g *onnx.Graph, x string) string { return g.Op("Unique", []string{x}) })
	text := foreign(t, func(g *onnx.Graph, x string) string {
		return g.Op("Cast", []string{g.Op("Cast", []string{x}, onnx.Attr{Name: "to", Value: int64(8)})}, onnx.Attr{Name: "to", Value: int64(1)})
	})
	plain := foreign(t, func(g *onnx.Graph, x string) string { return x })
	many := append([]byte{}, plain...)
	node := append(message(1, []byte(ModelInput)), message(4, []byte("Identity"))...)
	many = append(many, message(7, []byte(strings.Repeat(string(message(1, node)), maxNodes)))...)
	for _, c := range []struct {
		name, says string
		data       []byte
	}{
		{"custom domain", `operator Magic of the domain "com.example"`, custom},
		{"operator that lists", "operator Unique", unique},
		{"text", "works on text", text},
		{"function", "functions of its own", append(plain[:len(plain):len(plain)], message(25, message(1, []byte("f")))...)},
		{"sparse", "sparse", append(plain[:len(plain):len(plain)], message(7, message(15, nil))...)},
		{"operator within a branch", "operator Unique", append(plain[:len(plain):len(plain)],
			message(7, message(1, append(message(4, []byte("Identity")), message(5, message(6, message(1, message(4, []byte("Unique")))))...)))...)},
		{"too many nodes", "more than 50000", many},
	} {
		m, err := LoadWith(c.data, LoadOptions{Device: "cpu"})
		if err == nil {
			m.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}
