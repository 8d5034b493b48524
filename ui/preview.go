package ui

import (
	"context"
	"os"
	"path/filepath"

	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// previewDepth is how many folders within each other are looked into for a file
// to preview.
const previewDepth = 5

// preview shows one slice of what is being opened until the series are sorted,
// where nothing else is on the screen.
func (w *Window) preview(ctx context.Context, t *task, paths []string) {
	file := previewFile(paths)
	if file == "" {
		return
	}
	found, err := w.services.Opener.Open(ctx, []string{file}, func(int, int) {})
	if err != nil || len(found.Series) != 1 {
		return
	}
	series := found.Series[0]
	slice, err := series.Slice(series.Len() / 2)
	if err != nil || ctx.Err() != nil {
		return
	}
	w.post(func() {
		if w.opening == t && w.session == nil {
			w.showPreview(series, slice)
		}
	})
}

func (w *Window) showPreview(series *ct.Series, slice *ct.Slice) {
	w.previewing = true
	w.view.SetLetters(series.Geometry.Letters())
	w.view.SetWindow(initialWindow(series))
	w.view.SetFrame(viewport.Frame{W: slice.W, H: slice.H, HU: slice.HU, Aspect: aspect(series.Geometry)})
	w.view.Fit()
	w.notice.tell(txtPreview)
	w.layout()
	w.trace("preview", nil)
}

// endPreview takes the preview away.
func (w *Window) endPreview() {
	if !w.previewing {
		return
	}
	w.previewing = false
	w.notice.set("")
	if w.session == nil {
		w.view.SetFrame(viewport.Frame{})
		w.view.SetLetters("", "", "", "")
	}
	w.layout()
}

// previewFile is a file from the middle of the first folder that holds any;
// empty where there is none, or where a single file is opened: to preview it
// would be to open it twice.
func previewFile(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	path := paths[len(paths)/2]
	for range previewDepth {
		entries, err := os.ReadDir(path)
		if err != nil {
			if info, err := os.Stat(path); len(paths) > 1 && err == nil && info.Mode().IsRegular() {
				return path
			}
			return ""
		}
		var files, folders []string
		for _, e := range entries {
			if e.IsDir() {
				folders = append(folders, filepath.Join(path, e.Name()))
			} else if e.Type().IsRegular() {
				files = append(files, filepath.Join(path, e.Name()))
			}
		}
		if len(files) > 0 {
			return files[len(files)/2]
		}
		if len(folders) == 0 {
			return ""
		}
		path = folders[0]
	}
	return ""
}
