package train

import (
	"context"
	"fmt"
	"os"
	"sync"

	"groundglass/annotate/ct"
	"groundglass/segment"
)

// teachers are a run's loaded teachers, by file. The zero value is ready.
type teachers struct {
	mu     sync.Mutex
	loaded map[string]*segment.Model
}

func (t *teachers) model(path string) (*segment.Model, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.loaded[path]; m != nil {
		return m, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := segment.LoadWith(b, segment.LoadOptions{Device: "cpu"})
	if err != nil {
		return nil, fmt.Errorf("teacher %s: %w", path, err)
	}
	if t.loaded == nil {
		t.loaded = map[string]*segment.Model{}
	}
	t.loaded[path] = m
	return m, nil
}

// mark is what a teacher proposes on a slice, at its own threshold or as
// probabilities, and, if so configured, the weight of each pixel, 255 less its
// uncertainty. The mask is nil where the teacher doubts too much, or can
// tell nothing.
func (t *teachers) mark(ctx context.Context, by *Teacher, s *ct.Slice) (*Mask, []uint8, error) {
	model, err := t.model(by.Model)
	if err != nil {
		return nil, nil, err
	}
	p, err := model.Examine(ctx, s)
	if err != nil || p.Doubt >= 1 || by.Doubt > 0 && p.Doubt > by.Doubt {
		return nil, nil, err
	}
	m := &Mask{Pixels: p.Foreground, W: s.W, H: s.H}
	for i, v := range p.Foreground {
		if by.Soft {
			break
		}
		m.Pixels[i] = 0
		if float64(v) >= 255*model.Card().Threshold {
			m.Pixels[i] = 255
		}
	}
	if !by.Weigh {
		return m, nil, nil
	}
	for i, v := range p.Uncertainty {
		p.Uncertainty[i] = 255 - v
	}
	return m, p.Uncertainty, nil
}

func (t *teachers) close() {
	for _, m := range t.loaded {
		m.Close()
	}
}
