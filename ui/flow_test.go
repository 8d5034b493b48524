package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

func TestProposalsBeginWithTheSliceInView(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(h *harness, s *Services) { h.model.gate = gate; s.AutoPropose = true })
	h.open(chest("Thorax", 64, 9))
	if h.proposing == nil {
		t.Fatal("proposals did not begin by themselves")
	}
	gate <- struct{}{}
	h.until("the first is there", func() bool { return h.session.Status(4) == annotate.Proposed })
	h.session.SetCurrent(8)
	gate <- struct{}{}
	gate <- struct{}{}
	h.until("the last slice is there", func() bool { return h.session.Status(8) == annotate.Proposed })
	h.Do("model.stop")
	h.until("it has stopped", func() bool { return h.proposing == nil })
	if f := h.last("proposal"); f["state"] != "cancelled" {
		t.Fatalf("the proposal ended as %v", f)
	}
	if len(h.tasks.Objects) != 0 {
		t.Fatal("its line is still there")
	}
}

func TestUndoneProposalStops(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(h *harness, s *Services) { h.model.gate = gate })
	h.open(chest("Thorax", 64, 9))
	h.Do("model.propose")
	gate <- struct{}{}
	h.until("one is there", func() bool { return h.session.CanUndo() })
	h.Do("edit.undo")
	gate <- struct{}{}
	h.until("it has stopped", func() bool { return h.proposing == nil })
	for i := range 9 {
		if h.session.Status(i) != annotate.New {
			t.Fatalf("slice %d is %v", i, h.session.Status(i))
		}
	}
}

func TestProposalFailureIsShown(t *testing.T) {
	h := start(t, func(h *harness, s *Services) { h.model.err = errors.New("the model needs 3 GB of memory") })
	h.open(chest("Thorax", 64, 5))
	h.Do("model.propose")
	h.until("it is told", func() bool { return h.dialog() == txtProposeFailed })
	if f := h.last("error"); f["text"] != "The model needs 3 GB of memory." {
		t.Fatalf("told %v", f)
	}
}

func TestWithoutAModelEverythingElseWorks(t *testing.T) {
	h := start(t, func(h *harness, s *Services) {
		s.Proposer, s.Exporter, s.Trace, s.Demo, s.AutoPropose = nil, nil, nil, nil, true
	})
	h.open(chest("Thorax", 64, 5))
	if h.Do("model.propose") || h.Do("file.export") || !strings.Contains(h.panel.note.Text, "no model") {
		t.Fatal("proposing or exporting is offered")
	}
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	if h.session.Foreground(2) == 0 {
		t.Fatal("painting does not work")
	}
	h.quit()
	h.press("dialog." + txtDiscard)
}

func TestOpenFailures(t *testing.T) {
	for _, c := range []struct {
		name  string
		found *ct.Found
		err   error
		text  string
		lines []string
	}{
		{"no such path", nil, errors.New("/data/chest: no such file or folder"), "/data/chest: no such file or folder.", nil},
		{"nothing there", &ct.Found{}, nil, "There is no CT series or picture stack in /data/chest.", nil},
		{"nothing usable", &ct.Found{LeftOut: []ct.LeftOut{{File: "a.dcm", Reason: "it is cut short"}}}, nil,
			"There is no CT series or picture stack in /data/chest.", []string{"a.dcm: It is cut short."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, nil)
			h.open(chest("Thorax", 64, 5))
			h.found, h.err = c.found, c.err
			h.dropped([]fyne.URI{storage.NewFileURI("/data/chest")})
			h.until("it is told", func() bool { return h.dialog() == txtOpenFailed })
			f := h.last("error")
			if f["text"] != c.text || !slices.Equal(f["lines"].([]string), c.lines) {
				t.Fatalf("told %v", f)
			}
			if h.session == nil {
				t.Fatal("what was open is gone")
			}
		})
	}
}

func TestCancelledOpeningLeavesTheWindow(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(h *harness, s *Services) { s.Opener = slowOpener{gate} })
	h.Window.Open([]string{"/data/chest"})
	h.until("it reads", func() bool { return h.opening.total.Load() > 0 })
	h.press("task.cancel")
	close(gate)
	h.until("it has ended", func() bool { return h.opening == nil })
	if h.dialog() != "" || h.session != nil {
		t.Fatal("cancelling was taken for a failure")
	}
}

func TestRecent(t *testing.T) {
	h := start(t, nil)
	for _, p := range []string{"/a", "/b", "/a", "/c", "/d", "/e", "/f", "/g", "/h", "/i"} {
		h.remember([]string{p})
	}
	want := []string{"/i", "/h", "/g", "/f", "/e", "/d", "/c", "/a"}
	if got := h.recent(); !slices.Equal(got, want) {
		t.Fatalf("remembered %v", got)
	}
	if m := h.recentMenu(); len(m.Items) != len(want) || m.Items[0].Label != "/i" {
		t.Fatal("the menu differs")
	}
}

func TestSeriesKeepTheirWork(t *testing.T) {
	h := start(t, nil)
	h.open(chest("A", 64, 9), chest("B", 48, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	n := h.session.Foreground(4)
	h.list.picker.SetSelectedIndex(1)
	h.until("the other is shown", func() bool { return h.shown == 2 })
	if h.session.Series().Description != "B" || h.view.Frame().W != 48 || h.unsaved() != 1 {
		t.Fatal("the other series is not shown, or the work is forgotten")
	}
	h.list.picker.SetSelectedIndex(0)
	h.until("the first is back", func() bool { return h.shown == 4 })
	if h.session.Foreground(4) != n || !h.session.CanUndo() {
		t.Fatal("the work on the first series is lost")
	}
}

func TestExport(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	if h.status.saved.Text != fmt.Sprintf(txtUnsavedShort, 1) {
		t.Fatalf("the status says %q", h.status.saved.Text)
	}
	h.Do("file.export")
	h.named["export.folder"].(interface{ SetText(string) }).SetText("/data/out")
	h.named["export.images"].(interface{ SetChecked(bool) }).SetChecked(true)
	h.press(pressNext)
	if h.dialog() != txtLeavingHead {
		t.Fatalf("after the form comes %q", h.dialog())
	}
	h.press("dialog." + txtExportButton)
	h.until("it says so", func() bool { return h.dialog() == txtExported })
	if h.out.dir != "/data/out" || h.out.options != (ExportOptions{Preset: "png", Images: true, Window: ct.Lung}) || h.out.marked[2] == 0 {
		t.Fatalf("exported %+v", h.out)
	}
	h.drain()
	if h.unsaved() != 0 || h.status.saved.Text != txtNoUnsaved {
		t.Fatal("exported work counts as unsaved")
	}
	h.press("dialog." + txtOK)
	h.quit() // asks nothing
	if h.dialog() != "" {
		t.Fatal("asked about work that is exported")
	}
}

func TestWorkDoneDuringAnExportIsNotExported(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.out.gate = make(chan struct{}) })
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.export(outgoing{dir: "/data/out", all: h.now()})
	h.strokeAt(annotate.Point{X: 10, Y: 10})
	h.until("it says how far it is", func() bool {
		h.showTask(h.saving)
		return h.saving.text.Text == "Exporting: 20 %"
	})
	close(h.out.gate)
	h.until("it is done", func() bool { return h.dialog() == txtExported })
	if h.unsaved() == 0 {
		t.Fatal("the stroke during the export counts as exported")
	}
}

// An earlier export gives way only after a person said so.
func TestReplacingAnExportAsks(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.out.err = fmt.Errorf("/data/out: %w", ErrExists) })
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.export(outgoing{dir: "/data/out", all: h.now()})
	h.until("it asks", func() bool { return h.dialog() == txtReplaceHead })
	if h.unsaved() != 1 || h.out.options.Replace {
		t.Fatalf("%d slices unsaved, options %+v", h.unsaved(), h.out.options)
	}
	h.out.err = nil
	h.press("dialog." + txtReplaceButton)
	h.until("it is done", func() bool { return h.dialog() == txtExported })
	if h.unsaved() != 0 || !h.out.options.Replace {
		t.Fatalf("%d slices unsaved, options %+v", h.unsaved(), h.out.options)
	}
}

func TestFailedExportKeepsTheWorkUnsaved(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.out.err = errDisk })
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	then := false
	h.export(outgoing{dir: "/data/out", all: h.now(), then: func() { then = true }})
	h.until("it is told", func() bool { return h.dialog() == txtExportFailed })
	h.press("dialog." + txtCancel)
	if h.unsaved() != 1 || then {
		t.Fatal("the failed export counts as one")
	}
}

// After a failure, and before replacing, the form comes back as it was filled in; for
// another series that is in view by then, there is a new one.
func TestFailedExportGoesBackToTheForm(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.out.err = errDisk })
	h.open(chest("Thorax", 64, 5), chest("Abdomen", 64, 3))
	h.app.Preferences().SetString(prefExport, "/data")
	h.Do("file.export")
	h.set("export.width", "1400")
	for _, err := range []error{errDisk, fmt.Errorf("/data/mine: %w", ErrExists), errDisk} {
		h.out.err = err
		h.set("export.folder", "/data/mine")
		h.press(pressNext)
		h.press("dialog." + txtExportButton)
		if err == errDisk {
			h.until("it is told", func() bool { return h.dialog() == txtExportFailed })
			h.press("dialog." + txtBack)
		} else {
			h.until("it asks", func() bool { return h.dialog() == txtReplaceHead })
			h.press("dialog." + strings.TrimSuffix(txtOtherFolder, "…"))
		}
		if h.dialog() != txtExportHead || h.folder() != "/data/mine" || h.named["export.width"].(*hintEntry).Text != "1400" {
			t.Fatalf("after %v the dialog is %q, for %s", err, h.dialog(), h.folder())
		}
	}
	h.press(pressNext)
	h.press("dialog." + txtExportButton)
	h.show(h.Window.found, 1, func() {})
	h.until("it is told", func() bool { return h.dialog() == txtExportFailed })
	h.press("dialog." + txtBack)
	if h.dialog() != txtExportHead || h.folder() != "/data/groundglass-png-2024-05-01" {
		t.Fatalf("with another series in view the dialog is %q, for %s", h.dialog(), h.folder())
	}
}

// Work in a series that is not in view is what gets exported before closing.
func TestClosingExportsTheSeriesThatChanged(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5), chest("Abdomen", 64, 3))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.show(h.Window.found, 1, func() {})
	h.quit()
	h.quit() // one question is enough
	if len(h.dialogs) != 1 {
		t.Fatalf("%d questions are shown", len(h.dialogs))
	}
	h.press("dialog.Export")
	h.press(pressNext)
	h.press("dialog." + txtExportButton)
	h.until("it is done", func() bool { return h.dialog() == txtExported })
	if len(h.out.marked) != 5 || h.out.marked[2] == 0 {
		t.Fatalf("exported %v, want the 5 slices of the series that changed", h.out.marked)
	}
	if h.unsaved() != 0 {
		t.Fatal("the exported work counts as unsaved")
	}
}

// Several labels are not merged unasked, and Enter destroys nothing.
func TestExportKeepsLabelsApart(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.out.err = fmt.Errorf("/data/out: %w", ErrExists) })
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.session.SetActiveLabel(2)
	h.strokeAt(annotate.Point{X: 50, Y: 50})
	h.Do("file.export")
	h.press(pressNext)
	h.press("dialog." + txtExportButton)
	h.until("it asks", func() bool { return h.dialog() == txtReplaceHead })
	if !h.out.options.Values {
		t.Fatal("two labels would be merged")
	}
	h.out.marked = nil
	h.dialogKey(fyne.KeyReturn)
	h.drain()
	if h.out.marked != nil || h.dialog() != txtExportHead {
		t.Fatalf("Enter led to %q", h.dialog())
	}
}

// Each series is offered a folder of its own.
func TestExportFolders(t *testing.T) {
	h := start(t, nil)
	parent := t.TempDir()
	h.app.Preferences().SetString(prefExport, parent)
	h.open(chest("Thorax: 1/2", 64, 5))
	first := h.exportFolder("png", true)
	if first != filepath.Join(parent, "Thorax- 1-2") {
		t.Fatalf("the folder is %s", first)
	}
	if err := os.Mkdir(first, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := h.exportFolder("png", true); got != first+"-2" {
		t.Fatalf("beside an export that is there, the folder is %s", got)
	}
	h.export(outgoing{dir: first, all: h.now(), options: ExportOptions{Preset: "png", Identity: true}})
	h.until("it is done", func() bool { return h.dialog() == txtExported })
	if got := h.exportFolder("png", true); got != first {
		t.Fatalf("after exporting to %s, the folder is %s", first, got)
	}
	if got := h.exportFolder("set", true); got != first+"-2" {
		t.Fatalf("after exporting to %s, the folder of another format is %s", first, got)
	}
}

func TestClosingAsks(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.quit()
	if h.dialog() != txtUnsavedHead {
		t.Fatal("unsaved work was not asked about")
	}
	h.press("dialog." + txtCancel)
	if h.session == nil || h.unsaved() != 1 {
		t.Fatal("cancelling lost the work")
	}
	h.Window.Open([]string{"/data/other"})
	if h.dialog() != txtUnsavedHead {
		t.Fatal("opening something else did not ask")
	}
	h.press("dialog.Export")
	if h.dialog() != txtExportHead {
		t.Fatalf("the dialog is %q", h.dialog())
	}
	h.press(pressNext)
	h.press("dialog." + txtExportButton)
	h.until("it is exported", func() bool { return h.dialog() == txtExported })
	h.found = &ct.Found{Series: []*ct.Series{chest("Other", 64, 3)}}
	h.press("dialog." + txtOK)
	h.until("the other is open", func() bool { return h.session != nil && h.session.Series().Description == "Other" })
}

func TestClosingDuringAnExportStopsItFirst(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.out.gate = make(chan struct{}) })
	h.open(chest("Thorax", 64, 5))
	h.export(outgoing{dir: "/data/out", all: h.now()})
	h.quit()
	if h.dialog() != txtExporting {
		t.Fatal("the running export was not asked about")
	}
	h.press("dialog." + txtStopClose)
	h.until("the window is closed", func() bool { return h.session == nil })
	if f := h.last("export"); f["state"] != "cancelled" {
		t.Fatalf("the export ended as %v", f)
	}
}

func TestUndoneWorkNeedsNoExport(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.Do("edit.undo")
	h.drain()
	if h.unsaved() != 0 || h.status.saved.Text != txtNoUnsaved {
		t.Fatalf("%d slices count as changed", h.unsaved())
	}
}

func TestLayoutIsTold(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.tellLayout()
	items := h.last("layout")["items"].(map[string][4]float32)
	for _, name := range []string{"viewport", "threshold", "propose", "bar.tool.brush", "label.1"} {
		if b, ok := items[name]; !ok || b[2] <= 0 || b[3] <= 0 {
			t.Errorf("%s is at %v", name, b)
		}
	}
	if _, ok := items["empty.file.folder"]; ok {
		t.Error("a hidden button is told")
	}
	h.Do("file.export")
	h.tellLayout()
	if _, ok := h.last("layout")["items"].(map[string][4]float32)["dialog.Go on"]; !ok {
		t.Error("the dialog's button is not told")
	}
}
