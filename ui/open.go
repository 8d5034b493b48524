package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"groundglass/annotate/ct"
)

// Open reads files and folders in the background and shows what is there. Work
// that is not exported is asked about first.
func (w *Window) Open(paths []string) {
	if len(paths) == 0 {
		return
	}
	w.askUnsaved(txtUnsavedOpen, func() {
		w.load(txtReading, paths, func(ctx context.Context, progress func(done, total int)) (*ct.Found, error) {
			return w.services.Opener.Open(ctx, paths, progress)
		})
	})
}

// OpenDemo shows the demo case.
func (w *Window) OpenDemo() {
	if w.services.Demo == nil {
		return
	}
	w.askUnsaved(txtUnsavedOpen, func() {
		w.load(txtDemoTask, nil, func(ctx context.Context, _ func(done, total int)) (*ct.Found, error) {
			return w.services.Demo(ctx)
		})
	})
}

// load runs read in the background and shows its result. What was being read
// before is given up.
func (w *Window) load(name string, paths []string, read func(context.Context, func(done, total int)) (*ct.Found, error)) {
	if w.opening != nil {
		w.opening.cancel()
	}
	t, ctx := w.begin(name, txtCancel)
	w.opening = t
	w.trace("opening", map[string]any{"paths": paths})
	go w.preview(ctx, t, paths)
	go func() {
		found, err := read(ctx, t.progress)
		cancelled := ctx.Err() != nil
		w.post(func() {
			w.end(t)
			latest := w.opening == t
			if latest {
				w.opening = nil
			}
			if !cancelled && !errors.Is(err, context.Canceled) {
				w.onceRestored(func() { w.opened(paths, found, err) })
			} else if latest {
				w.endPreview()
			}
		})
	}()
}

// opened shows what was read, or why there is nothing.
func (w *Window) opened(paths []string, found *ct.Found, err error) {
	where := strings.Join(paths, ", ")
	switch {
	case err != nil:
		w.endPreview()
		w.showError(txtOpenFailed, sentence(err.Error()), nil)
		return
	case found == nil || len(found.Series) == 0:
		w.endPreview()
		var left []ct.LeftOut
		if found != nil {
			left = found.LeftOut
		}
		w.showError(txtOpenFailed, fmt.Sprintf(txtOpenNothing, where), leftOutLines(left))
		return
	}
	w.closeAll()
	w.coming = found
	w.remember(paths)
	w.show(found, best(found.Series), func() {
		if len(found.Series) > 1 {
			w.pickSeries(w.autoPropose)
			return
		}
		w.autoPropose()
	})
}
