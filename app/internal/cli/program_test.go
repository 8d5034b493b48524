package cli

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// What is called wrongly says so on standard error alone, with status 2.
func TestWrongUse(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"nonsense"}, {"--nonsense"}, {"--json"}, {"help", "nonsense"}, {"help", "info", "convert"}, {"version", "x"},
		{"info"}, {"info", "--json"}, {"info", dir, "--nonsense"}, {"info", dir, "--json=perhaps"},
		{"convert"}, {"convert", dir}, {"convert", "-o", "a.nii.gz"}, {"convert", dir, dir, "-o", "a.nii.gz"}, {"convert", dir, "-o", "a.nrrd"}, {"convert", dir, "-o"},
		{"propose"}, {"propose", dir}, {"propose", "-o", dir}, {"propose", dir, "-o", dir, "--threshold", "1.5"},
		{"propose", dir, "-o", dir, "--threshold", "NaN"}, {"propose", dir, "-o", dir, "--threshold", "x"},
		{"evaluate"}, {"evaluate", "--json"}, {"evaluate", "--pairs", "a.csv", "b.csv"}, {"evaluate", "--pairs", "a.csv", "--threshold", "-1"},
		{"train"}, {"train", "--resume"}, {"train", "--config", "a.json", "b.json"},
		{"quantize"}, {"quantize", "--config", "a.json"}, {"quantize", "-o", "a.onnx"}, {"quantize", "--config", "a.json", "-o", "a.onnx", "b"},
		{"export"}, {"export", dir}, {"export", dir, "-o", dir, "--preset", "tiff"}, {"export", dir, "-o", dir, "--largest-doubt", "0.2"},
		{"export", dir, "-o", dir, "--preset", "semiseg", "--values"}, {"export", dir, "-o", dir, "--window", "400"}, {"export", dir, "-o", dir, "--window", "400,40,1"},
		{"export", dir, "-o", dir, "--preset", "semisupervised", "--least-confidence", "2"}, {"verify"}, {"verify", dir, "--shard", "0/2"}, {"export", "--list", dir}, {"propose", dir, "-o", dir, "--shard0", "2/2"},
		{"import"}, {"import", dir}, {"import", dir, "-o", dir}, {"import", dir, "--labels", dir}, {"import", dir, "--labels", dir, "-o", dir, "--value", "x"},
		{"import", dir, "--labels", dir, "-o", dir, "--value", "0=x"},
		{"demo", dir},
	} {
		c := call(t, args...)
		if c.status != 2 || c.out != "" || !strings.Contains(c.errors, "usage: groundglass") {
			t.Errorf("%q: status %d\nstandard output: %s\nstandard error: %s", args, c.status, c.out, c.errors)
		}
	}
}

// A command that fails says why on standard error alone, with status 1.
func TestFailures(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	empty, m := t.TempDir(), model(t)
	gone := filepath.Join(empty, "gone.dcm")
	text := filepath.Join(t.TempDir(), "text.csv")
	write(t, text, []byte("a,b\n1,2\n"))
	for _, test := range []struct {
		name string
		args []string
		says []string
	}{
		{"no such path", []string{gone}, []string{gone}},
		{"info, no such path", []string{"info", gone, "--json"}, []string{gone, "no such file"}},
		{"info, empty folder", []string{"info", empty}, []string{empty}},
		{"convert, not an image", []string{"convert", text, "-o", filepath.Join(empty, "a.nii")}, []string{text, "not an image"}},
		{"convert, no such folder", []string{"convert", dir, "-o", filepath.Join(empty, "b", "a.nii.gz")}, []string{"a.nii.gz"}},
		{"propose, no such model", []string{"propose", dir, "-o", empty, "--model", gone}, []string{gone}},
		{"propose, not a model", []string{"propose", dir, "-o", empty, "--model", text}, []string{text}},
		{"propose, no such path", []string{"propose", gone, "-o", empty, "--model", m}, []string{gone}},
		{"propose to a file", []string{"propose", dir, "-o", text, "--model", m}, []string{text}},
		{"evaluate, no such list", []string{"evaluate", "--pairs", gone, "--model", m}, []string{gone}},
		{"evaluate, other columns", []string{"evaluate", "--pairs", text, "--model", m}, []string{text, "image and mask"}},
		{"train, no such configuration", []string{"train", "--config", gone}, []string{gone}},
		{"train, not a configuration", []string{"train", "--config", text}, []string{text}},
		{"quantize, no such configuration", []string{"quantize", "--config", gone, "-o", filepath.Join(empty, "q")}, []string{gone}},
		{"export, no such path", []string{"export", gone, "-o", filepath.Join(empty, "x"), "--model", m}, []string{gone}},
		{"verify, no export", []string{"verify", empty, "--json"}, []string{empty}},
		{"window, no display", []string{dir}, []string{"no window"}},
	} {
		c := call(t, test.args...)
		if c.status != 1 || c.out != "" || strings.Contains(c.errors, "usage:") {
			t.Errorf("%s: status %d\nstandard output: %s\nstandard error: %s", test.name, c.status, c.out, c.errors)
		}
		for _, word := range test.says {
			if !strings.Contains(c.errors, word) {
				t.Errorf("%s: %q does not name %q", test.name, c.errors, word)
			}
		}
	}
	if left := names(t, empty); len(left) > 0 {
		t.Errorf("failures left files behind: %q", left)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}} {
		c := call(t, args...)
		c.want(t, 0, "groundglass [PATH...]", "")
		for _, k := range commands() {
			c.want(t, 0, k.line(), "")
		}
	}
	for _, k := range commands() {
		for _, args := range [][]string{{"help", k.name}, {k.name, "--help"}, {k.name, "x", "-h"}} {
			call(t, args...).want(t, 0, "usage: groundglass "+k.name, "")
		}
	}
	call(t, "help", "propose").want(t, 0, "--threshold T", "")
	call(t, "version").want(t, 0, "groundglass test", "")
	call(t, "--version").want(t, 0, "groundglass test", "")
}

// Without a model of its own the program says how to name one.
func TestNoModel(t *testing.T) {
	if _, err := ModelBytes(""); !errors.Is(err, errNoModel) {
		t.Skip("this build carries a model")
	}
	call(t, "propose", ".", "-o", t.TempDir()).want(t, 1, "", "--model FILE")
	call(t, "version").want(t, 0, "model: none", "")
}

// The window gets what the call says, wherever the flags stand.
func TestWindow(t *testing.T) {
	dir := t.TempDir()
	fakeDisplay(t)
	for _, test := range []struct {
		args []string
		want WindowOptions
	}{
		{nil, WindowOptions{}},
		{[]string{dir}, WindowOptions{Paths: []string{dir}}},
		{[]string{"--trace", "t", dir, "--model", "m", dir}, WindowOptions{Paths: []string{dir, dir}, Trace: "t", Model: ModelChoice{File: "m"}}},
		{[]string{"--", dir}, WindowOptions{Paths: []string{dir}}},
		{[]string{"demo"}, WindowOptions{Demo: true}},
		{[]string{"demo", "-o", dir, "--trace", "t"}, WindowOptions{Demo: true, Trace: "t"}},
		{[]string{"--trace", "t", "demo"}, WindowOptions{Demo: true, Trace: "t"}},
	} {
		var got *WindowOptions
		p := Program{Window: func(_ context.Context, o WindowOptions) error { got = &o; return nil }}
		callWith(t, p, test.args...).want(t, 0, "", "")
		if got == nil || got.Demo != test.want.Demo || got.Trace != test.want.Trace || got.Model != test.want.Model ||
			strings.Join(got.Paths, "|") != strings.Join(test.want.Paths, "|") {
			t.Errorf("%q opened %+v, want %+v", test.args, got, test.want)
		}
	}
	broken := Program{Window: func(context.Context, WindowOptions) error { return errors.New("it broke") }}
	callWith(t, broken).want(t, 1, "", "groundglass: it broke")
}

// fakeDisplay makes an X server's port answer.
func fakeDisplay(t *testing.T) {
	t.Helper()
	const firstPort = 6000
	for number := 1000; number < 2000; number++ {
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(firstPort+number))
		if err != nil {
			continue
		}
		t.Cleanup(func() { l.Close() })
		t.Setenv("WAYLAND_DISPLAY", "")
		t.Setenv("DISPLAY", "127.0.0.1:"+strconv.Itoa(number)+".0")
		return
	}
	t.Fatal("no port of an X display is free")
}

// Without a display that answers, the window is not tried.
func TestNoDisplay(t *testing.T) {
	p := Program{Window: func(context.Context, WindowOptions) error { t.Error("the window was opened"); return nil }}
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	for _, display := range [][2]string{{"", ""}, {":31999", ""}, {"", "wayland-7"}, {"nonsense", ""}, {"127.0.0.1:0x", ""}} {
		t.Setenv("DISPLAY", display[0])
		t.Setenv("WAYLAND_DISPLAY", display[1])
		callWith(t, p).want(t, 1, "", "display")
	}
}

func TestWaylandDisplay(t *testing.T) {
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, "wayland-0"))
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	t.Setenv("DISPLAY", "")
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if err := noDisplay(); err != nil {
		t.Error(err)
	}
}

func TestXServer(t *testing.T) {
	for display, want := range map[string][]address{
		":0":                {{"unix", "/tmp/.X11-unix/X0"}, {"unix", "@/tmp/.X11-unix/X0"}},
		"unix:12.1":         {{"unix", "/tmp/.X11-unix/X12"}, {"unix", "@/tmp/.X11-unix/X12"}},
		"localhost:10.0":    {{"tcp", "localhost:6010"}},
		"tcp/10.0.0.1:1":    {{"tcp", "10.0.0.1:6001"}},
		"":                  nil,
		"x:":                nil,
		":-1":               nil,
		":99999999999999.0": nil,
	} {
		if got := xServer(display); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, want %v", display, got, want)
		}
	}
}
