package ct

import (
	"container/list"
	"errors"
	"fmt"
	"sync"
)

// cacheBytes bounds what the decoded slices of one series occupy.
const cacheBytes = 40 << 20

// cache keeps the slices used last. Several callers that want the same slice
// share one decoding.
type cache struct {
	load  func(i int) (*Slice, error)
	limit int

	mu    sync.Mutex
	bytes int
	items map[int]*list.Element
	order *list.List // of *item, the one used last in front
}

type item struct {
	index int
	ready chan struct{} // closed when slice and err are set
	slice *Slice
	err   error
	bytes int
}

func newCache(load func(i int) (*Slice, error), limit int) *cache {
	return &cache{load: load, limit: limit, items: map[int]*list.Element{}, order: list.New()}
}

func (c *cache) get(i int) (*Slice, error) {
	c.mu.Lock()
	if e, ok := c.items[i]; ok {
		c.order.MoveToFront(e)
		c.mu.Unlock()
		it := e.Value.(*item)
		<-it.ready
		return it.slice, it.err
	}
	it := &item{index: i, ready: make(chan struct{})}
	c.items[i] = c.order.PushFront(it)
	c.mu.Unlock()

	it.slice, it.err = c.decode(i)
	close(it.ready)
	c.settle(it)
	return it.slice, it.err
}

// decode calls load and turns a panic in it into an error, so that one bad
// slice never takes unsaved work with it.
func (c *cache) decode(i int) (s *Slice, err error) {
	defer func() {
		if p := recover(); p != nil {
			s, err = nil, fmt.Errorf("decoding failed: %v", p)
		}
	}()
	if c.load == nil {
		return nil, errors.New("the series has no pixels")
	}
	if s, err = c.load(i); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// settle accounts for a decoded item and drops the ones not used for longest.
// Errors are not kept: the file may come back.
func (c *cache) settle(it *item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[it.index]
	if !ok || e.Value != it {
		return
	}
	if it.err != nil {
		c.drop(e)
		return
	}
	it.bytes = 2*len(it.slice.HU) + len(it.slice.Pad)
	c.bytes += it.bytes
	for e := c.order.Back(); e != nil && c.bytes > c.limit && c.order.Len() > 1; {
		before := e.Prev()
		if old := e.Value.(*item); old != it && old.bytes > 0 {
			c.drop(e)
		}
		e = before
	}
}

func (c *cache) drop(e *list.Element) {
	it := c.order.Remove(e).(*item)
	delete(c.items, it.index)
	c.bytes -= it.bytes
}
