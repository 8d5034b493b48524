package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
)

const pressNext = "dialog.Go on"

// set types into an entry, or chooses from a list.
func (h *harness) set(name, to string) {
	h.t.Helper()
	switch o := h.named[name].(type) {
	case *hintEntry:
		o.SetText(to)
	case *hintSelect:
		o.SetSelected(to)
	default:
		h.t.Fatalf("%s is %T", name, o)
	}
}

// Images of which files tell whom they show are exported without that, unless a
// person says otherwise; what leaves is shown before.
func TestIdentityIsLeftOut(t *testing.T) {
	h := start(t, nil)
	s := chest("Thorax", 64, 5)
	s.Patient = ct.Patient{ID: "MR-77", Name: "Miller^Ann"}
	h.open(s)
	for _, keep := range []bool{false, true} {
		h.Do("file.export")
		h.named["export.hide"].(*hintCheck).SetChecked(!keep)
		h.set("export.folder", "/data/Miller")
		h.press(pressNext)
		if h.out.dir != "" {
			t.Fatal("it exports before what leaves is seen")
		}
		if f := h.last("gate"); f["fields"] != 2 || len(f["warnings"].([]string)) != 1 {
			t.Errorf("the gate shows %v", f)
		}
		h.press("dialog." + txtBack)
		if h.dialog() != txtExportHead || h.named["export.folder"].(*hintEntry).Text != "/data/Miller" {
			t.Fatal("going back loses what was typed")
		}
		h.press(pressNext)
		h.press("dialog." + txtExportButton)
		h.until("it is done", func() bool { return h.dialog() == txtExported })
		if h.out.options.Identity != keep {
			t.Errorf("exported %+v", h.out.options)
		}
		h.press("dialog." + txtOK)
		h.out.dir = ""
	}
}

// Names of files and folders may tell whom pictures show that say nothing of it; the demo
// case shows nobody.
func TestIdentityIsLeftOutOfAllFiles(t *testing.T) {
	s := chest("Thorax", 64, 5)
	if !hasIdentity(s) {
		t.Error("files with names are taken for nobody's")
	}
	for i := range s.Sources {
		s.Sources[i].File = ""
	}
	if hasIdentity(s) {
		t.Error("what is in no file is taken for somebody's")
	}
}

// A preset asks for what it uses, and only for that.
func TestExportFormFollowsThePreset(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5), chest("Abdomen", 64, 3))
	h.show(h.Window.found, 1, func() {})
	h.Do("file.export")
	h.set("export.folder", "/data/out")
	shown := func(name string) bool { return h.named[name].(interface{ Visible() bool }).Visible() }
	h.set("export.width", "-3")
	h.press(pressNext)
	if h.dialog() != txtExportHead {
		t.Fatal("a window of a negative width is taken")
	}
	h.set("export.width", "1500")
	h.set("export.preset", "Data set")
	if shown("export.images") {
		t.Error("it asks for pictures that the data set always has")
	}
	h.set("export.name", " Lungs ")
	h.set("export.doubt", "2")
	h.press(pressNext)
	if h.dialog() != txtExportHead {
		t.Fatal("a doubt of 2 is taken")
	}
	h.set("export.doubt", "0,25")
	for _, side := range []string{"15", "4097", "352.5", "wide"} {
		h.set("export.square", side)
		h.press(pressNext)
		if h.dialog() != txtExportHead {
			t.Fatalf("a square of %s pixels is taken", side)
		}
	}
	h.set("export.square", "352")
	h.set("export.series", strings.Replace(txtExportAll, "%d", "2", 1))
	h.press(pressNext)
	h.press("dialog." + txtExportButton)
	h.until("it is done", func() bool { return h.dialog() == txtExported })
	if h.out.options != (ExportOptions{Preset: "set", Name: "Lungs", Square: 352, LargestDoubt: 0.25}) || h.out.series != 2 {
		t.Errorf("exported %d series with %+v", h.out.series, h.out.options)
	}
	h.press("dialog." + txtOK)
	h.Do("file.export")
	if h.named["export.preset"].(*hintSelect).Selected != "Data set" {
		t.Error("the next export does not begin with the last format")
	}
}

// However many warnings there are, the dialog is no higher than the window.
func TestManyWarningsScroll(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) {
		for i := range 150 {
			h.out.warnings = append(h.out.warnings, fmt.Sprintf("There seems to be text in the picture of slice %d, which leaves with it.", i+1))
		}
	})
	h.open(chest("Thorax", 64, 5))
	h.win.Resize(fyne.NewSize(840, 700))
	h.Do("file.export")
	h.press(pressNext)
	h.settle()
	if high := h.win.Canvas().Overlays().Top().MinSize().Height; h.dialog() != txtLeavingHead || high > 700 {
		t.Errorf("the dialog %q needs a height of %g", h.dialog(), high)
	}
}

// What leaves as it is comes first, where it is in sight.
func TestKeptFieldsComeFirst(t *testing.T) {
	rows := leavingTable([]LeavingField{{"a", "x", ""}, {"b", "x", "y"}, {"c", "x", "x"}, {"d", "x", "x"}}).Objects
	got := ""
	for _, row := range rows[1:] {
		got += row.(*fyne.Container).Objects[0].(*widget.Label).Text
	}
	if got != "cdab" {
		t.Errorf("the order is %s", got)
	}
}

func TestKeptFieldsAreCounted(t *testing.T) {
	f := []LeavingField{{"a", "x", "x"}, {"b", "x", ""}, {"c", "x", "y"}}
	if n := keptFields(f); n != 1 {
		t.Errorf("%d of %v", n, f)
	}
}
