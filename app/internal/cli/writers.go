package cli

import (
	"context"
	"image"
	"image/png"
	"io"
	"sync"

	"groundglass/annotate/export"
	"groundglass/segment"
)

// writers write proposals beside the work of the model. At most a few maps wait, which bounds the memory.
type writers struct {
	plan  seriesPlan
	level uint8
	stop  context.CancelCauseFunc // ends the work after an error of writing
	queue chan proposal
	group sync.WaitGroup

	written []bool // by slice; each element, as those of plan.slices, is one goroutine's
}

type proposal struct {
	slice int
	segment.Proposal
}

const writerCount = 2

// startWriters starts the goroutines; finish ends them.
func startWriters(plan seriesPlan, level uint8, stop context.CancelCauseFunc) *writers {
	w := &writers{plan: plan, level: level, stop: stop, queue: make(chan proposal, writerCount), written: make([]bool, len(plan.slices))}
	for range writerCount {
		w.group.Go(w.run)
	}
	return w
}

// add queues a slice's proposal.
func (w *writers) add(i int, p segment.Proposal) { w.queue <- proposal{i, p} }

func (w *writers) run() {
	for q := range w.queue {
		out := w.plan.slices[q.slice]
		mask, n := above(q.Foreground, w.level)
		size := image.Pt(w.plan.series.Columns, w.plan.series.Rows)
		err := writeGrey(out.Mask, mask, size)
		if err == nil {
			err = writeGrey(out.Probability, q.Foreground, size)
		}
		if err != nil {
			w.stop(err)
			continue
		}
		w.plan.slices[q.slice].ForegroundPX = n
		w.written[q.slice] = true
	}
}

// finish waits for what is queued and returns the slices of which both files are there, in order.
func (w *writers) finish() []proposedSlice {
	close(w.queue)
	w.group.Wait()
	var done []proposedSlice
	for i, ok := range w.written {
		if ok {
			done = append(done, w.plan.slices[i])
		}
	}
	return done
}

// above is the mask, 0 and 255, of probabilities of at least level, and how many pixels are in it.
func above(prob []uint8, level uint8) (mask []uint8, n int) {
	mask = make([]uint8, len(prob))
	for i, v := range prob {
		if v >= level {
			mask[i] = 255
			n++
		}
	}
	return mask, n
}

// writeGrey writes an 8-bit grey PNG, whole or not at all.
func writeGrey(path string, pix []uint8, size image.Point) error {
	m := &image.Gray{Pix: pix, Stride: size.X, Rect: image.Rectangle{Max: size}}
	return export.WriteAtomic(path, func(w io.Writer) error {
		e := png.Encoder{CompressionLevel: png.BestSpeed}
		return e.Encode(w, m)
	})
}
