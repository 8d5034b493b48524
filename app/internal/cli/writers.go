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
	cut   cutting
	stop  context.CancelCauseFunc // ends the work after an error of writing
	queue chan proposal
	lungs *segment.Lungs
	group sync.WaitGroup

	written []bool // by slice; each element, as those of plan.slices, is one goroutine's
}

type proposal struct {
	slice int
	segment.Proposal
}

const writerCount = 2

// startWriters starts the goroutines; finish ends them.
func startWriters(plan seriesPlan, cut cutting, stop context.CancelCauseFunc) *writers {
	w := &writers{plan: plan, cut: cut, stop: stop, queue: make(chan proposal, writerCount), lungs: segment.NewLungs(plan.series), written: make([]bool, len(plan.slices))}
	for range writerCount {
		w.group.Go(w.run)
	}
	return w
}

// add queues a slice's proposal.
func (w *writers) add(i int, p segment.Proposal) { w.queue <- proposal{i, p} }

func (w *writers) run() {
	for q := range w.queue {
		if err := w.write(&w.plan.slices[q.slice], q); err != nil {
			w.stop(err)
			continue
		}
		w.written[q.slice] = true
	}
}

// write writes the files of a slice.
func (w *writers) write(out *proposedSlice, q proposal) error {
	s := w.plan.series
	mask, n := above(w.cut.connected(q.Foreground, s.Columns, s.Rows, pixelArea(s.Geometry)), w.cut.level())
	out.ForegroundPX, out.Uncertainty = n, q.Doubt
	pictures := map[string][]uint8{out.Mask: mask, out.Probability: q.Foreground}
	if out.Classes != "" {
		pictures[out.Classes] = mostProbable(q.Kind(), mask)
	}
	if out.UncertaintyMap != "" {
		pictures[out.UncertaintyMap] = q.Uncertainty
	}
	size := image.Pt(s.Columns, s.Rows)
	for _, file := range out.files() {
		if err := writeGrey(file, pictures[file], size); err != nil {
			return err
		}
	}
	w.findLungs(q.slice, mask)
	return nil
}

// finish waits for what is queued and returns the slices of which all files are there, in order.
func (w *writers) finish() []proposedSlice {
	close(w.queue)
	w.group.Wait()
	w.measure()
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

// mostProbable is the number, from 1, of the most probable kind of each pixel
// in the mask, and 0 outside.
func mostProbable(kind, mask []uint8) []uint8 {
	out := make([]uint8, len(mask))
	for i, in := range mask {
		if in != 0 {
			out[i] = kind[i] + 1
		}
	}
	return out
}

// writeGrey writes an 8-bit grey PNG, whole or not at all.
func writeGrey(path string, pix []uint8, size image.Point) error {
	m := &image.Gray{Pix: pix, Stride: size.X, Rect: image.Rectangle{Max: size}}
	return export.WriteAtomic(path, func(w io.Writer) error {
		e := png.Encoder{CompressionLevel: png.BestSpeed}
		return e.Encode(w, m)
	})
}
