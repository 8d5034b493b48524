package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/xtest"
)

// TestKeyboardAlone goes through the whole program without a mouse: it opens a folder, goes through slices and commands,
// types numbers, picks labels and tools, does an operation of the menu by its form, takes back, accepts, changes a
// setting and a key, exports to a folder that it types, and quits.
func TestKeyboardAlone(t *testing.T) {
	binary := build(t)
	home, series, dir := t.TempDir(), shortFolder(t), filepath.Join(shortFolder(t), "out")
	const slices = 5
	if err := phantom.New(phantom.Options{Size: 128, Slices: slices, Seed: 3}).WriteDICOM(t.Context(), series, nil); err != nil {
		t.Fatal(err)
	}
	d := xtest.Start(t)
	k := startIn(t, d, home, binary, "--model", writeModel(t))

	k.command("open folder", "file.folder")
	k.shown("Open a folder of CT")
	k.d.Type(series + "/")
	k.d.Key("return")
	k.p.Wait("opened", soon, func(e xtest.Event) bool { return e.Number("slices") == slices })
	k.p.Wait("proposal", long, state("done"))
	k.settle()
	k.goTo("home", 0)
	k.goTo("down", 1)
	k.command("last slice", "slice.last")
	k.goTo("pageup", slices-2)

	k.command("fields", "view.fields")
	time.Sleep(glance)
	k.d.Key("ctrl+a")
	k.d.Type("0.45")
	k.d.Key("return")
	k.p.Wait("threshold", soon, func(e xtest.Event) bool { return e.Number("value") == 0.45 })

	k.d.Key("2")
	k.did("label.2")
	k.d.Key("shift+w")
	k.did("tool.wire")
	k.d.Key("b")
	k.did("tool.brush")

	k.command("hu thresh", "operate.threshold")
	k.d.Key("f2")
	k.did("view.fields")
	k.settle()
	k.shoot("keyboard-form")
	k.d.Key("tab") // from the label over the slices to the first number
	k.d.Key("tab")
	k.d.Key("tab")
	k.d.Key("ctrl+a")
	k.d.Type("-700")
	k.d.Key("return")
	k.d.Key("ctrl+return")
	done := k.p.Wait("operation", soon, state("done"))
	k.named("HU threshold")
	k.takeBack("HU threshold")
	k.d.Key("ctrl+y")
	k.p.Wait("redo", soon, nil)
	k.named("HU threshold")
	k.d.Key("a")
	k.p.Wait("slice", soon, func(e xtest.Event) bool { return e.Number("index") == slices-1 })

	k.command("history", "edit.history")
	k.item("history")
	k.settle()
	k.shoot("keyboard-history")
	k.d.Key("ctrl+,")
	k.shown("Settings")
	k.d.Key("space") // the first setting
	time.Sleep(glance)
	k.shoot("keyboard-settings")
	k.d.Key("escape")
	k.hidden("Settings")
	k.d.Key("f1")
	k.shown("Keys and mouse")
	k.d.Type("eraser")
	k.d.Key("return") // changes the key of the one command
	k.d.Key("q")      // which another has
	k.d.Key("q")
	time.Sleep(glance)
	k.shoot("keyboard-keys")
	k.d.Key("escape")
	k.hidden("Keys and mouse")
	k.d.Key("q")
	k.did("tool.eraser")

	k.d.Key("ctrl+e")
	k.shown("Export labels")
	k.d.Key("ctrl+a")
	k.d.Type(dir)
	k.d.Key("return")
	k.shown("What leaves with the export")
	k.d.Key("return")
	k.p.Wait("export", long, func(e xtest.Event) bool { return e.Text("state") == "done" && e.Text("dir") == dir })
	k.shown("Exported")
	k.d.Key("return")
	k.hidden("Exported")
	k.d.Key("ctrl+q")
	k.d.Until("the program ends", soon, func() bool { ended, _ := k.p.Ended(); return ended })
	if _, err := k.p.Ended(); err != nil {
		t.Errorf("the program ends with %v", err)
	}

	masks, err := filepath.Glob(filepath.Join(dir, "*_mask.png"))
	if err != nil || len(masks) != slices {
		t.Fatalf("%d masks are exported, not %d: %v", len(masks), slices, err)
	}
	if n, want := pixelsOf(t, masks[slices-2], 2), int(done.Number("pixels")); n != want || n == 0 {
		t.Errorf("the exported mask has %d pixels of the label, and the operation told of %d", n, want)
	}
	if n := pixelsOf(t, masks[slices-1], 2); n != 0 {
		t.Errorf("%d pixels of another slice have the label, too", n)
	}
	for _, want := range []string{`"mouse.swapped":true`, `tool.eraser\tQ`} {
		if !strings.Contains(preferences(t, home), want) {
			t.Errorf("the preferences do not keep %s", want)
		}
	}
}

// glance is how long a person takes to see what came of a key, before they go on.
const glance = 200 * time.Millisecond

// shortFolder is a folder whose path is quickly typed.
func shortFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// pixelsOf counts the pixels of a mask that have a value.
func pixelsOf(t *testing.T, mask string, value uint8) (n int) {
	t.Helper()
	for _, v := range readGray(t, mask).Pix {
		if v == value {
			n++
		}
	}
	return n
}

// preferences are what the program keeps in a home folder.
func preferences(t *testing.T, home string) (all string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(home, ".config", "fyne", "*", "preferences.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("there are %d files of preferences: %v", len(files), err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// command does a command by the palette, which the words must find first.
func (k *desk) command(words, id string) {
	k.t.Helper()
	k.d.Key("ctrl+k")
	k.shown("All commands")
	k.d.Type(words)
	k.d.Key("return")
	k.hidden("All commands")
	k.did(id)
}

// did waits until a command has been done.
func (k *desk) did(id string) {
	k.t.Helper()
	k.p.Wait("command", soon, func(e xtest.Event) bool { return e.Text("id") == id })
}

// goTo presses a key that leads to a slice.
func (k *desk) goTo(key string, slice int) {
	k.t.Helper()
	k.d.Key(key)
	k.p.Wait("slice", soon, func(e xtest.Event) bool { return int(e.Number("index")) == slice })
}

// shown waits until a dialog with a title is seen, and hidden until it is gone.
func (k *desk) shown(title string) {
	k.t.Helper()
	k.p.Wait("dialog", soon, func(e xtest.Event) bool { return e.Text("title") == title && e["shown"] == true })
	time.Sleep(glance)
}

func (k *desk) hidden(title string) {
	k.t.Helper()
	k.p.Wait("dialog", soon, func(e xtest.Event) bool { return e.Text("title") == title && e["shown"] == false })
}

// named waits until the newest edit that can be undone has a name.
func (k *desk) named(name string) {
	k.t.Helper()
	k.d.Until("the edit "+name, soon, func() bool { e := k.p.Last("state"); return e != nil && e.Text("undo") == name })
}

// takeBack takes back the newest edit, which has a name.
func (k *desk) takeBack(name string) {
	k.t.Helper()
	k.d.Key("ctrl+z")
	e := k.p.Wait("undo", soon, nil)
	if e.Text("name") != name || e["done"] != true {
		k.t.Errorf("undo took back %v, not %s", e, name)
	}
}
