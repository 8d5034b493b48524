package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct"
)

// gatedOpener reads single files at once, and anything else when its gate opens.
type gatedOpener struct {
	gate   chan struct{}
	whole  *ct.Found
	single string // the file that was read alone
}

func (o *gatedOpener) Open(ctx context.Context, paths []string, progress func(done, total int)) (*ct.Found, error) {
	if filepath.Ext(paths[0]) == ".dcm" {
		o.single = paths[0]
		return &ct.Found{Series: []*ct.Series{chest("One", 64, 1)}}, nil
	}
	progress(1, 9)
	<-o.gate
	if o.whole == nil {
		return nil, errors.New("the disk is gone")
	}
	return o.whole, ctx.Err()
}

// A slice is on the screen before the series is read, and can't be painted on.
func TestPreview(t *testing.T) {
	dir := t.TempDir()
	inner := filepath.Join(dir, "study", "series")
	if err := os.MkdirAll(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"1.dcm", "2.dcm", "3.dcm"} {
		if err := os.WriteFile(filepath.Join(inner, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, whole := range []*ct.Found{nil, {Series: []*ct.Series{chest("Thorax", 96, 9)}}} {
		o := &gatedOpener{gate: make(chan struct{}), whole: whole}
		h := start(t, func(_ *harness, s *Services) { s.Opener = o })
		h.Window.Open([]string{dir})
		h.until("a slice is shown", func() bool { return h.view.Frame().W == 64 })
		if o.single != filepath.Join(inner, "2.dcm") || !h.work.Visible() || h.empty.Visible() || h.notice.text.Text != txtPreview {
			t.Errorf("%s is shown, with the notice %q", o.single, h.notice.text.Text)
		}
		click(h.view, 20, 20)
		h.view.TypedRune('3')
		close(o.gate)
		h.until("it is read", func() bool { return h.opening == nil })
		if whole == nil {
			if h.view.Frame().W != 0 || !h.empty.Visible() || h.dialog() != txtOpenFailed {
				t.Error("the preview stays although nothing was opened")
			}
			continue
		}
		if h.view.Frame().W != 96 || h.notice.text.Text != "" || h.session.CanUndo() {
			t.Errorf("the series is not what is shown: %q", h.notice.text.Text)
		}
	}
}

func TestPreviewFile(t *testing.T) {
	if got := previewFile([]string{filepath.Join(t.TempDir(), "none")}); got != "" {
		t.Errorf("a folder that is not there gave %q", got)
	}
	if got := previewFile([]string{t.TempDir()}); got != "" {
		t.Errorf("an empty folder gave %q", got)
	}
	a, b := filepath.Join(t.TempDir(), "a.zip"), filepath.Join(t.TempDir(), "b.zip")
	for _, file := range []string{a, b} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if one, two := previewFile([]string{a}), previewFile([]string{a, b}); one != "" || two != b {
		t.Errorf("a single file gave %q, two gave %q", one, two)
	}
}
