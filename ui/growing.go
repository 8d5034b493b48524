package ui

import (
	"context"
	"fmt"
	"time"

	"groundglass/annotate"
)

// growing is region growing through the slices that is under way.
type growing struct {
	session *annotate.Session
	growth  *annotate.Growth
	task    *task
	ctx     context.Context
	steps   int
	tool    annotate.Grow
}

// growFrom grows from where region growing is pressed, and reports whether that is
// the tool in hand: on the slice at once, through all slices in the background.
// What was growing before ends without a trace.
func (w *Window) growFrom(p annotate.Point, other bool) bool {
	tool, ok := w.session.Tool().(annotate.Grow)
	if !ok {
		return false
	}
	w.stopGrowing()
	w.notice.endRemark()
	w.session.FinishStroke()
	g := &growing{session: w.session, growth: w.session.Growth(tool, p, other), tool: tool}
	w.growing = g
	g.task, g.ctx = w.begin(txtGrowing, txtStop)
	if slice, more := g.growth.Next(); more && !tool.Volume {
		w.growStep(g, slice)
	} else {
		w.growOn(g)
	}
	return true
}

// stopGrowing ends what grows, as if it had never begun.
func (w *Window) stopGrowing() {
	if g := w.growing; g != nil {
		w.growing = nil
		w.end(g.task)
	}
}

// growOn decodes the next slice in the background, grows within it, and so on.
func (w *Window) growOn(g *growing) {
	slice, more := g.growth.Next()
	if !more {
		w.endGrowing(g)
		return
	}
	go func() {
		g.session.Series().Slice(slice) // into its cache: Step tells the error
		w.post(func() {
			switch {
			case w.growing != g:
			case g.ctx.Err() != nil || g.session != w.session:
				w.stopGrowing()
			default:
				w.growStep(g, slice)
			}
		})
	}()
}

func (w *Window) growStep(g *growing, slice int) {
	if err := g.growth.Step(); err != nil {
		w.stopGrowing()
		w.showError(txtGrowFailed, fmt.Sprintf(txtSliceFailed, slice+1, err), nil)
		return
	}
	g.steps++
	g.task.progress(g.steps, max(g.session.Series().Len(), g.steps+1))
	w.growOn(g)
}

// strokeTick is how often it is looked whether a stroke is over.
const strokeTick = 50 * time.Millisecond

// endGrowing paints what was found, once no stroke is under way.
func (w *Window) endGrowing(g *growing) {
	if g.session.Stroking() {
		time.AfterFunc(strokeTick, func() {
			w.post(func() {
				if w.growing == g {
					w.endGrowing(g)
				}
			})
		})
		return
	}
	w.stopGrowing()
	voxels, full := g.growth.Finish()
	switch {
	case voxels == 0:
		w.notice.remark(fmt.Sprintf(txtGrowNothing, g.tool.Low, g.tool.High))
	case full:
		w.notice.remark(fmt.Sprintf(txtGrowFull, g.tool.Most))
	}
	w.trace("grown", map[string]any{"voxels": voxels, "full": full, "steps": g.steps})
}
