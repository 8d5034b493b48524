// Package xtest drives a program in a real window for end-to-end tests: Start gives a test an X display of its own
// (Xvfb, and openbox as window manager where it is installed), Display.Run starts the program there, the pointer and
// key methods inject events through the XTEST extension as a mouse and a keyboard would, Program.Wait follows the
// program's trace, and Display.Screenshot keeps what a person would have seen.
package xtest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	xtestext "github.com/jezek/xgb/xtest"
)

// Width and Height are the display's size in pixels.
const (
	Width  = 1600
	Height = 1000
)

// Display is an X display with an injector attached. Its methods fail the test on any X error.
type Display struct {
	t    testing.TB
	name string // ":7"
	conn *xgb.Conn
	root xproto.Window
	keys map[string]xproto.Keycode
	at   struct{ x, y int }
}

// Start starts an X server that ends with the test. It skips the test where Xvfb is not installed, except in CI (the
// variable CI is set), where that is a failure.
func Start(t testing.TB) *Display {
	t.Helper()
	if _, err := exec.LookPath("Xvfb"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("Xvfb is not installed")
		}
		t.Skip("Xvfb is not installed: `make setup` installs it")
	}
	xgb.Logger.SetOutput(io.Discard) // it tells of a missing ~/.Xauthority, and of servers that end
	d := &Display{t: t, name: startServer(t)}
	var err error
	if d.conn, err = xgb.NewConnDisplay(d.name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.conn.Close)
	if err := xtestext.Init(d.conn); err != nil {
		t.Fatal(err)
	}
	d.root = xproto.Setup(d.conn).DefaultScreen(d.conn).Root
	d.loadKeys()
	d.startManager()
	return d
}

// For is the same display for a subtest, which ends what it runs there.
func (d *Display) For(t testing.TB) *Display {
	sub := *d
	sub.t = t
	return &sub
}

// startServer starts Xvfb on a free display and returns the display's name.
func startServer(t testing.TB) string {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", Width, Height),
		"-nolisten", "tcp", "-noreset", "-dpi", "96")
	cmd.ExtraFiles = []*os.File{w}
	err = cmd.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(cmd) })
	_ = r.SetReadDeadline(time.Now().Add(30 * time.Second))
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	return ":" + strings.TrimSpace(line)
}

// startManager starts openbox and waits until it manages the display. Without it, windows have no focus of their own.
func (d *Display) startManager() {
	path, err := exec.LookPath("openbox")
	if err != nil {
		return
	}
	cmd := exec.Command(path, "--sm-disable")
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name, "HOME="+d.t.TempDir())
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { stop(cmd) })
	d.Until("openbox manages windows", 20*time.Second, d.manages)
}

// manages tells whether a window that is opened now gets managed: openbox announces itself before it is ready, and
// loses windows that are mapped in between.
func (d *Display) manages() bool {
	w, err := xproto.NewWindowId(d.conn)
	if err != nil {
		d.t.Fatal(err)
	}
	xproto.CreateWindow(d.conn, 0, w, d.root, 0, 0, 10, 10, 0, xproto.WindowClassInputOutput, 0, 0, nil)
	xproto.MapWindow(d.conn, w)
	defer func() { _ = xproto.DestroyWindowChecked(d.conn, w).Check() }()
	for range 10 {
		time.Sleep(20 * time.Millisecond)
		if slices.Contains(d.Windows(), w) {
			return true
		}
	}
	return false
}

// stop ends a process that a test started.
func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// Until waits for a condition, asking 50 times a second, and fails the test when it does not come.
func (d *Display) Until(what string, limit time.Duration, ready func() bool) {
	d.t.Helper()
	for end := time.Now().Add(limit); !ready(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			d.Screenshot("timeout")
			d.t.Fatalf("waited %v in vain: %s", limit, what)
		}
	}
}

// Artifacts is the folder where tests leave screenshots: GROUNDGLASS_ARTIFACTS, or .artifacts in the repository.
func Artifacts(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("GROUNDGLASS_ARTIFACTS")
	if dir == "" {
		dir = filepath.Join(Root(t), ".artifacts")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Root is the repository's folder: the nearest one upwards with a go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod here or above")
		}
		dir = up
	}
}
