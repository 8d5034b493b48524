package ui

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// taskTick is how often a task's progress is shown.
const taskTick = 100 * time.Millisecond

// task is work in the background, with a line in the status bar: name,
// progress, time left, and a button that cancels it.
type task struct {
	name        string
	cancel      context.CancelFunc
	started     time.Time
	done, total atomic.Int64
	told        int64 // progress last told to Trace
	percent     bool  // its steps are nothing to count for people

	row        *fyne.Container
	bar        *slimBar
	text, left *canvas.Text
}

// begin starts a task, which a button of the name end ends before its time; where
// that is empty, nothing does. Its context ends with the task.
func (w *Window) begin(name, end string) (*task, context.Context) {
	ctx, cancel := context.WithCancel(context.Background())
	t := &task{name: name, cancel: cancel, started: w.now(), told: -1, bar: newSlimBar(), text: text("", 12, colText), left: text("", 12, colDim)}
	button := widget.NewButton(end, cancel)
	button.Importance = widget.LowImportance
	t.row = container.NewHBox(fixed(136, 0, t.text), fixed(90, 0, container.NewVBox(layout.NewSpacer(), t.bar, layout.NewSpacer())),
		fixed(98, 0, t.left), button)
	button.Hidden = end == ""
	w.tasks.Add(t.row)
	w.named["task.cancel"] = button
	w.showTask(t)
	w.showTasks()
	go w.tick(ctx, t)
	return t, ctx
}

// tick shows the task's progress until it ends.
func (w *Window) tick(ctx context.Context, t *task) {
	ticker := time.NewTicker(taskTick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.post(func() { w.showTask(t) })
		}
	}
}

// progress notes how far the task has come; from any goroutine.
func (t *task) progress(done, total int) {
	t.done.Store(int64(done))
	t.total.Store(int64(total))
}

// end takes the task's line away.
func (w *Window) end(t *task) {
	t.cancel()
	w.tasks.Remove(t.row)
	w.showTasks()
}

// showTasks shows the task begun last, in the status bar, so that the picture
// stays where it is; where there is none, the model.
func (w *Window) showTasks() {
	n := len(w.tasks.Objects)
	for i, row := range w.tasks.Objects {
		if i == n-1 {
			row.Show()
		} else {
			row.Hide()
		}
	}
	w.status.showModel(n == 0)
	w.status.box.Refresh() // what is kept in view has another width
	w.traceLayout()
}

// showTask brings the task's line up to date.
func (w *Window) showTask(t *task) {
	done, total := t.done.Load(), t.total.Load()
	if done == t.told && total > 0 {
		return
	}
	t.told = done
	if total <= 0 {
		setText(t.text, fmt.Sprintf(txtTaskStart, t.name))
		return
	}
	if t.percent {
		setText(t.text, fmt.Sprintf(txtTaskPercent, t.name, 100*done/total))
	} else {
		setText(t.text, fmt.Sprintf(txtTaskOf, t.name, done, total))
	}
	setText(t.left, leftText(w.now().Sub(t.started), done, total))
	t.bar.set(float64(done) / float64(total))
	w.trace("task", map[string]any{"name": t.name, "done": done, "total": total})
}

// leftText is the time left of a task, judged by the time that it took so far;
// empty while there is too little to judge by.
func leftText(spent time.Duration, done, total int64) string {
	if done <= 0 || done >= total || spent < time.Second {
		return ""
	}
	left := spent.Seconds() * float64(total-done) / float64(done)
	if left > 90 {
		return fmt.Sprintf(txtMinutesLeft, int(math.Ceil(left/60)))
	}
	return fmt.Sprintf(txtSecondsLeft, int(math.Ceil(left)))
}
