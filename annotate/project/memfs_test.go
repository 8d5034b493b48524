package project

import (
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// memFS is a file system in memory that can lose power, fail, and be full. As on
// a disk, what was not synced may be lost, and names last once their folder is
// synced.
type memFS struct {
	mu      sync.Mutex
	nodes   map[string]*node // by path, as programs see it
	durable map[string]*node // as it would be after a power cut
	calls   int
	fail    func(call int) error // of each call that changes anything; nil for none
	before  func(call int)       // is told of each such call
	room    int                  // bytes left; below 0 for any
	moved   [][2]string          // folders that were renamed, from and to, whose names do not last yet
	linked  bool                 // a file may have two names
}

type node struct {
	data   []byte
	synced int // bytes that last
	dir    bool
}

func newMemFS() *memFS {
	return &memFS{nodes: map[string]*node{}, durable: map[string]*node{}, room: -1}
}

// called is the number of calls so far.
func (m *memFS) called() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}

func (m *memFS) call() error {
	m.calls++
	if m.before != nil {
		m.before(m.calls)
	}
	if m.fail != nil {
		return m.fail(m.calls)
	}
	return nil
}

func (m *memFS) MkdirAll(dir string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.call(); err != nil {
		return err
	}
	for ; m.nodes[dir] == nil && dir != "."; dir = filepath.Dir(dir) {
		m.nodes[dir] = &node{dir: true}
	}
	return nil
}

func (m *memFS) Names(dir string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := m.nodes[dir]; n == nil || !n.dir {
		return nil, fs.ErrNotExist
	}
	var out []string
	for path := range m.nodes {
		if filepath.Dir(path) == dir {
			out = append(out, filepath.Base(path))
		}
	}
	slices.Sort(out)
	return out, nil
}

func (m *memFS) ReadFile(path string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := m.nodes[path]; n != nil && !n.dir {
		return slices.Clone(n.data), nil
	}
	return nil, fs.ErrNotExist
}

func (m *memFS) Create(path string) (File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.call(); err != nil {
		return nil, err
	}
	if m.nodes[path] != nil {
		return nil, fs.ErrExist
	}
	if m.nodes[filepath.Dir(path)] == nil {
		return nil, fs.ErrNotExist
	}
	n := &node{}
	m.nodes[path] = n
	return &memFile{m, n}, nil
}

func (m *memFS) Append(path string) (File, error) {
	m.mu.Lock()
	n := m.nodes[path]
	m.mu.Unlock()
	if n == nil {
		return m.Create(path)
	}
	return &memFile{m, n}, nil
}

func (m *memFS) Rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.call(); err != nil {
		return err
	}
	if m.nodes[from] == nil {
		return fs.ErrNotExist
	}
	if m.nodes[from].dir {
		m.moved = append(m.moved, [2]string{from, to})
	}
	move(m.nodes, from, to)
	return nil
}

// move renames a file, or a folder with all in it.
func move(nodes map[string]*node, from, to string) {
	for _, path := range slices.Collect(maps.Keys(nodes)) {
		if rest, in := strings.CutPrefix(path+"/", from+"/"); in {
			nodes[strings.TrimSuffix(to+"/"+rest, "/")] = nodes[path]
			delete(nodes, path)
		}
	}
}

func (m *memFS) Link(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.call(); err != nil {
		return err
	}
	if !m.linked {
		return errors.ErrUnsupported
	}
	if m.nodes[to] != nil {
		return fs.ErrExist
	}
	m.nodes[to] = m.nodes[from]
	return nil
}

func (m *memFS) Remove(path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.call(); err != nil {
		return err
	}
	if m.nodes[path] == nil {
		return fs.ErrNotExist
	}
	delete(m.nodes, path)
	return nil
}

func (m *memFS) SyncDir(dir string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.call(); err != nil {
		return err
	}
	m.moved = slices.DeleteFunc(m.moved, func(names [2]string) bool {
		last := filepath.Dir(names[1]) == dir
		if last {
			move(m.durable, names[0], names[1])
		}
		return last
	})
	for path := range m.durable {
		if filepath.Dir(path) == dir && m.nodes[path] == nil {
			delete(m.durable, path)
		}
	}
	for path, n := range m.nodes {
		if filepath.Dir(path) == dir {
			m.durable[path] = n
		}
	}
	return nil
}

type memFile struct {
	m *memFS
	n *node
}

var errFull = errors.New("no space left on device")

func (f *memFile) Write(b []byte) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	err := f.m.call()
	k := len(b)
	if err != nil {
		k /= 2
	}
	if f.m.room >= 0 && k > f.m.room {
		k, err = f.m.room, errFull
	}
	if f.m.room >= 0 {
		f.m.room -= k
	}
	f.n.data = append(f.n.data, b[:k]...)
	return k, err
}

func (f *memFile) Sync() error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if err := f.m.call(); err != nil {
		return err
	}
	f.n.synced = len(f.n.data)
	return nil
}

func (f *memFile) Close() error { return nil }

// afterPowerCut is what the disk holds when the power goes now: all that was
// synced, and of the rest what r makes of it. r nil keeps everything, as when the
// program alone dies.
func (m *memFS) afterPowerCut(r *rand.Rand) *memFS {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.image(r)
}

// image is afterPowerCut within a call.
func (m *memFS) image(r *rand.Rand) *memFS {
	out := newMemFS()
	keep := func(path string, n *node) {
		data := n.data
		if r != nil {
			data = data[:n.synced+r.IntN(len(data)-n.synced+1)]
		}
		out.nodes[path] = &node{data: slices.Clone(data), synced: len(data), dir: n.dir}
		for dir := filepath.Dir(path); dir != "."; dir = filepath.Dir(dir) {
			out.nodes[dir] = &node{dir: true}
		}
	}
	durable := maps.Clone(m.durable)
	for _, names := range m.moved {
		if r == nil || r.IntN(2) == 0 {
			move(durable, names[0], names[1])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(durable)) {
		if n := durable[path]; !n.dir {
			keep(path, n)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(m.nodes)) {
		under := func(names [2]string) bool { return strings.HasPrefix(path, names[1]+"/") }
		if n := m.nodes[path]; !n.dir && (r == nil || r.IntN(2) == 0 && !slices.ContainsFunc(m.moved, under)) {
			keep(path, n)
		}
	}
	if r == nil {
		for path := range durable {
			if m.nodes[path] == nil {
				delete(out.nodes, path)
			}
		}
	}
	for path, n := range out.nodes {
		out.durable[path] = n
	}
	return out
}

// files are the paths of those that the work is made of.
func (m *memFS) files() (out []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for path := range m.nodes {
		if strings.HasSuffix(path, ".gg") && !strings.Contains(path, maskFiles) {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}
